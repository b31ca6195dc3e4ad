"""A filter's conditions on contacts as SQL: who they are, and when they came of all.

Fragments are constants of this module; what the owner chose is only ever bound.
"""

from dataclasses import replace
from datetime import timedelta

from data.contact_filter import ConsentChoice, ContactFilter
from data.contact_search import FOUND_BY_TEXT, FOUND_BY_TEXT_OR_NUMBER, read_phone_digits
from data.days import first_instant
from data.filter_conditions import Relation, all_of, one_of
from data.records import Channel

_IS_ONE_OF = "contact.contact_id in ({})"
_NOT_ARCHIVED = "contact.archived_at is null"
_NOT_OF_ARCHIVED = """
    contact_id not in (
        select contact_id
        from contact
        where archived_at is not null
    )
"""
_HAS_CHANNEL = {
    Channel.EMAIL: "contact.email_id is not null",
    Channel.WHATSAPP: "contact.whatsapp_id is not null",
}
# By the channels of which the first identifier is the one shown.
SHOWN_IS_VERIFIED: dict[tuple[Channel, ...], str] = {
    (Channel.EMAIL,): "contact.email_is_verified",
    (Channel.WHATSAPP,): "contact.whatsapp_is_verified",
    (Channel.EMAIL, Channel.WHATSAPP): "contact.is_verified",
}
# The identifier that a `contact` is shown by.
SHOWN_ID: dict[tuple[Channel, ...], str] = {
    (Channel.EMAIL,): "contact.email_id",
    (Channel.WHATSAPP,): "contact.whatsapp_id",
    (Channel.EMAIL, Channel.WHATSAPP): "least(contact.email_id, contact.whatsapp_id)",
}
# As lists, for the reason that `data/contact_search.py` gives.
_HAS_DOMAIN = """
    contact.contact_id in (
        select unnest(list(contact_id))
        from identifier
        where domain in ({})
    )
"""
_HAS_COUNTRY = """
    contact.contact_id in (
        select unnest(list(contact_id))
        from identifier
        where country in ({})
    )
"""
_HAS_COMPANY = """
    contact.contact_id in (
        select unnest(list(contact_id))
        from contact
        where lower(company) in ({})
    )
"""
_HAS_TAG = """
    contact.contact_id in (
        select unnest(list(contact_id))
        from contact_tag
        where lower(tag) in ({})
    )
"""
_CONSENTED = """
        select identifier.contact_id
        from consent
        join identifier on identifier.identifier_id = consent.identifier_id
"""
# Each consent stands for itself, so that one which was withdrawn takes nothing from another.
_STANDING = f"{_CONSENTED} where consent.withdrawn_at is null"
_BY_CONSENT = {
    ConsentChoice.GIVEN: f"contact.contact_id in ({_STANDING})",
    ConsentChoice.WITHDRAWN: f"""
        contact.contact_id in ({_CONSENTED})
        and contact.contact_id not in ({_STANDING})
    """,
    ConsentChoice.NONE: f"contact.contact_id not in ({_CONSENTED})",
}
_FIRST_SEEN_SINCE = "contact.first_accessed_at >= $first_seen_since"
_FIRST_SEEN_UNTIL = "contact.first_accessed_at < $first_seen_until"
_NOT_SINCE = "contact.last_accessed_at < $quiet_since"
_DAY = timedelta(days=1)


def find_contact_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a contact, called `contact`, must fulfil whenever it came."""
    conditions = []
    if not contact_filter.includes_archived:
        conditions.append(Relation(_NOT_ARCHIVED))
    if contact_filter.contact_ids:
        conditions.append(one_of(_IS_ONE_OF, "contact_ids", contact_filter.contact_ids))
    conditions += [Relation(sql) for sql in _find_channel_conditions(contact_filter)]
    if search := contact_filter.search.strip():
        conditions.append(_found_by(search))
    return (
        conditions + _find_noted_conditions(contact_filter) + _find_day_conditions(contact_filter)
    )


def find_count_conditions(contact_filter: ContactFilter) -> list[Relation]:
    """What a row with the contact's `access_count` within the filter must fulfil."""
    conditions = []
    if contact_filter.min_access_count is not None:
        fewest = {"min_access_count": contact_filter.min_access_count}
        conditions.append(Relation("access_count >= $min_access_count", fewest))
    if contact_filter.max_access_count is not None:
        most = {"max_access_count": contact_filter.max_access_count}
        conditions.append(Relation("access_count <= $max_access_count", most))
    return conditions


def find_owner_conditions(
    contact_filter: ContactFilter, contact: str = "contact"
) -> list[Relation]:
    """What a row with a `contact_id` must fulfil, so that its contact is one of the filter's.

    But for the access count, which is not known before the rows are counted. `contact` is the
    relation that says when contacts came, a constant of `data/matching.py`.
    """
    if chooses_contacts(contact_filter):
        chosen = all_of(find_contact_conditions(contact_filter))
        sql = f"contact_id in (select contact_id from {contact} as contact where {chosen.sql})"
        return [Relation(sql, chosen.parameters)]
    # Hardly any are archived: leaving those out is less work than looking up all others.
    return [] if contact_filter.includes_archived else [Relation(_NOT_OF_ARCHIVED)]


def chooses_contacts(contact_filter: ContactFilter) -> bool:
    """Whether contacts are chosen by what is true of them whenever they came."""
    return bool(find_contact_conditions(replace(contact_filter, includes_archived=True)))


def looks_up_contacts(contact_filter: ContactFilter) -> bool:
    """Whether contacts are chosen by what stands elsewhere than in their own row."""
    return bool(contact_filter.search.strip() or _find_noted_conditions(contact_filter))


def find_shown_channels(contact_filter: ContactFilter) -> list[Channel]:
    """The channels of which a contact's first identifier is the one shown."""
    return sorted(contact_filter.channels or Channel)


def _find_channel_conditions(contact_filter: ContactFilter) -> list[str]:
    """It has an identifier of a chosen channel, and the one shown is proved or not."""
    shown = tuple(find_shown_channels(contact_filter))
    conditions = [f"({' or '.join(_HAS_CHANNEL[channel] for channel in shown)})"]
    if contact_filter.is_verified is None:
        return conditions if contact_filter.channels else []
    # What is missing is neither proved nor not.
    proved = SHOWN_IS_VERIFIED[shown]
    return [*conditions, f"({proved})" if contact_filter.is_verified else f"not ({proved})"]


def _found_by(search: str) -> Relation:
    digits = read_phone_digits(search)
    if digits is None:
        return Relation(FOUND_BY_TEXT, {"search": search})
    return Relation(FOUND_BY_TEXT_OR_NUMBER, {"search": search, "digits": digits})


def _find_noted_conditions(contact_filter: ContactFilter) -> list[Relation]:
    conditions = [
        one_of(sql, name, words, each=each)
        for sql, name, words, each in (
            (_HAS_DOMAIN, "domains", contact_filter.domains, "{}"),
            (_HAS_COMPANY, "companies", contact_filter.companies, "lower({})"),
            (_HAS_COUNTRY, "countries", contact_filter.countries, "{}"),
            (_HAS_TAG, "tags", contact_filter.tags, "lower({})"),
        )
        if words
    ]
    if contact_filter.consent is not None:
        conditions.append(Relation(_BY_CONSENT[contact_filter.consent]))
    return conditions


def _find_day_conditions(contact_filter: ContactFilter) -> list[Relation]:
    first_seen_to_on, quiet_since_on = contact_filter.first_seen_to_on, None
    if contact_filter.quiet_days is not None and contact_filter.today_on is not None:
        # Whoever came so many days ago, at whatever hour, has been quiet for so many days.
        quiet_since_on = contact_filter.today_on - timedelta(days=contact_filter.quiet_days - 1)
    return [
        Relation(sql, {name: first_instant(day, contact_filter.time_zone)})
        for sql, name, day in (
            (_FIRST_SEEN_SINCE, "first_seen_since", contact_filter.first_seen_from_on),
            (_FIRST_SEEN_UNTIL, "first_seen_until", first_seen_to_on and first_seen_to_on + _DAY),
            (_NOT_SINCE, "quiet_since", quiet_since_on),
        )
        if day is not None
    ]
