"""Contacts by the business domain of their email addresses, over the contact filter's meaning."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.database import Parameters, Reader
from data.matching import Matched


class CompanyColumn(StrEnum):
    """What companies can be sorted by; values are the words of the URL."""

    LAST_ACCESSED = "last_accessed"
    PEOPLE = "people"
    SESSIONS = "sessions"
    VERIFIED = "verified"
    FIRST_ACCESSED = "first_accessed"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class FreeMail:
    """Which domains name no company: their names, and what counts as part of a country's ending."""

    names: Collection[str]
    second_levels: Collection[str]


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """One business domain: `company` is what most of its people are noted at, None if unknown.

    `verified` are people who proved an address of this domain. Sessions and instants are those
    within the filter.
    """

    domain: str
    company: str | None
    people: int
    verified: int
    sessions: int
    first_accessed_at: datetime | None
    last_accessed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CompanyTotals:
    """The sums over all companies of a filter, and of the contacts that have none.

    Who has addresses of several domains is in the row of each: `extra_people` and `extra_sessions`
    are how often people and sessions are counted again, so that the rows' sum with `other_…`, less
    these, is what the contact list says.
    """

    companies: int
    people: int
    sessions: int
    other_people: int
    other_sessions: int
    extra_people: int
    extra_sessions: int


_DIRECTIONS = {True: "desc", False: "asc"}
_SORT_KEYS = {
    CompanyColumn.LAST_ACCESSED: "last_accessed",
    CompanyColumn.PEOPLE: "people",
    CompanyColumn.SESSIONS: "sessions",
    CompanyColumn.VERIFIED: "verified",
    CompanyColumn.FIRST_ACCESSED: "first_accessed",
    CompanyColumn.DOMAIN: "domain",
}
# As `guess_company` of the gate: below a country's ending, .co and the like are part of the ending.
_FREE_DOMAINS = """
    select domain
    from (
        select distinct domain
        from identifier
        where domain is not null
    )
    where list_contains(
        $free_names,
        case
            when
                split_part(domain, '.', 3) <> ''
                and length(split_part(domain, '.', -1)) = 2
                and list_contains($second_levels, split_part(domain, '.', -2))
                then split_part(domain, '.', -3)
            else split_part(domain, '.', -2)
        end
    )
"""
_IS_SOUGHT = """
    strpos(domain, lower($sought)) > 0
    or strpos(lower(coalesce(company, '')), lower($sought)) > 0
"""
_BY_COMPANY = """
        noted as (
            select
                domain,
                arg_max(company, (times, company)) as company
            from (
                select
                    employed.domain,
                    contact.company,
                    count(*) as times
                from employed
                join contact on contact.contact_id = employed.contact_id
                where contact.company is not null
                group by
                    employed.domain,
                    contact.company
            )
            group by domain
        ),
        company as (
            select
                employed.domain,
                any_value(noted.company) as company,
                count(*) as people,
                count(*) filter (employed.is_verified) as verified,
                cast(sum(matched.access_count) as bigint) as sessions,
                min(matched.first_accessed_at) as first_accessed,
                max(matched.last_accessed_at) as last_accessed
            from employed
            join matched on matched.contact_id = employed.contact_id
            left join noted on noted.domain = employed.domain
            group by employed.domain
        )
"""


def _companies_sql(matched: Matched) -> str:
    """A contact with several business domains belongs to each of them, once."""
    return f"""
        matched as materialized (
            {matched.contacts.sql}
        ),
        employed as materialized (
            select
                contact_id,
                domain,
                max(verified_at) is not null as is_verified
            from identifier
            where
                domain is not null
                and domain not in ({_FREE_DOMAINS})
                and contact_id in (select contact_id from matched)
            group by
                contact_id,
                domain
        ),
        {_BY_COMPANY}
    """


def find_companies(
    reader: Reader,
    matched: Matched,
    free_mail: FreeMail,
    *,
    column: CompanyColumn,
    is_descending: bool,
    sought: str = "",
    most: int,
    skipped: int = 0,
) -> list[CompanyRow]:
    """One page of the companies whose domain or noted name holds `sought`, in any case."""
    rows = reader.rows(
        f"""
        with {_companies_sql(matched)}
        select
            domain,
            company,
            people,
            verified,
            sessions,
            first_accessed,
            last_accessed
        from company
        where {_IS_SOUGHT}
        order by
            {_SORT_KEYS[column]} {_DIRECTIONS[is_descending]} nulls last,
            domain
        limit $most
        offset $skipped
        """,
        **_bind(matched, free_mail),
        sought=sought,
        most=most,
        skipped=skipped,
    )
    return [CompanyRow(*row) for row in rows]


def count_companies(reader: Reader, matched: Matched, free_mail: FreeMail, sought: str) -> int:
    """How many companies there are on all pages."""
    row = reader.row(
        f"""
        with {_companies_sql(matched)}
        select count(*)
        from company
        where {_IS_SOUGHT}
        """,
        **_bind(matched, free_mail),
        sought=sought,
    )
    return int(row[0]) if row else 0


def get_company_totals(reader: Reader, matched: Matched, free_mail: FreeMail) -> CompanyTotals:
    """The sums over every company of the filter, whatever is sought among them."""
    row = reader.row(
        f"""
        with {_companies_sql(matched)},
        person as (
            select
                any_value(matched.access_count) as access_count,
                count(employed.domain) as domains
            from matched
            left join employed on employed.contact_id = matched.contact_id
            group by matched.contact_id
        )
        select
            (select count(*) from company),
            count(*) filter (domains > 0),
            cast(coalesce(sum(access_count) filter (domains > 0), 0) as bigint),
            count(*) filter (domains = 0),
            cast(coalesce(sum(access_count) filter (domains = 0), 0) as bigint),
            cast(coalesce(sum(domains - 1) filter (domains > 0), 0) as bigint),
            cast(
                coalesce(sum((domains - 1) * access_count) filter (domains > 0), 0) as bigint
            )
        from person
        """,
        **_bind(matched, free_mail),
    )
    return CompanyTotals(*row) if row else CompanyTotals(0, 0, 0, 0, 0, 0, 0)


def _bind(matched: Matched, free_mail: FreeMail) -> Parameters:
    return matched.contacts.parameters | {
        "free_names": sorted(free_mail.names),
        "second_levels": sorted(free_mail.second_levels),
    }
