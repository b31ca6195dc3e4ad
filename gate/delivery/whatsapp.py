"""Codes by WhatsApp: one request to Meta's Cloud API, and what its answer means.

Source: Meta's WhatsApp Business Platform, authentication templates and Cloud API error codes.
"""

import random
from dataclasses import dataclass, field
from typing import Any

import httpx2

from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed

MOST_ANSWER_BYTES = 64 * 1024

# Meta says "try again in a few seconds" of its throttles; a second throttling is told.
THROTTLE_DELAYS = (6.0,)

_THROTTLED = frozenset({4, 80007, 130429, 131056})
_STOPPED = frozenset({131048, 131031, 368, 131042})
_PASSING = frozenset({1, 2, 131000, 131016})
_NOT_REACHABLE = 131026

# What an owner can do about a code that means: something of the connection is set wrongly.
_REASONS = {
    0: "WhatsApp refused the access token. Make a new one and set it",
    190: "WhatsApp's access token has expired. Make a new one and set it",
    3: "The access token may not send messages. Give it whatsapp_business_messaging",
    10: "The access token may not send messages. Give it whatsapp_business_messaging",
    131005: "The access token may not send messages. Give it whatsapp_business_messaging",
    100: "WhatsApp did not understand the request. Check the phone number id and the template",
    131008: "WhatsApp missed a parameter. Check that the template has one body parameter",
    131009: "WhatsApp refused a parameter. Check that the template is for authentication",
    131030: "This number is not on the test account's list of recipients. Add it at Meta",
    131048: "WhatsApp limits this sender for spam. Look at its quality rating at Meta",
    131031: "Meta has locked this WhatsApp account. Its Business Manager says why",
    368: "Meta has blocked this WhatsApp account for a policy violation",
    131042: "Meta has a problem with this account's payment. Settle it in the Business Manager",
}
_TEMPLATE = "WhatsApp refused the template. Check its name, language and approval at Meta"
_PERMISSION = "The access token lacks a permission. Check it in Meta's Business Manager"
_UNEXPLAINED = "WhatsApp refused the message for a reason that we do not know"
_LATER = "WhatsApp is out of order just now"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppAccount:
    """The sending number at Meta, and the approved template of category AUTHENTICATION."""

    phone_number_id: str
    token: str = field(repr=False)
    template: str
    template_language: str = "en_US"
    base_url: str = "https://graph.facebook.com"
    version: str = "v23.0"
    connect_seconds: float = 5
    read_seconds: float = 10


@dataclass(frozen=True, slots=True)
class WhatsAppDeliverer:
    """Sends each code as a template message of its own."""

    account: WhatsAppAccount

    def deliver(self, message: CodeMessage) -> str | None:
        """Meta's number of the message, by which its status is told later. Accepted, not arrived.

        Raises:
            SendingFailed: by what `error.code` says, whatever the HTTP status.
        """
        return _read_answer(self._ask("POST", "/messages", write_request(self.account, message)))

    def probe(self) -> None:
        """Ask Meta for the sending number, with the same token.

        Raises:
            SendingFailed: as `deliver`, but for what only a message can meet.
        """
        _read_answer(self._ask("GET", "", None))

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> httpx2.Response:
        account = self.account
        try:
            return httpx2.request(
                method,
                f"{account.base_url}/{account.version}/{account.phone_number_id}{path}",
                json=body,
                headers={"Authorization": f"Bearer {account.token}"},
                timeout=httpx2.Timeout(account.read_seconds, connect=account.connect_seconds),
                follow_redirects=False,
            )
        # Not chained: a request that failed carries the token, the number and the code.
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            reason = "WhatsApp cannot be reached"
            raise SendingFailed(reason, FailureKind.UNREACHABLE, retry_delays=_soon()) from None
        except httpx2.HTTPError:
            # It may have been taken: the same code is never sent twice by itself.
            reason = "WhatsApp did not answer in time, so the code may or may not arrive"
            raise SendingFailed(reason, FailureKind.UNKNOWN) from None
        except (httpx2.InvalidURL, ValueError):
            reason = "The settings for WhatsApp hold characters that no address can carry"
            raise SendingFailed(reason, FailureKind.REFUSED) from None


def write_request(account: WhatsAppAccount, message: CodeMessage) -> dict[str, Any]:
    """The body of the request: the code is in the text and behind the button that copies it."""
    parameters = [{"type": "text", "text": message.code}]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.recipient.address.removeprefix("+"),
        "type": "template",
        "template": {
            "name": account.template,
            "language": {"code": account.template_language},
            "components": [
                {"type": "body", "parameters": parameters},
                {"type": "button", "sub_type": "url", "index": "0", "parameters": parameters},
            ],
        },
    }


def judge_error(code: int, status: int) -> SendingFailed:
    """What an error code of Meta's means for whoever waits, and what the owner can do.

    A `code` below 0 stands for an answer without one.
    """
    number = code if code >= 0 else status
    if code in _THROTTLED:
        reason = "WhatsApp asks to send more slowly"
        return SendingFailed(reason, FailureKind.BUSY, retry_delays=THROTTLE_DELAYS)
    if code in _STOPPED:
        return SendingFailed(f"{_REASONS[code]} ({code})", FailureKind.STOPPED)
    if code == _NOT_REACHABLE:
        return SendingFailed(f"This number gets no WhatsApp ({code})", FailureKind.ADDRESS)
    told = explain_error(code)
    if code in _PASSING or (told is None and status >= 500):
        reason = f"{_LATER} ({number})"
        return SendingFailed(reason, FailureKind.UNREACHABLE, retry_delays=_soon())
    kind = FailureKind.MESSAGE if told is None else FailureKind.REFUSED
    return SendingFailed(f"{told or _UNEXPLAINED} ({number})", kind)


def explain_error(code: int) -> str | None:
    """What an owner can do about this code; None if we don't know it."""
    if code in _REASONS:
        return _REASONS[code]
    if 132000 <= code < 133000:
        return _TEMPLATE
    return _PERMISSION if 200 <= code <= 299 else None


def _read_answer(answer: httpx2.Response) -> str | None:
    told = _read_json(answer)
    error = told.get("error")
    if isinstance(error, dict):
        code = error.get("code")
        raise judge_error(code if isinstance(code, int) else -1, answer.status_code)
    if answer.is_success:
        messages = told.get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        number = first.get("id") if isinstance(first, dict) else None
        return number if isinstance(number, str) else None
    raise judge_error(-1, answer.status_code)


def _read_json(answer: httpx2.Response) -> dict[str, Any]:
    if len(answer.content) > MOST_ANSWER_BYTES:
        return {}
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _soon() -> tuple[float, ...]:
    """One more try, not at the same moment as everybody else's."""
    return (2.0 + random.random() * 2.0,)  # noqa: S311 - spreads load, hides nothing
