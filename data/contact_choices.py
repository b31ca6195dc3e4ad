"""What contacts can be filtered by that they brought along: the companies, domains, countries and
tags that are most frequent among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from data.contact_filter import ContactRow
from data.database import Reader

MAX_CHOICES = 200

_NOT_OF_ARCHIVED = """
    contact_id not in (
        select contact_id
        from contact
        where archived_at is not null
    )
"""
_COMPANIES = """
    select mode(company)
    from contact
    where
        company <> ''
        and archived_at is null
    group by lower(company)
    order by
        count(*) desc,
        lower(company)
    limit $max_choices
"""
_DOMAINS = f"""
    select domain
    from identifier
    where
        domain is not null
        and {_NOT_OF_ARCHIVED}
    group by domain
    order by
        count(*) desc,
        domain
    limit $max_choices
"""
_COUNTRIES = f"""
    select country
    from identifier
    where
        country is not null
        and {_NOT_OF_ARCHIVED}
    group by country
    order by
        count(*) desc,
        country
    limit $max_choices
"""
_TAGS = f"""
    select mode(tag)
    from contact_tag
    where {_NOT_OF_ARCHIVED}
    group by lower(tag)
    order by
        count(*) desc,
        lower(tag)
    limit $max_choices
"""


@dataclass(frozen=True, slots=True)
class ContactChoices:
    """At most 200 of each, the most frequent first; those of archived contacts don't count.

    What is the same but for its case is one choice, spelled as it is most often.
    """

    companies: tuple[str, ...]
    domains: tuple[str, ...]
    countries: tuple[str, ...]
    tags: tuple[str, ...]


def find_contact_choices(reader: Reader) -> ContactChoices:
    """What the owner's contacts have in common, to choose from."""
    return ContactChoices(
        companies=_find_texts(reader, _COMPANIES),
        domains=_find_texts(reader, _DOMAINS),
        countries=_find_texts(reader, _COUNTRIES),
        tags=_find_texts(reader, _TAGS),
    )


def find_tags_of(reader: Reader, rows: Sequence[ContactRow]) -> dict[int, tuple[str, ...]]:
    """The tags of the contacts of these rows, by contact, from A to Z; without those of none."""
    found = reader.rows(
        """
        select
            contact_id,
            list(tag order by lower(tag), tag)
        from contact_tag
        where contact_id = any($contact_ids)
        group by contact_id
        """,
        contact_ids=[row.contact_id for row in rows],
    )
    return {contact_id: tuple(tags) for contact_id, tags in found}


def _find_texts(reader: Reader, sql: str) -> tuple[str, ...]:
    return tuple(str(text) for (text,) in reader.rows(sql, max_choices=MAX_CHOICES))
