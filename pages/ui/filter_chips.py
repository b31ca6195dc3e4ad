"""One chip for each filter in use, above the list: it says the filter, and takes it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.choices import Choices
from pages.ui.filter_words import (
    CHANNEL_WORDS,
    CONSENT_WORDS,
    PERIOD_WORDS,
    name_country,
    say_count_range,
    say_days,
    say_named,
    say_quiet,
)
from pages.ui.plain import as_plain
from pages.ui.url_view import ContactView, Period
from pages.ui.view_binding import clear_filters, narrow_view


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the fields of the view that are without it once it is gone."""

    words: str
    without: Mapping[str, Any]


def show_chips(view: ContactView, choices: Choices) -> None:
    """Draw a button for each filter in use, and one for all of them; nothing without any."""
    chips = find_chips(view, choices)
    if not chips:
        return
    with st.container(horizontal=True, gap="small", key="contacts_chips"):
        for chip in chips:
            st.button(
                f"{as_plain(chip.words)} ×",
                key=f"contacts_chip_{next(iter(chip.without))}",
                help="Take this filter away",
                on_click=narrow_view,
                kwargs=dict(chip.without),
            )
        st.button("Clear all", key="contacts_chips_clear", type="tertiary", on_click=clear_filters)


def find_chips(view: ContactView, choices: Choices) -> list[Chip]:
    """The filters in use, in the order of the sidebar."""
    return [Chip(words, without) for words, without in _say_filters(view, choices) if words]


def _say_filters(view: ContactView, choices: Choices) -> list[tuple[str, dict[str, Any]]]:
    none: frozenset[Any] = frozenset()
    verified = {True: "Verified", False: "Not verified", None: ""}[view.is_verified]
    links = [choices.share_links.get(one, "") for one in sorted(view.share_link_ids)]
    documents = [choices.documents.get(one, "") for one in sorted(view.document_ids)]
    workspaces = [choices.workspaces.get(one, "") for one in sorted(view.workspace_ids)]
    countries = [name_country(one) for one in sorted(view.countries)]
    seen = say_days(view.first_seen_from_on, view.first_seen_to_on)
    quiet = say_quiet(view.quiet_days) if view.quiet_days else ""
    archived = "Archived ones too" if view.includes_archived else ""
    types = [CHANNEL_WORDS[one] for one in sorted(view.channels)]
    return [
        (f"Search: {view.search}" if view.search else "", {"search": ""}),
        (say_named("Type:", types), {"channels": none}),
        (say_named("Link:", links), {"share_link_ids": none}),
        (say_named("Document:", documents), {"document_ids": none}),
        (say_named("Workspace:", workspaces), {"workspace_ids": none}),
        (verified, {"is_verified": None}),
        (_say_counted_time(view), {"period": Period.ALL}),
        (
            f"First seen {seen}" if seen else "",
            {"first_seen_from_on": None, "first_seen_to_on": None},
        ),
        (
            say_count_range(view).capitalize(),
            {"min_access_count": None, "max_access_count": None},
        ),
        (say_named("Domain:", sorted(view.domains)), {"domains": none}),
        (say_named("Company:", sorted(view.companies)), {"companies": none}),
        (say_named("Country:", countries), {"countries": none}),
        (say_named("Tag:", sorted(view.tags)), {"tags": none}),
        (CONSENT_WORDS[view.consent] if view.consent else "", {"consent": None}),
        (quiet.capitalize(), {"quiet_days": None}),
        (archived, {"includes_archived": False}),
    ]


def _say_counted_time(view: ContactView) -> str:
    if view.period is Period.ALL:
        return ""
    if view.period is not Period.CUSTOM:
        return PERIOD_WORDS[view.period]
    days = say_days(view.from_on, view.to_on)
    return days[:1].upper() + days[1:]
