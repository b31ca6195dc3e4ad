"""What happens at the gates: the funnel, who was refused, codes and their fate, who is held up."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from data.days import first_instant
from data.gate_funnel import FunnelFilter, count_funnel
from data.gate_history import HistoryFilter
from data.links import find_share_links
from data.records import Channel, Role
from data.workspaces import find_workspaces
from gate.sendings import is_clock_behind
from pages.ui.activity_address import PERIODS, read_activity_words
from pages.ui.activity_codes import show_codes
from pages.ui.activity_funnel import show_funnel
from pages.ui.activity_held_up import show_held_up
from pages.ui.activity_lists import ACTIVITY_PAGE, show_refused
from pages.ui.activity_people import show_person_card
from pages.ui.asking import require_member
from pages.ui.delivery_card import trouble_sentence
from pages.ui.desk_words import CHANNEL_NAMES
from pages.ui.forms import show_notice
from pages.ui.plain import as_plain
from pages.ui.runtime import get_reader, get_runtime

ALL_LINKS = 0
TABS = ("Refused or gone", "Codes", "Held up now")
OWNERS_TAB = "One person"


def show_warnings(now: datetime) -> None:
    """What keeps codes from being sent at all."""
    runtime = get_runtime()
    if is_clock_behind(runtime.db, now):
        st.error("This machine's clock is behind what is stored. Set it right: no code is sent.")
    for channel, queue in runtime.queues.items():
        if queue.stopped_because is not None:
            reason = as_plain(queue.stopped_because.rstrip("."))
            st.error(
                f"{CHANNEL_NAMES[channel]} is stopped. {reason}. "
                "An owner lets it send again under [Settings](/settings)."
            )
        elif queue.trouble is not None:
            words = as_plain(trouble_sentence(queue.trouble))
            st.warning(f"{CHANNEL_NAMES[channel]}: {words} [Settings](/settings) can try it.")


def ask_filter(links: dict[int, str], zone: ZoneInfo, now: datetime) -> HistoryFilter:
    """The period, link and channel of the funnel and of both lists below it.

    The URL may name days and link to begin with. Days are whole ones, today among them.
    """
    numbers, spans = [ALL_LINKS, *links], list(PERIODS)
    asked_days, asked_link = read_activity_words(st.query_params)
    with st.container(horizontal=True):
        days = st.selectbox(
            "Period", spans, index=spans.index(asked_days), format_func=PERIODS.__getitem__
        )
        number = st.selectbox(
            "Share link",
            numbers,
            index=numbers.index(asked_link) if asked_link in links else 0,
            format_func=lambda one: links[one] if one else "All links",
        )
        channel = st.selectbox(
            "Channel",
            [None, *Channel],
            format_func=lambda one: CHANNEL_NAMES[one] if one else "Any channel",
        )
    first_on = now.astimezone(zone).date() - timedelta(days=days - 1)
    return HistoryFilter(
        since=first_instant(first_on, zone.key),
        share_link_id=number or None,
        channel=channel,
    )


member = require_member()
runtime = get_runtime()
db, now = get_reader(), runtime.clock()
zone = ZoneInfo(get_account(db).time_zone)
links = {one.share_link_id: f"{one.name} · l{one.share_link_id}" for one in find_share_links(db)}
workspaces = {one.workspace_id: one.name for one in find_workspaces(db, includes_archived=True)}
is_owner = member.role is Role.OWNER

st.title("Activity")
show_notice(ACTIVITY_PAGE)
# What comes and goes has a place of its own, so that what stands below it stays as it was.
with st.container():
    show_warnings(now)
wanted = ask_filter(links, zone, now)
show_funnel(
    count_funnel(
        db,
        FunnelFilter(
            since=wanted.since,
            share_link_ids=frozenset([wanted.share_link_id] if wanted.share_link_id else []),
            channels=frozenset([wanted.channel] if wanted.channel else []),
        ),
    )
)
tabs = st.tabs([*TABS, OWNERS_TAB] if is_owner else TABS, key="activity_tab", on_change="rerun")
with tabs[0]:
    show_refused(wanted, links, zone, now, can_judge=is_owner)
with tabs[1]:
    show_codes(wanted, links, zone, now)
with tabs[2]:
    show_held_up(links, workspaces, zone, now, can_lift=is_owner)
if is_owner:
    with tabs[3]:
        show_person_card()
