"""The charts of a filter in tabs. Only the open tab's questions are asked, and none of them twice.

All are asked of the same matched contacts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from zoneinfo import ZoneInfo

import streamlit as st
from babel import Locale

from data.accounts import get_account
from data.activity_buckets import BucketSize
from data.activity_queries import (
    find_count_bins,
    find_heat,
    find_top_countries,
    find_top_documents,
    find_top_domains,
    find_top_links,
)
from data.contact_filter import ContactFilter, TopItem, TopPlace
from data.contact_queries import Matched
from data.database import Reader
from data.days import first_instant
from data.gate_funnel import FunnelFilter, count_funnel
from gate.companies import guess_company
from pages.ui.activity_address import activity_address
from pages.ui.activity_funnel import show_funnel
from pages.ui.chart_cards import (
    TICK_STYLE,
    activity_card,
    heat_card,
    ranking_card,
    repeat_card,
    show_card,
)
from pages.ui.chart_picks import pick_counts, pick_days, pick_one
from pages.ui.charts import binned_counts
from pages.ui.filter_words import say_day
from pages.ui.fitting_activity import compare_before, find_fitting_activity
from pages.ui.url_view import ContactView, format_view

TABS = ("Over time", "When and how often", "What they open", "Who they are", "At the gate")
_MOST_BARS = 10
_PLACE_NOTES = {
    "companies": "By the domain of email addresses, free mail left out.",
    "countries": "Of WhatsApp numbers.",
}
_CLICK_BAR = "Click a bar to see only its contacts; click it again to see all."


@dataclass(frozen=True, slots=True)
class Charted:
    """What the charts are asked about: the view, its filter and contacts, and their sessions."""

    view: ContactView
    contact_filter: ContactFilter
    matched: Matched
    sessions: int
    local_now: datetime

    @property
    def version(self) -> str:
        """Another word for another view, so that what was picked is picked once."""
        words = format_view(self.view)
        return sha256(repr(words).encode()).hexdigest()[:12]


def show_charts(
    db: Reader, view: ContactView, matched: Matched, *, sessions: int, now: datetime
) -> None:
    """Draw the open tab's charts of the matched contacts, which have so many sessions."""
    st.html(TICK_STYLE)
    zone = ZoneInfo(matched.contact_filter.time_zone)
    charted = Charted(
        view,
        matched.contact_filter,
        matched,
        sessions,
        now.astimezone(zone).replace(tzinfo=None),
    )
    tabs = st.tabs(TABS, key="contacts_charts", on_change="rerun")
    shows = (_show_time, _show_habits, _show_tops, _show_places, _show_gate)
    for tab, show in zip(tabs, shows, strict=True):
        if tab.open:
            with tab:
                show(db, charted)


def gate_filter(contact_filter: ContactFilter) -> FunnelFilter:
    """The part of the gate's history that lies within a contact filter.

    Links, workspaces, types and period; of the rest, the gate's history knows nothing.
    """
    zone, from_on, to_on = contact_filter.time_zone, contact_filter.from_on, contact_filter.to_on
    return FunnelFilter(
        since=first_instant(from_on, zone) if from_on else None,
        until=first_instant(to_on + timedelta(days=1), zone) if to_on else None,
        share_link_ids=contact_filter.share_link_ids,
        workspace_ids=contact_filter.workspace_ids,
        channels=contact_filter.channels,
    )


def _show_time(db: Reader, charted: Charted) -> None:
    zone = ZoneInfo(charted.contact_filter.time_zone)
    opened_on = get_account(db).created_at.astimezone(zone).date()
    buckets, size = find_fitting_activity(db, charted.matched, charted.local_now, opened_on)
    compared = compare_before(db, charted.matched, size, charted.local_now, opened_on)
    card = activity_card(buckets, size, charted.local_now, compared)
    if size is BucketSize.HOUR:
        # There is no shorter period than a day.
        show_card(card)
        return
    pick = partial(pick_days, charted.contact_filter, buckets, size)
    show_card(card, version=charted.version, pick=pick)


def _show_habits(db: Reader, charted: Charted) -> None:
    left, right = st.columns(2)
    with left:
        show_card(heat_card(find_heat(db, charted.matched), charted.contact_filter.time_zone))
    with right:
        bins = find_count_bins(db, charted.matched)
        labels = [label for label, _ in binned_counts(bins)]
        show_card(
            repeat_card(bins, _CLICK_BAR),
            version=charted.version,
            pick=partial(pick_counts, charted.view, labels),
        )


def _show_tops(db: Reader, charted: Charted) -> None:
    left, right = st.columns(2)
    documents = find_top_documents(db, charted.matched)
    links = find_top_links(db, charted.matched)
    with left:
        show_card(
            ranking_card("documents", documents, charted.sessions, _CLICK_BAR),
            version=charted.version,
            pick=partial(
                pick_one, charted.view, "document_ids", [one.item_id for one in documents]
            ),
        )
    with right:
        show_card(
            ranking_card("share links", links, charted.sessions, _CLICK_BAR),
            version=charted.version,
            pick=partial(pick_one, charted.view, "share_link_ids", [one.item_id for one in links]),
        )


def _show_places(db: Reader, charted: Charted) -> None:
    left, right = st.columns(2)
    domains = [
        place
        for place in find_top_domains(db, charted.matched)
        if guess_company(f"x@{place.code}") is not None
    ][:_MOST_BARS]
    countries = find_top_countries(db, charted.matched)
    with left:
        _show_place_card(
            charted,
            "companies",
            "domains",
            domains,
            [place.code for place in domains],
        )
    with right:
        locale = Locale("en")
        _show_place_card(
            charted,
            "countries",
            "countries",
            countries,
            [locale.territories.get(place.code, place.code) for place in countries],
        )


def _show_place_card(
    charted: Charted, nouns: str, field: str, places: Sequence[TopPlace], names: Sequence[str]
) -> None:
    items = [
        TopItem(number, name, place.sessions, place.contacts)
        for number, (place, name) in enumerate(zip(places, names, strict=True))
    ]
    show_card(
        ranking_card(nouns, items, charted.sessions, f"{_PLACE_NOTES[nouns]} {_CLICK_BAR}"),
        version=charted.version,
        pick=partial(pick_one, charted.view, field, [place.code for place in places]),
    )


def _show_gate(db: Reader, charted: Charted) -> None:
    wanted = gate_filter(charted.contact_filter)
    show_funnel(
        count_funnel(db, wanted),
        place="contacts",
        refused_address=activity_address(charted.contact_filter, charted.local_now.date()),
    )
    since = f" since {say_day(wanted.since.date())}" if wanted.since else ", for a year at most"
    st.text(
        "Counted are browsers at the gates of this filter's share links, workspaces and types"
        f"{since}. Documents, search and what else you chose of contacts narrow it no further: "
        "whoever did not get in is no contact."
    )
