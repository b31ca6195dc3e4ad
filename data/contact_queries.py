"""The owner's contact list: one page of it, all of it for an export, and its sums.

What a filter means is in `data/matching.py`; the charts' questions are in
`data/activity_queries.py`.
"""

from dataclasses import replace

from data.contact_conditions import SHOWN_ID
from data.contact_filter import (
    ContactRow,
    ContactSort,
    ContactTotals,
    SortColumn,
    previous_period,
)
from data.database import Parameters, Reader, Row
from data.filter_conditions import Relation
from data.matching import (
    Matched,
    match_contacts,
    match_contacts_from_facts,
)
from data.period_contacts import first_in_period
from data.period_totals import get_period_totals, has_period_totals
from data.records import Channel

__all__ = [
    "Matched",
    "candidates_statement",
    "contacts_statement",
    "count_contacts",
    "find_contacts",
    "get_contact_totals",
    "match_contacts",
    "match_contacts_from_facts",
    "previous_period",
    "sort_order",
]

_OF_ITS_CONTACT = "from contact where contact.contact_id = matched.contact_id"
_OF_ITS_IDENTIFIER = """
    from contact
    join identifier on identifier.identifier_id = {shown_id}
    where contact.contact_id = matched.contact_id
"""
# What each column sorts by.
_SORT_KEYS = {
    SortColumn.IDENTIFIER: f"(select lower(address) {_OF_ITS_IDENTIFIER})",
    SortColumn.TYPE: f"(select channel {_OF_ITS_IDENTIFIER})",
    SortColumn.VERIFIED: "matched.is_verified",
    SortColumn.LAST_ACCESSED: "matched.last_accessed_at",
    SortColumn.ACCESS_COUNT: "matched.access_count",
    SortColumn.FIRST_ACCESSED: "matched.first_accessed_at",
    SortColumn.NAME: f"(select lower(name) {_OF_ITS_CONTACT})",
    SortColumn.COMPANY: f"(select lower(company) {_OF_ITS_CONTACT})",
}
_DIRECTIONS = {True: "desc", False: "asc"}


_ADDRESSES = """
    select
        contact_id,
        count(*) - 1 as more_identifiers,
        coalesce(
            list(address order by identifier_id) filter (where channel = 'email'), []
        ) as emails,
        coalesce(
            list(address order by identifier_id) filter (where channel = 'whatsapp'), []
        ) as whatsapps
    from identifier
    where contact_id in (select contact_id from picked)
    group by contact_id
"""
_LOOKED_UP = f"""
        join contact on contact.contact_id = picked.contact_id
        join identifier as shown on shown.identifier_id = {{shown_id}}
        join ({_ADDRESSES}) as addresses on addresses.contact_id = picked.contact_id
"""


# As `_read_contact` reads it.
_ROW = """
            picked.contact_id,
            shown.address,
            shown.channel,
            picked.is_verified,
            picked.last_accessed_at,
            picked.access_count,
            picked.first_accessed_at,
            addresses.more_identifiers,
            addresses.emails,
            addresses.whatsapps,
            contact.name,
            contact.company
"""


def find_contacts(
    db: Reader, matched: Matched, sort: ContactSort, *, page: int, page_size: int
) -> list[ContactRow]:
    """One page of the list, the first being 1; beyond the last page it is empty."""
    direction = _DIRECTIONS[sort.is_descending]
    if sort.column is SortColumn.FIRST_ACCESSED:
        matched = _find_firsts(matched)
    listed = _find_firsts(replace(matched, contacts=Relation("select * from listed")))
    rows = db.rows(
        f"""
        with picked as materialized (
            select
                contact_id,
                sort_key
            from ({_candidates(matched, sort)})
            order by {sort_order(sort)}
            limit $page_size offset $skipped
        ),
        listed as materialized (
            select
                matched.*,
                picked.sort_key
            from ({matched.contacts.sql}) as matched
            join picked on picked.contact_id = matched.contact_id
        )
        select
            {_ROW}
        from ({listed.contacts.sql}) as picked
        {_LOOKED_UP.format(shown_id=_shown_id(matched))}
        order by
            picked.sort_key {direction} nulls last,
            picked.contact_id
        """,
        **matched.contacts.parameters | listed.contacts.parameters,
        page_size=page_size,
        skipped=(page - 1) * page_size,
    )
    return [_read_contact(row) for row in rows]


def contacts_statement(matched: Matched, sort: ContactSort) -> tuple[str, Parameters]:
    """The whole list, in its order: the statement and what it binds.

    Columns: identifier, type, is_verified, last_accessed_at, first_accessed_at, access_count,
    emails, whatsapps (lists, oldest identifier first).
    """
    sql = f"""
        with picked as ({_candidates(matched, sort)})
        select
            shown.address as identifier,
            shown.channel as type,
            picked.is_verified,
            picked.last_accessed_at,
            picked.first_accessed_at,
            picked.access_count,
            addresses.emails,
            addresses.whatsapps
        from picked
        {_LOOKED_UP.format(shown_id=_shown_id(matched))}
        order by
            picked.sort_key {_DIRECTIONS[sort.is_descending]} nulls last,
            picked.contact_id
    """
    return sql, dict(matched.contacts.parameters)


def candidates_statement(matched: Matched, sort: ContactSort) -> tuple[str, Parameters]:
    """Every contact of the filter in no order: the statement and what it binds.

    Columns: those of `Matched.contacts`, and `sort_key` for `sort_order`.
    """
    return _candidates(matched, sort), dict(matched.contacts.parameters)


def sort_order(sort: ContactSort) -> str:
    """The list's order as SQL over a candidate; ties end in the contact's number."""
    return f"sort_key {_DIRECTIONS[sort.is_descending]} nulls last, contact_id"


def get_contact_totals(db: Reader, matched: Matched) -> ContactTotals:
    """The sums over every contact of the filter."""
    if has_period_totals(matched) and (totals := get_period_totals(db, matched)) is not None:
        return totals
    row = db.row(
        f"""
        select
            count(*),
            count(*) filter (where matched.is_verified),
            cast(coalesce(sum(matched.access_count), 0) as bigint),
            count(*) filter (where matched.is_new)
        from ({matched.contacts.sql}) as matched
        """,
        **matched.contacts.parameters,
    )
    return ContactTotals(*row) if row else ContactTotals(0, 0, 0, 0)


def count_contacts(db: Reader, matched: Matched) -> int:
    """How many contacts the list has, over all its pages."""
    sql = f"select count(*) from ({matched.contacts.sql}) as matched"
    row = db.row(sql, **matched.contacts.parameters)
    return int(row[0]) if row else 0


def _find_firsts(matched: Matched) -> Matched:
    """The same contacts, each with its first access."""
    if not matched.lacks_firsts:
        return matched
    table = matched.contacts
    earliest = first_in_period(matched.contact_filter, f"({table.sql})")
    sql = f"""
        select
            matched.* replace (
                coalesce(matched.first_accessed_at, earliest.first_here_at) as first_accessed_at
            )
        from ({table.sql}) as matched
        left join ({earliest.sql}) as earliest on earliest.contact_id = matched.contact_id
    """
    return replace(matched, contacts=Relation(sql, table.parameters | earliest.parameters))


def _candidates(matched: Matched, sort: ContactSort) -> str:
    """Every contact of the filter with its sort_key."""
    return f"""
        select
            matched.*,
            {_SORT_KEYS[sort.column].format(shown_id=_shown_id(matched))} as sort_key
        from ({matched.contacts.sql}) as matched
    """


def _shown_id(matched: Matched) -> str:
    return SHOWN_ID[tuple(matched.shown_channels)]


def _read_contact(row: Row) -> ContactRow:
    emails, whatsapps, name, company = row[8:]
    return ContactRow(
        contact_id=row[0],
        identifier=row[1],
        channel=Channel(row[2]),
        is_verified=row[3],
        last_accessed_at=row[4],
        access_count=row[5],
        first_accessed_at=row[6],
        more_identifiers=row[7],
        emails=tuple(emails),
        whatsapps=tuple(whatsapps),
        name=name,
        company=company,
    )
