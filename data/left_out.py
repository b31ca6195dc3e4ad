"""The viewing sessions that no number of the owner's page counts: how many, of what kind, which.

A filter that asks for contacts cannot choose among them, as most belong to none: only its share
links, documents, workspaces and period are asked.
"""

from dataclasses import dataclass
from datetime import datetime

from data.contact_filter import ContactFilter
from data.database import Reader, Row
from data.filter_conditions import (
    Relation,
    all_of,
    find_link_conditions,
    find_place_conditions,
    find_session_conditions,
    find_session_facts,
    find_slot_conditions,
)
from data.records import SessionKind

_IS_OF_ARCHIVED = "kind = 'viewer' and contact_id is not null and not is_counted"
_UNCOUNTED = "(kind in ('internal', 'bot') or contact_id is null)"

_OF_REASON = "cast(coalesce(sum(session_count) filter (where reason = '{}'), 0) as bigint)"
_ARCHIVED_SLOTS = """
    select cast(coalesce(sum(session_count), 0) as bigint)
    from activity_slot
    where is_archived
"""
_ARCHIVED_LINKS = """
    select cast(coalesce(sum(item_total.session_count), 0) as bigint)
    from (
        select
            item_id as share_link_id,
            session_count
        from item_total
        where
            item = 'link'
            and is_archived
    ) as item_total
    where true
"""
_ARCHIVED_FACTS = f"""
    select count(*)
    from viewing_session
    where {_IS_OF_ARCHIVED}
"""

# Each of the sessions `picked`, with whose it was and how much was opened.
_TOLD = """
    opened as (
        select
            viewing_session_id,
            count(distinct document_id) as document_count
        from document_view
        where viewing_session_id in (select viewing_session_id from picked)
        group by viewing_session_id
    ),
    seen_member as (
        select
            picked.viewing_session_id,
            arg_max(member.email, member_session.started_at) as email
        from picked
        join member_session
            on member_session.browser_id = picked.browser_id
            and member_session.started_at <= picked.started_at
        join member on member.member_id = member_session.member_id
        where picked.kind = 'internal'
        group by picked.viewing_session_id
    )
    select
        picked.viewing_session_id,
        picked.started_at,
        picked.kind,
        case picked.kind
            when 'internal' then seen_member.email
            when 'viewer' then identifier.address
        end,
        picked.kind = 'viewer' and picked.contact_id is not null,
        share_link.name,
        coalesce(opened.document_count, 0)
    from picked
    join share_link on share_link.share_link_id = picked.share_link_id
    left join identifier on identifier.identifier_id = picked.identifier_id
    left join opened on opened.viewing_session_id = picked.viewing_session_id
    left join seen_member on seen_member.viewing_session_id = picked.viewing_session_id
    order by
        picked.started_at desc,
        picked.viewing_session_id desc
"""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many sessions are in no number, by why.

    Of members (`internal`), of crawlers, on links that ask for no address, of archived contacts.
    """

    internal: int = 0
    bots: int = 0
    on_open_links: int = 0
    of_archived: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.internal + self.bots + self.on_open_links + self.of_archived


@dataclass(frozen=True, slots=True)
class LeftOutSession:
    """One session that no number counts. `who` is the member's or the contact's address.

    It is None for a crawler, for a viewer whom nobody asked, and for a member whose sign-in has
    ended so long ago that it is forgotten.
    """

    viewing_session_id: int
    started_at: datetime
    kind: SessionKind
    who: str | None
    is_archived_contact: bool
    link_name: str
    document_count: int


def count_left_out_sessions(db: Reader, contact_filter: ContactFilter) -> LeftOut:
    """How many sessions this filter's numbers leave out."""
    if contact_filter.document_ids:
        return _count_in_facts(db, contact_filter)
    chosen = all_of(find_place_conditions(contact_filter) + find_slot_conditions(contact_filter))
    row = db.row(
        f"""
        select
            {", ".join(_OF_REASON.format(reason) for reason in ("internal", "bot", "open"))}
        from left_out_slot
        where {chosen.sql}
        """,
        **chosen.parameters,
    )
    internal, bots, on_open_links = row or (0, 0, 0)
    return LeftOut(internal, bots, on_open_links, _count_archived(db, contact_filter))


def _count_archived(db: Reader, contact_filter: ContactFilter) -> int:
    """How many sessions archived contacts have within the filter, if those are left out."""
    if contact_filter.includes_archived:
        return 0
    if not (contact_filter.share_link_ids or contact_filter.workspace_ids):
        source, counted = _ARCHIVED_SLOTS, all_of(find_slot_conditions(contact_filter))
    elif not contact_filter.has_period:
        source, counted = _ARCHIVED_LINKS, all_of(find_link_conditions(contact_filter))
    else:
        source, counted = _ARCHIVED_FACTS, all_of(find_session_conditions(contact_filter))
    row = db.row(f"{source} and {counted.sql}", **counted.parameters)
    return int(row[0]) if row else 0


def _count_in_facts(db: Reader, contact_filter: ContactFilter) -> LeftOut:
    facts, conditions = find_session_facts(contact_filter)
    chosen = all_of([_is_left_out(contact_filter), *conditions])
    row = db.row(
        f"""
        select
            count(*) filter (where kind = 'internal'),
            count(*) filter (where kind = 'bot'),
            count(*) filter (where kind = 'viewer' and contact_id is null),
            count(*) filter (where kind = 'viewer' and contact_id is not null)
        from {facts}
        where {chosen.sql}
        """,
        **chosen.parameters,
    )
    return LeftOut(*row) if row else LeftOut()


def find_left_out_sessions(
    db: Reader, contact_filter: ContactFilter, *, skipped: int, most: int
) -> list[LeftOutSession]:
    """The sessions that this filter's numbers leave out, the newest first, so many of them."""
    chosen = all_of([_is_left_out(contact_filter), *find_session_conditions(contact_filter)])
    rows = db.rows(
        f"""
        with picked as materialized (
            select
                viewing_session_id,
                started_at,
                kind,
                contact_id,
                identifier_id,
                browser_id,
                share_link_id
            from viewing_session
            where {chosen.sql}
            order by
                started_at desc,
                viewing_session_id desc
            limit $most offset $skipped
        ),
        {_TOLD}
        """,
        **chosen.parameters,
        skipped=skipped,
        most=most,
    )
    return [_read_left_out(row) for row in rows]


def _is_left_out(contact_filter: ContactFilter) -> Relation:
    return Relation(_UNCOUNTED if contact_filter.includes_archived else "not is_counted")


def _read_left_out(row: Row) -> LeftOutSession:
    return LeftOutSession(
        viewing_session_id=row[0],
        started_at=row[1],
        kind=SessionKind(row[2]),
        who=row[3],
        is_archived_contact=row[4],
        link_name=row[5],
        document_count=row[6],
    )
