"""Two small sums moved with each fact: by share link and document, and of what is left out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from data.database import Transaction
from data.engine.steady import steady
from data.engine.together import together
from data.records import SessionKind, ViewingSession
from data.rollup_facts import ITEM_SUMS_OF_SOME, LEFT_OUT_FACTS_OF_SOME

_HAS_ITEM = steady(
    """
    select 1
    from item_total
    where item = $item and item_id = $item_id and is_archived = $is_archived
    """,
    outlives_updates=True,
)
_BEGIN_ITEM = together(
    """
    insert into item_total
    select $item, $item_id, $is_archived, 0, 0
    where not exists (
        select 1
        from item_total
        where item = $item and item_id = $item_id and is_archived = $is_archived
    )
    """,
    many="""
    insert into item_total
    select distinct p_item, p_item_id, p_is_archived, 0, 0
    from given
    where not exists (
        select 1
        from item_total
        where item = p_item and item_id = p_item_id and is_archived = p_is_archived
    )
    """,
)
_COUNT_ITEM = together(
    """
    update item_total
    set
        session_count = session_count + 1,
        contact_count = contact_count + $newcomers
    where
        item = $item
        and item_id = $item_id
        and is_archived = $is_archived
    """,
    many="""
    update item_total
    set
        session_count = session_count + sessions,
        contact_count = contact_count + newcomers
    from (
        select
            p_item,
            p_item_id,
            p_is_archived,
            count(*) as sessions,
            sum(p_newcomers) as newcomers
        from given
        group by all
    )
    where
        item = p_item
        and item_id = p_item_id
        and is_archived = p_is_archived
    """,
)
_BEGIN_LEFT_OUT = together(
    """
    insert into left_out_slot
    select $slot, $share_link_id, $workspace_id, $reason, 0
    where not exists (
        select 1
        from left_out_slot
        where slot = $slot and share_link_id = $share_link_id and reason = $reason
            and workspace_id = $workspace_id
    )
    """,
    many="""
    insert into left_out_slot
    select distinct p_slot, p_share_link_id, p_workspace_id, p_reason, 0
    from given
    where not exists (
        select 1
        from left_out_slot
        where slot = p_slot and share_link_id = p_share_link_id and reason = p_reason
            and workspace_id = p_workspace_id
    )
    """,
)
_COUNT_LEFT_OUT = together(
    """
    update left_out_slot
    set session_count = session_count + 1
    where
        slot = $slot
        and share_link_id = $share_link_id
        and workspace_id = $workspace_id
        and reason = $reason
    """,
    many="""
    update left_out_slot
    set session_count = session_count + sessions
    from (
        select
            p_slot,
            p_share_link_id,
            p_workspace_id,
            p_reason,
            count(*) as sessions
        from given
        group by all
    )
    where
        slot = p_slot
        and share_link_id = p_share_link_id
        and workspace_id = p_workspace_id
        and reason = p_reason
    """,
)


_IS_SAME_ITEM = """
    item_total.item = sums.item
    and item_total.item_id = sums.item_id
    and item_total.is_archived = sums.is_archived
"""
_COUNT_ITEMS = f"""
    update item_total
    set
        session_count = item_total.session_count + $step * sums.session_count,
        contact_count = item_total.contact_count + $step * sums.contact_count
    from ({ITEM_SUMS_OF_SOME}) as sums
    where {_IS_SAME_ITEM}
"""
_ADD_MISSING_ITEMS = f"""
    insert into item_total
    select
        sums.item,
        sums.item_id,
        sums.is_archived,
        0,
        0
    from ({ITEM_SUMS_OF_SOME}) as sums
    anti join item_total on {_IS_SAME_ITEM}
"""


@contextmanager
def items_moved(tx: Transaction, contact_ids: Sequence[int]) -> Iterator[None]:
    """Count what these contacts opened as what it is after the block, no more as before it."""
    known = list(contact_ids)
    tx.run(_COUNT_ITEMS, contact_ids=known, step=-1)
    yield
    tx.run(_ADD_MISSING_ITEMS, contact_ids=known)
    tx.run(_COUNT_ITEMS, contact_ids=known, step=1)
    tx.run("delete from item_total where session_count = 0")


def uncount_left_out(tx: Transaction, contact_ids: Sequence[int]) -> None:
    """Count no more what these contacts did that no number counts; its rows are to go."""
    tx.run(
        f"""
        update left_out_slot
        set session_count = left_out_slot.session_count - facts.session_count
        from ({LEFT_OUT_FACTS_OF_SOME}) as facts
        where
            left_out_slot.slot = facts.slot
            and left_out_slot.share_link_id = facts.share_link_id
            and left_out_slot.workspace_id = facts.workspace_id
            and left_out_slot.reason = facts.reason
        """,
        contact_ids=list(contact_ids),
    )
    tx.run("delete from left_out_slot where session_count = 0")


def count_item(
    tx: Transaction, item: str, item_id: int, *, is_archived: bool, is_first: bool
) -> None:
    """Count a session at a 'link' or a 'document'; `is_first`: its contact was not there before."""
    row = {"item": item, "item_id": item_id, "is_archived": is_archived}
    if tx.row(_HAS_ITEM, **row) is None:
        tx.run(_BEGIN_ITEM, **row)
    tx.run(_COUNT_ITEM, **row, newcomers=int(is_first))


def count_left_out(tx: Transaction, session: ViewingSession, slot: int) -> None:
    """Count a session of this slot that no number of the contacts page counts."""
    where = {
        "slot": slot,
        "share_link_id": session.share_link_id,
        "workspace_id": session.workspace_id,
        "reason": "open" if session.kind is SessionKind.VIEWER else session.kind.value,
    }
    tx.run(_BEGIN_LEFT_OUT, **where)
    tx.run(_COUNT_LEFT_OUT, **where)
