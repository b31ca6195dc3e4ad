"""The gate's history as an owner asks for it: who was refused or went away, step by step.

How many came how far is counted in `data/gate_funnel.py`.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from data.database import Reader
from data.gate_events import GateStep
from data.records import Challenge, Channel

# The steps of the funnel, in their order.
FUNNEL = (
    GateStep.OPENED,
    GateStep.ENTERED,
    GateStep.CODE_SENT,
    GateStep.VERIFIED,
    GateStep.VIEWED,
)

# What ends at the gate. `WRONG_CODE` has a try left, and is told all the same.
REFUSED = (
    GateStep.DENIED,
    GateStep.HELD_BACK,
    GateStep.LIMITED,
    GateStep.WRONG_CODE,
    GateStep.LATE_CODE,
    GateStep.CHALLENGE_CLOSED,
    GateStep.WRONG_PASSWORD,
    GateStep.FOUND_CLOSED,
    GateStep.SENDING_FAILED,
    GateStep.ABANDONED,
)


@dataclass(frozen=True, slots=True)
class PastStep:
    """One step of the past, `times` taken by one person at one link, for one reason.

    Number and instant are the last time's. An identifier is only its keyed hash and its mask; of
    those who named none, each browser is a person.
    """

    gate_event_id: int
    created_at: datetime
    share_link_id: int
    channel: Channel | None
    step: GateStep
    reason: str | None
    identifier_hash: str | None
    identifier_mask: str | None
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """Which part of the past: since an instant, at one link or at all, on one channel or any."""

    since: datetime
    share_link_id: int | None = None
    channel: Channel | None = None


# What puts a row within a `HistoryFilter`, whose fields are the parameters.
IN_HISTORY = """
    created_at >= $since
    and ($share_link_id is null or share_link_id = $share_link_id)
    and ($channel is null or channel = $channel)
"""
# What two steps have in common that are told as one.
_SAME = """
    share_link_id,
    channel,
    event,
    reason,
    identifier_hash,
    case when identifier_hash is null then browser_id end
"""


def find_past_steps(
    reader: Reader,
    wanted: HistoryFilter,
    steps: Collection[GateStep],
    *,
    most: int,
    skipped: int = 0,
) -> list[PastStep]:
    """One page of the steps of these kinds, the one that was last taken first."""
    rows = reader.rows(
        f"""
        select
            max(gate_event_id) as last_event_id,
            max(created_at) as last_at,
            share_link_id,
            channel,
            event,
            reason,
            identifier_hash,
            any_value(identifier_mask),
            count(*)
        from gate_event
        where
            list_contains($steps, event)
            and {IN_HISTORY}
        group by {_SAME}
        order by
            last_at desc,
            last_event_id desc
        limit $most
        offset $skipped
        """,
        steps=list(steps),
        most=most,
        skipped=skipped,
        **asdict(wanted),
    )
    return [_read_step(row) for row in rows]


def count_past_steps(reader: Reader, wanted: HistoryFilter, steps: Collection[GateStep]) -> int:
    """How many of these there are on all pages."""
    row = reader.row(
        f"""
        select count(*)
        from (
            select 1
            from gate_event
            where
                list_contains($steps, event)
                and {IN_HISTORY}
            group by {_SAME}
        )
        """,
        steps=list(steps),
        **asdict(wanted),
    )
    return int(row[0]) if row else 0


def find_steps_of(
    reader: Reader, identifier_hashes: Collection[str], steps: Collection[GateStep], *, most: int
) -> list[PastStep]:
    """The latest steps of these kinds by whom these keyed hashes name, each on its own."""
    rows = reader.rows(
        """
        select
            gate_event_id,
            created_at,
            share_link_id,
            channel,
            event,
            reason,
            identifier_hash,
            identifier_mask,
            1
        from gate_event
        where
            list_contains($identifier_hashes, identifier_hash)
            and list_contains($steps, event)
        order by
            created_at desc,
            gate_event_id desc
        limit $most
        """,
        identifier_hashes=list(identifier_hashes),
        steps=list(steps),
        most=most,
    )
    return [_read_step(row) for row in rows]


def get_code_step(reader: Reader, challenge: Challenge) -> PastStep | None:
    """The step at which the challenge's newest code was asked for: it knows for whom."""
    row = reader.row(
        """
        select
            gate_event_id,
            created_at,
            share_link_id,
            channel,
            event,
            reason,
            identifier_hash,
            identifier_mask,
            1
        from gate_event
        where
            event = 'code_sent'
            and created_at = $sent_at
            and browser_id = $browser_id
            and share_link_id = $share_link_id
            and channel = $channel
        order by gate_event_id desc
        limit 1
        """,
        sent_at=challenge.sent_at,
        browser_id=challenge.browser_id,
        share_link_id=challenge.share_link_id,
        channel=challenge.channel,
    )
    return None if row is None else _read_step(row)


def _read_step(row: Sequence[object]) -> PastStep:
    channel = None if row[3] is None else Channel(str(row[3]))
    return PastStep(row[0], row[1], row[2], channel, GateStep(str(row[4])), *row[5:])  # type: ignore[arg-type]
