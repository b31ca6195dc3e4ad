"""Sending codes: the first of a challenge, the next ones, and handing each to its queue.

Rows are written in one transaction; the queue gets the codes after its commit, and what becomes of
them is noted by `gate/deliveries.py`.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from data.accounts import get_account
from data.attempts import Act
from data.challenges import (
    get_challenge,
    insert_challenge,
    next_challenge_id,
    update_sending,
    void_challenge,
)
from data.database import Database, Transaction
from data.deliveries import insert_delivery
from data.entries import GateEntry, get_open_entry
from data.gate_events import GateStep
from data.records import Challenge, Identifier
from data.sending_history import get_newest_instant
from gate.attempts import count_code_digits, make_attempt, spend_sending
from gate.codes import CodeBinding, code_mac, keyed_hash, make_code
from gate.deliveries import NOT_SENT, note_overflow
from gate.delivery.deliverer import CodeMessage
from gate.delivery.queue import SendingJob
from gate.errors import ClockBehind, DeliveryFailed, TooManyRequests, WrongCode
from gate.identifiers import mask_identifier
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
class _Renewal:
    """What asking for another code came to: a sending, or a wait."""

    sending: SendingJob | None = None
    wait: timedelta | None = None


def is_clock_behind(db: Database, now: datetime) -> bool:
    """Whether the wall clock is so far behind what is written that no code may be issued."""
    newest = get_newest_instant(db)
    return newest is not None and newest > now + CLOCK_TOLERANCE


def refuse_late_clock(db: Database, now: datetime) -> None:
    """Stop where the wall clock is far behind what is written already.

    Raises:
        ClockBehind: codes would live too long, so none is issued.
    """
    if is_clock_behind(db, now):
        _log.error("clock_behind", now=now.isoformat())
        raise ClockBehind


def start_challenge(
    tx: Transaction, gate: Gate, place: Doorstep, entry: GateEntry, identifier: Identifier
) -> SendingJob:
    """A new challenge for one identifier of the entry; its code still has to be handed over.

    That of an entry which was denied is a decoy: it looks the same and is never sent.
    """
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
        digits=count_code_digits(tx, place.link.share_link_id, place.now),
        is_decoy=entry.is_denied,
    )
    code = make_code(challenge.digits)
    mac = code_mac(gate.pepper.current, bind_code(challenge), code)
    insert_challenge(tx, replace(challenge, mac=mac))
    step = GateStep.HELD_BACK if challenge.is_decoy else GateStep.CODE_SENT
    record_step(tx, gate.pepper, place, step, identifier=identifier)
    return _write_job(tx, gate, challenge, _write_message(tx, place, challenge, identifier, code))


def resend_code(gate: Gate, visit: Visit, challenge_id: int) -> None:
    """Send the viewer another code; the one before dies, its wrong tries stay counted.

    After the last try, or the last sending's ten minutes, the code belongs to a new challenge.

    Raises:
        TooManyRequests: a limit was reached, or the last code is too fresh; it carries the wait.
        WrongCode: nothing of this browser waits for that code any more.
        LinkUnavailable, DeliveryFailed, ClockBehind: as `submit_entry`.
    """
    link = require_live_link(gate.db, visit.slug, visit.now)
    refuse_late_clock(gate.db, visit.now)
    browser_id = find_recent_browser_id(gate.db, visit.browser_hash, visit.now)
    if browser_id is None:
        raise WrongCode
    place = Doorstep.of(link, browser_id, visit)
    with gate.db.transaction() as tx:
        renewal = _renew(tx, gate, place, challenge_id)
    if renewal.wait is not None:
        raise TooManyRequests(renewal.wait)
    if renewal.sending is None:
        raise WrongCode
    hand_over(gate, place, [renewal.sending])


def hand_over(gate: Gate, place: Doorstep, sendings: Sequence[SendingJob]) -> None:
    """Queue these codes.

    Raises:
        DeliveryFailed: too many wait already; whoever asked can ask again at once.
    """
    left_out = [
        sending
        for sending in sendings
        if not gate.queues[sending.message.recipient.channel].put(sending)
    ]
    if left_out:
        note_overflow(gate.db, left_out, place.now)
        raise DeliveryFailed


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
    if challenge.void_reason == NOT_SENT:
        return timedelta(0)
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
    if challenge.answered_at is not None or challenge.void_reason not in (None, NOT_SENT):
        return _Renewal()
    wait = renewal_wait(challenge, place.now)
    if wait > timedelta(0):
        return _Renewal(wait=wait)
    identifier = next(
        one.identifier for one in entry.identifiers if one.identifier.channel is challenge.channel
    )
    overrun = spend_sending(tx, gate, make_attempt(gate.pepper, place, Act.SEND, identifier))
    if overrun is not None:
        reason = overrun.name
        record_step(tx, gate.pepper, place, GateStep.LIMITED, identifier=identifier, reason=reason)
        return _Renewal(wait=overrun.wait)
    if _needs_new_challenge(challenge):
        void_challenge(tx, challenge_id, "replaced")
        return _Renewal(start_challenge(tx, gate, place, entry, identifier))
    return _Renewal(_send_again(tx, gate, place, challenge, identifier))


def _needs_new_challenge(challenge: Challenge) -> bool:
    is_spent = challenge.tries >= TRIES_PER_CHALLENGE
    is_used_up = challenge.send_count >= SENDS_PER_CHALLENGE
    return is_spent or is_used_up or challenge.void_reason is not None


def _send_again(
    tx: Transaction, gate: Gate, place: Doorstep, challenge: Challenge, identifier: Identifier
) -> SendingJob | None:
    digits = count_code_digits(tx, place.link.share_link_id, place.now)
    code = make_code(digits)
    renewed = replace(
        challenge,
        digits=digits,
        mac=code_mac(gate.pepper.current, bind_code(challenge), code),
        sent_at=place.now,
        expires_at=place.now + CODE_LIFE,
    )
    sent_before = place.now - RESEND_WAIT
    if not update_sending(tx, renewed, sent_before=sent_before, most_sends=SENDS_PER_CHALLENGE):
        return None
    step = GateStep.HELD_BACK if challenge.is_decoy else GateStep.CODE_SENT
    record_step(tx, gate.pepper, place, step, identifier=identifier, reason="resent")
    return _write_job(tx, gate, renewed, _write_message(tx, place, renewed, identifier, code))


def _write_message(
    tx: Transaction, place: Doorstep, challenge: Challenge, identifier: Identifier, code: str
) -> CodeMessage:
    return CodeMessage(
        recipient=identifier,
        code=code,
        share_link_name=place.link.name,
        account_name=get_account(tx).name,
        sent_at=challenge.sent_at,
        expires_at=challenge.expires_at,
        message_id=f"{challenge.challenge_id}.{secrets.token_hex(8)}",
        language=place.language,
    )


def _write_job(
    tx: Transaction, gate: Gate, challenge: Challenge, message: CodeMessage
) -> SendingJob:
    identifier = message.recipient
    delivery_id = insert_delivery(
        tx,
        challenge_id=challenge.challenge_id,
        share_link_id=challenge.share_link_id,
        channel=challenge.channel,
        identifier_hash=keyed_hash(gate.pepper, identifier.lookup),
        identifier_mask=mask_identifier(identifier.channel, identifier.address),
        now=challenge.sent_at,
    )
    return SendingJob(delivery_id, challenge.challenge_id, message, challenge.is_decoy)
