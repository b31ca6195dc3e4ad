"""Every number that bounds the gate, in one table. Sources: GATE.md §2, NIST SP 800-63B-4."""

from datetime import timedelta

# A code and its challenge.
CODE_DIGITS = 6
CODE_LIFE = timedelta(seconds=600)
TRIES_PER_CHALLENGE = 5
SENDS_PER_CHALLENGE = 3
RESEND_WAIT = timedelta(seconds=60)

# How long what a browser typed waits for its codes: the last of three sendings still counts.
ENTRY_LIFE = timedelta(hours=1)

# A browser and its pass.
GRANT_LIFE = timedelta(seconds=30)
REPLACED_BROWSER_GRACE = timedelta(minutes=10)
PASS_LIFE = timedelta(hours=24)
SHORTEST_PASS = timedelta(hours=1)
LONGEST_PASS = timedelta(days=30)

# A viewing session.
SESSION_IDLE = timedelta(minutes=30)
SESSION_LONGEST = timedelta(hours=12)
HEARTBEAT_WRITE = timedelta(seconds=60)

# A member's sign-in.
SIGN_IN_LINK_LIFE = timedelta(minutes=10)
MEMBER_IDLE = timedelta(minutes=30)
MEMBER_LONGEST = timedelta(hours=12)

# If what is written is further ahead of the wall clock than this, no code is issued.
CLOCK_TOLERANCE = timedelta(minutes=5)
