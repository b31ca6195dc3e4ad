"""What the owner looks at: one frozen filter and sort that list, totals, charts and export share.

Only data here: `data/contact_queries.py` turns it into questions, `pages/ui/filters.py` reads it
from a URL.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from data.records import Channel


class SortColumn(StrEnum):
    """The columns a contact list can be sorted by; values are the words of the URL."""

    IDENTIFIER = "identifier"
    TYPE = "type"
    VERIFIED = "verified"
    LAST_ACCESSED = "last_accessed"
    ACCESS_COUNT = "access_count"
    FIRST_ACCESSED = "first_accessed"
    NAME = "name"
    COMPANY = "company"


class ConsentChoice(StrEnum):
    """What a contact agreed to: something that stands, only what was withdrawn, nothing."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """Which contacts, and which of their viewing sessions are counted.

    Choices within one field are OR, fields together are AND on the same viewing session. Empty
    means any. All days are whole, both included, in `time_zone`. `search` is a substring of any
    identifier, name or company; any case.

    `from_on` and `to_on` say which sessions count, and the access counts are of those that do. The
    rest is about the contact whenever it came: `first_seen_…` its very first session, `domains` of
    any of its email addresses (lower case), `countries` of any of its numbers (ISO 3166, two
    letters), `companies` and `tags` whole but in any case, and `quiet_days` that its last session
    of all was at least so many days before `today_on`. Who never opened anything was neither seen
    nor went quiet.
    """

    time_zone: str = "UTC"
    contact_ids: frozenset[int] = frozenset()
    channels: frozenset[Channel] = frozenset()
    share_link_ids: frozenset[int] = frozenset()
    document_ids: frozenset[int] = frozenset()
    workspace_ids: frozenset[int] = frozenset()
    is_verified: bool | None = None
    from_on: date | None = None
    to_on: date | None = None
    search: str = ""
    includes_archived: bool = False
    first_seen_from_on: date | None = None
    first_seen_to_on: date | None = None
    min_access_count: int | None = None
    max_access_count: int | None = None
    domains: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    consent: ConsentChoice | None = None
    quiet_days: int | None = None
    today_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse to say how long somebody was quiet without saying until when."""
        if self.quiet_days is not None and self.today_on is None:
            raise ValueError("quiet_days needs today_on")

    @property
    def has_period(self) -> bool:
        """Whether a first or last day bounds what is counted."""
        return self.from_on is not None or self.to_on is not None

    @property
    def bounds_access_count(self) -> bool:
        """Whether contacts are chosen by their access count within the filter."""
        return self.min_access_count is not None or self.max_access_count is not None

    @property
    def narrows_sessions(self) -> bool:
        """Whether counts are those within the filter, not the contacts' totals."""
        return bool(
            self.share_link_ids or self.document_ids or self.workspace_ids or self.has_period
        )

    @property
    def narrows_contacts(self) -> bool:
        """Whether it matters whose a session is, beside which it is."""
        everybody = replace(
            self,
            time_zone="UTC",
            share_link_ids=frozenset(),
            document_ids=frozenset(),
            workspace_ids=frozenset(),
            from_on=None,
            to_on=None,
            includes_archived=False,
        )
        return everybody != ContactFilter(today_on=self.today_on)


@dataclass(frozen=True, slots=True)
class ContactSort:
    """The order of the list. Ties end in the contact's number, missing values come last."""

    column: SortColumn = SortColumn.LAST_ACCESSED
    is_descending: bool = True


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One line of the contact list; counts and instants are those within the filter.

    `identifier` is the first that matches the filter, `more_identifiers` how many others the
    contact has. Instants are UTC; None means never opened anything.
    """

    contact_id: int
    identifier: str
    channel: Channel
    is_verified: bool
    last_accessed_at: datetime | None
    access_count: int
    first_accessed_at: datetime | None
    more_identifiers: int
    emails: tuple[str, ...]
    whatsapps: tuple[str, ...]
    name: str | None
    company: str | None


@dataclass(frozen=True, slots=True)
class ContactTotals:
    """The sums over every contact of a filter. `new_contacts` first came in the counted time."""

    contacts: int
    verified_contacts: int
    sessions: int
    new_contacts: int


@dataclass(frozen=True, slots=True)
class ActivityBucket:
    """Sessions and new contacts of one bucket; `starts_at` is local wall time of the account."""

    starts_at: datetime
    sessions: int
    new_contacts: int

    @property
    def returning_sessions(self) -> int:
        """The sessions that were not their contact's first of all."""
        return self.sessions - self.new_contacts


@dataclass(frozen=True, slots=True)
class HeatCell:
    """Sessions that started in one hour of one ISO weekday (1 = Monday), local wall time."""

    weekday: int
    hour: int
    sessions: int


@dataclass(frozen=True, slots=True)
class TopItem:
    """A document or share link with the sessions that reached it, and by how many contacts."""

    item_id: int
    name: str
    sessions: int
    contacts: int


@dataclass(frozen=True, slots=True)
class TopPlace:
    """A domain or a country with its contacts' sessions; one contact may be of several."""

    code: str
    sessions: int
    contacts: int


@dataclass(frozen=True, slots=True)
class CountBin:
    """How many contacts have exactly this many viewing sessions within the filter."""

    sessions: int
    contacts: int


def previous_period(contact_filter: ContactFilter) -> ContactFilter | None:
    """The same filter over as many days just before; None if its period has no first or last day.

    None also where the calendar begins.
    """
    from_on, to_on = contact_filter.from_on, contact_filter.to_on
    if from_on is None or to_on is None or to_on < from_on:
        return None
    length = to_on - from_on + timedelta(days=1)
    if from_on - date.min < length:
        return None
    return replace(contact_filter, from_on=from_on - length, to_on=from_on - timedelta(days=1))
