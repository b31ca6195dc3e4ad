"""What the desk's forms share: one change, carried out once, and the sentence that tells of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import count

import streamlit as st

from data.database import Database, StorageFailed
from data.records import Member
from gate.desk_errors import DeskRefusal
from gate.errors import NotPermitted
from pages.ui.asking import get_member
from pages.ui.desk_words import SIGNED_OUT, desk_sentence
from pages.ui.once import act_once
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime
from pages.ui.session import recall, remember, spend_nonce

NOTICE_LIFE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change: a sentence, in which people's words are plain text.

    `made_id` is the number of what was made, 0 if nothing was. `shown_once` is told nowhere else.
    """

    sentence: str
    is_refusal: bool = False
    made_id: int = 0
    shown_once: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """The outcome of the last change on a page, and when it was told; no two have one number."""

    outcome: Outcome
    told_at: datetime
    number: int


Change = Callable[[Database, Member, datetime], Outcome]

_SILENCE = Notice(Outcome(""), datetime.min.replace(tzinfo=UTC), 0)
_numbers = count(1)

_CORNER_STYLE = """
<style>
.notice-copy {
    position: fixed; z-index: 999990; inset: auto 1rem 1rem 1rem; margin-inline: auto;
    max-width: 34rem; padding: 0.75rem 1rem; border-radius: 8px; overflow-wrap: anywhere;
    box-shadow: 0 4px 18px rgb(0 0 0 / 0.3); pointer-events: none;
    animation: notice-copy-leaves 0.5s 12s forwards;
}
.notice-copy.done { background: light-dark(#14532d, #bbf7d0); color: light-dark(#fff, #052e16); }
.notice-copy.refused { background: light-dark(#991b1b, #fecaca); color: light-dark(#fff, #450a0a); }
@keyframes notice-copy-leaves { to { opacity: 0; visibility: hidden; } }
</style>
"""


def carry_out(page: str, change: Change) -> Outcome:
    """What became of a change that may be made twice in a row; `show_notice` tells it.

    For a widget's callback, as is `carry_out_once`. Callbacks run before the page's guard, so
    the member is read here again.
    """
    return _tell(page, _make_change(change))


def carry_out_once(page: str, nonce: str, change: Change) -> Outcome:
    """What became of a change that is made once for each nonce of this page's form."""
    outcome = act_once(nonce, lambda: _make_change(change))
    spend_nonce(page, nonce)
    return _tell(page, outcome)


def _make_change(change: Change) -> Outcome:
    runtime, member = get_runtime(), get_member()
    if member is None:
        return Outcome(SIGNED_OUT, is_refusal=True)
    try:
        return change(runtime.db, member, runtime.clock())
    except (DeskRefusal, NotPermitted, StorageFailed) as refusal:
        return Outcome(desk_sentence(refusal), is_refusal=True)


def _tell(page: str, outcome: Outcome) -> Outcome:
    remember(_notice_name(page), Notice(outcome, get_runtime().clock(), next(_numbers)))
    return outcome


def show_notice(page: str) -> None:
    """What became of this page's last change, for a minute; a copy is in sight wherever one looks.

    Its place is kept while there is nothing to tell, so that what stands below stays as it was.
    """
    place = st.container()
    notice = recall(_notice_name(page), _SILENCE)
    outcome = notice.outcome
    if not outcome.sentence or get_runtime().clock() - notice.told_at > NOTICE_LIFE:
        return
    if outcome.is_refusal:
        place.error(as_plain(outcome.sentence), icon=":material/error:")
    else:
        place.success(as_plain(outcome.sentence), icon=":material/check_circle:")
    place.html(_CORNER_STYLE)
    place.html(_corner_copy(notice))


def show_empty(title: str, advice: str) -> None:
    """A card where a list would be: what is missing, and what to do about it."""
    with st.container(border=True):
        st.markdown(f"**{as_plain(title)}**")
        st.text(advice)


def _notice_name(page: str) -> str:
    return f"{page}_notice"


def _corner_copy(notice: Notice) -> str:
    # The notice itself is read out; its copy is for the eyes. Another one's copy appears anew.
    kind = "refused" if notice.outcome.is_refusal else "done"
    return (
        f'<div class="notice-copy {kind}" aria-hidden="true" data-told="{notice.number}">'
        f"{escape(notice.outcome.sentence)}</div>"
    )
