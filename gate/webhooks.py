"""Webhooks: an owner's acts. What they are told is in `gate/webhook_events.py`."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from data.accounts import get_account
from data.audit import AuditEvent
from data.database import Database, Transaction
from data.records import Member
from data.webhook_deliveries import HookState, get_hook_delivery, renew_hook_delivery
from data.webhooks import (
    Webhook,
    WebhookKind,
    delete_webhook,
    find_webhooks,
    get_webhook,
    insert_webhook,
    update_webhook,
)
from gate.codes import make_secret
from gate.delivery.webhook_address import (
    AddressMalformed,
    AddressNotHttps,
    AddressRefused,
    parse_webhook_address,
)
from gate.delivery.webhook_signing import derive_signing_keys, format_webhook_secret
from gate.desk_errors import WebhookFault, WebhookRefused
from gate.entitlements import Feature, require_feature
from gate.limits import MOST_WEBHOOKS, OLD_SECRET_LIFE
from gate.roles import require_owner_role
from gate.trail import record_member_act
from gate.visits import Gate
from gate.webhook_events import announce_test

OFFERED_KINDS = (
    WebhookKind.CONTACT_CREATED,
    WebhookKind.CONTACT_VERIFIED,
    WebhookKind.SESSION_STARTED,
)


@dataclass(frozen=True, slots=True)
class WebhookWanted:
    """What an owner typed: an address, and the kinds of events that it is to be told of."""

    address: str
    kinds: frozenset[WebhookKind]
    allows_loopback: bool = False


@dataclass(frozen=True, slots=True)
class MadeSecret:
    """A webhook, and its new secret: nobody can be told it later."""

    webhook: Webhook
    secret: str = field(repr=False)


def add_webhook(gate: Gate, wanted: WebhookWanted, member: Member, now: datetime) -> MadeSecret:
    """A webhook that is told from now on, and the secret by which its receiver knows us.

    Raises:
        NotPermitted: the member is no owner, or the plan does not include webhooks.
        WebhookRefused: the address or the events can't be, or there are too many.
    """
    require_owner_role(member, "webhook")
    require_feature(get_account(gate.db).plan, Feature.WEBHOOKS)
    fresh = Webhook(
        webhook_id=0,
        address=_clean_address(wanted),
        kinds=_clean_kinds(wanted.kinds),
        salt=make_secret(),
        previous_salt=None,
        previous_until=None,
        is_on=True,
        trouble=None,
        created_at=now,
    )
    made = None
    with gate.db.transaction() as tx:
        if len(find_webhooks(tx)) < MOST_WEBHOOKS:
            made = insert_webhook(tx, fresh, created_by=member.member_id)
            _record_webhook(tx, AuditEvent.WEBHOOK_ADDED, made, member, now)
    if made is None:
        raise WebhookRefused(WebhookFault.TOO_MANY)
    return MadeSecret(made, _say_secret(gate, made))


def change_webhook(
    db: Database, webhook_id: int, wanted: WebhookWanted, member: Member, now: datetime
) -> None:
    """Let the webhook lead elsewhere, or be told of other events, from now on.

    What still waits goes to the new address.

    Raises:
        NotPermitted: the member is no owner.
        WebhookRefused: the address or the events can't be, or the webhook is gone.
    """
    require_owner_role(member, "webhook")
    address, kinds = _clean_address(wanted), _clean_kinds(wanted.kinds)
    with db.transaction() as tx:
        found = get_webhook(tx, webhook_id)
        if found is not None and (address, kinds) != (found.address, found.kinds):
            changed = replace(found, address=address, kinds=kinds)
            update_webhook(tx, changed)
            _record_webhook(tx, AuditEvent.WEBHOOK_CHANGED, changed, member, now)
    _require_webhook(found)


def switch_webhook(
    db: Database, webhook_id: int, member: Member, now: datetime, *, is_on: bool
) -> None:
    """Tell it nothing for a while, or tell it again; what waits is kept until then.

    What happens while it is off is never told.

    Raises:
        NotPermitted: the member is no owner.
        WebhookRefused: the webhook is gone.
    """
    require_owner_role(member, "webhook")
    with db.transaction() as tx:
        found = get_webhook(tx, webhook_id)
        if found is not None and found.is_on is not is_on:
            changed = replace(found, is_on=is_on, trouble=None)
            update_webhook(tx, changed)
            _record_webhook(tx, AuditEvent.WEBHOOK_CHANGED, changed, member, now)
    _require_webhook(found)


def renew_webhook_secret(gate: Gate, webhook_id: int, member: Member, now: datetime) -> MadeSecret:
    """The webhook's new secret; the one before counts beside it for 24 hours.

    Raises:
        NotPermitted: the member is no owner.
        WebhookRefused: the webhook is gone.
    """
    require_owner_role(member, "webhook")
    with gate.db.transaction() as tx:
        found = get_webhook(tx, webhook_id)
        if found is not None:
            found = replace(
                found,
                salt=make_secret(),
                previous_salt=found.salt,
                previous_until=now + OLD_SECRET_LIFE,
            )
            update_webhook(tx, found)
            _record_webhook(tx, AuditEvent.WEBHOOK_SECRET_MADE, found, member, now)
    renewed = _require_webhook(found)
    return MadeSecret(renewed, _say_secret(gate, renewed))


def remove_webhook(db: Database, webhook_id: int, member: Member, now: datetime) -> None:
    """Forget the webhook with its log; what still waits is never told.

    Raises:
        NotPermitted: the member is no owner.
        WebhookRefused: the webhook is gone already.
    """
    require_owner_role(member, "webhook")
    with db.transaction() as tx:
        found = get_webhook(tx, webhook_id)
        if found is not None:
            delete_webhook(tx, webhook_id)
            _record_webhook(tx, AuditEvent.WEBHOOK_REMOVED, found, member, now)
    _require_webhook(found)


def try_webhook(db: Database, webhook_id: int, member: Member, now: datetime) -> None:
    """Send the webhook a message that tells of nothing, on or off.

    Raises:
        NotPermitted: the member is no owner, or the plan does not include webhooks.
        WebhookRefused: the webhook is gone.
    """
    require_owner_role(member, "webhook")
    require_feature(get_account(db).plan, Feature.WEBHOOKS)
    with db.transaction() as tx:
        found = get_webhook(tx, webhook_id)
        if found is not None:
            announce_test(tx, webhook_id, now)
            _record_webhook(tx, AuditEvent.WEBHOOK_TESTED, found, member, now)
    _require_webhook(found)


def redeliver_event(db: Database, webhook_delivery_id: int, member: Member, now: datetime) -> None:
    """Send a message once more, as it was, whatever became of it.

    Raises:
        NotPermitted: the member is no owner, or the plan does not include webhooks.
        WebhookRefused: it still waits, or is gone.
    """
    require_owner_role(member, "webhook")
    require_feature(get_account(db).plan, Feature.WEBHOOKS)
    with db.transaction() as tx:
        found = get_hook_delivery(tx, webhook_delivery_id)
        if found is not None and renew_hook_delivery(tx, webhook_delivery_id, now):
            detail = f"webhook {found.webhook_id}, {found.message_id}"
            record_member_act(tx, AuditEvent.WEBHOOK_REDELIVERED, member, now, detail=detail)
    if found is None:
        raise WebhookRefused(WebhookFault.GONE)
    if found.state is HookState.WAITING:
        raise WebhookRefused(WebhookFault.STILL_WAITING)


def _clean_address(wanted: WebhookWanted) -> str:
    address = wanted.address.strip()
    try:
        parse_webhook_address(address, allows_loopback=wanted.allows_loopback)
    except AddressMalformed as refusal:
        raise WebhookRefused(WebhookFault.ADDRESS_MALFORMED) from refusal
    except AddressNotHttps as refusal:
        raise WebhookRefused(WebhookFault.ADDRESS_NOT_HTTPS) from refusal
    except AddressRefused as refusal:
        raise WebhookRefused(WebhookFault.ADDRESS_NOT_PUBLIC) from refusal
    return address


def _clean_kinds(kinds: Iterable[WebhookKind]) -> frozenset[WebhookKind]:
    chosen = frozenset(kinds) & frozenset(OFFERED_KINDS)
    if not chosen:
        raise WebhookRefused(WebhookFault.NO_EVENTS)
    return chosen


def _require_webhook(webhook: Webhook | None) -> Webhook:
    if webhook is None:
        raise WebhookRefused(WebhookFault.GONE)
    return webhook


def _say_secret(gate: Gate, webhook: Webhook) -> str:
    return format_webhook_secret(derive_signing_keys(gate.pepper, webhook.salt)[0])


def _record_webhook(
    tx: Transaction, event: AuditEvent, webhook: Webhook, member: Member, now: datetime
) -> None:
    """An address may hold a secret of its receiver's, so the trail has the number alone."""
    state = "on" if webhook.is_on else "off"
    record_member_act(tx, event, member, now, detail=f"webhook {webhook.webhook_id}, {state}")
