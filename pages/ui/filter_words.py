"""The owner's filter said in words, as one plain sentence. Not markup: escape it where needed."""

from collections.abc import Collection, Mapping
from datetime import date

from data.contact_filter import ContactFilter, SortColumn
from data.contact_queries import LeftOut
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


def say_left_out(left_out: LeftOut) -> str:
    """How many sessions are counted nowhere on the page; empty when there are none."""
    counts = ((left_out.internal, "internal"), (left_out.bots, "bot"))
    kinds = [f"{count:,} {kind}" for count, kind in counts if count]
    if not kinds:
        return ""
    if left_out.internal + left_out.bots == 1:
        return f"{kinds[0]} session is left out."
    return f"{' and '.join(kinds)} sessions are left out."


def _claims(view: ContactView, choices: Choices) -> list[str]:
    verified = {True: "verified is yes", False: "verified is no", None: ""}
    return [
        _say_any("type is", [CHANNELS_IN_A_SENTENCE[kind] for kind in sorted(view.channels)]),
        _say_any("share link is", _labels(view.share_link_ids, choices.share_links)),
        _say_any("document is", _labels(view.document_ids, choices.documents)),
        _say_any("workspace is", _labels(view.workspace_ids, choices.workspaces)),
        verified[view.is_verified],
        f"the search is “{view.search}”" if view.search else "",
    ]


def _labels(numbers: Collection[int], by_number: Mapping[int, str]) -> list[str]:
    return [label for number, label in by_number.items() if number in numbers]


def _say_any(opening: str, names: list[str]) -> str:
    if not names:
        return ""
    if len(names) > MAX_NAMED:
        names = [*names[:MAX_NAMED], f"one of {len(names) - MAX_NAMED} more"]
    return f"{opening} {' or '.join(names)}"


def _say_period(view: ContactView) -> str:
    if view.period is not Period.CUSTOM:
        return PERIOD_WORDS[view.period].lower()
    return " ".join(
        f"{word} {say_day(day)}"
        for word, day in (("from", view.from_on), ("to", view.to_on))
        if day is not None
    )
