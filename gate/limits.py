"""Every number that bounds the gate, in one table. Sources: GATE.md §2, NIST SP 800-63B-4."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from data.attempts import Act, Scope
from data.records import Channel

# A code and its challenge.
CODE_DIGITS = 6
RAISED_CODE_DIGITS = 8
CODE_LIFE = timedelta(seconds=600)
TRIES_PER_CHALLENGE = 5
SENDS_PER_CHALLENGE = 3
RESEND_WAIT = timedelta(seconds=60)

# How long what a browser typed waits for its codes: the last of three sendings still counts.
ENTRY_LIFE = timedelta(hours=1)
# Who has not come back this long after the last code's end is not coming back.
ABANDONED_AFTER = timedelta(minutes=20)

# A browser and its pass.
GRANT_LIFE = timedelta(seconds=30)
REPLACED_BROWSER_GRACE = timedelta(minutes=10)
# An answer with a newer id is on its way no longer than this.
REPLACED_BROWSER_PATIENCE = timedelta(seconds=30)
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
# Between the right password and the second factor.
HALF_SIGN_IN_LIFE = timedelta(minutes=5)
INVITATION_LIFE = timedelta(days=7)
# Members' passwords: NIST SP 800-63B-4 asks for 8 characters beside a second factor, 15 without.
SHORTEST_MEMBER_PASSWORD = 12
LONGEST_MEMBER_PASSWORD = 256
# RFC 6238: steps of 30 seconds, and one to either side for clocks that differ.
TOTP_SECONDS = 30
TOTP_STEPS_ASIDE = 1
RECOVERY_CODES = 10

# A member's tokens for scripts, and how many days one may last.
TOKEN_DAYS = (7, 30, 90, 365)
MOST_ACCESS_TOKENS = 20

# Webhooks. After each try that fails so long a wait, as the Standard Webhooks specification has it;
# after the last one it is given up.
MOST_WEBHOOKS = 10
WEBHOOK_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# How long a receiver may ask us to wait, and how long a secret counts beside the one after it.
LONGEST_RETRY_AFTER = timedelta(hours=24)
OLD_SECRET_LIFE = timedelta(hours=24)
# What was told, and what became of it.
WEBHOOK_LOG_KEPT = timedelta(days=30)

# If what is written is further ahead of the wall clock than this, no code is issued.
CLOCK_TOLERANCE = timedelta(minutes=5)

# Wrong codes of one identifier: after the fifth to the ninth within a day, so long a wait.
FAILURE_WINDOW = timedelta(hours=24)
MOST_FAILURES = 10
FAILURE_WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=8),
    timedelta(minutes=30),
    timedelta(minutes=60),
)
# So many wrong ones in a row, however long it took (NIST SP 800-63B-4 §3.2.2), disable it.
MOST_FAILURES_IN_A_ROW = 100
DISABLED_FOR = timedelta(days=7)

# A link with more failures than this gives out longer codes for a while; it is never locked.
RAISING_FAILURES = 30
RAISING_WINDOW = timedelta(hours=1)
RAISED_FOR = timedelta(hours=24)

# Numbers that begin alike and hardly ever answer are toll fraud. The newest are given time.
PREFIX_SENDS = 20
PREFIX_WINDOW = timedelta(hours=1)
PREFIX_LEAST_VERIFIED = 0.2
PREFIX_GRACE = timedelta(seconds=60)
PREFIX_BLOCKED_FOR = timedelta(hours=12)

# Test messages that one owner may send from the settings.
MOST_TRIALS = 3
TRIAL_WINDOW = timedelta(minutes=10)

# What is kept to count with, and for how long.
ATTEMPTS_KEPT = timedelta(hours=25)
CHALLENGES_KEPT = timedelta(hours=24)
# What was typed, proved or granted, once it is over; and what is told of a message not known here.
REMAINS_KEPT = timedelta(hours=24)
# An id that a browser had: no cookie lives longer than the longest pass.
REPLACED_BROWSERS_KEPT = LONGEST_PASS + timedelta(days=1)
# The trail, the gate's history, deliveries, and blocks that are over.
HISTORY_KEPT = timedelta(days=365)

# One opening of a gate, however often its page is loaded.
OPENING_WINDOW = timedelta(minutes=30)
LONGEST_PASSWORD = 128

# How long an owner may have contacts kept after they last came (GATE.md §9).
LONGEST_RETENTION_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many acts by one subject within a window, on one channel or on any.

    With `is_distinct` different identifiers are counted, not acts.
    """

    name: str
    act: Act
    scope: Scope
    most: int
    window: timedelta
    channel: Channel | None = None
    is_distinct: bool = False


_10_MIN, _1_H, _24_H = timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24)

LIMITS = (
    Limit("identifier_sends_10_min", Act.SEND, Scope.IDENTIFIER, 3, _10_MIN),
    Limit("identifier_sends_1_h", Act.SEND, Scope.IDENTIFIER, 5, _1_H),
    Limit("identifier_sends_24_h", Act.SEND, Scope.IDENTIFIER, 10, _24_H),
    Limit("browser_sends_1_h", Act.SEND, Scope.BROWSER, 5, _1_H),
    Limit("browser_tries_10_min", Act.TRY, Scope.BROWSER, 10, _10_MIN),
    Limit("browser_identifiers_1_h", Act.ENTRY, Scope.BROWSER, 10, _1_H, is_distinct=True),
    Limit("network_emails_10_min", Act.SEND, Scope.NETWORK, 60, _10_MIN, Channel.EMAIL),
    Limit("network_emails_1_h", Act.SEND, Scope.NETWORK, 180, _1_H, Channel.EMAIL),
    Limit("network_whatsapp_10_min", Act.SEND, Scope.NETWORK, 20, _10_MIN, Channel.WHATSAPP),
    Limit("network_whatsapp_1_h", Act.SEND, Scope.NETWORK, 60, _1_H, Channel.WHATSAPP),
    Limit("network_tries_10_min", Act.TRY, Scope.NETWORK, 60, _10_MIN),
    Limit("link_sends_10_min", Act.SEND, Scope.LINK, 60, _10_MIN),
    Limit("link_sends_1_h", Act.SEND, Scope.LINK, 300, _1_H),
    Limit("link_passwords_10_min", Act.PASSWORD, Scope.LINK, 60, _10_MIN),
    Limit("link_passwords_1_h", Act.PASSWORD, Scope.LINK, 300, _1_H),
    # An office or a hall may share a network; it neither fills a link with people that there are
    # not, nor asks its lists about everybody.
    Limit("network_link_entries_10_min", Act.ENTRY, Scope.NETWORK_AT_LINK, 120, _10_MIN),
    Limit("network_link_entries_1_h", Act.ENTRY, Scope.NETWORK_AT_LINK, 360, _1_H),
    # No network alone uses up what a link gives: it would keep everybody else out. Whoever answers
    # their code is one of an office that may be large.
    Limit("network_link_unanswered_10_min", Act.UNANSWERED, Scope.NETWORK_AT_LINK, 20, _10_MIN),
    Limit("network_link_unanswered_1_h", Act.UNANSWERED, Scope.NETWORK_AT_LINK, 100, _1_H),
    Limit("network_link_sends_10_min", Act.SEND, Scope.NETWORK_AT_LINK, 50, _10_MIN),
    Limit("network_link_sends_1_h", Act.SEND, Scope.NETWORK_AT_LINK, 150, _1_H),
    Limit("network_link_passwords_10_min", Act.PASSWORD, Scope.NETWORK_AT_LINK, 20, _10_MIN),
    Limit("network_link_passwords_1_h", Act.PASSWORD, Scope.NETWORK_AT_LINK, 100, _1_H),
    Limit("member_passwords_10_min", Act.SIGN_IN, Scope.IDENTIFIER, 10, _10_MIN),
    Limit("member_passwords_24_h", Act.SIGN_IN, Scope.IDENTIFIER, 50, _24_H),
    Limit("browser_passwords_10_min", Act.SIGN_IN, Scope.BROWSER, 10, _10_MIN),
    Limit("network_passwords_10_min", Act.SIGN_IN, Scope.NETWORK, 60, _10_MIN),
    Limit("member_codes_10_min", Act.SECOND_FACTOR, Scope.IDENTIFIER, 5, _10_MIN),
    Limit("member_codes_24_h", Act.SECOND_FACTOR, Scope.IDENTIFIER, 30, _24_H),
    Limit("network_tokens_10_min", Act.TOKEN, Scope.NETWORK, 60, _10_MIN),
    Limit("workspace_emails_24_h", Act.SEND, Scope.WORKSPACE, 2_000, _24_H, Channel.EMAIL),
    Limit("workspace_whatsapp_24_h", Act.SEND, Scope.WORKSPACE, 200, _24_H, Channel.WHATSAPP),
)


def adjust_limits(changes: Mapping[str, int]) -> tuple[Limit, ...]:
    """The table with other numbers for some of its names.

    Raises:
        ValueError: there is no limit of such a name, or a number is below 1.
    """
    unknown = sorted(changes.keys() - {limit.name for limit in LIMITS})
    if unknown:
        raise ValueError(f"There is no limit {', '.join(unknown)}")
    if any(most < 1 for most in changes.values()):
        raise ValueError("A limit is 1 or more")
    return tuple(replace(limit, most=changes.get(limit.name, limit.most)) for limit in LIMITS)
