"""The sums of a period, for which nobody needs a list of its contacts: as of the period before."""

from dataclasses import replace

from data.contact_filter import ContactTotals
from data.database import Reader
from data.different_contacts import bits_of
from data.filter_conditions import (
    all_of,
    find_newcomer_conditions,
    find_session_conditions,
    find_visitor_conditions,
)
from data.matching import Matched, match_contacts
from data.period_contacts import is_period_alone


def has_period_totals(matched: Matched) -> bool:
    """Whether `get_period_totals` can answer: no place and no count of sessions is chosen."""
    is_counted_anew = matched.is_from_rollups and not matched.is_set_aside
    return is_counted_anew and is_period_alone(matched.contact_filter)


def get_period_totals(db: Reader, matched: Matched) -> ContactTotals | None:
    """The sums of the filter's period; None if its contacts' numbers are too high to have bits.

    Each session sets its contact's bit, so that sessions are not grouped. Whose very first session
    is in the period is told by the contact.
    """
    bits = bits_of(db)
    if bits is None:
        return None
    counted = all_of([*find_session_conditions(matched.contact_filter), *matched.counted])
    whenever = replace(matched.contact_filter, from_on=None, to_on=None)
    everybody = match_contacts(whenever).contacts
    visitors = all_of(find_visitor_conditions(matched.contact_filter))
    newcomers = all_of(find_newcomer_conditions(matched.contact_filter))
    row = db.row(
        f"""
        with came as materialized (
            select
                {bits.sql} as contacts,
                count(*) as sessions
            from viewing_session
            where {counted.sql}
        ),
        known as materialized (
            select
                {bits.sql} filter (where is_verified) as verified,
                count(*) filter (where {newcomers.sql}) as newcomers
            from ({everybody.sql}) as contact
            where {visitors.sql}
        )
        select
            coalesce(bit_count(came.contacts), 0),
            coalesce(bit_count(came.contacts & known.verified), 0),
            came.sessions,
            known.newcomers
        from came, known
        """,
        **counted.parameters | newcomers.parameters | everybody.parameters | bits.parameters,
    )
    return ContactTotals(*row) if row else None
