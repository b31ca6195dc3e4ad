"""A filter's sessions broken down by time, share link or document, ready to be summed up.

Rollups answer where they can, as in `data/matching.py`.
"""

from data.contact_filter import ContactFilter
from data.database import Reader
from data.different_contacts import COUNTED_BY_HASH, counted_apart
from data.filter_conditions import (
    Relation,
    all_of,
    find_document_conditions,
    find_link_conditions,
    find_place_conditions,
    find_session_conditions,
    find_session_facts,
    find_slot_conditions,
)
from data.matching import Matched
from data.rollup_facts import SLOT_OF_START

_FEW = 10
_ITEM_TOTALS = """
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


def hours_of(matched: Matched) -> Relation:
    """By hour of the account's wall time: columns local_hour, sessions, newcomers.

    Cut from slots of 15 minutes, as converting each session's instant is ten times slower.
    """
    if matched.hours is not None:
        return matched.hours
    slots = _slots_of(matched)
    sql = f"""
        select
            date_trunc('hour', to_timestamp(slot * 900) at time zone $time_zone) as local_hour,
            sum(sessions) as sessions,
            sum(newcomers) as newcomers
        from (
            select
                slot,
                sum(sessions) as sessions,
                sum(newcomers) as newcomers
            from ({slots.sql})
            group by slot
        )
        group by local_hour
    """
    return Relation(sql, slots.parameters | {"time_zone": matched.contact_filter.time_zone})


def link_totals_of(db: Reader, matched: Matched, most: int | None) -> Relation:
    """By share link: columns share_link_id, sessions (at least 1), contacts; `most` are needed."""
    chosen = matched.contact_filter
    if _has_item_totals(matched):
        return _totals_of_links(chosen)
    if matched.is_from_rollups and not chosen.has_period and len(chosen.document_ids) <= 1:
        # Each contact has one row for a link, or for a link and a document.
        rollup = "contact_document" if chosen.document_ids else "contact_link"
        return _add_up(
            rollup,
            "share_link_id",
            [
                Relation("access_count > 0"),
                *find_document_conditions(chosen),
                *find_link_conditions(chosen),
                *matched.owners,
            ],
        )
    facts, conditions = find_session_facts(chosen)
    counted = all_of([*conditions, *matched.counted])
    return _lead_and_tell_apart(db, facts, "share_link_id", "count(*)", counted, most)


def document_totals_of(db: Reader, matched: Matched, most: int | None) -> Relation:
    """By document: columns document_id, sessions that opened it, contacts; `most` are needed."""
    chosen = matched.contact_filter
    if _has_item_totals(matched) and not chosen.share_link_ids:
        return _totals_of_documents(chosen)
    if matched.is_from_rollups and not (chosen.has_period or chosen.document_ids):
        conditions = [*find_link_conditions(chosen), *matched.owners]
        if len(chosen.share_link_ids) == 1:
            return _add_up("contact_document", "document_id", conditions)
        counted = all_of(conditions)
        return _lead_and_tell_apart(
            db, "contact_document", "document_id", "sum(access_count)", counted, most
        )
    # A view has copies of all that a session is chosen by.
    counted = all_of([*find_session_conditions(chosen), *matched.counted])
    return _lead_and_tell_apart(db, "document_view", "document_id", "count(*)", counted, most)


def _has_item_totals(matched: Matched) -> bool:
    """Whether links and documents have the sums of all that is counted through them."""
    chosen = matched.contact_filter
    is_all_time = not (chosen.has_period or chosen.document_ids)
    return matched.is_from_rollups and matched.is_everybody_there and is_all_time


def _add_up(rollup: str, column: str, conditions: list[Relation]) -> Relation:
    """The sums of a rollup in which a contact has one row for each value of the column."""
    counted = all_of(conditions)
    sql = f"""
        select
            {column},
            sum(access_count) as sessions,
            count(*) as contacts
        from {rollup}
        where {counted.sql}
        group by {column}
    """
    return Relation(sql, counted.parameters)


def _lead_and_tell_apart(
    db: Reader, table: str, column: str, sessions: str, counted: Relation, most: int | None
) -> Relation:
    """Sessions are added up for all, and then contacts told apart for the leading ones only."""
    # Bits for each of some thousand documents would take too much memory.
    contacts = counted_apart(db) if most is not None and most <= _FEW else COUNTED_BY_HASH
    sql = f"""
        with ranked as materialized (
            select
                {column},
                {sessions} as sessions
            from {table}
            where {counted.sql}
            group by {column}
            order by
                sessions desc,
                {column}
            limit $most
        )
        select
            {column},
            {sessions} as sessions,
            {contacts.sql} as contacts
        from {table}
        where
            {counted.sql}
            and {column} in (select {column} from ranked)
        group by {column}
    """
    return Relation(sql, counted.parameters | contacts.parameters | {"most": most})


def _totals_of_links(chosen: ContactFilter) -> Relation:
    places = all_of(find_link_conditions(chosen))
    sql = f"""
        select
            share_link_id,
            sessions,
            contacts
        from ({_ITEM_TOTALS.format(item="link", column="share_link_id")})
        where {places.sql}
    """
    return Relation(sql, places.parameters | {"includes_archived": chosen.includes_archived})


def _totals_of_documents(chosen: ContactFilter) -> Relation:
    """A workspace's documents are opened through its own links only."""
    places = all_of(find_place_conditions(chosen))
    sql = f"""
        select
            document_id,
            sessions,
            contacts
        from ({_ITEM_TOTALS.format(item="document", column="document_id")})
        where document_id in (select document_id from document where {places.sql})
    """
    return Relation(sql, places.parameters | {"includes_archived": chosen.includes_archived})


def _slots_of(matched: Matched) -> Relation:
    """By 15 minutes of UTC: columns slot (epoch seconds // 900), sessions, newcomers.

    A slot may come more than once.
    """
    if matched.is_from_rollups and matched.is_every_contact:
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
