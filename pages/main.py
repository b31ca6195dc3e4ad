"""The entry script: page settings, style, and the pages that this visitor can go to."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st

from data.records import Role
from pages.ui.asking import drawing_for, note_member_presence
from pages.ui.desk import show_member_corner
from pages.ui.style import apply_style
from pages.ui.viewer import tell_title

ICON = str(Path(__file__).parent / "static" / "icon.png")

member = note_member_presence()
home = st.Page("sign_in.py", title="Sign in", url_path="home", default=True, visibility="hidden")
gate = st.Page("gate_page.py", title="Gatebook", url_path="gate", visibility="hidden")
owners_only: Literal["visible", "hidden"] = (
    "visible" if member is not None and member.role is Role.OWNER else "hidden"
)
desk = [
    st.Page("contacts.py", title="Contacts", url_path="contacts"),
    st.Page("companies.py", title="Companies", url_path="companies"),
    st.Page("same_person.py", title="Same person?", url_path="same_person", visibility="hidden"),
    st.Page("activity.py", title="Activity", url_path="activity"),
    st.Page("links.py", title="Share links", url_path="links"),
    st.Page("expected.py", title="Expected viewers", url_path="expected"),
    st.Page("documents.py", title="Documents", url_path="documents"),
    st.Page("outbox.py", title="Outbox", url_path="outbox", visibility=owners_only),
    st.Page("members.py", title="Members", url_path="members", visibility=owners_only),
    st.Page("audit.py", title="Audit trail", url_path="audit", visibility=owners_only),
    st.Page("settings.py", title="Settings", url_path="settings", visibility=owners_only),
    st.Page("profile.py", title="Your sign-in", url_path="profile"),
]
is_at_gate = urlsplit(st.context.url or "").path.rstrip("/") == f"/{gate.url_path}"
has_desk = member is not None and not is_at_gate
asked_for = st.navigation([home, gate, *desk], position="sidebar" if has_desk else "hidden")
title = f"{asked_for.title} · Gatebook"
if is_at_gate:
    title = tell_title(st.query_params.get("link", ""))
st.set_page_config(
    page_title=title,
    page_icon=ICON,
    layout="wide" if has_desk else "centered",
)
apply_style()
# Before the page: one that stops early, for want of rights or contacts, has the way out too.
if member is not None and has_desk:
    show_member_corner(member)
with drawing_for(member):
    asked_for.run()
