"""What becomes of codes once they are queued: noted for the owner, and for who waits."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from data.challenges import get_challenge, void_challenge
from data.database import Database, Reader
from data.deliveries import (
    DeliveryState,
    drop_unsettled,
    find_unsettled_challenges,
    get_last_delivery,
    update_delivery,
)
from data.gate_events import GateEvent, GateStep, insert_gate_event
from data.gate_history import get_code_step
from data.records import Challenge, Channel
from gate.delivery.deliverer import Deliverer
from gate.delivery.queue import Report, SendingJob, SendingQueue, Stage

Clock = Callable[[], datetime]

NOT_SENT = "not_sent"
_FULL = "Too many codes were waiting to be sent"
_OUT_OF_ORDER = "The channel is out of order, so this one seemed to fail too"
_RESTARTED = "Gatebook was stopped before it was sent"


def open_queues(
    db: Database, deliverers: Mapping[Channel, Deliverer], clock: Clock, **sizes: int
) -> dict[Channel, SendingQueue]:
    """A queue for each channel, which notes what becomes of each code in this database."""

    def report(told: Report) -> None:
        note_report(db, told, clock())

    def is_wanted(job: SendingJob) -> bool:
        return is_still_wanted(db, job, clock())

    return {
        channel: SendingQueue(deliverer, wanted=is_wanted, report=report, **sizes)
        for channel, deliverer in deliverers.items()
    }


def void_unsent(db: Database, now: datetime) -> int:
    """How many codes were still waiting when the process ended. Their viewers are told so."""
    waiting = find_unsettled_challenges(db)
    if waiting:
        with db.transaction() as tx:
            for challenge_id in waiting:
                void_challenge(tx, challenge_id, NOT_SENT)
            drop_unsettled(tx, _RESTARTED, now)
    return len(waiting)


def is_still_wanted(reader: Reader, job: SendingJob, now: datetime) -> bool:
    """Whether the job's code would still open something: no newer one, no end, not too late."""
    challenge = get_challenge(reader, job.challenge_id)
    return (
        challenge is not None
        and challenge.sent_at == job.message.sent_at
        and challenge.answered_at is None
        and challenge.void_reason is None
        and now < job.message.expires_at
    )


def note_report(db: Database, told: Report, now: datetime) -> None:
    """Write down what a queue says of a job."""
    job = told.job
    state = _state_of(told)
    with db.transaction() as tx:
        update_delivery(
            tx,
            job.delivery_id,
            state,
            reason=_decoys_reason(told) if job.is_decoy else told.reason,
            provider_message_id=told.provider_message_id,
            now=now,
        )
        challenge = get_challenge(tx, job.challenge_id)
        is_failure = told.stage in (Stage.FAILED, Stage.UNDELIVERABLE) and not job.is_decoy
        if is_failure and challenge is not None:
            insert_gate_event(tx, _failure_event(tx, challenge, told, now))


def _decoys_reason(told: Report) -> str | None:
    return _OUT_OF_ORDER if told.is_told else None


def _state_of(told: Report) -> DeliveryState:
    """The state that a viewer hears by; where there is nothing to hear, it stays quiet."""
    if told.stage is Stage.DELAYED and not told.is_told:
        return DeliveryState.QUEUED
    is_over = told.stage in (Stage.FAILED, Stage.UNCERTAIN)
    return DeliveryState.HELD_BACK if told.job.is_decoy and is_over else DeliveryState(told.stage)


def note_overflow(db: Database, jobs: Sequence[SendingJob], now: datetime) -> None:
    """These codes found no room: their challenges end, and another code may be asked for."""
    with db.transaction() as tx:
        for job in jobs:
            void_challenge(tx, job.challenge_id, NOT_SENT)
            update_delivery(tx, job.delivery_id, DeliveryState.DROPPED, reason=_FULL, now=now)


def has_sending_failed(reader: Reader, challenge: Challenge) -> bool:
    """Whether the viewer should hear that the newest code could not be sent.

    The same for an address that is denied: while its channel is out, its decoys fail too. An
    address that nobody has is told nothing.
    """
    if challenge.void_reason == NOT_SENT:
        return True
    last = get_last_delivery(reader, challenge.challenge_id)
    if last is None:
        return False
    if last.state is DeliveryState.HELD_BACK:
        return last.reason == _OUT_OF_ORDER
    return last.state in (DeliveryState.FAILED, DeliveryState.DELAYED)


def _failure_event(reader: Reader, challenge: Challenge, told: Report, now: datetime) -> GateEvent:
    asked = get_code_step(reader, challenge)
    return GateEvent(
        created_at=now,
        share_link_id=challenge.share_link_id,
        browser_id=challenge.browser_id,
        step=GateStep.SENDING_FAILED,
        channel=challenge.channel,
        reason=told.reason,
        identifier_hash=asked.identifier_hash if asked else None,
        identifier_mask=asked.identifier_mask if asked else None,
    )
