"""What happened at the gates, step by step: appended, with no address in clear."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.database import Transaction
from data.records import Channel


class GateStep(StrEnum):
    """One step, or one refusal, on the way through a gate."""

    ENTERED = "entered"
    CODE_SENT = "code_sent"
    SENDING_FAILED = "sending_failed"
    WRONG_CODE = "wrong_code"
    CHALLENGE_CLOSED = "challenge_closed"
    VERIFIED = "verified"
    ADMITTED = "admitted"


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
        """
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
        """,
        created_at=event.created_at,
        share_link_id=event.share_link_id,
        browser_id=event.browser_id,
        channel=event.channel,
        step=event.step,
        reason=event.reason,
        identifier_hash=event.identifier_hash,
        identifier_mask=event.identifier_mask,
    )
