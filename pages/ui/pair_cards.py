"""Cards of pairs that may be one person, the drawer that compares two, and pairs told apart."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from data.records import Role
from data.same_person import AlikePair, PairSide
from pages.ui.asking import require_member
from pages.ui.desk_words import say_count
from pages.ui.merge_acts import dismiss_pair, suggest_pair
from pages.ui.merge_preview import say_reasons, say_side, show_merge_preview
from pages.ui.session import forget, recall, remember
from pages.ui.table import QUIET

SAME_PERSON_PAGE = "same_person"
PAGE_SIZE = 50
MOST_APART = 50

_STYLE = """
<style>
.alike-side p { margin: 0 0 .15rem; overflow-wrap: anywhere; }
.alike-side .who { font-weight: 600; }
.alike-side a { color: light-dark(#1d4ed8, #93c0ff) !important; }
.alike-side .quiet { color: light-dark(#475569, #b6c2d4); font-size: 0.875rem; }
</style>
"""
_COMPARED = "same_person:compared"
_NOBODY = (0, 0)


def show_pair(pair: AlikePair, *, is_owner: bool) -> None:
    """Both contacts, why they may be one, and for an owner what to do about it."""
    one_id, other_id = pair.one.contact_id, pair.other.contact_id
    st.html(_STYLE)
    with st.container(border=True):
        left, right = st.columns(2)
        with left:
            _show_side(pair.one)
        with right:
            _show_side(pair.other)
        st.html(f'<p style="{QUIET};margin:0">{escape(say_reasons(pair.reasons))}</p>')
        if not is_owner:
            return
        with st.container(horizontal=True):
            st.button(
                "Compare and merge",
                key=f"pair_compare_{one_id}_{other_id}",
                on_click=remember,
                args=(_COMPARED, (one_id, other_id)),
            )
            st.button(
                "Not the same person",
                key=f"pair_apart_{one_id}_{other_id}",
                on_click=dismiss_pair,
                args=(SAME_PERSON_PAGE, one_id, other_id),
            )


def show_compared() -> None:
    """The two that are compared, in a drawer of their own, if there are any."""
    if recall(_COMPARED, _NOBODY) != _NOBODY:
        drawer = st.dialog(
            "One person?", width="medium", position="right", on_dismiss=stop_comparing
        )
        drawer(_compare)()


def stop_comparing() -> None:
    """Compare nobody from the next run on. For a callback."""
    forget(_COMPARED)


def show_apart(pairs: Sequence[AlikePair], *, is_owner: bool) -> None:
    """The pairs that were told apart, and for an owner the way back."""
    with st.expander(f"{say_count(len(pairs), 'pair', 'pairs')} told apart"):
        for pair in pairs:
            one_id, other_id = pair.one.contact_id, pair.other.contact_id
            st.text(f"{say_side(pair.one)}\n{say_side(pair.other)}")
            st.button(
                "Suggest again",
                key=f"pair_again_{one_id}_{other_id}",
                disabled=not is_owner,
                on_click=suggest_pair,
                args=(SAME_PERSON_PAGE, one_id, other_id),
            )


def _compare() -> None:
    member = require_member()
    one_id, other_id = recall(_COMPARED, _NOBODY)
    if member.role is not Role.OWNER or not one_id:
        # Merged, or given up: the list has to be drawn anew.
        st.rerun()
    show_merge_preview(SAME_PERSON_PAGE, one_id, other_id, chosen=_COMPARED)


def _show_side(side: PairSide) -> None:
    more = f"  +{side.more_identifiers}" if side.more_identifiers else ""
    lines = (
        f'<p class="who"><a href="/contacts?contact={side.contact_id}" target="_self">'
        f"{escape(side.name or side.address)}</a></p>",
        f"<p>{escape(side.address + more)}</p>",
        f'<p class="quiet">{escape(_say_more(side))}</p>',
    )
    st.html(f'<div class="alike-side">{"".join(lines)}</div>')


def _say_more(side: PairSide) -> str:
    sessions = say_count(side.access_count, "viewing session", "viewing sessions")
    return " · ".join(filter(None, (side.company, sessions)))
