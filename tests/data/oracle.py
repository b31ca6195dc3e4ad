"""What a filter means, told in plain Python over the facts: no SQL, no rollup.

Nothing of the code under test but its records.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from data.contact_filter import (
    ContactFilter,
    ContactRow,
    ContactSort,
    ContactTotals,
    SortColumn,
)
from data.records import Channel, ContactIdentifier, SessionKind, ViewingSession
from tests.data.worlds import Person, Visit, World


@dataclass(frozen=True)
class Answer:
    """The rows in no order, the counted visits, and the sessions that made a contact new."""

    rows: list[ContactRow]
    visits: list[Visit]
    newcomers: list[ViewingSession]

    @property
    def sessions(self) -> list[ViewingSession]:
        return [visit.session for visit in self.visits]

    def totals(self) -> ContactTotals:
        verified = sum(row.is_verified for row in self.rows)
        return ContactTotals(len(self.rows), verified, len(self.sessions), len(self.newcomers))

    def heat(self, zone: ZoneInfo) -> Counter[tuple[int, int]]:
        starts = [session.started_at.astimezone(zone) for session in self.sessions]
        return Counter((start.isoweekday(), start.hour) for start in starts)

    def links(self) -> Counter[int]:
        return Counter(session.share_link_id for session in self.sessions)

    def documents(self) -> Counter[int]:
        return Counter(number for visit in self.visits for number in visit.document_ids)


def count_days(sessions: Sequence[ViewingSession], zone: ZoneInfo) -> Counter[datetime]:
    """Sessions by the local day of their start."""
    days = [session.started_at.astimezone(zone).date() for session in sessions]
    return Counter(datetime(day.year, day.month, day.day) for day in days)  # noqa: DTZ001


def answer(world: World, chosen: ContactFilter) -> Answer:
    rows, visits, newcomers = [], [], []
    for person in world.people:
        shown = _shown(person, chosen)
        own = [visit for visit in world.visits if _is_counted(visit, person)]
        if shown is None or not (_is_noted(person, chosen) and _came_when(own, chosen)):
            continue
        met = [visit for visit in own if meets(visit, chosen)]
        if not met and _needs_session(world, person, chosen):
            continue
        if not _within(chosen.min_access_count, len(met), chosen.max_access_count):
            continue
        rows.append(_row(person, shown, met))
        visits += met
        newcomers += _beginning(own, met)
    return Answer(rows, visits, newcomers)


def ordered(rows: Sequence[ContactRow], sort: ContactSort) -> list[ContactRow]:
    """The rows as the owner sees them: ties by number, missing values last either way."""
    rows = sorted(rows, key=lambda row: row.contact_id)
    known = [row for row in rows if _sort_value(row, sort.column) is not None]
    known.sort(key=lambda row: _sort_value(row, sort.column), reverse=sort.is_descending)
    return known + [row for row in rows if _sort_value(row, sort.column) is None]


def _sort_value(row: ContactRow, column: SortColumn) -> Any:
    return {
        SortColumn.IDENTIFIER: row.identifier.lower(),
        SortColumn.TYPE: row.channel,
        SortColumn.VERIFIED: row.is_verified,
        SortColumn.LAST_ACCESSED: row.last_accessed_at,
        SortColumn.ACCESS_COUNT: row.access_count,
        SortColumn.FIRST_ACCESSED: row.first_accessed_at,
        SortColumn.NAME: None if row.name is None else row.name.lower(),
        SortColumn.COMPANY: None if row.company is None else row.company.lower(),
    }[column]


def _shown(person: Person, chosen: ContactFilter) -> ContactIdentifier | None:
    """The identifier by which this person is listed; None if the filter leaves them out."""
    of_type = [
        one for one in person.identifiers if not chosen.channels or one.channel in chosen.channels
    ]
    if chosen.contact_ids and person.contact_id not in chosen.contact_ids:
        return None
    if not of_type or (person.is_archived and not chosen.includes_archived):
        return None
    is_verified = of_type[0].verified_at is not None
    if chosen.is_verified not in (None, is_verified) or not _is_found(person, chosen.search):
        return None
    return of_type[0]


def _is_found(person: Person, search: str) -> bool:
    texts = [one.address for one in person.identifiers] + [person.name or ""]
    texts.append(person.company or "")
    digits = "".join(filter(str.isdigit, search))
    is_phone = bool(digits) and not set(search) - set("0123456789 +-()./")
    return any(search.lower() in text.lower() for text in texts) or (
        is_phone and any(text.startswith("+") and digits in text for text in texts)
    )


def _is_noted(person: Person, chosen: ContactFilter) -> bool:
    """Whether domain, company, country, tag and consent are of the chosen."""
    domains = {one.key.partition("@")[2] for one in person.identifiers}
    countries = {
        "BR" if one.key[1] == "5" else "CA" for one in person.identifiers if one.key[0] == "+"
    }
    companies = {company.lower() for company in chosen.companies}
    tags = {tag.lower() for tag in chosen.tags}
    return all(
        (
            not chosen.domains or bool(domains & chosen.domains),
            not chosen.countries or bool(countries & chosen.countries),
            not companies or (person.company or "").lower() in companies,
            not tags or any(tag.lower() in tags for tag in person.tags),
            chosen.consent in (None, person.consent),
        )
    )


def _came_when(own: Sequence[Visit], chosen: ContactFilter) -> bool:
    """Whether the first visit of all and the last one fall on days that the filter allows."""
    zone = ZoneInfo(chosen.time_zone)
    days = sorted(visit.session.started_at.astimezone(zone).date() for visit in own)
    first, last = chosen.first_seen_from_on, chosen.first_seen_to_on
    if not days:
        return first is None and last is None and chosen.quiet_days is None
    is_quiet = chosen.quiet_days is None or (
        chosen.today_on is not None and (chosen.today_on - days[-1]).days >= chosen.quiet_days
    )
    return is_quiet and _within(first, days[0], last)


def _within(least: Any, value: Any, most: Any) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _is_counted(visit: Visit, person: Person) -> bool:
    session = visit.session
    return session.contact_id == person.contact_id and session.kind is SessionKind.VIEWER


def meets(visit: Visit, chosen: ContactFilter) -> bool:
    """Whether the filter's links, workspaces, documents and days meet this visit, whoever came."""
    session = visit.session
    day = session.started_at.astimezone(ZoneInfo(chosen.time_zone)).date()
    return all(
        (
            not chosen.share_link_ids or session.share_link_id in chosen.share_link_ids,
            not chosen.workspace_ids or session.workspace_id in chosen.workspace_ids,
            not chosen.document_ids or bool(visit.document_ids & chosen.document_ids),
            chosen.from_on is None or day >= chosen.from_on,
            chosen.to_on is None or day <= chosen.to_on,
        )
    )


def _needs_session(world: World, person: Person, chosen: ContactFilter) -> bool:
    """Whether this person is only listed with a session that meets the filter."""
    if chosen.document_ids or chosen.from_on or chosen.to_on:
        return True
    if not chosen.share_link_ids:
        return bool(chosen.workspace_ids)
    return not any(
        (person.contact_id, link.share_link_id) in world.passed
        and link.share_link_id in chosen.share_link_ids
        and (not chosen.workspace_ids or link.workspace_id in chosen.workspace_ids)
        for link in world.house.links
    )


def _row(person: Person, shown: ContactIdentifier, visits: Sequence[Visit]) -> ContactRow:
    starts = [visit.session.started_at for visit in visits]
    addresses = {
        channel: tuple(one.address for one in person.identifiers if one.channel is channel)
        for channel in Channel
    }
    return ContactRow(
        contact_id=person.contact_id,
        identifier=shown.address,
        channel=shown.channel,
        is_verified=shown.verified_at is not None,
        last_accessed_at=max(starts, default=None),
        access_count=len(starts),
        first_accessed_at=min(starts, default=None),
        more_identifiers=len(person.identifiers) - 1,
        emails=addresses[Channel.EMAIL],
        whatsapps=addresses[Channel.WHATSAPP],
        name=person.name,
        company=person.company,
    )


def _beginning(own: Sequence[Visit], met: Sequence[Visit]) -> list[ViewingSession]:
    """The contact's very first session, if it is among those that meet the filter."""
    first_at = min((visit.session.started_at for visit in own), default=None)
    return [visit.session for visit in met if visit.session.started_at == first_at][:1]
