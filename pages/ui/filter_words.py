"""The owner's filter said in words, as one plain sentence. Not markup: escape it where needed."""

from collections.abc import Collection, Mapping
from datetime import date

from babel import Locale

from data.contact_filter import ConsentChoice, ContactFilter, SortColumn
from data.records import Channel
from pages.ui.choices import Choices
from pages.ui.url_view import ContactView, Period

CHANNEL_WORDS = {Channel.EMAIL: "Email", Channel.WHATSAPP: "WhatsApp"}
CHANNELS_IN_A_SENTENCE = {Channel.EMAIL: "email", Channel.WHATSAPP: "WhatsApp"}
PERIOD_WORDS = {
    Period.ALL: "All time",
    Period.WEEK: "Last 7 days",
    Period.MONTH: "Last 30 days",
    Period.QUARTER: "Last 90 days",
    Period.YEAR: "Last 365 days",
    Period.CUSTOM: "Custom range",
}
COLUMN_WORDS = {
    SortColumn.IDENTIFIER: "Identifier",
    SortColumn.TYPE: "Type",
    SortColumn.VERIFIED: "Verified",
    SortColumn.LAST_ACCESSED: "Last accessed",
    SortColumn.ACCESS_COUNT: "Access count",
    SortColumn.FIRST_ACCESSED: "First accessed",
    SortColumn.NAME: "Name",
    SortColumn.COMPANY: "Company",
}
CONSENT_WORDS = {
    ConsentChoice.GIVEN: "Consent given",
    ConsentChoice.WITHDRAWN: "Consent withdrawn",
    ConsentChoice.NONE: "No consent",
}
MAX_NAMED = 3


def say_view(view: ContactView, choices: Choices) -> str:
    """Which contacts are shown: "Type is email and share link is Deck · l3, last 30 days."."""
    claims = [claim for claim in _claims(view, choices) if claim]
    sentence = " and ".join(claims) or "all contacts"
    ends = [_say_period(view) or "all time"]
    if view.includes_archived:
        ends.append("archived ones too")
    return sentence[0].upper() + sentence[1:] + ", " + ", ".join(ends) + "."


def say_day(day: date) -> str:
    """A day as people write it: 3 Mar 2026."""
    return f"{day.day} {day:%b %Y}"


def say_scope(contact_filter: ContactFilter) -> str:
    """What the counts count, when the filter narrows it; empty when they are totals."""
    if not contact_filter.narrows_sessions:
        return ""
    return "Access counts and times are those within this filter, not the contacts' totals."


def say_list_scope(contact_filter: ContactFilter) -> str:
    """The same in the few words that stand above the list; empty when they are totals."""
    if not contact_filter.narrows_sessions:
        return ""
    return "access counts, first and last accessed within this filter"


def _claims(view: ContactView, choices: Choices) -> list[str]:
    verified = {True: "verified is yes", False: "verified is no", None: ""}
    return [
        say_named("type is", [CHANNELS_IN_A_SENTENCE[kind] for kind in sorted(view.channels)]),
        say_named("share link is", _labels(view.share_link_ids, choices.share_links)),
        say_named("document is", _labels(view.document_ids, choices.documents)),
        say_named("workspace is", _labels(view.workspace_ids, choices.workspaces)),
        verified[view.is_verified],
        f"the search is “{view.search}”" if view.search else "",
        *_further_claims(view),
    ]


def _further_claims(view: ContactView) -> list[str]:
    first_seen = say_days(view.first_seen_from_on, view.first_seen_to_on)
    return [
        f"first seen {first_seen}" if first_seen else "",
        say_count_range(view),
        say_named("domain is", sorted(view.domains)),
        say_named("company is", sorted(view.companies)),
        say_named("country is", [name_country(one) for one in sorted(view.countries)]),
        say_named("tag is", sorted(view.tags)),
        CONSENT_WORDS[view.consent].lower() if view.consent else "",
        say_quiet(view.quiet_days) if view.quiet_days else "",
    ]


def say_count_range(view: ContactView) -> str:
    """The access counts that are looked for, as a claim; empty when any will do."""
    fewest, most = view.min_access_count, view.max_access_count
    if fewest is None and most is None:
        return ""
    if fewest == most:
        return f"access count is {fewest:,}"
    bounds = [f"at least {fewest:,}" if fewest is not None else ""]
    bounds.append(f"at most {most:,}" if most is not None else "")
    return "access count is " + " and ".join(bound for bound in bounds if bound)


def say_quiet(days: int) -> str:
    """How long nobody of them has come."""
    return f"quiet for {days:,} {'day' if days == 1 else 'days'}"


def name_country(region: str) -> str:
    """A country by its English name; the two letters if it has none."""
    return str(Locale("en").territories.get(region, region))


def _labels(numbers: Collection[int], by_number: Mapping[int, str]) -> list[str]:
    return [label for number, label in by_number.items() if number in numbers]


def say_named(opening: str, names: list[str]) -> str:
    """The names after their opening, the first three of them; empty without any."""
    if not names:
        return ""
    if len(names) > MAX_NAMED:
        names = [*names[:MAX_NAMED], f"one of {len(names) - MAX_NAMED} more"]
    return f"{opening} {' or '.join(names)}"


def _say_period(view: ContactView) -> str:
    if view.period is not Period.CUSTOM:
        return PERIOD_WORDS[view.period].lower()
    return say_days(view.from_on, view.to_on)


def say_days(from_on: date | None, to_on: date | None) -> str:
    """The first and last day in words, as far as there are any."""
    return " ".join(
        f"{word} {say_day(day)}"
        for word, day in (("from", from_on), ("to", to_on))
        if day is not None
    )
