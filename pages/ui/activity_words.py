"""The words of the Activity page: steps, reasons, limits and delivery states."""

from data.attempts import Scope
from data.deliveries import DeliveryState
from data.gate_events import GateStep
from gate.limited import HeldUp

STEP_WORDS = {
    GateStep.OPENED: "Opened",
    GateStep.ENTERED: "Gave an address",
    GateStep.CODE_SENT: "Code sent",
    GateStep.VERIFIED: "Verified",
    GateStep.VIEWED: "Viewed",
    GateStep.DENIED: "Not allowed",
    GateStep.HELD_BACK: "Not allowed, no code sent",
    GateStep.LIMITED: "Limited",
    GateStep.WRONG_CODE: "Wrong code",
    GateStep.LATE_CODE: "Code too late",
    GateStep.CHALLENGE_CLOSED: "Too many wrong codes",
    GateStep.WRONG_PASSWORD: "Wrong password",
    GateStep.FOUND_CLOSED: "Link closed",
    GateStep.SENDING_FAILED: "Sending failed",
    GateStep.ABANDONED: "Went away",
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
    "link_passwords_10_min": "Passwords tried at one link in 10 minutes",
    "link_passwords_1_h": "Passwords tried at one link in an hour",
    "workspace_emails_24_h": "Emails of one workspace in a day",
    "workspace_whatsapp_24_h": "WhatsApp codes of one workspace in a day",
}
DELIVERY_WORDS = {
    DeliveryState.QUEUED: "Waiting to be sent",
    DeliveryState.DELAYED: "Failed, tried again soon",
    DeliveryState.ACCEPTED: "Accepted by the provider",
    DeliveryState.DELIVERED: "Delivered",
    DeliveryState.READ: "Read",
    DeliveryState.FAILED: "Failed",
    DeliveryState.UNDELIVERABLE: "This address gets nothing",
    DeliveryState.UNCERTAIN: "Sent, not confirmed",
    DeliveryState.HELD_BACK: "Held back: not allowed on this link",
    DeliveryState.DROPPED: "Not sent",
}
_REASONS = {
    "expired": "the link has expired",
    "revoked": "the link was revoked",
    "used_up": "its views are used up",
}


def reason_words(step: GateStep, reason: str | None) -> str:
    """Why a step ended so, in words; empty where the step says it all."""
    if reason is None:
        return ""
    if step is GateStep.LIMITED:
        return LIMIT_WORDS.get(reason, reason)
    if step is GateStep.FOUND_CLOSED:
        return _REASONS.get(reason, reason)
    return reason if step is GateStep.SENDING_FAILED else ""


def held_words(held: HeldUp, links: dict[int, str], workspaces: dict[int, str]) -> str:
    """Whom a limit holds up: a mask, or the name of a link or workspace."""
    if held.scope is Scope.LINK:
        return links.get(int(held.subject), "A link")
    if held.scope is Scope.WORKSPACE:
        return workspaces.get(int(held.subject), "A workspace")
    if held.scope is Scope.BROWSER:
        return f"Browser {held.subject} ({held.label})" if held.label else f"Browser {held.subject}"
    return held.label or "Somebody"
