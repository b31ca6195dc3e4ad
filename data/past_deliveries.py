"""What became of each code, as an owner asks for it: with what its provider told later."""

from dataclasses import asdict, dataclass
from datetime import datetime

from data.database import Reader, Row
from data.deliveries import DeliveryState
from data.gate_history import IN_HISTORY, HistoryFilter
from data.records import Channel


@dataclass(frozen=True, slots=True)
class PastDelivery:
    """One message with a code, and how far it got. `reason` is why it failed or waits."""

    delivery_id: int
    created_at: datetime
    share_link_id: int
    channel: Channel
    identifier_mask: str
    state: DeliveryState
    reason: str | None


# What providers told of the listed messages, the worst and the furthest of it.
_TOLD = """
    select
        provider_message_id,
        case
            when bool_or(status = 'failed') then 'failed'
            when bool_or(status = 'read') then 'read'
            when bool_or(status = 'delivered') then 'delivered'
        end as state,
        max(reason) as reason
    from delivery_status
    where provider_message_id in (select provider_message_id from listed)
    group by provider_message_id
"""


def find_past_deliveries(
    reader: Reader, wanted: HistoryFilter, *, most: int, skipped: int = 0
) -> list[PastDelivery]:
    """One page of the messages, newest first."""
    rows = reader.rows(
        f"""
        with listed as (
            select *
            from delivery
            where {IN_HISTORY}
            order by
                created_at desc,
                delivery_id desc
            limit $most
            offset $skipped
        ),
        told as ({_TOLD})
        select
            listed.delivery_id,
            listed.created_at,
            listed.share_link_id,
            listed.channel,
            listed.identifier_mask,
            coalesce(told.state, listed.state),
            coalesce(told.reason, listed.reason)
        from listed
        left join told on told.provider_message_id = listed.provider_message_id
        order by
            listed.created_at desc,
            listed.delivery_id desc
        """,
        most=most,
        skipped=skipped,
        **asdict(wanted),
    )
    return [_read_past_delivery(row) for row in rows]


def count_past_deliveries(reader: Reader, wanted: HistoryFilter) -> int:
    """How many messages there are on all pages."""
    row = reader.row(f"select count(*) from delivery where {IN_HISTORY}", **asdict(wanted))
    return int(row[0]) if row else 0


def _read_past_delivery(row: Row) -> PastDelivery:
    return PastDelivery(*(*row[:3], Channel(row[3]), row[4], DeliveryState(row[5]), row[6]))
