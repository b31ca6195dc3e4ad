"""The words about what programs may do for a member: access tokens, and webhooks."""

from data.webhook_deliveries import HookState
from data.webhooks import WebhookKind
from gate.desk_errors import (
    AccessTokenFault,
    AccessTokenRefused,
    WebhookFault,
    WebhookRefused,
)
from gate.entitlements import Feature
from gate.limits import MOST_ACCESS_TOKENS, MOST_WEBHOOKS

TOKEN_WORDS = {
    AccessTokenFault.NAME_MISSING: "Give the token a name, such as the script that will use it.",
    AccessTokenFault.LIFE: "Choose how long the token lasts from the list.",
    AccessTokenFault.TOO_MANY: f"You have {MOST_ACCESS_TOKENS} tokens already. Revoke one first.",
    AccessTokenFault.GONE: "This token was revoked already. Load the page again.",
}
WEBHOOK_WORDS = {
    WebhookFault.ADDRESS_MALFORMED: "Enter an address like https://crm.example.com/hook.",
    WebhookFault.ADDRESS_NOT_HTTPS: "The address has to begin with https://, as what is told is "
    "personal.",
    WebhookFault.ADDRESS_NOT_PUBLIC: "This address leads into a private network. Enter one that "
    "anybody can reach.",
    WebhookFault.NO_EVENTS: "Choose at least one event.",
    WebhookFault.TOO_MANY: f"There are {MOST_WEBHOOKS} webhooks already. Remove one first.",
    WebhookFault.GONE: "This isn't here any more. Load the page again.",
    WebhookFault.STILL_WAITING: "This message is still on its way.",
}
KIND_WORDS = {
    WebhookKind.CONTACT_CREATED: "Somebody passed a gate and became a contact",
    WebhookKind.CONTACT_VERIFIED: "A code proved an address for the first time",
    WebhookKind.SESSION_STARTED: "A contact began a viewing session",
    WebhookKind.TEST: "A test",
}
STATE_NAMES = {
    HookState.WAITING: "Waiting",
    HookState.DELIVERED: "Delivered",
    HookState.FAILED: "Given up",
}
# What is told where a plan leaves something out. An analyst has nobody but an owner to ask.
LOCKED: dict[str, str] = {
    Feature.ACCESS_TOKENS: "Access tokens come with the Business plan. An owner changes the plan "
    "in Settings.",
    Feature.WEBHOOKS: "Webhooks come with the Business plan. An owner changes the plan in "
    "Settings.",
}


def connection_sentence(refusal: AccessTokenRefused | WebhookRefused) -> str:
    """What to do about a token or webhook that stayed as it was."""
    if isinstance(refusal, WebhookRefused):
        return WEBHOOK_WORDS[refusal.fault]
    return TOKEN_WORDS[refusal.fault]
