"""Which contacts and which of their viewing sessions a filter means: one answer for all questions.

List, totals, charts and export ask the relations made here, so that their numbers agree. Rollups
answer where they can; `match_contacts_from_facts` is the same question put to the facts alone.
"""

from dataclasses import dataclass, replace

from data.contact_conditions import (
    chooses_contacts,
    find_contact_conditions,
    find_count_conditions,
    find_owner_conditions,
    find_shown_channels,
)
from data.contact_filter import ContactFilter
from data.filter_conditions import (
    BY_ONE_DOCUMENT,
    COUNTED_SESSION,
    Relation,
    all_of,
    find_link_conditions,
    find_session_conditions,
)
from data.records import Channel
from data.rollup_facts import CONTACT_FACTS

_CONTACT_BY_FACTS = f"""
    select
        contact.contact_id,
        contact.archived_at,
        facts.first_accessed_at,
        facts.last_accessed_at,
        coalesce(facts.access_count, 0) as access_count
    from contact
    left join ({CONTACT_FACTS}) as facts on facts.contact_id = contact.contact_id
"""
_DOCUMENT_ROLLUP = f"""
    select
        contact_id,
        first_accessed_at,
        last_accessed_at,
        access_count
    from contact_document
    where {BY_ONE_DOCUMENT}
"""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a filter means.

    `contacts` has a row for each contact: contact_id, first_accessed_at, last_accessed_at and
    access_count within the filter, and is_new (its first session of all is among them).
    `sessions` has each of their sessions that counts: viewing_session_id, contact_id,
    share_link_id, started_at. `owners` is what any row with a contact_id must fulfil to be of
    one of them.
    """

    contact_filter: ContactFilter
    contacts: Relation
    sessions: Relation
    owners: list[Relation]
    is_from_rollups: bool

    @property
    def shown_channels(self) -> list[Channel]:
        """The channels of which each contact's first identifier is the one shown."""
        return find_shown_channels(self.contact_filter)

    @property
    def is_every_contact(self) -> bool:
        """Whether only archiving and the period leave any counted session out."""
        chosen = self.contact_filter
        narrows = chosen.share_link_ids or chosen.document_ids or chosen.workspace_ids
        return not (narrows or chosen.bounds_access_count or chooses_contacts(chosen))


def match_contacts(contact_filter: ContactFilter) -> Matched:
    """The contacts of this filter, asked of the rollups where those can answer."""
    return _matched(contact_filter, _counted_by_rollups(contact_filter), "contact")


def match_contacts_from_facts(contact_filter: ContactFilter) -> Matched:
    """The same contacts, sums and instants without any rollup's numbers: to check those."""
    counted = _counted_by_facts(contact_filter)
    matched = _matched(contact_filter, counted, f"({_CONTACT_BY_FACTS})")
    return replace(matched, is_from_rollups=False)


def _matched(contact_filter: ContactFilter, counted: Relation | None, contact: str) -> Matched:
    chosen = all_of(find_contact_conditions(contact_filter))
    if counted is None:
        sql = f"""
            select
                contact.contact_id,
                contact.first_accessed_at,
                contact.last_accessed_at,
                contact.access_count,
                contact.first_accessed_at is not null as is_new
            from {contact} as contact
            where {chosen.sql}
        """
        contacts = Relation(sql, chosen.parameters)
    else:
        sql = f"""
            select
                contact.contact_id,
                counted.first_accessed_at,
                counted.last_accessed_at,
                counted.access_count,
                coalesce(
                    counted.first_accessed_at = contact.first_accessed_at, false
                ) as is_new
            from {contact} as contact
            join ({counted.sql}) as counted on counted.contact_id = contact.contact_id
            where {chosen.sql}
        """
        contacts = Relation(sql, chosen.parameters | counted.parameters)
    owners = find_owner_conditions(contact_filter, contact)
    if contact_filter.bounds_access_count:
        contacts = _within_count(contact_filter, contacts)
        is_one = f"contact_id in (select contact_id from ({contacts.sql}))"
        owners = [Relation(is_one, contacts.parameters)]
    sessions = _sessions_of(contact_filter, owners)
    return Matched(contact_filter, contacts, sessions, owners, is_from_rollups=True)


def _within_count(contact_filter: ContactFilter, contacts: Relation) -> Relation:
    """Those of the contacts that came as often as the filter asks for."""
    bounded = all_of(find_count_conditions(contact_filter))
    sql = f"select * from ({contacts.sql}) where {bounded.sql}"
    return Relation(sql, contacts.parameters | bounded.parameters)


def _sessions_of(contact_filter: ContactFilter, owners: list[Relation]) -> Relation:
    counted = all_of(
        [
            Relation(COUNTED_SESSION),
            *find_session_conditions(contact_filter),
            *owners,
        ]
    )
    sql = f"""
        select
            viewing_session_id,
            contact_id,
            share_link_id,
            started_at
        from viewing_session
        where {counted.sql}
    """
    return Relation(sql, counted.parameters)


def _counted_by_rollups(contact_filter: ContactFilter) -> Relation | None:
    """Each contact's sessions within the filter; None if its totals are meant."""
    if not contact_filter.narrows_sessions:
        return None
    has_links = bool(contact_filter.share_link_ids or contact_filter.workspace_ids)
    if contact_filter.has_period or (has_links and contact_filter.document_ids):
        return _grouped_sessions(contact_filter)
    if has_links:
        return _grouped_links(contact_filter)
    if len(contact_filter.document_ids) == 1:
        (document_id,) = contact_filter.document_ids
        return Relation(_DOCUMENT_ROLLUP, {"document_id": document_id})
    # One session may have opened two of them, so their counts don't add up.
    return _grouped_sessions(contact_filter)


def _counted_by_facts(contact_filter: ContactFilter) -> Relation | None:
    if not contact_filter.narrows_sessions:
        return None
    sessions = _grouped_sessions(contact_filter)
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


def _grouped_sessions(contact_filter: ContactFilter) -> Relation:
    counted = all_of([Relation(COUNTED_SESSION), *find_session_conditions(contact_filter)])
    sql = f"""
        select
            contact_id,
            min(started_at) as first_accessed_at,
            max(started_at) as last_accessed_at,
            count(*) as access_count
        from viewing_session
        where {counted.sql}
        group by contact_id
    """
    return Relation(sql, counted.parameters)


def _grouped_links(contact_filter: ContactFilter) -> Relation:
    """By link, who passed its gate and opened nothing is there too, with 0 sessions."""
    conditions = find_link_conditions(contact_filter)
    if not contact_filter.share_link_ids:
        conditions.append(Relation("access_count > 0"))
    linked = all_of(conditions)
    sql = f"""
        select
            contact_id,
            min(first_accessed_at) as first_accessed_at,
            max(last_accessed_at) as last_accessed_at,
            sum(access_count) as access_count
        from contact_link
        where {linked.sql}
        group by contact_id
    """
    return Relation(sql, linked.parameters)
