"""Who should open a share link: who of them did, who has not yet, and who came unexpected."""

from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from data.expectations import count_expected, count_unexpected
from data.links import find_share_links
from data.records import Role, ShareLink
from gate.expected_viewers import find_expected
from pages.ui.asking import require_member
from pages.ui.expected_form import EXPECTED_PAGE, show_emptying, show_expecting
from pages.ui.expected_people import show_copying, show_people, show_progress
from pages.ui.expected_words import channel_warning, say_expected
from pages.ui.forms import show_empty, show_notice
from pages.ui.runtime import get_reader, get_runtime
from pages.ui.session import seed_widget_value

CHOSEN = "expected_link"


def choose_link(links: list[ShareLink], counts: dict[int, tuple[int, int]]) -> ShareLink:
    """The link that the URL names, else the newest with a list, until another is chosen."""
    by_id = {link.share_link_id: link for link in links}
    asked = st.query_params.get("link", "")
    first = next((number for number in by_id if number in counts), links[0].share_link_id)
    is_known = asked.isascii() and asked.isdigit() and int(asked) in by_id
    seed_widget_value(CHOSEN, int(asked) if is_known else first)

    def name_link(number: int) -> str:
        count = counts.get(number)
        note = f" ({say_expected(*count)})" if count else ""
        return f"{by_id[number].name} · l{number}{note}"

    chosen = st.selectbox("Share link", list(by_id), format_func=name_link, key=CHOSEN)
    if asked != str(chosen):
        st.query_params["link"] = str(chosen)
    return by_id[chosen]


def show_answer(link: ShareLink, *, is_owner: bool) -> None:
    """How those expected stand, and beside it the not-yets to copy and the way to add more."""
    runtime, now = get_runtime(), get_runtime().clock()
    zone = ZoneInfo(get_account(get_reader()).time_zone)
    people = find_expected(get_reader(), runtime.pepper, link.share_link_id)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if warning := channel_warning(link, people):
            st.info(warning)
        if people:
            show_progress(people, count_unexpected(get_reader(), link.share_link_id))
            show_people(link.share_link_id, people, zone, now, is_owner=is_owner)
        else:
            show_empty(
                "Nobody is expected yet",
                "Add the people you sent this link to, and see here who of them opened it."
                if is_owner
                else "An owner of this account adds them.",
            )
    with right:
        show_copying(people)
        if is_owner:
            show_expecting(link.share_link_id)
        if is_owner and people:
            show_emptying(link.share_link_id, people)


member = require_member()
st.title("Expected viewers")
st.text("Who should open a link. It lets nobody in and keeps nobody out: the link's rules do.")
with st.container():
    show_notice(EXPECTED_PAGE)
links = find_share_links(get_reader())
if links:
    chosen = choose_link(links, count_expected(get_reader()))
    show_answer(chosen, is_owner=member.role is Role.OWNER)
else:
    show_empty("No links yet", "Make a share link first. Then say here who should open it.")
