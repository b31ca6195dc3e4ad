"""Who is expected at a share link as a grid, who came unexpected, and the not-yets to copy."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from data.expectations import count_unexpected, find_unexpected
from data.records import Channel
from gate.expected_viewers import Expected, Standing
from pages.ui.activity_grid import PAGE_SIZE, ask_page, say_pages
from pages.ui.copying import show_to_copy
from pages.ui.desk_words import say_count
from pages.ui.expected_form import take_off
from pages.ui.expected_order import (
    EXPECTED_HEADERS,
    EXPECTED_SORT,
    sort_people,
)
from pages.ui.expected_words import STANDING_WORDS, expected_finding, missing_words, standing_words
from pages.ui.forms import show_empty
from pages.ui.runtime import get_reader
from pages.ui.table import (
    MAX_ROWS_IN_SIGHT,
    NEVER,
    QUIET,
    ROW_PIXELS,
    paged_grid,
    say_ago,
    say_instant,
)

EVERYBODY, UNEXPECTED = "everybody", "unexpected"


def show_progress(people: Sequence[Expected], unexpected: int) -> None:
    """The answer in one line, with a bar of it and how far the others came."""
    finding = expected_finding(people, unexpected)
    share = sum(one.has_opened for one in people) / len(people)
    st.html(
        f'<p style="margin:0 0 .5rem;font-size:1.25rem;font-weight:600">{escape(finding)}</p>'
        f'<div role="img" aria-label="{share:.0%} of those expected opened it" '
        'style="height:.6rem;border-radius:.3rem;background:light-dark(#dbe6fe,#3b4a63)">'
        f'<div style="height:100%;width:{share:.1%};border-radius:.3rem;'
        'background:light-dark(#1d4ed8,#7cb0ff)"></div></div>'
        f'<p style="margin:.5rem 0 0;{QUIET}">{escape(missing_words(people))}</p>'
    )


def show_people(
    share_link_id: int, people: Sequence[Expected], zone: ZoneInfo, now: datetime, *, is_owner: bool
) -> None:
    """The list, narrowed as chosen: those expected by how they stand, or who came unexpected."""
    unexpected = count_unexpected(get_reader(), share_link_id)
    chosen = _ask_kind(share_link_id, people, unexpected)
    if chosen == UNEXPECTED:
        _show_unexpected(share_link_id, unexpected, zone, now)
        return
    find_at, column_at, order_at = st.columns([2, 1, 1])
    sought = find_at.text_input(
        "Find", placeholder="Part of an address or name", key="expected_find", type="search"
    ).strip()
    sort = EXPECTED_SORT.show_fields(column_at, order_at)
    found = [one for one in people if chosen in (EVERYBODY, one.standing) and _is_like(one, sought)]
    if not found:
        show_empty("Nobody like that", "Choose another list above, or empty the field.")
        return
    skipped = ask_page(len(found), f"expected_{chosen}")
    page = sort_people(found, sort)[skipped : skipped + PAGE_SIZE]
    picked = _show_expected(f"{share_link_id}_{sort.key}", page, zone, now, is_owner=is_owner)
    if picked:
        who = say_count(len(picked), "person", "people")
        st.button(
            f"Take {who} off the list",
            key="expected_take_off",
            on_click=take_off,
            args=(share_link_id, picked),
        )
    st.text(f"{say_pages(len(found), skipped, 'line')}. Times in {zone.key}.")


def _ask_kind(share_link_id: int, people: Sequence[Expected], unexpected: int) -> str:
    counts: dict[str, int] = {EVERYBODY: len(people)}
    for standing in Standing:
        if count := sum(one.standing is standing for one in people):
            counts[standing] = count
    names = {EVERYBODY: "Expected", UNEXPECTED: "Unexpected"}
    names |= {str(standing): words for standing, words in STANDING_WORDS.items()}
    return st.segmented_control(
        "Show",
        [*counts, UNEXPECTED],
        default=EVERYBODY,
        required=True,
        format_func=lambda kind: f"{names[kind]} {counts.get(kind, unexpected):,}",
        key=f"expected_shown_{share_link_id}",
        label_visibility="collapsed",
        wrap=True,
    )


def show_copying(people: Sequence[Expected]) -> None:
    """Everybody who has not opened it, to be copied; nothing if all have."""
    missing = [one.expectation for one in people if not one.has_opened]
    if not missing:
        return
    emails = [one.address for one in missing if one.channel is Channel.EMAIL]
    with st.container(border=True):
        st.markdown(f"**Copy the {len(missing):,} not yet**")
        st.text("One per line")
        show_to_copy(
            "\n".join(one.address for one in missing),
            "Copy addresses",
            key="expected_lines",
            wrap_lines=False,
        )
        if emails:
            st.text("For the Bcc field of a mail")
            show_to_copy(", ".join(emails), "Copy for Bcc", key="expected_bcc")


def _is_like(one: Expected, sought: str) -> bool:
    texts = (one.expectation.address, one.expectation.name or "")
    return any(sought.casefold() in text.casefold() for text in texts)


def _show_expected(
    key: str, people: Sequence[Expected], zone: ZoneInfo, now: datetime, *, is_owner: bool
) -> list[int]:
    """Draw the grid; the numbers of those that an owner selected. `key` is of list and order."""
    them = [one.expectation for one in people]
    numbers = [one.expected_viewer_id for one in them]
    state = paged_grid("expected_list").dataframe(
        {
            "Expected": [one.address for one in them],
            "State": [standing_words(one) for one in people],
            "Contact": [_contact_address(one.contact_id) for one in them],
            "Name": [one.name or NEVER for one in them],
            "Sessions": [one.access_count for one in them],
            "Last accessed": [say_ago(one.last_accessed_at, now) for one in them],
            "First accessed": [say_instant(one.first_accessed_at, zone) for one in them],
            "Verified": ["Verified" if one.is_verified else NEVER for one in them],
        },
        column_config=_configure_people(),
        hide_index=True,
        height=(min(len(them), MAX_ROWS_IN_SIGHT) + 1) * ROW_PIXELS + 2,
        row_height=ROW_PIXELS,
        # A selection is a position: another list is another grid.
        key=f"expected_grid_{key}_{hash(tuple(numbers))}",
        on_select="rerun",
        selection_mode=["multi-row", "single-column"] if is_owner else "single-column",
        alt="Everybody expected at this link, and how they stand",
    )
    EXPECTED_SORT.follow(state["selection"]["columns"], EXPECTED_HEADERS)
    picked = state["selection"]["rows"] if is_owner else []
    return [numbers[row] for row in picked if row < len(numbers)]


def _show_unexpected(share_link_id: int, total: int, zone: ZoneInfo, now: datetime) -> None:
    if not total:
        show_empty("Nobody came unexpected", "Everybody who opened this link is on its list.")
        return
    skipped = ask_page(total, f"unexpected_{share_link_id}")
    found = find_unexpected(get_reader(), share_link_id, most=PAGE_SIZE, skipped=skipped)
    paged_grid("unexpected_list").dataframe(
        {
            "Unexpected": [one.address for one in found],
            "Name": [one.name or NEVER for one in found],
            "Sessions": [one.access_count for one in found],
            "Last accessed": [say_ago(one.last_accessed_at, now) for one in found],
            "First accessed": [say_instant(one.first_accessed_at, zone) for one in found],
            "Verified": ["Verified" if one.is_verified else NEVER for one in found],
            "Contact": [_contact_address(one.contact_id) for one in found],
        },
        column_config=_configure_people(),
        hide_index=True,
        height=(min(len(found), MAX_ROWS_IN_SIGHT) + 1) * ROW_PIXELS + 2,
        row_height=ROW_PIXELS,
        alt="Contacts that opened this link and are not expected",
    )
    st.text(say_pages(total, skipped, "contact"))


def _contact_address(contact_id: int | None) -> str | None:
    return None if contact_id is None else f"/contacts?contact={contact_id}"


def _configure_people() -> dict[str, ColumnConfig]:
    return {
        "Expected": st.column_config.TextColumn(width=250),
        "Unexpected": st.column_config.TextColumn(width=240),
        "State": st.column_config.TextColumn(width=172),
        "Name": st.column_config.TextColumn(width=130),
        "Sessions": st.column_config.NumberColumn(width=80, format="localized"),
        "Last accessed": st.column_config.TextColumn(width=110),
        "First accessed": st.column_config.TextColumn(width=128),
        "Contact": st.column_config.LinkColumn(display_text="See contact", width=100),
    }
