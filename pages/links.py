"""The owner's share links: make one, copy its address, take it back, see what came through it."""

from datetime import datetime, timedelta

import streamlit as st

from data.accounts import get_account
from data.database import Reader
from data.documents import find_documents
from data.link_usage import find_link_usage
from data.links import find_share_links
from data.list_entries import count_listed
from data.records import Role, ShareLink, Workspace
from data.workspaces import find_workspaces
from pages.ui.asking import require_member
from pages.ui.delivery_status import find_outbox_channels, outbox_sentence
from pages.ui.forms import show_empty, show_notice
from pages.ui.link_card import show_link_card
from pages.ui.link_figures import REFUSED_DAYS
from pages.ui.link_form import CHOSEN, LINKS_PAGE, show_link_form
from pages.ui.link_list import LinkFacts, show_link_list
from pages.ui.link_words import LinkPlaces
from pages.ui.runtime import get_reader, get_runtime
from pages.ui.session import recall, remember, set_widget_value

_ASKED = "links_asked"


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


def choose_asked_link(links: list[ShareLink]) -> None:
    """Choose the link that the page's address names, once for each address: `/links?link=12`."""
    asked = st.query_params.get("link", "")
    if asked == recall(_ASKED, ""):
        return
    remember(_ASKED, asked)
    if asked in {str(link.share_link_id) for link in links}:
        set_widget_value(CHOSEN, int(asked))


def show_making(
    workspaces: list[Workspace], time_zone: str, now: datetime, *, is_first: bool
) -> None:
    """The form of a new link, or what has to be there first; closed where there are links."""
    if not workspaces:
        show_empty(
            "Upload something to share first",
            "Go to Documents, make a workspace and upload a file. Then make its link here.",
        )
        return
    show_link_form(workspaces, time_zone, now, is_first=is_first)
    if waiting := outbox_sentence(find_outbox_channels(get_runtime().deliverers)):
        st.text(waiting)


member = require_member()
runtime = get_runtime()
now = runtime.clock()
links = find_share_links(get_reader())
since = now - timedelta(days=REFUSED_DAYS)
facts = LinkFacts(
    usage={one.share_link_id: one for one in find_link_usage(get_reader(), refused_since=since)},
    counts=count_listed(get_reader()),
    places=find_link_places(get_reader()),
)
is_owner = member.role is Role.OWNER

st.title("Share links")
# Its place is kept, so that nothing below it moves and closes when it comes or goes.
with st.container():
    show_notice(LINKS_PAGE)
if is_owner:
    choose_asked_link(links)
    if links:
        show_link_card(links, facts.usage, facts.places, now)
    with st.container():
        show_making(find_workspaces(get_reader()), facts.places.time_zone, now, is_first=not links)
if links:
    show_link_list(links, facts, now, can_choose=is_owner)
else:
    advice = "Make one, and its address is here to copy." if is_owner else "An owner makes them."
    show_empty("No links yet", advice)
