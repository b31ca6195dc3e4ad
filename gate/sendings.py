"""Sending codes: the first of a challenge, the next ones, and handing each over for delivery.

Rows are written in one transaction; the network is spoken to after its commit.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from data.accounts import get_account
from data.challenges import (
    get_challenge,
    get_newest_sending,
    insert_challenge,
    next_challenge_id,
    update_sending,
    void_challenge,
    void_challenges,
)
from data.database import Database, Transaction
from data.entries import close_entries, get_open_entry
from data.gate_events import GateStep
from data.records import Challenge, GateEntry, Identifier
from gate.codes import CodeBinding, code_mac, make_code
from gate.delivery.deliverer import CodeMessage, SendingFailed
from gate.errors import ClockBehind, DeliveryFailed, TooManyRequests, WrongCode
from gate.limits import (
    CLOCK_TOLERANCE,
    CODE_LIFE,
    RESEND_WAIT,
    SENDS_PER_CHALLENGE,
    TRIES_PER_CHALLENGE,
)
from gate.trail import record_step
from gate.visits import Doorstep, Gate, Visit, find_recent_browser_id, require_live_link

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sending:
    """A code that is stored (as its hash) and now has to go out."""

    challenge_id: int
    identifier: Identifier
    message: CodeMessage


@dataclass(frozen=True, slots=True)
class _Renewal:
    """What asking for another code came to: a sending, or a wait."""

    sending: Sending | None = None
    wait: timedelta | None = None


def refuse_late_clock(db: Database, now: datetime) -> None:
    """Stop where the wall clock is far behind what is written already.

    Raises:
        ClockBehind: codes would live too long, so none is issued.
    """
    newest = get_newest_sending(db)
    if newest is not None and newest > now + CLOCK_TOLERANCE:
        _log.error("clock_behind", newest=newest.isoformat(), now=now.isoformat())
        raise ClockBehind


def start_challenge(
    tx: Transaction, gate: Gate, place: Doorstep, entry: GateEntry, identifier: Identifier
) -> Sending:
    """A new challenge for one identifier of the entry; its code still has to be handed over."""
    challenge = Challenge(
        challenge_id=next_challenge_id(tx),
        gate_entry_id=entry.gate_entry_id,
        browser_id=place.browser_id,
        share_link_id=place.link.share_link_id,
        policy_epoch=place.link.policy_epoch,
        channel=identifier.channel,
        identifier_key=identifier.key,
        mac=None,
        created_at=place.now,
        sent_at=place.now,
        expires_at=place.now + CODE_LIFE,
        send_count=1,
        tries=0,
        answered_at=None,
        void_reason=None,
    )
    code = make_code()
    mac = code_mac(gate.pepper.current, bind_code(challenge), code)
    insert_challenge(tx, replace(challenge, mac=mac))
    record_step(tx, gate.pepper, place, GateStep.CODE_SENT, identifier=identifier)
    return _write_message(tx, place, challenge, identifier, code)


def resend_code(gate: Gate, visit: Visit, challenge_id: int) -> None:
    """Send the viewer another code; the one before dies, its wrong tries stay counted.

    After the last try, or the last sending's ten minutes, the code belongs to a new challenge.

    Raises:
        TooManyRequests: the last code is too fresh; it carries how long to wait.
        WrongCode: nothing of this browser waits for that code any more.
        LinkUnavailable, DeliveryFailed, ClockBehind: as `submit_entry`.
    """
    link = require_live_link(gate.db, visit.slug, visit.now)
    refuse_late_clock(gate.db, visit.now)
    browser_id = find_recent_browser_id(gate.db, visit.browser_hash, visit.now)
    if browser_id is None:
        raise WrongCode
    place = Doorstep(link, browser_id, visit.now)
    with gate.db.transaction() as tx:
        renewal = _renew(tx, gate, place, challenge_id)
    if renewal.wait is not None:
        raise TooManyRequests(renewal.wait)
    if renewal.sending is None:
        raise WrongCode
    _deliver(gate, place, renewal.sending)


def hand_over(gate: Gate, place: Doorstep, sendings: Sequence[Sending]) -> None:
    """Hand the first codes of an entry over for delivery; if one fails, the entry is undone.

    Raises:
        DeliveryFailed: nobody took one of them.
    """
    try:
        for sending in sendings:
            _deliver(gate, place, sending)
    except DeliveryFailed:
        browser_id, share_link_id = place.browser_id, place.link.share_link_id
        with gate.db.transaction() as tx:
            void_challenges(
                tx, browser_id=browser_id, share_link_id=share_link_id, reason="not_sent"
            )
            close_entries(tx, browser_id=browser_id, share_link_id=share_link_id, now=place.now)
        raise


def bind_code(challenge: Challenge) -> CodeBinding:
    """What the codes of this challenge are good for."""
    return CodeBinding(
        challenge_id=challenge.challenge_id,
        share_link_id=challenge.share_link_id,
        identifier_key=challenge.identifier_key,
        browser_id=challenge.browser_id,
        channel=challenge.channel,
    )


def renewal_wait(challenge: Challenge, now: datetime) -> timedelta:
    """How long until another code may be asked for; zero or less means at once."""
    is_used_up = challenge.send_count >= SENDS_PER_CHALLENGE
    if is_used_up and challenge.tries < TRIES_PER_CHALLENGE:
        return challenge.expires_at - now
    return challenge.sent_at + RESEND_WAIT - now


def _renew(tx: Transaction, gate: Gate, place: Doorstep, challenge_id: int) -> _Renewal:
    challenge = get_challenge(tx, challenge_id)
    entry = get_open_entry(
        tx, browser_id=place.browser_id, share_link_id=place.link.share_link_id, now=place.now
    )
    if challenge is None or entry is None or challenge.gate_entry_id != entry.gate_entry_id:
        return _Renewal()
    if challenge.answered_at is not None or challenge.void_reason is not None:
        return _Renewal()
    wait = renewal_wait(challenge, place.now)
    if wait > timedelta(0):
        return _Renewal(wait=wait)
    identifier = next(
        one.identifier for one in entry.identifiers if one.identifier.channel is challenge.channel
    )
    is_spent = challenge.tries >= TRIES_PER_CHALLENGE
    if is_spent or challenge.send_count >= SENDS_PER_CHALLENGE:
        void_challenge(tx, challenge_id, "replaced")
        return _Renewal(start_challenge(tx, gate, place, entry, identifier))
    return _Renewal(_send_again(tx, gate, place, challenge, identifier))


def _send_again(
    tx: Transaction, gate: Gate, place: Doorstep, challenge: Challenge, identifier: Identifier
) -> Sending | None:
    code = make_code()
    renewed = replace(
        challenge,
        mac=code_mac(gate.pepper.current, bind_code(challenge), code),
        sent_at=place.now,
        expires_at=place.now + CODE_LIFE,
    )
    sent_before = place.now - RESEND_WAIT
    if not update_sending(tx, renewed, sent_before=sent_before, most_sends=SENDS_PER_CHALLENGE):
        return None
    record_step(tx, gate.pepper, place, GateStep.CODE_SENT, identifier=identifier, reason="resent")
    return _write_message(tx, place, renewed, identifier, code)


def _write_message(
    tx: Transaction, place: Doorstep, challenge: Challenge, identifier: Identifier, code: str
) -> Sending:
    message = CodeMessage(
        recipient=identifier,
        code=code,
        share_link_name=place.link.name,
        account_name=get_account(tx).name,
        sent_at=challenge.sent_at,
        expires_at=challenge.expires_at,
        message_id=f"{challenge.challenge_id}.{secrets.token_hex(8)}",
    )
    return Sending(challenge.challenge_id, identifier, message)


def _deliver(gate: Gate, place: Doorstep, sending: Sending) -> None:
    try:
        gate.deliverers[sending.identifier.channel].deliver(sending.message)
    except SendingFailed as failure:
        _log.warning("sending_failed", challenge=sending.challenge_id, reason=failure.reason)
        with gate.db.transaction() as tx:
            record_step(
                tx,
                gate.pepper,
                place,
                GateStep.SENDING_FAILED,
                identifier=sending.identifier,
                reason=failure.reason,
            )
        # An address that nobody has is told nothing: the same screen as for everyone else.
        if not failure.is_permanent:
            raise DeliveryFailed from failure
