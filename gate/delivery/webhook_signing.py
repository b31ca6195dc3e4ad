"""Signatures of webhooks, as the Standard Webhooks specification 1.0.0 has them.

A secret is made from the webhook's salt and the pepper, so that no database or backup holds one.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from gate.codes import Pepper

SECRET_PREFIX = "whsec_"  # noqa: S105 - how each secret begins


def derive_signing_keys(pepper: Pepper, salt: str) -> list[bytes]:
    """The key of this salt, and that under the pepper before, 32 bytes each."""
    peppers = [pepper.current] + ([pepper.previous] if pepper.previous else [])
    return [hmac.new(one, f"webhook|{salt}".encode(), hashlib.sha256).digest() for one in peppers]


def format_webhook_secret(key: bytes) -> str:
    """The key as its receiver enters it: `whsec_` and Base64."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def sign_message(keys: Iterable[bytes], message_id: str, seconds: int, body: bytes) -> str:
    """The header `webhook-signature`: one signature for each key, with spaces between them.

    `seconds` is the instant of this try, since 1970.
    """
    signed = b".".join((message_id.encode(), str(seconds).encode(), body))
    macs = (hmac.new(key, signed, hashlib.sha256).digest() for key in keys)
    return " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)
