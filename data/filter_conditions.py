"""A filter's conditions as SQL on viewing sessions and on a contact's share links.

Those on contacts are in `data/contact_conditions.py`. Fragments are constants of this module;
what the owner chose is only ever bound.
"""

from dataclasses import dataclass, field

from data.contact_filter import ContactFilter
from data.database import Parameters

COUNTED_SESSION = "kind = 'viewer' and contact_id is not null"
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


def start_of_day(day: str) -> str:
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
    and started_at >= {start_of_day("cast($from_on as date)")}
"""
_TO_DAY = f"""
    started_at < cast($to_on as timestamp) at time zone $time_zone + interval 27 hours
    and started_at < {start_of_day("cast($to_on as date) + 1")}
"""

_LINKS_OF_WORKSPACES = f"""
    share_link_id in (
        select share_link_id
        from share_link
        where {_BY_WORKSPACE}
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
        conditions.append(one_of(_BY_LINK, "share_link_ids", contact_filter.share_link_ids))
    if contact_filter.workspace_ids:
        conditions.append(
            one_of(_LINKS_OF_WORKSPACES, "workspace_ids", contact_filter.workspace_ids)
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
            conditions.append(one_of(sql, name, numbers))
    for sql, name, day in (
        (_FROM_DAY, "from_on", contact_filter.from_on),
        (_TO_DAY, "to_on", contact_filter.to_on),
    ):
        if day is not None:
            conditions.append(Relation(sql, {name: day, "time_zone": contact_filter.time_zone}))
    return conditions


def one_of(sql: str, name: str, numbers: frozenset[int]) -> Relation:
    """A condition that binds these numbers under this name."""
    return Relation(sql, {name: sorted(numbers)})


def all_of(conditions: list[Relation]) -> Relation:
    """The conditions joined by AND, with all that they bind; true if there are none."""
    parameters: Parameters = {}
    for condition in conditions:
        parameters |= condition.parameters
    return Relation(" and ".join(condition.sql for condition in conditions) or "true", parameters)
