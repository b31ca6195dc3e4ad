"""What Meta tells later: its signed webhook, read into one status per message."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from data.deliveries import ProviderStatus
from gate.delivery.whatsapp import explain_error

_STATUSES = frozenset({"sent", "delivered", "read", "failed"})
_MOST_ID = 256


def is_signed_by(secret: str, body: bytes, header: str) -> bool:
    """Whether `X-Hub-Signature-256` was made from these very bytes with the app's secret."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={expected}".encode(), header.encode("utf-8", "replace"))


def is_verify_token(expected: str, given: str) -> bool:
    """Whether Meta's question for the webhook's address names the token that was agreed on."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def parse_statuses(body: bytes) -> list[ProviderStatus]:
    """Every status in the body of a webhook, in its order; the rest is passed over."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return [found for status in _walk(told) if (found := _read_status(status)) is not None]


def _walk(told: object) -> Iterator[dict[str, Any]]:
    for entry in _items(told, "entry"):
        for change in _items(entry, "changes"):
            value = change.get("value")
            yield from _items(value, "statuses")


def _items(holder: object, name: str) -> list[dict[str, Any]]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _read_status(told: dict[str, Any]) -> ProviderStatus | None:
    number, status = told.get("id"), told.get("status")
    if not isinstance(number, str) or not 0 < len(number) <= _MOST_ID or status not in _STATUSES:
        return None
    try:
        told_at = datetime.fromtimestamp(int(told["timestamp"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None
    return ProviderStatus(number, str(status), _read_reason(told), told_at)


def _read_reason(told: dict[str, Any]) -> str | None:
    """Our own words for the error: Meta's may repeat the viewer's number."""
    for error in _items(told, "errors"):
        code = error.get("code")
        if isinstance(code, int):
            return f"{explain_error(code) or 'WhatsApp could not deliver it'} ({code})"
    return None
