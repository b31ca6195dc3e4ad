"""Quarters of an hour of UTC, and how many sessions and new contacts were in each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from data.database import Transaction
from data.engine.steady import steady
from data.engine.together import together
from data.records import ViewingSession
from data.rollup_facts import SLOT_FACTS_OF_SOME

_SLOT = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_HAS_SLOT = steady(
    """
    select 1
    from activity_slot
    where
        slot = $slot
        and channel = $channel
        and is_verified = $is_verified
        and is_archived = $is_archived
    """,
    outlives_updates=True,
)
_BEGIN_SLOT = together(
    """
    insert into activity_slot
    select $slot, $channel, $is_verified, 0, 0, $is_archived
    where not exists (
        select 1
        from activity_slot
        where
            slot = $slot
            and channel = $channel
            and is_verified = $is_verified
            and is_archived = $is_archived
    )
    """,
    many="""
    insert into activity_slot
    select distinct p_slot, p_channel, p_is_verified, 0, 0, p_is_archived
    from given
    where not exists (
        select 1
        from activity_slot
        where
            slot = p_slot
            and channel = p_channel
            and is_verified = p_is_verified
            and is_archived = p_is_archived
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
        and is_archived = $is_archived
    """,
    many="""
    update activity_slot
    set
        session_count = session_count + sessions,
        new_contact_count = new_contact_count + newcomers
    from (
        select
            p_slot,
            p_channel,
            p_is_verified,
            p_is_archived,
            count(*) as sessions,
            sum(p_newcomers) as newcomers
        from given
        group by all
    )
    where
        slot = p_slot
        and channel = p_channel
        and is_verified = p_is_verified
        and is_archived = p_is_archived
    """,
)
_IS_SAME = """
    activity_slot.slot = facts.slot
    and activity_slot.channel = facts.channel
    and activity_slot.is_verified = facts.is_verified
    and activity_slot.is_archived = facts.is_archived
"""
_COUNT_ALL = f"""
    update activity_slot
    set
        session_count = activity_slot.session_count + $step * facts.session_count,
        new_contact_count = activity_slot.new_contact_count + $step * facts.new_contact_count
    from ({SLOT_FACTS_OF_SOME}) as facts
    where {_IS_SAME}
"""
_ADD_MISSING = f"""
    insert into activity_slot
    select
        facts.slot,
        facts.channel,
        facts.is_verified,
        0,
        0,
        facts.is_archived
    from ({SLOT_FACTS_OF_SOME}) as facts
    anti join activity_slot on {_IS_SAME}
"""


@contextmanager
def slots_moved(tx: Transaction, contact_ids: Sequence[int]) -> Iterator[None]:
    """Count these contacts' sessions as what they are after the block, no more as before it.

    What changes may be whose sessions they are, or whether a contact is archived.
    """
    known = list(contact_ids)
    tx.run(_COUNT_ALL, contact_ids=known, step=-1)
    yield
    tx.run(_ADD_MISSING, contact_ids=known)
    tx.run(_COUNT_ALL, contact_ids=known, step=1)
    tx.run("delete from activity_slot where session_count = 0")


def count_in_slot(
    tx: Transaction, session: ViewingSession, *, is_archived: bool, is_new: bool
) -> None:
    """Count a session where it began, and its contact if that was its first."""
    slot = {
        "slot": slot_of(session.started_at),
        "channel": session.channel,
        "is_verified": session.is_verified,
        "is_archived": is_archived,
    }
    if tx.row(_HAS_SLOT, **slot) is None:
        tx.run(_BEGIN_SLOT, **slot)
    tx.run(_COUNT_IN_SLOT, **slot, newcomers=int(is_new))


def take_back_new_contact(
    tx: Transaction, session: ViewingSession, had_first_at: datetime, *, is_archived: bool
) -> None:
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
            and activity_slot.is_archived = $is_archived
        """,
        is_archived=is_archived,
        contact_id=session.contact_id,
        had_first_at=had_first_at,
        slot=slot_of(had_first_at),
    )


def slot_of(instant: datetime) -> int:
    """The quarter of an hour of UTC that this instant is in, counted since 1970."""
    return (instant - _EPOCH) // _SLOT
