"""A filter's sessions broken down by time, share link or document, ready to be summed up.

Rollups answer where they can, as in `data/matching.py`.
"""

from data.database import Reader
from data.filter_conditions import (
    Relation,
    all_of,
    find_link_conditions,
    find_session_conditions,
)
from data.matching import Matched
from data.rollup_facts import SLOT_OF_START


def slots_of(db: Reader, matched: Matched) -> Relation:
    """By 15 minutes of UTC: columns slot (epoch seconds // 900), sessions, newcomers.

    A slot may come more than once. Local time is cut from slots, for converting each session's
    instant is ten times slower.
    """
    if matched.is_from_rollups and matched.is_every_contact and _counts_everyone(db, matched):
        return _slots_of_rollup(matched)
    sql = f"""
        select
            {SLOT_OF_START} as slot,
            count(*) as sessions,
            0 as newcomers
        from ({matched.sessions.sql}) as sessions
        group by slot
        union all
        select
            epoch_us(first_accessed_at) // 900000000 as slot,
            0,
            count(*)
        from ({matched.contacts.sql}) as matched
        where is_new
        group by slot
    """
    return Relation(sql, matched.sessions.parameters | matched.contacts.parameters)


def link_counts_of(matched: Matched) -> Relation:
    """By contact and share link: columns contact_id, share_link_id, sessions (at least 1)."""
    chosen = matched.contact_filter
    if matched.is_from_rollups and not chosen.has_period and not chosen.document_ids:
        counted = all_of(
            [
                Relation("access_count > 0"),
                *find_link_conditions(chosen),
                *matched.owners,
            ]
        )
        sql = f"""
            select
                contact_id,
                share_link_id,
                access_count as sessions
            from contact_link
            where {counted.sql}
        """
        return Relation(sql, counted.parameters)
    sql = f"""
        select
            contact_id,
            share_link_id,
            count(*) as sessions
        from ({matched.sessions.sql}) as sessions
        group by
            contact_id,
            share_link_id
    """
    return Relation(sql, matched.sessions.parameters)


def document_counts_of(matched: Matched) -> Relation:
    """By contact and document: columns contact_id, document_id, sessions that opened it."""
    if matched.is_from_rollups and not matched.contact_filter.narrows_sessions:
        counted = all_of(matched.owners)
        sql = f"""
            select
                contact_id,
                document_id,
                access_count as sessions
            from contact_document
            where {counted.sql}
        """
        return Relation(sql, counted.parameters)
    sql = f"""
        select
            sessions.contact_id,
            document_view.document_id,
            count(distinct sessions.viewing_session_id) as sessions
        from ({matched.sessions.sql}) as sessions
        join document_view on document_view.viewing_session_id = sessions.viewing_session_id
        group by
            sessions.contact_id,
            document_view.document_id
    """
    return Relation(sql, matched.sessions.parameters)


def _slots_of_rollup(matched: Matched) -> Relation:
    counted = all_of(find_session_conditions(matched.contact_filter))
    sql = f"""
        select
            slot,
            session_count as sessions,
            new_contact_count as newcomers
        from (
            select
                *,
                to_timestamp(slot * 900) as started_at
            from activity_slot
        )
        where {counted.sql}
    """
    return Relation(sql, counted.parameters)


def _counts_everyone(db: Reader, matched: Matched) -> bool:
    """Whether no archived contact is left out; the account's slots count archived ones too."""
    if matched.contact_filter.includes_archived:
        return True
    return db.row("select 1 from contact where archived_at is not null limit 1") is None
