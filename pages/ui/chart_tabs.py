"""The charts of a filter in tabs. Only the open tab's questions are asked, and none of them twice.

All are asked of the same matched contacts.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from data.activity_buckets import BucketSize, choose_bucket, merge_buckets, move_buckets
from data.activity_queries import (
    find_activity,
    find_count_bins,
    find_heat,
    find_top_documents,
    find_top_links,
)
from data.contact_filter import ActivityBucket, ContactFilter, previous_period
from data.contact_queries import Matched, match_contacts
from data.database import Database
from data.gate_funnel import FunnelFilter, count_funnel
from pages.ui.activity_address import activity_address
from pages.ui.activity_funnel import show_funnel
from pages.ui.chart_cards import (
    TICK_STYLE,
    Comparison,
    activity_card,
    heat_card,
    ranking_card,
    repeat_card,
    show_card,
)
from pages.ui.chart_picks import pick_days, pick_document, pick_link
from pages.ui.filter_words import say_day
from pages.ui.url_view import ContactView, format_view

TABS = ("Over time", "When and how often", "What they open", "At the gate")
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
    db: Database, view: ContactView, matched: Matched, *, sessions: int, now: datetime
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
    shows = (_show_time, _show_habits, _show_tops, _show_gate)
    for tab, show in zip(tabs, shows, strict=True):
        if tab.open:
            with tab:
                show(db, charted)


def trim_activity(
    buckets: list[ActivityBucket], opened_on: date, local_now: datetime
) -> list[ActivityBucket]:
    """The buckets without the empty ones before the account began and after the present."""
    shown = list(buckets)
    while len(shown) > 1 and not shown[-1].sessions and shown[-1].starts_at > local_now:
        shown.pop()
    while len(shown) > 1 and not shown[0].sessions and shown[1].starts_at.date() <= opened_on:
        shown.pop(0)
    return shown


def gate_filter(contact_filter: ContactFilter) -> FunnelFilter:
    """The part of the gate's history that lies within a contact filter.

    Links, workspaces, types and period; of the rest, the gate's history knows nothing.
    """
    zone = ZoneInfo(contact_filter.time_zone)
    from_on, to_on = contact_filter.from_on, contact_filter.to_on
    return FunnelFilter(
        since=datetime.combine(from_on, time.min, zone) if from_on else None,
        until=datetime.combine(to_on + timedelta(days=1), time.min, zone) if to_on else None,
        share_link_ids=contact_filter.share_link_ids,
        workspace_ids=contact_filter.workspace_ids,
        channels=contact_filter.channels,
    )


def _show_time(db: Database, charted: Charted) -> None:
    zone = ZoneInfo(charted.contact_filter.time_zone)
    opened_on = get_account(db).created_at.astimezone(zone).date()
    buckets, size = _find_fitting_activity(db, charted, opened_on)
    compared = _compare_before(db, charted, size, opened_on)
    card = activity_card(buckets, size, charted.local_now, compared)
    if size is BucketSize.HOUR:
        # There is no shorter period than a day.
        show_card(card)
        return
    pick = partial(pick_days, charted.view, charted.contact_filter, buckets, size)
    show_card(card, version=charted.version, pick=pick)


def _show_habits(db: Database, charted: Charted) -> None:
    left, right = st.columns(2)
    with left:
        show_card(heat_card(find_heat(db, charted.matched), charted.contact_filter.time_zone))
    with right:
        show_card(repeat_card(find_count_bins(db, charted.matched)))


def _show_tops(db: Database, charted: Charted) -> None:
    left, right = st.columns(2)
    documents = find_top_documents(db, charted.matched)
    links = find_top_links(db, charted.matched)
    with left:
        show_card(
            ranking_card("documents", documents, charted.sessions, _CLICK_BAR),
            version=charted.version,
            pick=partial(pick_document, charted.view, documents),
        )
    with right:
        show_card(
            ranking_card("share links", links, charted.sessions, _CLICK_BAR),
            version=charted.version,
            pick=partial(pick_link, charted.view, links),
        )


def _show_gate(db: Database, charted: Charted) -> None:
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


def _find_fitting_activity(
    db: Database, charted: Charted, opened_on: date
) -> tuple[list[ActivityBucket], BucketSize]:
    """The activity in buckets that suit its length, and their size: asked by day, then merged."""
    chosen, today = charted.contact_filter, charted.local_now.date()
    last_on = min(chosen.to_on or today, today)
    days = []
    first_on = chosen.from_on
    if first_on is None or (last_on - first_on).days >= 2:
        days = find_activity(db, charted.matched, BucketSize.DAY)
    if first_on is None:
        first_on = days[0].starts_at.date() if days else last_on
    size = choose_bucket(max(1, (last_on - max(first_on, opened_on)).days + 1))
    if size is BucketSize.HOUR or not days:
        buckets = find_activity(db, charted.matched, size)
    else:
        buckets = merge_buckets(days, size)
    return trim_activity(buckets, opened_on, charted.local_now), size


def _compare_before(
    db: Database, charted: Charted, size: BucketSize, opened_on: date
) -> Comparison | None:
    """The period before in the same buckets; None for an open period.

    It is not compared where the account did not exist yet, or the period has not ended.
    """
    chosen = charted.contact_filter
    if chosen.from_on is None or chosen.to_on is None:
        return None
    length = chosen.to_on - chosen.from_on + timedelta(days=1)
    earlier = previous_period(chosen)
    is_whole = chosen.to_on <= charted.local_now.date()
    if earlier is None or earlier.from_on is None or earlier.from_on < opened_on or not is_whole:
        return Comparison(length.days)
    asked = BucketSize.HOUR if size is BucketSize.HOUR else BucketSize.DAY
    found = find_activity(db, match_contacts(earlier), asked)
    return Comparison(length.days, merge_buckets(move_buckets(found, length), size))
