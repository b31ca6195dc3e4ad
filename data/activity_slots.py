"""Quarters of an hour of UTC, and how many sessions and new contacts were in each."""

from datetime import UTC, datetime, timedelta

from data.database import Transaction
from data.records import ViewingSession
from data.together import together

_SLOT = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_BEGIN_SLOT = together(
    """
    insert into activity_slot
    select $slot, $channel, $is_verified, 0, 0
    where not exists (
        select 1
        from activity_slot
        where slot = $slot and channel = $channel and is_verified = $is_verified
    )
    """,
    many="""
    insert into activity_slot
    select distinct p_slot, p_channel, p_is_verified, 0, 0
    from given
    where not exists (
        select 1
        from activity_slot
        where slot = p_slot and channel = p_channel and is_verified = p_is_verified
    )
    """,
)
_COUNT_IN_SLOT = together(
    """
    update activity_slot
    set
        session_count = session_count + 1,
        new_contact_count = new_contact_count + $newcomers
    where
        slot = $slot
        and channel = $channel
        and is_verified = $is_verified
    """,
    many="""
    update activity_slot
    set
        session_count = session_count + sessions,
        new_contact_count = new_contact_count + newcomers
    from (
        select p_slot, p_channel, p_is_verified, count(*) as sessions, sum(p_newcomers) as newcomers
        from given
        group by all
    )
    where
        slot = p_slot
        and channel = p_channel
        and is_verified = p_is_verified
    """,
)


def count_in_slot(tx: Transaction, session: ViewingSession, *, is_new: bool) -> None:
    """Count a session where it began, and its contact if that was its first."""
    slot, channel, is_verified = (
        _slot_of(session.started_at),
        session.channel,
        session.is_verified,
    )
    tx.run(_BEGIN_SLOT, slot=slot, channel=channel, is_verified=is_verified)
    tx.run(
        _COUNT_IN_SLOT,
        slot=slot,
        channel=channel,
        is_verified=is_verified,
        newcomers=int(is_new),
    )


def take_back_new_contact(tx: Transaction, session: ViewingSession, had_first_at: datetime) -> None:
    """Uncount the contact where it was new until an earlier session was stored just now."""
    tx.run(
        """
        update activity_slot
        set new_contact_count = new_contact_count - 1
        from (
            select
                channel,
                is_verified
            from viewing_session
            where
                contact_id = $contact_id
                and kind = 'viewer'
                and started_at = $had_first_at
            order by viewing_session_id
            limit 1
        ) as beginning
        where
            activity_slot.slot = $slot
            and activity_slot.channel = beginning.channel
            and activity_slot.is_verified = beginning.is_verified
        """,
        contact_id=session.contact_id,
        had_first_at=had_first_at,
        slot=_slot_of(had_first_at),
    )


def _slot_of(instant: datetime) -> int:
    return (instant - _EPOCH) // _SLOT
