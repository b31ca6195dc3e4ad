"""The owner's share links: make one, copy its address, take it back, see what came through it."""

from datetime import datetime

import streamlit as st

from data.accounts import get_account
from data.database import Reader
from data.documents import find_documents
from data.link_usage import find_link_usage
from data.links import find_share_links
from data.list_entries import ListCounts, count_listed
from data.records import Role, ShareLink
from data.workspaces import find_workspaces
from pages.ui.asking import require_member
from pages.ui.delivery_status import find_outbox_channels, outbox_sentence
from pages.ui.desk_words import STATE_WORDS, rules_words
from pages.ui.forms import show_empty, show_notice
from pages.ui.link_card import LinkPlaces, show_link_card
from pages.ui.link_form import LINKS_PAGE, show_link_form
from pages.ui.runtime import get_runtime
from pages.ui.table import NEVER, say_ago


def find_link_places(reader: Reader) -> LinkPlaces:
    """The names of everything that a link may open, archived or not."""
    return LinkPlaces(
        workspaces={
            each.workspace_id: each.name for each in find_workspaces(reader, includes_archived=True)
        },
        documents={
            each.document_id: each.name for each in find_documents(reader, includes_archived=True)
        },
        time_zone=get_account(reader).time_zone,
    )


def show_links(links: list[ShareLink], places: LinkPlaces, now: datetime) -> None:
    """The table of links, newest first, with what came through each."""
    usage = {each.share_link_id: each for each in find_link_usage(get_runtime().db)}
    counts = count_listed(get_runtime().db)
    used = [usage[link.share_link_id] for link in links]
    st.markdown(f"**{len(links):,} share links**" if len(links) != 1 else "**1 share link**")
    st.dataframe(
        {
            "Share link": [f"{link.name} · l{link.share_link_id}" for link in links],
            "Opens": [places.target(link) for link in links],
            "Asks for": [
                rules_words(link, counts.get(link.share_link_id, ListCounts())) for link in links
            ],
            "State": [STATE_WORDS[link.state(now)] for link in links],
            "Contacts": [each.contacts for each in used],
            "Sessions": [each.sessions for each in used],
            "Last accessed": [
                NEVER if each.last_accessed_at is None else say_ago(each.last_accessed_at, now)
                for each in used
            ],
        },
        column_config={
            "Share link": st.column_config.TextColumn(width="medium"),
            "Contacts": st.column_config.NumberColumn(format="localized"),
            "Sessions": st.column_config.NumberColumn(format="localized"),
        },
        hide_index=True,
        alt="Every share link with what it opens, its rules, its state and its use",
    )


member = require_member()
runtime = get_runtime()
now = runtime.clock()
places = find_link_places(runtime.db)
links = find_share_links(runtime.db)
workspaces = find_workspaces(runtime.db)
is_owner = member.role is Role.OWNER

st.title("Share links")
# Its place is kept, so that nothing below it moves and closes when it comes or goes.
with st.container():
    show_notice(LINKS_PAGE)
if is_owner and not workspaces:
    show_empty(
        "Upload something to share first",
        "Go to Documents, make a workspace and upload a file. Then make its link here.",
    )
elif is_owner:
    left, right = st.columns([3, 2])
    with left:
        show_link_form(workspaces, places.time_zone, now)
        if waiting := outbox_sentence(find_outbox_channels(runtime.deliverers)):
            st.text(waiting)
    with right:
        if links:
            show_link_card(links, places, now)
        else:
            show_empty("No links yet", "Make one, and its address is here to copy.")
if links:
    show_links(links, places, now)
elif not is_owner:
    show_empty("No links yet", "An owner of this account makes them.")
