"""What happened at the gates, step by step: appended, with no address in clear."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.database import Reader, Transaction
from data.engine.together import spread
from data.records import Channel


class GateStep(StrEnum):
    """One step, or one refusal, on the way through a gate.

    `FOUND_CLOSED` is a link that opens nothing now. `HELD_BACK` is a code that a denied identifier
    seems to get. `reason` says more: which limit, which list, what state.
    """

    OPENED = "opened"
    FOUND_CLOSED = "found_closed"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - the name of a step
    ENTERED = "entered"
    DENIED = "denied"
    LIMITED = "limited"
    CODE_SENT = "code_sent"
    HELD_BACK = "held_back"
    SENDING_FAILED = "sending_failed"
    WRONG_CODE = "wrong_code"
    LATE_CODE = "late_code"
    CHALLENGE_CLOSED = "challenge_closed"
    VERIFIED = "verified"
    ADMITTED = "admitted"
    VIEWED = "viewed"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateEvent:
    """One step at one gate. An identifier appears only as its keyed hash and its mask."""

    created_at: datetime
    share_link_id: int
    browser_id: int
    step: GateStep
    channel: Channel | None = None
    reason: str | None = None
    identifier_hash: str | None = None
    identifier_mask: str | None = None


def insert_gate_event(tx: Transaction, event: GateEvent) -> None:
    """Add one step, in the transaction of the act itself."""
    tx.run(
        spread("""
        insert into gate_event
        values (
            nextval('gate_event_id_seq'),
            $created_at,
            $share_link_id,
            $browser_id,
            $channel,
            $step,
            $reason,
            $identifier_hash,
            $identifier_mask
        )
        """),
        created_at=event.created_at,
        share_link_id=event.share_link_id,
        browser_id=event.browser_id,
        channel=event.channel,
        step=event.step,
        reason=event.reason,
        identifier_hash=event.identifier_hash,
        identifier_mask=event.identifier_mask,
    )


def has_recent_step(
    reader: Reader, *, step: GateStep, share_link_id: int, browser_id: int, since: datetime
) -> bool:
    """Whether this browser took this step at this link since an instant."""
    row = reader.row(
        spread(
            """
        select 1
        from gate_event
        where
            browser_id = $browser_id
            and share_link_id = $share_link_id
            and event = $step
            and created_at > $since
        """,
            by="browser_id",
        ),
        step=step,
        share_link_id=share_link_id,
        browser_id=browser_id,
        since=since,
    )
    return row is not None


def purge_gate_events(tx: Transaction, *, before: datetime) -> None:
    """Forget the steps taken before an instant."""
    tx.run("delete from gate_event where created_at < $before", before=before)
