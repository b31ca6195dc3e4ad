"""The views of the contacts page that are measured, and what other engines are to find for them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from data.contact_filter import ConsentChoice, ContactFilter, ContactSort, SortColumn
from data.database import Database
from data.records import Channel

PAGE_SIZE = 50
_ZONE = "Europe/Berlin"

_OTHERS_PLAIN = """
    select contact_id, last_us, access_count, is_verified
    from contact
    where is_archived = 0
"""
_OTHERS_LINKS = """
    select contact.contact_id, max(contact_link.last_us) as last_us,
        sum(contact_link.access_count) as access_count, max(is_verified) as is_verified
    from contact_link
    join contact on contact.contact_id = contact_link.contact_id
    where is_archived = 0 and {}
    group by contact.contact_id
"""
_OTHERS_SEARCH = """
    select contact_id, last_us, access_count, is_verified
    from contact
    where is_archived = 0 and contact_id in (
        select contact_id from identifier where lower(address) like '%{}%'
    )
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One view of the page; `floor` is SQL over the column that must be read, if it is compared.

    `others` is which contacts are meant, in the SQL of all three engines.
    """

    name: str
    chosen: ContactFilter
    sort: ContactSort = field(default_factory=ContactSort)
    page: int = 1
    floor: str = ""
    contacts: str = ""
    sessions: str = ""


def find_cases(db: Database) -> list[Case]:
    """Every view that is measured, of what this account has."""
    newest = "select cast(max(started_at) at time zone $zone as date) from viewing_session"
    today: date = db.rows(newest, zone=_ZONE)[0][0]
    pages = -(-db.rows("select count(*) from contact")[0][0] // PAGE_SIZE)
    rare = _find_rare_link(db)
    number = db.rows("select right(address, 4) from identifier where channel = 'whatsapp' limit 1")
    someone = db.rows("select split_part(address, '@', 1) from identifier limit 1 offset 400")

    def view(**given: Any) -> ContactFilter:
        return ContactFilter(time_zone=_ZONE, today_on=today, **given)

    def period(days: int) -> dict[str, date]:
        return {"from_on": today - timedelta(days=days - 1), "to_on": today}

    return [
        Case("no filter", view(), floor=_FLOOR_PLAIN, contacts=_OTHERS_PLAIN, sessions="slots"),
        *_compared_cases(view, rare, someone[0][0]),
        Case("a small workspace", view(workspace_ids=frozenset({11}))),
        Case("a document", view(document_ids=frozenset({1}))),
        Case("two documents", view(document_ids=frozenset({1, 40}))),
        Case("type email", view(channels=frozenset({Channel.EMAIL}))),
        Case("verified", view(is_verified=True)),
        Case("a domain", view(domains=frozenset({"gmx.de"}))),
        Case("a country", view(countries=frozenset({"DE"}))),
        Case("a tag", view(tags=frozenset({"Tag 3"}))),
        Case("a company", view(companies=frozenset({"Cedar Field 1"}))),
        Case("consent given", view(consent=ConsentChoice.GIVEN)),
        Case("10 sessions or more", view(min_access_count=10)),
        Case("first seen this year", view(first_seen_from_on=date(today.year, 1, 1))),
        Case("quiet for 90 days", view(quiet_days=90)),
        Case("archived too", view(includes_archived=True)),
        Case("search, common", view(search="an")),
        Case("search, phone digits", view(search=number[0][0])),
        Case("7 days", view(**period(7))),
        Case("30 days", view(**period(30))),
        Case("90 days", view(**period(90)), floor=_FLOOR_PERIOD.format(90)),
        Case("365 days", view(**period(365)), floor=_FLOOR_PERIOD.format(365)),
        Case("90 days, popular link", view(share_link_ids=frozenset({1}), **period(90))),
        Case("90 days, email, verified", _busy(view, period)),
        Case("a link and a document", view(share_link_ids=frozenset({2}), **_first_documents(db))),
        Case("page in the middle", view(), page=pages // 2),
        Case("last page", view(), page=pages - pages // 50),
        *(Case(f"by {column.value}", view(), ContactSort(column)) for column in SortColumn),
    ]


def _busy(view: Callable[..., ContactFilter], period: Callable[[int], Any]) -> ContactFilter:
    return view(channels=frozenset({Channel.EMAIL}), is_verified=True, **period(90))


def _first_documents(db: Database) -> dict[str, frozenset[int]]:
    found = db.rows("select document_id from document_view where share_link_id = 2 limit 1")
    return {"document_ids": frozenset({found[0][0]})}


def _find_rare_link(db: Database) -> int:
    rows = db.rows(
        """
        select share_link_id
        from contact_link
        group by share_link_id
        order by abs(sum(access_count) - 500), share_link_id
        limit 1
        """
    )
    return int(rows[0][0])


def _compared_cases(view: Callable[..., ContactFilter], rare: int, someone: str) -> list[Case]:
    def by_link(name: str, link: int) -> Case:
        return Case(
            name,
            view(share_link_ids=frozenset({link})),
            floor=f"select count(*) from viewing_session where share_link_id = {link}",
            contacts=_OTHERS_LINKS.format(f"contact_link.share_link_id = {link}"),
            sessions=f"share_link_id = {link}",
        )

    return [
        by_link("a rare link", rare),
        by_link("the popular link", 1),
        Case(
            "the largest workspace",
            view(workspace_ids=frozenset({1})),
            floor="select count(*) from viewing_session where workspace_id = 1",
            contacts=_OTHERS_LINKS.format(
                "contact_link.access_count > 0 and contact_link.share_link_id in"
                " (select share_link_id from share_link where workspace_id = 1)"
            ),
            sessions="workspace_id = 1",
        ),
        Case(
            "search, rare",
            view(search=someone),
            floor=f"select count(*) from identifier where strpos(searched, '{someone}') > 0",
            contacts=_OTHERS_SEARCH.format(someone),
            sessions="contact_id in (select contact_id from matched)",
        ),
    ]


_FLOOR_PLAIN = "select sum(access_count) from contact"
_FLOOR_PERIOD = """
    select count(distinct contact_id)
    from viewing_session
    where started_at >= (select max(started_at) from viewing_session) - to_days({})
"""
