"""A filter's conditions as SQL on viewing sessions and on a contact's share links.

Those on contacts are in `data/contact_conditions.py`. Fragments are constants of this module;
what the owner chose is only ever bound.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from data.contact_filter import ContactFilter
from data.database import Parameters
from data.days import first_instant

_DAY = timedelta(days=1)

COUNTED_SESSION = "kind = 'viewer' and contact_id is not null"
# The same but for those of archived contacts, as each session and document view has it noted.
IS_COUNTED = "is_counted"
_BY_LINK = "share_link_id in ({})"
_BY_WORKSPACE = "workspace_id in ({})"
_OF_DOCUMENT = "document_id in ({})"
_BY_DOCUMENT = """
    viewing_session_id in (
        select viewing_session_id
        from document_view
        where document_id in ({})
    )
"""


# Local days begin on whole slots.
_SLOTS_SINCE = "slot >= epoch_us(cast($since as timestamptz)) // 900000000"
_SLOTS_UNTIL = "slot < epoch_us(cast($until as timestamptz)) // 900000000"
_FIRST_SINCE = "contact.first_accessed_at >= $since"
_FIRST_UNTIL = "contact.first_accessed_at < $until"
_LAST_SINCE = "contact.last_accessed_at >= $since"
_SINCE = "started_at >= $since"
_UNTIL = "started_at < $until"

# As a list, for the reason that `data/contact_search.py` gives.
_LINKS_OF_WORKSPACES = f"""
    share_link_id in (
        select unnest(list(share_link_id))
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


def find_document_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a row that names a document must fulfil to be of chosen ones."""
    if not contact_filter.document_ids:
        return []
    return [one_of(_OF_DOCUMENT, "document_ids", contact_filter.document_ids)]


def find_session_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a viewing session must fulfil, whoever came: link, workspace, document and period."""
    conditions = find_place_conditions(contact_filter)
    if contact_filter.document_ids:
        conditions.append(one_of(_BY_DOCUMENT, "document_ids", contact_filter.document_ids))
    return conditions + _find_period(contact_filter, _SINCE, _UNTIL)


def find_session_facts(contact_filter: ContactFilter) -> tuple[str, list[Relation]]:
    """The table with a row for each of the filter's sessions, and what its rows must fulfil.

    Of sessions in which one document was opened, the opened documents are as many, and have copies
    of all that a session is chosen and counted by.
    """
    if len(contact_filter.document_ids) != 1:
        return "viewing_session", find_session_conditions(contact_filter)
    elsewhere = find_session_conditions(replace(contact_filter, document_ids=frozenset()))
    return "document_view", [*find_document_conditions(contact_filter), *elsewhere]


def find_place_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a row that names a share link and its workspace must fulfil to be of chosen ones."""
    return [
        one_of(sql, name, numbers)
        for sql, name, numbers in (
            (_BY_LINK, "share_link_ids", contact_filter.share_link_ids),
            (_BY_WORKSPACE, "workspace_ids", contact_filter.workspace_ids),
        )
        if numbers
    ]


def find_newcomer_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a `contact` must fulfil, so that its first access of all is within the period."""
    return _find_period(contact_filter, _FIRST_SINCE, _FIRST_UNTIL)


def find_visitor_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a `contact` fulfils if it came within the period; who came before and after does too.

    Most others are known not to have come without a look at any session.
    """
    return _find_period(contact_filter, _LAST_SINCE, _FIRST_UNTIL)


def find_slot_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a row with a slot must fulfil to be within the period."""
    return _find_period(contact_filter, _SLOTS_SINCE, _SLOTS_UNTIL)


def _find_period(contact_filter: ContactFilter, since: str, until: str) -> list[Relation]:
    from_on, to_on = contact_filter.from_on, contact_filter.to_on
    time_zone, conditions = contact_filter.time_zone, []
    if from_on is not None:
        conditions.append(Relation(since, {"since": first_instant(from_on, time_zone)}))
    if to_on is not None:
        conditions.append(Relation(until, {"until": first_instant(to_on + _DAY, time_zone)}))
    return conditions


def one_of(
    sql: str, name: str, values: frozenset[int] | frozenset[str], *, each: str = "{}"
) -> Relation:
    """A condition with `{}` where these values are to be listed, bound under this name.

    `each` is how one of them is written, with `{}` for the value.

    Each is bound by itself: the engine reads with such a list in mind, and plans for as few rows
    as there will be, where an array is joined like a table of unknown size.
    """
    bound: Parameters = {f"{name}_{place}": value for place, value in enumerate(sorted(values))}
    return Relation(sql.format(", ".join(each.format(f"${one}") for one in bound)), bound)


def all_of(conditions: list[Relation]) -> Relation:
    """The conditions joined by AND, with all that they bind; true if there are none."""
    parameters: Parameters = {}
    for condition in conditions:
        parameters |= condition.parameters
    return Relation(" and ".join(condition.sql for condition in conditions) or "true", parameters)
