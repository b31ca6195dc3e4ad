"""The list of share links: which are shown, in what order, and one page of them as a grid.

The page's address says so too, and a reload shows the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import streamlit as st

from data.link_usage import LinkUsage
from data.list_entries import ListCounts
from data.records import LinkState, ShareLink
from pages.ui.activity_grid import PAGE_SIZE, ask_page, say_pages
from pages.ui.chosen_card import name_column
from pages.ui.desk_words import STATE_WORDS, rules_words
from pages.ui.forms import show_empty
from pages.ui.header_sort import HeaderSort, Sort
from pages.ui.link_form import CHOSEN, LINK_CARD
from pages.ui.link_words import LinkPlaces, state_words
from pages.ui.session import seed_widget_value
from pages.ui.table import MAX_ROWS_IN_SIGHT, NEVER, ROW_PIXELS, paged_grid, say_ago
from pages.ui.url_words import read_ids, read_members, read_word

_SEARCH, _STATE, _WORKSPACE = "links_search", "links_state", "links_shown_workspace"
_NEVER_AT = datetime.min.replace(tzinfo=UTC)
_STATES = (None, *LinkState)


class LinkColumn(StrEnum):
    """What the list is sorted by."""

    CREATED = "created"
    NAME = "name"
    CONTACTS = "contacts"
    SESSIONS = "sessions"
    LAST_ACCESSED = "last_accessed"
    REFUSED = "refused"


_SORT = HeaderSort(
    "links",
    {
        LinkColumn.CREATED: "Created",
        LinkColumn.NAME: "Name",
        LinkColumn.CONTACTS: "Contacts",
        LinkColumn.SESSIONS: "Sessions",
        LinkColumn.LAST_ACCESSED: "Last accessed",
        LinkColumn.REFUSED: "Refused, 7 days",
    },
    upward=(LinkColumn.NAME,),
)
_HEADERS = {words: column for column, words in _SORT.words.items()} | {
    "Share link": LinkColumn.NAME
}


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What is known of the links besides themselves, by number."""

    usage: Mapping[int, LinkUsage]
    counts: Mapping[int, ListCounts]
    places: LinkPlaces


def show_link_list(
    links: list[ShareLink], facts: LinkFacts, now: datetime, *, can_choose: bool
) -> None:
    """The filters, and one page of the links that they leave; a click on a name chooses it."""
    shown, sort = _ask_which(links, facts, now)
    if not shown:
        show_empty("No link matches", "Change the search, the state or the workspace.")
        return
    skipped = ask_page(len(shown), "links")
    page = shown[skipped : skipped + PAGE_SIZE]
    st.text(say_pages(len(shown), skipped, "share link"))
    numbers = [link.share_link_id for link in page]
    state = paged_grid("links_list").dataframe(
        _make_columns(page, facts, now),
        column_config={
            "Share link": name_column(
                "Share link", numbers, chooser=CHOSEN, card=LINK_CARD, can_choose=can_choose
            ),
            "State": st.column_config.TextColumn(width=130),
            "Contacts": st.column_config.NumberColumn(format="localized", width=84),
            "Sessions": st.column_config.NumberColumn(format="localized", width=84),
            "Last accessed": st.column_config.TextColumn(width=120),
            "Refused, 7 days": st.column_config.NumberColumn(format="localized", width=120),
        },
        hide_index=True,
        height=(min(len(page), MAX_ROWS_IN_SIGHT) + 1) * ROW_PIXELS + 2,
        row_height=ROW_PIXELS,
        # The grid remembers its selection: another page or order is another grid.
        key=f"links_grid_{sort.key}_{hash(tuple(numbers))}",
        on_select="rerun",
        selection_mode="single-column",
        alt="Share links with what each opens, its rules, its state and its use",
    )
    _SORT.follow(state["selection"]["columns"], _HEADERS)


def _make_columns(
    page: Sequence[ShareLink], facts: LinkFacts, now: datetime
) -> dict[str, list[str] | list[int]]:
    used = [facts.usage[link.share_link_id] for link in page]
    counts = [facts.counts.get(link.share_link_id, ListCounts()) for link in page]
    return {
        "Share link": [f"{link.name} · l{link.share_link_id}" for link in page],
        "State": [state_words(link, now) for link in page],
        "Contacts": [one.contacts for one in used],
        "Sessions": [one.sessions for one in used],
        "Last accessed": [_say_last(one, now) for one in used],
        "Refused, 7 days": [one.refused for one in used],
        "Opens": [facts.places.target(link) for link in page],
        "Asks for": [rules_words(link, count) for link, count in zip(page, counts, strict=True)],
    }


def _ask_which(
    links: list[ShareLink], facts: LinkFacts, now: datetime
) -> tuple[list[ShareLink], Sort[LinkColumn]]:
    _seed_fields(links)
    with st.container(horizontal=True):
        search = st.text_input("Search", key=_SEARCH, placeholder="Name, or what it opens")
        state = st.selectbox(
            "State",
            _STATES,
            format_func=lambda one: STATE_WORDS[one] if one else "All but archived",
            key=_STATE,
        )
        workspace_id = st.selectbox(
            "Workspace",
            [None, *sorted({link.workspace_id for link in links})],
            format_func=lambda one: facts.places.workspaces[one] if one else "All workspaces",
            key=_WORKSPACE,
        )
        sort = _SORT.show_fields(st.container(), st.container())
    _write_address(search or "", state, workspace_id, sort)
    wanted = (search or "").strip().casefold()
    left = [
        link
        for link in links
        if _is_wanted(link.state(now), state)
        and workspace_id in (None, link.workspace_id)
        and wanted in f"{link.name} {facts.places.target(link)} l{link.share_link_id}".casefold()
    ]
    return _sort_links(left, facts.usage, sort), sort


def _seed_fields(links: list[ShareLink]) -> None:
    """Begin with what the address says, as far as there is such a thing."""
    words = {name: st.query_params.get_all(name) for name in st.query_params}
    seed_widget_value(_SEARCH, read_word(words, "q"))
    for state in read_members(LinkState, [read_word(words, "state")]):
        seed_widget_value(_STATE, state)
    for workspace_id in read_ids(words, "workspace", frozenset(one.workspace_id for one in links)):
        seed_widget_value(_WORKSPACE, workspace_id)
    for column in read_members(LinkColumn, [read_word(words, "sort")]) or [LinkColumn.CREATED]:
        _SORT.seed(Sort(column, is_descending=read_word(words, "dir") != "asc"))


def _write_address(
    search: str, state: LinkState | None, workspace_id: int | None, sort: Sort[LinkColumn]
) -> None:
    words = {
        # Which link is looked at has another home.
        "link": st.query_params.get("link", ""),
        "q": search.strip(),
        "state": state or "",
        "workspace": str(workspace_id or ""),
        "sort": "" if sort.column is LinkColumn.CREATED else str(sort.column),
        "dir": "" if sort.is_descending else "asc",
    }
    wanted = {name: word for name, word in words.items() if word}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def _is_wanted(state: LinkState, wanted: LinkState | None) -> bool:
    return state is not LinkState.ARCHIVED if wanted is None else state is wanted


def _sort_links(
    links: list[ShareLink], usage: Mapping[int, LinkUsage], sort: Sort[LinkColumn]
) -> list[ShareLink]:
    """The links in this order; those that are alike stay newest first."""

    def weigh(link: ShareLink) -> Any:
        used = usage[link.share_link_id]
        return {
            LinkColumn.CREATED: (link.created_at, link.share_link_id),
            LinkColumn.NAME: link.name.casefold(),
            LinkColumn.CONTACTS: used.contacts,
            LinkColumn.SESSIONS: used.sessions,
            LinkColumn.LAST_ACCESSED: used.last_accessed_at or _NEVER_AT,
            LinkColumn.REFUSED: used.refused,
        }[sort.column]

    return sorted(links, key=weigh, reverse=sort.is_descending)


def _say_last(usage: LinkUsage, now: datetime) -> str:
    return NEVER if usage.last_accessed_at is None else say_ago(usage.last_accessed_at, now)
