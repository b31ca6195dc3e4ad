"""A filter's conditions as SQL: on viewing sessions, on contacts, on a contact's share links.

Fragments are constants of this module; what the owner chose is only ever bound.
"""

from dataclasses import dataclass, field

from data.contact_filter import ContactFilter
from data.contact_search import FOUND_BY_TEXT, FOUND_BY_TEXT_OR_NUMBER, read_phone_digits
from data.database import Parameters
from data.records import Channel

COUNTED_SESSION = "kind = 'viewer' and contact_id is not null"
LEFT_OUT_SESSION = "kind in ('internal', 'bot')"
_BY_LINK = "share_link_id = any($share_link_ids)"
_BY_WORKSPACE = "workspace_id = any($workspace_ids)"
BY_ONE_DOCUMENT = "document_id = $document_id"
_BY_DOCUMENT = """
    viewing_session_id in (
        select viewing_session_id
        from document_view
        where document_id = any($document_ids)
    )
"""


def _day_start(day: str) -> str:
    """The first instant that has this local date, as SQL; where clocks are set at midnight, 00:00
    comes twice or never. Days begin, and clocks change, on whole slots of 15 minutes.
    """
    return f"""(
        select min(slot_at)
        from (
            select unnest(generate_series(
                cast({day} as timestamp) at time zone $time_zone - interval 3 hours,
                cast({day} as timestamp) at time zone $time_zone + interval 3 hours,
                interval 15 minutes
            )) as slot_at
        )
        where cast(slot_at at time zone $time_zone as date) >= {day}
    )"""


# The rough bounds are constants, so that the database passes over what lies far outside.
_FROM_DAY = f"""
    started_at >= cast($from_on as timestamp) at time zone $time_zone - interval 3 hours
    and started_at >= {_day_start("cast($from_on as date)")}
"""
_TO_DAY = f"""
    started_at < cast($to_on as timestamp) at time zone $time_zone + interval 27 hours
    and started_at < {_day_start("cast($to_on as date) + 1")}
"""

_IS_ONE_OF = "contact.contact_id = any($contact_ids)"
_NOT_ARCHIVED = "contact.archived_at is null"
_HAS_CHANNEL = """
    contact.contact_id in (
        select contact_id
        from identifier
        where channel = any($channels)
    )
"""
_SHOWS_VERIFIED = """
    contact.contact_id in (
        select contact_id
        from identifier
        where
            (verified_at is not null) = $is_verified
            and identifier_id in (
                select min(identifier_id)
                from identifier
                where channel = any($channels)
                group by contact_id
            )
    )
"""

_LINKS_OF_WORKSPACES = f"""
    share_link_id in (
        select share_link_id
        from share_link
        where {_BY_WORKSPACE}
    )
"""
_NOT_OF_ARCHIVED = """
    contact_id not in (
        select contact_id
        from contact
        where archived_at is not null
    )
"""


@dataclass(frozen=True, slots=True)
class Relation:
    """A part of a question: its SQL, put together from constants, and the values it binds."""

    sql: str
    parameters: Parameters = field(default_factory=dict)


def find_link_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a row of `contact_link` must fulfil: its link is chosen, or of a chosen workspace."""
    conditions = []
    if contact_filter.share_link_ids:
        conditions.append(_one_of(_BY_LINK, "share_link_ids", contact_filter.share_link_ids))
    if contact_filter.workspace_ids:
        conditions.append(
            _one_of(_LINKS_OF_WORKSPACES, "workspace_ids", contact_filter.workspace_ids)
        )
    return conditions


def find_session_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a viewing session must fulfil, whoever came: link, workspace, document and period."""
    conditions = []
    for sql, name, numbers in (
        (_BY_LINK, "share_link_ids", contact_filter.share_link_ids),
        (_BY_WORKSPACE, "workspace_ids", contact_filter.workspace_ids),
        (_BY_DOCUMENT, "document_ids", contact_filter.document_ids),
    ):
        if numbers:
            conditions.append(_one_of(sql, name, numbers))
    for sql, name, day in (
        (_FROM_DAY, "from_on", contact_filter.from_on),
        (_TO_DAY, "to_on", contact_filter.to_on),
    ):
        if day is not None:
            conditions.append(Relation(sql, {name: day, "time_zone": contact_filter.time_zone}))
    return conditions


def find_contact_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a contact, called `contact`, must fulfil whenever it came."""
    conditions = []
    if not contact_filter.includes_archived:
        conditions.append(Relation(_NOT_ARCHIVED))
    if contact_filter.contact_ids:
        conditions.append(_one_of(_IS_ONE_OF, "contact_ids", contact_filter.contact_ids))
    channels = {"channels": find_shown_channels(contact_filter)}
    if contact_filter.is_verified is not None:
        verified = {"is_verified": contact_filter.is_verified}
        conditions.append(Relation(_SHOWS_VERIFIED, channels | verified))
    elif contact_filter.channels:
        conditions.append(Relation(_HAS_CHANNEL, channels))
    if search := contact_filter.search.strip():
        conditions.append(_found_by(search))
    return conditions


def _found_by(search: str) -> Relation:
    digits = read_phone_digits(search)
    if digits is None:
        return Relation(FOUND_BY_TEXT, {"search": search})
    return Relation(FOUND_BY_TEXT_OR_NUMBER, {"search": search, "digits": digits})


def find_owner_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a row with a `contact_id` must fulfil, so that its contact is one of the filter's."""
    if chooses_contacts(contact_filter):
        chosen = all_of(find_contact_conditions(contact_filter))
        sql = f"contact_id in (select contact_id from contact where {chosen.sql})"
        return [Relation(sql, chosen.parameters)]
    # Hardly any are archived: leaving those out is less work than looking up all others.
    return [] if contact_filter.includes_archived else [Relation(_NOT_OF_ARCHIVED)]


def chooses_contacts(contact_filter: ContactFilter) -> bool:
    """Whether contacts are chosen by who they are: by number, type, verified or search."""
    return bool(
        contact_filter.contact_ids
        or contact_filter.channels
        or contact_filter.is_verified is not None
        or contact_filter.search.strip()
    )


def find_shown_channels(contact_filter: ContactFilter) -> list[Channel]:
    """The channels of which a contact's first identifier is the one shown."""
    return sorted(contact_filter.channels or Channel)


def _one_of(sql: str, name: str, numbers: frozenset[int]) -> Relation:
    return Relation(sql, {name: sorted(numbers)})


def all_of(conditions: list[Relation]) -> Relation:
    """The conditions joined by AND, with all that they bind; true if there are none."""
    parameters: Parameters = {}
    for condition in conditions:
        parameters |= condition.parameters
    return Relation(" and ".join(condition.sql for condition in conditions) or "true", parameters)
