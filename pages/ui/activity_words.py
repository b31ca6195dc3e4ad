"""The words of the Activity page: steps, reasons, limits and delivery states."""

from data.attempts import Scope
from data.deliveries import DeliveryState
from data.gate_events import GateStep
from data.gate_history import REFUSED, PastStep
from gate.limited import HeldUp
from gate.limits import TRIES_PER_CHALLENGE

Names = dict[int, str]

# Short enough to be read on a phone; `reason_words` says more.
STEP_WORDS = {
    GateStep.OPENED: "Opened",
    GateStep.ENTERED: "Gave an address",
    GateStep.CODE_SENT: "Code asked for",
    GateStep.VERIFIED: "Verified",
    GateStep.VIEWED: "Viewed",
    GateStep.DENIED: "Not allowed",
    GateStep.HELD_BACK: "Not allowed",
    GateStep.LIMITED: "Limited",
    GateStep.WRONG_CODE: "Wrong code",
    GateStep.LATE_CODE: "Code too late",
    GateStep.CHALLENGE_CLOSED: "Out of tries",
    GateStep.WRONG_PASSWORD: "Wrong password",
    GateStep.FOUND_CLOSED: "Link closed",
    GateStep.SENDING_FAILED: "Sending failed",
    GateStep.ABANDONED: "Went away",
}
# The kinds of refusal that a list can be narrowed to, and the steps that each is.
REFUSED_KINDS = {
    words: tuple(step for step in REFUSED if STEP_WORDS[step] == words)
    for words in dict.fromkeys(STEP_WORDS[step] for step in REFUSED)
}
LIMIT_WORDS = {
    "longer_codes": "Codes have 8 digits: too many wrong ones on this link",
    "number_prefix": "Numbers that begin so hardly ever answer: none is sent to",
    "identifier": "100 wrong codes in a row: disabled",
    "identifier_disabled": "100 wrong codes in a row",
    "identifier_failures_24_h": "Wrong codes of one address",
    "identifier_sends_10_min": "Codes to one address in 10 minutes",
    "identifier_sends_1_h": "Codes to one address in an hour",
    "identifier_sends_24_h": "Codes to one address in a day",
    "browser_sends_1_h": "Codes for one browser in an hour",
    "browser_tries_10_min": "Tries by one browser in 10 minutes",
    "browser_identifiers_1_h": "Different addresses by one browser in an hour",
    "network_emails_10_min": "Emails for one network in 10 minutes",
    "network_emails_1_h": "Emails for one network in an hour",
    "network_whatsapp_10_min": "WhatsApp codes for one network in 10 minutes",
    "network_whatsapp_1_h": "WhatsApp codes for one network in an hour",
    "network_tries_10_min": "Tries by one network in 10 minutes",
    "link_sends_10_min": "Codes of one link in 10 minutes",
    "link_sends_1_h": "Codes of one link in an hour",
    "link_passwords_10_min": "Wrong passwords at one link in 10 minutes",
    "link_passwords_1_h": "Wrong passwords at one link in an hour",
    "network_link_entries_10_min": "Addresses typed at one link by one network in 10 minutes",
    "network_link_entries_1_h": "Addresses typed at one link by one network in an hour",
    "network_link_unanswered_10_min": "Unanswered codes of one link for one network in 10 minutes",
    "network_link_unanswered_1_h": "Unanswered codes of one link for one network in an hour",
    "network_link_sends_10_min": "Codes of one link for one network in 10 minutes",
    "network_link_sends_1_h": "Codes of one link for one network in an hour",
    "network_link_passwords_10_min": "Wrong passwords at one link by one network in 10 minutes",
    "network_link_passwords_1_h": "Wrong passwords at one link by one network in an hour",
    "member_passwords_10_min": "Wrong passwords of one member in 10 minutes",
    "member_passwords_24_h": "Wrong passwords of one member in a day",
    "browser_passwords_10_min": "Wrong members' passwords by one browser in 10 minutes",
    "network_passwords_10_min": "Wrong members' passwords by one network in 10 minutes",
    "network_tokens_10_min": "Wrong access tokens by one network in 10 minutes",
    "member_codes_10_min": "Wrong codes of one member's sign-in in 10 minutes",
    "member_codes_24_h": "Wrong codes of one member's sign-in in a day",
    "workspace_emails_24_h": "Emails of one workspace in a day",
    "workspace_whatsapp_24_h": "WhatsApp codes of one workspace in a day",
}
DELIVERY_WORDS = {
    DeliveryState.QUEUED: "Waiting",
    DeliveryState.DELAYED: "Tried again",
    DeliveryState.ACCEPTED: "Accepted",
    DeliveryState.DELIVERED: "Delivered",
    DeliveryState.READ: "Read",
    DeliveryState.FAILED: "Failed",
    DeliveryState.UNDELIVERABLE: "Undeliverable",
    DeliveryState.UNCERTAIN: "Not confirmed",
    DeliveryState.HELD_BACK: "Held back",
    DeliveryState.DROPPED: "Not sent",
}
_DELIVERY_REASONS = {
    DeliveryState.QUEUED: "It is sent in a moment",
    DeliveryState.DELAYED: "It failed, and is tried again soon",
    DeliveryState.ACCEPTED: "The provider took it, and told nothing more",
    DeliveryState.UNDELIVERABLE: "This address gets nothing",
    DeliveryState.UNCERTAIN: "It was sent, and nobody said that it was taken",
    DeliveryState.HELD_BACK: "Not allowed on this link: no code was sent",
}
_CLOSED = {
    "expired": "The link has expired",
    "revoked": "The link was revoked",
    "used_up": "Its views are used up",
    "archived": "The link is archived",
    "empty": "What it opens is archived",
}
_STEP_REASONS = {
    GateStep.DENIED: "Kept out by the link's lists",
    GateStep.HELD_BACK: "Kept out by the link's lists; no code was sent",
    GateStep.LATE_CODE: "The code had ended",
    GateStep.CHALLENGE_CLOSED: f"{TRIES_PER_CHALLENGE} wrong tries at one code",
    GateStep.ABANDONED: "Did not come back with the code",
}


def step_words(step: PastStep) -> str:
    """What happened, with how often if more than once: `Wrong code ×3`."""
    return STEP_WORDS[step.step] + (f" ×{step.times:,}" if step.times > 1 else "")


def reason_words(step: GateStep, reason: str | None) -> str:
    """Why a step ended so, in words; empty where the step says it all."""
    if step is GateStep.LIMITED and reason is not None:
        return LIMIT_WORDS.get(reason, reason)
    if step is GateStep.FOUND_CLOSED and reason is not None:
        return _CLOSED.get(reason, reason)
    if step is GateStep.SENDING_FAILED:
        return reason or ""
    return _STEP_REASONS.get(step, "")


def delivery_reason(state: DeliveryState, reason: str | None) -> str:
    """Why a message got no further, in words; empty where the state says it all."""
    return ". ".join(part for part in (_DELIVERY_REASONS.get(state), reason) if part)


def held_words(held: HeldUp, links: Names, workspaces: Names) -> str:
    """Whom a limit holds up: a mask, or the name of a link or workspace, or both."""
    if held.scope is Scope.LINK:
        return links.get(int(held.subject), "A link")
    if held.scope is Scope.NETWORK_AT_LINK:
        number = int(held.subject.partition(" ")[0])
        return f"{held.label} at {links.get(number, 'a link')}"
    if held.scope is Scope.WORKSPACE:
        return workspaces.get(int(held.subject), "A workspace")
    if held.scope is Scope.BROWSER:
        return f"Browser {held.subject} ({held.label})" if held.label else f"Browser {held.subject}"
    return held.label or "Somebody"
