"""What webhooks are told of: a message for each thing that happens, written with the act itself.

A viewer waits for no webhook: sending is the work of `gate/webhook_post.py`, after the commit.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from data.accounts import get_account
from data.consents import find_consents
from data.database import Transaction
from data.identifiers import find_contact_identifiers
from data.records import ContactIdentifier, ShareLink, ViewingSession
from data.webhook_events import WebhookEvent, insert_webhook_event
from data.webhooks import WebhookKind, find_listening
from gate.contacts import KnownPerson
from gate.entitlements import Feature, is_entitled

MESSAGE_PREFIX = "msg_"


def announce_pass(tx: Transaction, person: KnownPerson, link: ShareLink, now: datetime) -> None:
    """Tell of each contact that this pass made, and of each address that it proved first."""
    if not person.new_contact_ids and not person.newly_proved_ids:
        return
    created = _find_told(tx, WebhookKind.CONTACT_CREATED) if person.new_contact_ids else []
    verified = _find_told(tx, WebhookKind.CONTACT_VERIFIED) if person.newly_proved_ids else []
    if not created and not verified:
        return
    for contact_id in person.contact_ids:
        identifiers = find_contact_identifiers(tx, contact_id)
        if contact_id in person.new_contact_ids:
            data = {"created_at": format_instant(now), **_describe_link(link)}
            _tell_webhooks(tx, WebhookKind.CONTACT_CREATED, created, identifiers, data, now)
        for one in identifiers:
            if one.identifier_id in person.newly_proved_ids:
                data = {"verified_at": format_instant(now), **_describe_link(link)}
                _tell_webhooks(tx, WebhookKind.CONTACT_VERIFIED, verified, [one], data, now)


def announce_session(tx: Transaction, session: ViewingSession, link: ShareLink) -> None:
    """Tell that a contact's viewing session began; one of nobody known is told to nobody."""
    if session.contact_id is None:
        return
    told = _find_told(tx, WebhookKind.SESSION_STARTED)
    if not told:
        return
    identifiers = [
        one
        for one in find_contact_identifiers(tx, session.contact_id)
        if one.identifier_id == session.identifier_id
    ]
    data = {
        "session_id": session.viewing_session_id,
        "started_at": format_instant(session.started_at),
        **_describe_link(link),
    }
    _tell_webhooks(tx, WebhookKind.SESSION_STARTED, told, identifiers, data, session.started_at)


def announce_test(tx: Transaction, webhook_id: int, now: datetime) -> list[int]:
    """The numbers of the deliveries of a message that tells of nothing and names nobody."""
    event = _make_event(WebhookKind.TEST, (), {"webhook_id": webhook_id}, now)
    return insert_webhook_event(tx, event, [webhook_id])


def format_instant(instant: datetime) -> str:
    """The instant as ISO 8601 in UTC, in whole seconds."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _find_told(tx: Transaction, kind: WebhookKind) -> list[int]:
    listening = find_listening(tx, kind)
    # Without a webhook the plan need not be asked for.
    is_included = bool(listening) and is_entitled(get_account(tx).plan, Feature.WEBHOOKS)
    return listening if is_included else []


def _tell_webhooks(
    tx: Transaction,
    kind: WebhookKind,
    webhook_ids: list[int],
    identifiers: Sequence[ContactIdentifier],
    data: dict[str, object],
    now: datetime,
) -> None:
    if not webhook_ids or not identifiers:
        return
    first = identifiers[0]
    described = [_describe_identifier(one) for one in identifiers]
    told = {
        "contact_id": first.contact_id,
        **described[0],
        "identifiers": described,
        "consent": _describe_consent(tx, first.contact_id),
        **data,
    }
    numbers = tuple(one.identifier_id for one in identifiers)
    insert_webhook_event(tx, _make_event(kind, numbers, told, now), webhook_ids)


def _make_event(
    kind: WebhookKind, identifier_ids: tuple[int, ...], data: dict[str, object], now: datetime
) -> WebhookEvent:
    body = {"type": str(kind), "timestamp": format_instant(now), "data": data}
    return WebhookEvent(
        message_id=MESSAGE_PREFIX + secrets.token_hex(16),
        kind=kind,
        identifier_ids=identifier_ids,
        payload=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        created_at=now,
    )


def _describe_identifier(one: ContactIdentifier) -> dict[str, object]:
    return {
        "identifier_id": one.identifier_id,
        "channel": str(one.channel),
        "identifier": one.address,
        "verified": one.verified_at is not None,
    }


def _describe_link(link: ShareLink) -> dict[str, object]:
    return {"share_link_id": link.share_link_id, "workspace_id": link.workspace_id}


def _describe_consent(tx: Transaction, contact_id: int) -> dict[str, object]:
    """Whether the contact consents now, as the contacts page's filter has it, and by which word."""
    consents = find_consents(tx, contact_id)
    standing = [one for one in consents if one.withdrawn_at is None]
    if not consents:
        return {"state": "none"}
    newest = (standing or consents)[0]
    return {
        "state": "given" if standing else "withdrawn",
        "identifier": newest.address,
        "verified": newest.is_verified,
        "given_at": format_instant(newest.given_at),
        "withdrawn_at": format_instant(newest.withdrawn_at) if newest.withdrawn_at else None,
    }
