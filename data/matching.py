"""Which contacts and which of their viewing sessions a filter means: one answer for all questions.

List, totals, charts and export ask the relations made here, so that their numbers agree. Rollups
answer where they can; `match_contacts_from_facts` is the same question put to the facts alone.
"""

from dataclasses import dataclass, replace

from data.contact_conditions import (
    SHOWN_IS_VERIFIED,
    chooses_contacts,
    find_contact_conditions,
    find_count_conditions,
    find_owner_conditions,
    find_shown_channels,
    looks_up_contacts,
)
from data.contact_faces import FACE_FACTS
from data.contact_filter import ContactFilter
from data.counted_contacts import counted_by_facts, counted_by_rollups
from data.database import Reader
from data.filter_conditions import (
    COUNTED_SESSION,
    IS_COUNTED,
    Relation,
    all_of,
    find_session_facts,
)
from data.period_contacts import find_period_contacts, is_period_alone
from data.records import Channel
from data.rollup_facts import CONTACT_FACTS

_CONTACT_BY_FACTS = f"""
    select
        contact.contact_id,
        contact.archived_at,
        facts.first_accessed_at,
        facts.last_accessed_at,
        coalesce(facts.access_count, 0) as access_count,
        face.* exclude (contact_id)
    from contact
    left join ({CONTACT_FACTS}) as facts on facts.contact_id = contact.contact_id
    left join ({FACE_FACTS}) as face on face.contact_id = contact.contact_id
"""
# Left out of a table that is set aside, where texts would take most of the time.
_PLACES = """
                contact.domain,
                contact.country
"""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a filter means.

    `contacts` has a row for each contact: contact_id, first_accessed_at, last_accessed_at,
    access_count within the filter, is_new (its first session of all is among them), is_verified of
    the identifier that it is shown by; and unless `is_set_aside`, in a table of its own, domain and
    country of its first ones.
    `hours` is where sessions by hour stand already, if they do (see `data/breakdowns.py`).
    `sessions` has each of their sessions that counts: viewing_session_id, contact_id,
    share_link_id, started_at. `owners` is what any row with a contact_id must fulfil to be of
    one of them, `counted` what a session or a document view must, to be theirs and count.
    """

    contact_filter: ContactFilter
    contacts: Relation
    sessions: Relation
    owners: list[Relation]
    counted: list[Relation]
    is_from_rollups: bool
    is_set_aside: bool = False
    hours: Relation | None = None

    @property
    def shown_channels(self) -> list[Channel]:
        """The channels of which each contact's first identifier is the one shown."""
        return find_shown_channels(self.contact_filter)

    @property
    def lacks_firsts(self) -> bool:
        """Whether `first_accessed_at` is null for those who had come before the period."""
        return self.is_set_aside and is_period_alone(self.contact_filter)

    @property
    def is_every_contact(self) -> bool:
        """Whether only archiving and the period leave any counted session out."""
        chosen = self.contact_filter
        narrows = chosen.share_link_ids or chosen.document_ids or chosen.workspace_ids
        return not narrows and self.is_everybody_there

    @property
    def is_everybody_there(self) -> bool:
        """Whether only archiving leaves anybody out of a place's and a period's contacts."""
        chosen = self.contact_filter
        return not (chosen.bounds_access_count or chooses_contacts(chosen))

    @property
    def is_worth_keeping(self) -> bool:
        """Whether finding the contacts takes more than one look at each."""
        return self.contact_filter.narrows_sessions or looks_up_contacts(self.contact_filter)


def lean_contacts(matched: Matched, reader: Reader) -> Relation:
    """The rows of `matched.contacts` without places, for a table that this reader sets aside.

    Without the first access of some, where it would cost more than all the rest (`lacks_firsts`).
    """
    if is_period_alone(matched.contact_filter):
        return find_period_contacts(matched.contact_filter, reader)
    sql = f"select * exclude (domain, country) from ({matched.contacts.sql})"
    return Relation(sql, matched.contacts.parameters)


def read_from_table(matched: Matched, table: str) -> Matched:
    """The same contacts, where this table holds the rows of `lean_contacts`."""
    chosen, owners, counted = matched.contact_filter, matched.owners, matched.counted
    if chosen.bounds_access_count or chooses_contacts(chosen):
        owners = [Relation(f"contact_id in (select contact_id from {table})")]
        counted = _counted_of(chosen, owners)
    return replace(
        matched,
        contacts=Relation(f"select * from {table}"),
        sessions=_sessions_of(chosen, counted),
        owners=owners,
        counted=counted,
        is_set_aside=True,
    )


def match_contacts(contact_filter: ContactFilter) -> Matched:
    """The contacts of this filter, asked of the rollups where those can answer."""
    return _matched(contact_filter, counted_by_rollups(contact_filter), "contact")


def match_contacts_from_facts(contact_filter: ContactFilter) -> Matched:
    """The same contacts, sums and instants without any rollup's numbers: to check those."""
    counted = counted_by_facts(contact_filter)
    matched = _matched(contact_filter, counted, f"({_CONTACT_BY_FACTS})")
    # What is noted with the facts is none of them.
    plain = [Relation(COUNTED_SESSION), *matched.owners]
    sessions = _sessions_of(contact_filter, plain)
    return replace(matched, sessions=sessions, counted=plain, is_from_rollups=False)


def _matched(contact_filter: ContactFilter, counted: Relation | None, contact: str) -> Matched:
    chosen = all_of(find_contact_conditions(contact_filter))
    is_verified = SHOWN_IS_VERIFIED[tuple(find_shown_channels(contact_filter))]
    if counted is None:
        sql = f"""
            select
                contact.contact_id,
                contact.first_accessed_at,
                contact.last_accessed_at,
                contact.access_count,
                contact.first_accessed_at is not null as is_new,
                {is_verified} as is_verified,
                {_PLACES}
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
                coalesce(counted.first_accessed_at = contact.first_accessed_at, false) as is_new,
                {is_verified} as is_verified,
                {_PLACES}
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
    facts = _counted_of(contact_filter, owners)
    sessions = _sessions_of(contact_filter, facts)
    return Matched(contact_filter, contacts, sessions, owners, facts, is_from_rollups=True)


def _within_count(contact_filter: ContactFilter, contacts: Relation) -> Relation:
    """Those of the contacts that came as often as the filter asks for."""
    bounded = all_of(find_count_conditions(contact_filter))
    sql = f"select * from ({contacts.sql}) where {bounded.sql}"
    return Relation(sql, contacts.parameters | bounded.parameters)


def _counted_of(contact_filter: ContactFilter, owners: list[Relation]) -> list[Relation]:
    if contact_filter.includes_archived:
        return [Relation(COUNTED_SESSION), *owners]
    chooses = contact_filter.bounds_access_count or chooses_contacts(contact_filter)
    return [Relation(IS_COUNTED), *(owners if chooses else [])]


def _sessions_of(contact_filter: ContactFilter, facts: list[Relation]) -> Relation:
    table, chosen = find_session_facts(contact_filter)
    counted = all_of([*chosen, *facts])
    sql = f"""
        select
            viewing_session_id,
            contact_id,
            share_link_id,
            started_at
        from {table}
        where {counted.sql}
    """
    return Relation(sql, counted.parameters)
