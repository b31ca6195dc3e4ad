"""Real Chromium against a real server: what a person sees, from the first page to the download."""
