"""The audit trail, for owners: who did what and when, narrowed by time, actor, kind and link."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from data.audit import ActorKind, AuditEvent
from data.audit_queries import AuditFilter, AuditLine, count_audit_lines, find_audit_lines
from data.links import find_share_links
from data.members import find_members
from data.workspaces import find_workspaces
from pages.ui.activity_grid import PAGE_SIZE, ask_page, say_pages
from pages.ui.asking import require_owner
from pages.ui.audit_table import show_audit_table
from pages.ui.audit_words import Names, event_words
from pages.ui.forms import show_empty
from pages.ui.runtime import get_runtime

# No longer than the trail is kept.
PERIODS = {7: "Last 7 days", 30: "Last 30 days", 90: "Last 90 days", 365: "Last year"}
VIEWERS, ANYBODY = -1, 0


def ask_audit_filter(members: Names, links: Names, now: datetime) -> AuditFilter:
    """What of the trail is shown, from the widgets above it."""
    people = {ANYBODY: "Anybody", VIEWERS: "Viewers"} | dict(members)
    with st.container(horizontal=True):
        days = st.selectbox("Period", list(PERIODS), index=1, format_func=PERIODS.__getitem__)
        who = st.selectbox("Who", list(people), format_func=people.__getitem__)
        link = st.selectbox(
            "Share link",
            [0, *links],
            format_func=lambda number: links[number] if number else "All links",
        )
    asked = [event for event in AuditEvent if event == st.query_params.get("what")]
    kinds = st.multiselect(
        "What",
        list(AuditEvent),
        asked,
        format_func=event_words,
        placeholder="Everything",
        select_all=False,
    )
    return AuditFilter(
        since=now - timedelta(days=days),
        actor_kind=ActorKind.VIEWER if who == VIEWERS else None,
        member_id=who if who > 0 else None,
        events=tuple(kinds),
        share_link_id=link or None,
    )


require_owner()
runtime = get_runtime()
now, db = runtime.clock(), runtime.db
account = get_account(db)
links = {one.share_link_id: f"{one.name} · l{one.share_link_id}" for one in find_share_links(db)}
workspaces = {one.workspace_id: one.name for one in find_workspaces(db, includes_archived=True)}

st.title("Audit trail")
st.text(
    "Who did what, at the desk and at the gates. Addresses are masked, and nothing here can be "
    f"changed. Times are those of {account.time_zone}."
)
members = {one.member_id: one.email for one in find_members(db)}
wanted = ask_audit_filter(members, links, now)
total = count_audit_lines(db, wanted)
lines: list[AuditLine] = []
if total:
    skipped = ask_page(total, "audit")
    lines = find_audit_lines(db, wanted, most=PAGE_SIZE, skipped=skipped)
    st.text(say_pages(total, skipped, "line"))
    show_audit_table(lines, links, workspaces, ZoneInfo(account.time_zone))
else:
    show_empty("Nothing was done", "Choose a longer period, or take a filter away.")
