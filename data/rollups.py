"""What is kept beside the facts so that the contacts page is fast: moved with each fact.

What each rollup holds is said, and rebuilt, in `data/rollup_facts.py`; `data/check.py` compares.
"""

from dataclasses import dataclass
from datetime import datetime

from data.activity_slots import count_in_slot, slot_of, take_back_new_contact
from data.counted_facts import counts, note_uncounted
from data.database import Transaction
from data.engine.together import spread, together
from data.item_totals import count_item, count_left_out
from data.records import ViewingSession
from data.rollup_facts import rebuild_rollups

__all__ = [
    "CountedBefore",
    "count_document_view",
    "count_session",
    "get_counted_before",
    "link_contact",
    "rebuild_rollups",
]

# Whoever comes second finds it there.
_LINK = together(
    """
    insert into contact_link
    select $contact_id, $share_link_id, $now, null, null, 0
    where not exists (
        select 1
        from contact_link
        where contact_id = $contact_id and share_link_id = $share_link_id
    )
    """,
    many="""
    insert into contact_link
    select p_contact_id, p_share_link_id, min(p_now), null, null, 0
    from given
    where not exists (
        select 1
        from contact_link
        where contact_id = p_contact_id and share_link_id = p_share_link_id
    )
    group by p_contact_id, p_share_link_id
    """,
)


_BEGIN_OPENED = spread(
    """
    insert into contact_document
    values ($contact_id, $share_link_id, $document_id, $started_at, $started_at, 1)
    """
)
_COUNT_OPENED = spread(
    """
    update contact_document
    set
        first_accessed_at = least(first_accessed_at, $started_at),
        last_accessed_at = greatest(last_accessed_at, $started_at),
        access_count = access_count + 1
    where
        contact_id = $contact_id
        and share_link_id = $share_link_id
        and document_id = $document_id
    """
)


@dataclass(frozen=True, slots=True)
class CountedBefore:
    """When a contact first came, as far as counted, and whether it is archived."""

    first_accessed_at: datetime | None = None
    is_archived: bool = False


def count_session(tx: Transaction, session: ViewingSession, before: CountedBefore) -> None:
    """Count a viewing session whose row was inserted in this transaction.

    Bots, internal previews and open links are in nobody's numbers, and counted apart. `before`
    is the contact's from before.
    """
    if not counts(session):
        count_left_out(tx, session, slot_of(session.started_at))
        return
    had_first_at, is_archived = before.first_accessed_at, before.is_archived
    _count_for_contact(tx, session)
    is_first_here = _count_for_link(tx, session)
    count_item(tx, "link", session.share_link_id, is_archived=is_archived, is_first=is_first_here)
    is_new = had_first_at is None or session.started_at < had_first_at
    if had_first_at is not None and is_new:
        take_back_new_contact(tx, session, had_first_at, is_archived=is_archived)
    count_in_slot(tx, session, is_archived=is_archived, is_new=is_new)
    if is_archived:
        note_uncounted(tx, session.viewing_session_id)


def count_document_view(
    tx: Transaction, session: ViewingSession, document_id: int, before: CountedBefore
) -> None:
    """Count the first opening of a document in a viewing session; its instant is the session's."""
    if not counts(session):
        return
    through = _find_links_to(tx, session, document_id)
    opened = _COUNT_OPENED if session.share_link_id in through else _BEGIN_OPENED
    tx.run(
        opened,
        contact_id=session.contact_id,
        share_link_id=session.share_link_id,
        document_id=document_id,
        started_at=session.started_at,
    )
    is_archived = before.is_archived
    count_item(tx, "document", document_id, is_archived=is_archived, is_first=not through)
    if is_archived:
        note_uncounted(tx, session.viewing_session_id)


def link_contact(tx: Transaction, contact_id: int, share_link_id: int, now: datetime) -> None:
    """Note that the contact passed this link's gate; it may not have opened anything yet."""
    tx.run(_LINK, contact_id=contact_id, share_link_id=share_link_id, now=now)


def _find_links_to(tx: Transaction, session: ViewingSession, document_id: int) -> set[int]:
    """The share links through which the session's contact has opened this document so far."""
    rows = tx.rows(
        spread(
            """
        select share_link_id
        from contact_document
        where
            contact_id = $contact_id
            and document_id = $document_id
        """,
            by="contact_id",
        ),
        contact_id=session.contact_id,
        document_id=document_id,
    )
    return {share_link_id for (share_link_id,) in rows}


def get_counted_before(tx: Transaction, session: ViewingSession) -> CountedBefore:
    """How the session's contact was counted before; as nobody, for sessions that are left out."""
    if not counts(session):
        return CountedBefore()
    row = tx.row(
        spread(
            """
        select
            first_accessed_at,
            archived_at is not null
        from contact
        where contact_id = $contact_id
        """,
            by="contact_id",
            is_indexed=True,
        ),
        contact_id=session.contact_id,
    )
    return CountedBefore(*row) if row else CountedBefore()


def _count_for_contact(tx: Transaction, session: ViewingSession) -> None:
    tx.run(
        spread(
            """
        update contact
        set
            first_accessed_at = least(coalesce(first_accessed_at, $started_at), $started_at),
            last_accessed_at = greatest(coalesce(last_accessed_at, $started_at), $started_at),
            access_count = access_count + 1
        where contact_id = $contact_id
        """,
            by="contact_id",
        ),
        contact_id=session.contact_id,
        started_at=session.started_at,
    )


def _count_for_link(tx: Transaction, session: ViewingSession) -> bool:
    """Whether it is the contact's first session through this link."""
    updated = tx.row(
        spread(
            """
        update contact_link
        set
            first_accessed_at = least(coalesce(first_accessed_at, $started_at), $started_at),
            last_accessed_at = greatest(coalesce(last_accessed_at, $started_at), $started_at),
            access_count = access_count + 1
        where
            contact_id = $contact_id
            and share_link_id = $share_link_id
        returning access_count
        """,
            by="contact_id",
        ),
        contact_id=session.contact_id,
        share_link_id=session.share_link_id,
        started_at=session.started_at,
    )
    if updated is None:
        tx.run(
            """
            insert into contact_link
            values ($contact_id, $share_link_id, $started_at, $started_at, $started_at, 1)
            """,
            contact_id=session.contact_id,
            share_link_id=session.share_link_id,
            started_at=session.started_at,
        )
    return updated is None or bool(updated[0] == 1)
