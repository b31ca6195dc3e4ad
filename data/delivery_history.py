"""What became of codes, as an owner asks for it: each message with what its provider told later."""

from datetime import datetime

from data.database import Reader
from data.deliveries import Delivery, read_delivery


def find_deliveries(reader: Reader, *, since: datetime, most: int) -> list[Delivery]:
    """The newest messages since an instant, newest first, with what their providers told."""
    rows = reader.rows(
        """
        with told as (
            select
                provider_message_id,
                case
                    when bool_or(status = 'failed') then 'failed'
                    when bool_or(status = 'read') then 'read'
                    when bool_or(status = 'delivered') then 'delivered'
                end as state,
                max(reason) as reason
            from delivery_status
            group by provider_message_id
        )
        select
            delivery.delivery_id,
            delivery.challenge_id,
            delivery.share_link_id,
            delivery.channel,
            delivery.identifier_mask,
            coalesce(told.state, delivery.state),
            coalesce(told.reason, delivery.reason),
            delivery.provider_message_id,
            delivery.created_at,
            delivery.updated_at
        from delivery
        left join told on told.provider_message_id = delivery.provider_message_id
        where delivery.created_at >= $since
        order by delivery.delivery_id desc
        limit $most
        """,
        since=since,
        most=most,
    )
    return [read_delivery(row) for row in rows]
