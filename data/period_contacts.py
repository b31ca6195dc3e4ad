"""A period's contacts for a table to be set aside: sessions are counted, and the rest is known.

Most of what grouping sessions takes is their first and last instant. The last is the contact's own
unless it came after the period too, and the first is the contact's own if it was new. What is
missing then is the first access of those who had come before, looked up for whom it is shown.
"""

from data.contact_conditions import SHOWN_IS_VERIFIED, find_contact_conditions, find_shown_channels
from data.contact_filter import ContactFilter
from data.database import Reader
from data.filter_conditions import (
    COUNTED_SESSION,
    IS_COUNTED,
    Relation,
    all_of,
    find_newcomer_conditions,
    find_session_conditions,
    find_visitor_conditions,
)

_HAS_COME_LATER = "select 1 from contact where last_accessed_at >= $until limit 1"
_CAME_LATER = """
    contact_id in (
        select contact_id
        from contact
        where last_accessed_at >= $until
    )
"""


def is_period_alone(contact_filter: ContactFilter) -> bool:
    """Whether sessions are chosen by a period, and by no link, document, workspace or count."""
    return contact_filter.has_period and not (
        contact_filter.share_link_ids
        or contact_filter.document_ids
        or contact_filter.workspace_ids
        or contact_filter.bounds_access_count
    )


def find_period_contacts(contact_filter: ContactFilter, reader: Reader) -> Relation:
    """The contacts of a filter by a period alone, as columns of `Matched.contacts` without places.

    `first_accessed_at` is null where the contact had come before; see `first_in_period`. The
    relation holds for as long as this reader's moment.
    """
    visitors = find_visitor_conditions(contact_filter)
    chosen = all_of(find_contact_conditions(contact_filter) + visitors)
    counted = counted_in_period(contact_filter)
    is_new = all_of(find_newcomer_conditions(contact_filter))
    last, latest = _find_last(counted, reader)
    sql = f"""
        select
            contact.contact_id,
            if({is_new.sql}, contact.first_accessed_at, null) as first_accessed_at,
            {last} as last_accessed_at,
            counted.access_count,
            {is_new.sql} as is_new,
            {SHOWN_IS_VERIFIED[tuple(find_shown_channels(contact_filter))]} as is_verified
        from contact
        join (
            select
                contact_id,
                count(*) as access_count
            from viewing_session
            where {counted.sql}
            group by contact_id
        ) as counted on counted.contact_id = contact.contact_id
        {latest}
        where {chosen.sql}
    """
    return Relation(sql, chosen.parameters | counted.parameters | is_new.parameters)


def _find_last(counted: Relation, reader: Reader) -> tuple[str, str]:
    """The last access within the period of a `contact`, and what must be joined to know it."""
    last = "contact.last_accessed_at"
    until = counted.parameters.get("until")
    if until is None or reader.row(_HAS_COME_LATER, until=until) is None:
        return last, ""
    latest = f"""
        left join (
            select
                contact_id,
                max(started_at) as last_accessed_at
            from viewing_session
            where
                {counted.sql}
                and {_CAME_LATER}
            group by contact_id
        ) as latest on latest.contact_id = contact.contact_id
    """
    return f"if({last} < $until, {last}, latest.last_accessed_at)", latest


def first_in_period(contact_filter: ContactFilter, whose: str) -> Relation:
    """The first access within the period of the contacts of a table: contact_id, first_here_at."""
    counted = counted_in_period(contact_filter)
    sql = f"""
        select
            contact_id,
            min(started_at) as first_here_at
        from viewing_session
        where
            {counted.sql}
            and contact_id in (
                select contact_id
                from {whose}
                where first_accessed_at is null
            )
        group by contact_id
    """
    return Relation(sql, counted.parameters)


def counted_in_period(contact_filter: ContactFilter) -> Relation:
    """What a session must fulfil to count."""
    is_counted = COUNTED_SESSION if contact_filter.includes_archived else IS_COUNTED
    return all_of([Relation(is_counted), *find_session_conditions(contact_filter)])
