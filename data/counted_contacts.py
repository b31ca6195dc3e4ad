"""How often each contact came within a filter, and when: by rollups where those can answer."""

from data.contact_filter import ContactFilter
from data.filter_conditions import (
    COUNTED_SESSION,
    IS_COUNTED,
    Relation,
    all_of,
    find_document_conditions,
    find_link_conditions,
    find_session_facts,
)

_ONE_ROW = "first_accessed_at, last_accessed_at, access_count"
_ADDED_UP = """
            min(first_accessed_at) as first_accessed_at,
            max(last_accessed_at) as last_accessed_at,
            sum(access_count) as access_count
"""


def counted_by_rollups(contact_filter: ContactFilter) -> Relation | None:
    """Each contact's sessions within the filter; None if its totals are meant."""
    if not contact_filter.narrows_sessions:
        return None
    is_counted = COUNTED_SESSION if contact_filter.includes_archived else IS_COUNTED
    # One session may have opened two documents, so that their counts don't add up.
    if contact_filter.has_period or len(contact_filter.document_ids) > 1:
        return _grouped_sessions(contact_filter, is_counted)
    if contact_filter.document_ids:
        return _grouped_documents(contact_filter)
    return _grouped_links(contact_filter)


def counted_by_facts(contact_filter: ContactFilter) -> Relation | None:
    """The same without any rollup's numbers."""
    if not contact_filter.narrows_sessions:
        return None
    sessions = _grouped_sessions(contact_filter, COUNTED_SESSION)
    is_by_link = bool(contact_filter.share_link_ids) and not (
        contact_filter.document_ids or contact_filter.has_period
    )
    if not is_by_link:
        return sessions
    linked = all_of(find_link_conditions(contact_filter))
    sql = f"""
        select
            linked.contact_id,
            counted.first_accessed_at,
            counted.last_accessed_at,
            coalesce(counted.access_count, 0) as access_count
        from (
            select distinct contact_id
            from contact_link
            where {linked.sql}
        ) as linked
        left join ({sessions.sql}) as counted on counted.contact_id = linked.contact_id
    """
    return Relation(sql, linked.parameters | sessions.parameters)


def _grouped_sessions(contact_filter: ContactFilter, is_counted: str) -> Relation:
    facts, chosen = find_session_facts(contact_filter)
    counted = all_of([Relation(is_counted), *chosen])
    sql = f"""
        select
            contact_id,
            min(started_at) as first_accessed_at,
            max(started_at) as last_accessed_at,
            count(*) as access_count
        from {facts}
        where {counted.sql}
        group by contact_id
    """
    return Relation(sql, counted.parameters)


def _grouped_links(contact_filter: ContactFilter) -> Relation:
    """By link, who passed its gate and opened nothing is there too, with 0 sessions."""
    conditions = find_link_conditions(contact_filter)
    if not contact_filter.share_link_ids:
        conditions.append(Relation("access_count > 0"))
    is_one = len(contact_filter.share_link_ids) == 1
    return _by_contact("contact_link", all_of(conditions), is_one_row_each=is_one)


def _grouped_documents(contact_filter: ContactFilter) -> Relation:
    """By one document, and maybe the links that it was opened through."""
    conditions = [*find_document_conditions(contact_filter), *find_link_conditions(contact_filter)]
    is_one = len(contact_filter.share_link_ids) == 1
    return _by_contact("contact_document", all_of(conditions), is_one_row_each=is_one)


def _by_contact(rollup: str, chosen: Relation, *, is_one_row_each: bool) -> Relation:
    """The chosen rows of a rollup by contact."""
    columns = _ONE_ROW if is_one_row_each else _ADDED_UP
    grouped = "" if is_one_row_each else "group by contact_id"
    sql = f"""
        select
            contact_id,
            {columns}
        from {rollup}
        where {chosen.sql}
        {grouped}
    """
    return Relation(sql, chosen.parameters)
