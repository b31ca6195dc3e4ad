"""What one contact did, the newest first: visits, and what the gate said of them in between."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from data.contact_splits import PastJoining
from data.contact_visits import PastVisit
from data.gate_history import PastStep
from pages.ui.activity_words import STEP_WORDS, reason_words
from pages.ui.filter_words import CHANNEL_WORDS
from pages.ui.table import say_instant

_STYLE = """
<style>
.timeline { list-style: none; margin: 0 !important; padding: 0 !important; }
.timeline li {
    margin: 0 !important; padding: 0.1rem 0 0.9rem 1rem; overflow-wrap: anywhere;
    border-left: 2px solid light-dark(#cbd5e1, #334155);
}
.timeline li.visit { border-left-color: light-dark(#2563eb, #7aa2ff); }
.timeline p { margin: 0; }
.timeline .quiet { color: light-dark(#475569, #b6c2d4); font-size: 0.875rem; }
</style>
"""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: when, what happened, and what else there is to say.

    `contact_merge_id` is of a merge that can be undone.
    """

    happened_at: datetime
    sentence: str
    detail: str
    is_visit: bool
    contact_merge_id: int | None = None


def find_moments(
    visits: Sequence[PastVisit],
    steps: Sequence[PastStep],
    joinings: Sequence[Moment],
    links: Mapping[int, str],
) -> list[Moment]:
    """Visits, steps and merges in one line, the newest first; `links` has the links' names."""
    moments = [*joinings]
    moments += [_visit_moment(visit, links) for visit in visits]
    moments += [_step_moment(step, links) for step in steps]
    return sorted(moments, key=lambda moment: moment.happened_at, reverse=True)


def show_timeline(
    moments: Sequence[Moment], zone: ZoneInfo, undo: Callable[[int], None] | None
) -> None:
    """Draw the timeline, times in this zone; `undo` is what the button below a merge does."""
    st.html(_STYLE)
    stretch: list[Moment] = []
    for moment in moments:
        stretch.append(moment)
        if moment.contact_merge_id is not None and undo is not None:
            _show_stretch(stretch, zone)
            stretch = []
            st.button(
                "Undo this merge",
                key=f"contact_undo_{moment.contact_merge_id}",
                icon=":material/undo:",
                on_click=undo,
                args=(moment.contact_merge_id,),
            )
    if stretch:
        _show_stretch(stretch, zone)


def joining_moment(joining: PastJoining, contact_id: int) -> Moment:
    """What a merge or split was for this contact."""
    addresses = ", ".join(joining.addresses)
    is_merge = joining.contact_merge_id is not None
    if joining.contact_id == contact_id:
        words = "Merged with" if is_merge else "Split:"
        rest = "" if is_merge else " became a contact of its own"
        sentence = f"{words} {addresses}{rest}"
    else:
        sentence = "Was part of another contact" if is_merge else "Split from another contact"
    parts = [f"By {joining.member}" if joining.member else ""]
    if joining.undone_at is not None:
        parts.append("undone since")
    can_undo = joining.contact_id == contact_id and joining.undone_at is None
    return Moment(
        joining.happened_at,
        sentence,
        " · ".join(filter(None, parts)),
        is_visit=False,
        contact_merge_id=joining.contact_merge_id if can_undo else None,
    )


def _show_stretch(moments: Sequence[Moment], zone: ZoneInfo) -> None:
    items = "".join(
        f'<li class="{"visit" if moment.is_visit else "step"}">'
        f'<p class="quiet">{say_instant(moment.happened_at, zone)}</p>'
        f"<p>{escape(moment.sentence)}</p>"
        f'<p class="quiet">{escape(moment.detail)}</p></li>'
        for moment in moments
    )
    st.html(f'<ul class="timeline" aria-label="Timeline">{items}</ul>')


def _visit_moment(visit: PastVisit, links: Mapping[int, str]) -> Moment:
    opened = ", ".join(visit.document_names)
    sentence = f"Opened {opened}" if opened else "Came, and opened no document"
    proof = "verified" if visit.is_verified else "not verified"
    parts = [
        f"Through {links.get(visit.share_link_id, 'a link')}",
        f"as {visit.address} ({proof})",
        _say_stay(visit.last_seen_at - visit.started_at),
    ]
    return Moment(visit.started_at, sentence, " · ".join(filter(None, parts)), is_visit=True)


def _step_moment(step: PastStep, links: Mapping[int, str]) -> Moment:
    channel = f"by {CHANNEL_WORDS[step.channel]}" if step.channel else ""
    parts = [
        f"At {links.get(step.share_link_id, 'a link')}",
        channel,
        reason_words(step.step, step.reason),
    ]
    return Moment(
        step.created_at, STEP_WORDS[step.step], " · ".join(filter(None, parts)), is_visit=False
    )


def _say_stay(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return ""
    hours, rest = divmod(minutes, 60)
    return f"stayed {hours} h {rest} min" if hours else f"stayed {minutes} min"
