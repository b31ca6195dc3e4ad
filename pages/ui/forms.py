"""What the desk's forms share: one change, carried out once, and the sentence that tells of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import streamlit as st

from data.database import Database, StorageFailed
from data.records import Member
from gate.desk_errors import DeskRefusal
from gate.errors import NotPermitted
from pages.ui.asking import get_member
from pages.ui.desk_words import SIGNED_OUT, desk_sentence
from pages.ui.notice_copy import show_notice_copy
from pages.ui.once import act_once
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime
from pages.ui.session import forget, recall, remember, spend_nonce

NOTICE_LIFE = timedelta(minutes=1)
# What runs sooner than this after a notice was drawn is nobody's answer to it: impatient clicks,
# or a page that begins again by itself.
TELLING = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change: a sentence, in which people's words are plain text.

    `made_id` is the number of what was made, 0 if nothing was. `shown_once` is told nowhere else.
    What is told at its form too needs no copy in the corner, which would cover it.
    """

    sentence: str
    is_refusal: bool = False
    made_id: int = 0
    is_told_at_form: bool = False
    shown_once: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """The outcome of the last change on a page, and when it was told; no two have one number.

    `drawn_at` is when it was first on the screen, None before.
    """

    outcome: Outcome
    told_at: datetime
    number: int
    drawn_at: datetime | None = None

    def is_news(self, now: datetime) -> bool:
        """Whether nobody has gone on since it was drawn, and it is not a minute old."""
        is_fresh = self.drawn_at is None or now - self.drawn_at <= TELLING
        return bool(self.outcome.sentence) and is_fresh and now - self.told_at <= NOTICE_LIFE


Change = Callable[[Database, Member, datetime], Outcome]

_SILENCE = Notice(Outcome(""), datetime.min.replace(tzinfo=UTC), 0)
_numbers = count(1)


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
    """What became of this page's last change, until the next thing that is done on the page.

    A copy is in sight wherever one looks. Its place is kept while there is nothing to tell, so that
    what stands below stays as it was.
    """
    name, now = _notice_name(page), get_runtime().clock()
    place = st.container(key=name)
    notice = recall(name, _SILENCE)
    if not notice.is_news(now):
        forget(name)
        return
    remember(name, replace(notice, drawn_at=notice.drawn_at or now))
    outcome = notice.outcome
    with place:
        if outcome.is_refusal:
            st.error(as_plain(outcome.sentence), icon=":material/error:")
        else:
            st.success(as_plain(outcome.sentence), icon=":material/check_circle:")
        if not outcome.is_told_at_form:
            show_notice_copy(name, notice.number, outcome.sentence, is_refusal=outcome.is_refusal)


def show_empty(title: str, advice: str) -> None:
    """A card where a list would be: what is missing, and what to do about it."""
    with st.container(border=True):
        st.markdown(f"**{as_plain(title)}**")
        st.text(advice)


def _notice_name(page: str) -> str:
    return f"{page}_notice"
