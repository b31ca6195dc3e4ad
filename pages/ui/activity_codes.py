"""The codes of the Activity page: to whom each went, how, and what became of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from data.gate_history import HistoryFilter
from data.past_deliveries import PastDelivery, count_past_deliveries, find_past_deliveries
from pages.ui.activity_grid import NOTHING, PAGE_SIZE, ask_page, begin_panel, say_pages, show_lines
from pages.ui.activity_words import DELIVERY_WORDS, Names, delivery_reason
from pages.ui.desk_words import CHANNEL_NAMES
from pages.ui.forms import show_empty
from pages.ui.runtime import get_runtime
from pages.ui.table import say_ago, say_instant


def show_codes(wanted: HistoryFilter, links: Names, zone: ZoneInfo, now: datetime) -> None:
    """One page of the codes, the newest first; a selected one is told in full."""
    db = get_runtime().db
    total = count_past_deliveries(db, wanted)
    if total == 0:
        show_empty("No codes in this time", "Each code that a viewer asks for appears here.")
        return
    skipped = ask_page(total, "codes")
    found = find_past_deliveries(db, wanted, most=PAGE_SIZE, skipped=skipped)
    if not found:
        return
    chosen = show_lines(
        {
            "When": [say_ago(one.created_at, now) for one in found],
            "Who": [one.identifier_mask for one in found],
            "What": [DELIVERY_WORDS[one.state] for one in found],
            "Why": [delivery_reason(one.state, one.reason) for one in found],
            "Share link": [links.get(one.share_link_id, NOTHING) for one in found],
            "By": [CHANNEL_NAMES[one.channel] for one in found],
            "At": [say_instant(one.created_at, zone) for one in found],
        },
        key=f"activity_codes_{found[0].delivery_id}_{found[-1].delivery_id}_{len(found)}",
        alt="The codes with what became of each, the newest first",
    )
    st.text(f"{say_pages(total, skipped, 'code')}. Select a line for its reason in full.")
    line = None if chosen is None else found[chosen]
    with begin_panel("codes", line.delivery_id if line else None):
        if line is not None:
            _show_code(line, links, zone)


def _show_code(one: PastDelivery, links: Names, zone: ZoneInfo) -> None:
    with st.container(border=True):
        st.text(f"{one.identifier_mask}, on {links.get(one.share_link_id, 'a link')}")
        st.text(
            f"{DELIVERY_WORDS[one.state]}, by {CHANNEL_NAMES[one.channel]}, at "
            f"{say_instant(one.created_at, zone)}"
        )
        if why := delivery_reason(one.state, one.reason):
            st.text(why)
