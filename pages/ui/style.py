"""The little CSS that the theme cannot say."""

import streamlit as st

# A primary colour that reads as text on dark cannot carry white button text, so the text turns.
# Streamlit's own toolbar and decoration are of no use to a viewer.
_STYLE = """
<style>
button[kind="primary"], button[kind="primaryFormSubmit"], a.primary-link, button.primary-link {
    color: light-dark(#ffffff, #0b1222) !important;
}
a.primary-link {
    display: inline-block;
    padding: 0.5rem 1rem;
    border-radius: 8px;
    background: light-dark(#1d4ed8, #7cb0ff);
    text-decoration: none !important;
    font-weight: 500;
}
.stHtml a:not([class], [style]) { color: light-dark(#1d4ed8, #7cb0ff); }
a.primary-link:hover { filter: brightness(0.93); }
a.primary-link:focus-visible, .quiet-link:focus-visible {
    outline: 3px solid light-dark(#1d4ed8, #7cb0ff);
    outline-offset: 2px;
}
button.quiet-link, a.quiet-link {
    border: 1px solid light-dark(#cbd5e1, #3b4a63);
    border-radius: 8px;
    background: transparent;
    color: inherit;
    padding: 0.4rem 0.9rem;
    font: inherit;
    cursor: pointer;
    width: 100%;
}
a.quiet-link {
    display: inline-block; width: auto;
    color: inherit !important; text-decoration: none !important;
}
.refusal {
    margin: 0; padding: 0.75rem 1rem; border-radius: 8px;
    background: light-dark(#fef2f2, #3a1d27); color: light-dark(#991b1b, #fecaca);
}
.done {
    margin: 0; padding: 0.75rem 1rem; border-radius: 8px;
    background: light-dark(#f0fdf4, #14301f); color: light-dark(#166534, #bbf7d0);
}
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
/* Dialogs and popovers are drawn outside of what Streamlit gives the theme's scheme to. */
[data-testid="stDialog"], [data-testid="stPopoverBody"] { color-scheme: light dark; }
:has(> .st-key-member_corner) { order: 1; }
[data-testid="stStatusWidget"] { visibility: hidden; }
[data-testid="stMainBlockContainer"]:has(.st-key-shared_document) { max-width: 64rem; }
[data-testid="stMainBlockContainer"]:has(.st-key-gate_step) { max-width: 32rem; }
/* Streamlit keeps a form that another one takes the place of, if focus is in it, until the end. */
.st-key-gate_step [data-retained] { display: none; }
@media (min-width: 48rem) {
    [data-testid="stMainBlockContainer"]:has(.st-key-gate_step) { padding-top: 14vh; }
}
.shared-image { max-width: 100%; height: auto; border-radius: 8px; }
</style>
"""


def apply_style() -> None:
    """Write our CSS to the page; every page needs it once."""
    st.html(_STYLE)
