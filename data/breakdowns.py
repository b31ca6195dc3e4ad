"""A filter's sessions broken down by time, share link or document, ready to be summed up.

Rollups answer where they can, as in `data/matching.py`.
"""

from data.contact_filter import ContactFilter
from data.filter_conditions import (
    Relation,
    all_of,
    find_link_conditions,
    find_session_conditions,
    find_slot_conditions,
)
from data.matching import Matched
from data.rollup_facts import SLOT_OF_START


def has_slots_rollup(matched: Matched) -> bool:
    """Whether slots are known without a look at any session."""
    return matched.is_from_rollups and matched.is_every_contact


def slots_of(matched: Matched) -> Relation:
    """By 15 minutes of UTC: columns slot (epoch seconds // 900), sessions, newcomers.

    A slot may come more than once. Local time is cut from slots, for converting each session's
    instant is ten times slower.
    """
    if matched.slots is not None:
        return matched.slots
    if has_slots_rollup(matched):
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


def link_totals_of(matched: Matched, most: int | None) -> Relation:
    """By share link: columns share_link_id, sessions (at least 1), contacts; `most` are needed."""
    chosen = matched.contact_filter
    if matched.is_from_rollups and matched.is_every_contact and not chosen.has_period:
        return _totals_of_rollup(chosen, "link", "share_link_id")
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
                share_link_id,
                sum(access_count) as sessions,
                count(*) as contacts
            from contact_link
            where {counted.sql}
            group by share_link_id
        """
        return Relation(sql, counted.parameters)
    return _totals_of_facts(matched, "viewing_session", "share_link_id", most)


def document_totals_of(matched: Matched, most: int | None) -> Relation:
    """By document: columns document_id, sessions that opened it, contacts; `most` are needed."""
    chosen = matched.contact_filter
    if matched.is_from_rollups and matched.is_every_contact and not chosen.has_period:
        return _totals_of_rollup(chosen, "document", "document_id")
    if matched.is_from_rollups and not chosen.narrows_sessions:
        counted = all_of(matched.owners)
        sql = f"""
            select
                document_id,
                sum(access_count) as sessions,
                count(*) as contacts
            from contact_document
            where {counted.sql}
            group by document_id
        """
        return Relation(sql, counted.parameters)
    # A view has copies of all that a session is chosen by.
    return _totals_of_facts(matched, "document_view", "document_id", most)


def _totals_of_facts(matched: Matched, facts: str, column: str, most: int | None) -> Relation:
    """Sessions are added up for all, and then contacts told apart for the leading ones only."""
    counted = all_of([*find_session_conditions(matched.contact_filter), *matched.counted])
    sql = f"""
        with ranked as materialized (
            select
                {column},
                count(*) as sessions
            from {facts}
            where {counted.sql}
            group by {column}
            order by
                sessions desc,
                {column}
            limit $most
        )
        select
            {column},
            count(*) as sessions,
            count(distinct contact_id) as contacts
        from {facts}
        where
            {counted.sql}
            and {column} in (select {column} from ranked)
        group by {column}
    """
    return Relation(sql, counted.parameters | {"most": most})


def _totals_of_rollup(chosen: ContactFilter, item: str, column: str) -> Relation:
    sql = f"""
        select
            item_id as {column},
            sum(session_count) as sessions,
            sum(contact_count) as contacts
        from item_total
        where
            item = '{item}'
            and (not is_archived or $includes_archived)
        group by item_id
    """
    return Relation(sql, {"includes_archived": chosen.includes_archived})


def _slots_of_rollup(matched: Matched) -> Relation:
    chosen = matched.contact_filter
    counted = all_of([*find_slot_conditions(chosen), Relation("not is_archived")])
    if chosen.includes_archived:
        counted = all_of(find_slot_conditions(chosen))
    sql = f"""
        select
            slot,
            session_count as sessions,
            new_contact_count as newcomers
        from activity_slot
        where {counted.sql}
    """
    return Relation(sql, counted.parameters)
