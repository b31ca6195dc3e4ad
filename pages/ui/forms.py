"""What the desk's forms share: one change, carried out once, and the sentence that tells of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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

    `made_id` is the number of what was made, 0 if nothing was.
    """

    sentence: str
    is_refusal: bool = False
    made_id: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """The outcome of the last change on a page, and when it was told."""

    outcome: Outcome
    told_at: datetime


Change = Callable[[Database, Member, datetime], Outcome]

_SILENCE = Notice(Outcome(""), datetime.min.replace(tzinfo=UTC))


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
    remember(_notice_name(page), Notice(outcome, get_runtime().clock()))
    return outcome


def show_notice(page: str) -> None:
    """What became of this page's last change: for a minute here, and once in the window's corner.

    Its place is kept while there is nothing to tell, so that what stands below stays as it was.
    """
    place = st.container()
    notice = recall(_notice_name(page), _SILENCE)
    outcome = notice.outcome
    if not outcome.sentence or get_runtime().clock() - notice.told_at > NOTICE_LIFE:
        return
    sentence = as_plain(outcome.sentence)
    icon = ":material/error:" if outcome.is_refusal else ":material/check_circle:"
    if outcome.is_refusal:
        place.error(sentence, icon=icon)
    else:
        place.success(sentence, icon=icon)
    if recall(_announced_name(page), _SILENCE) is not notice:
        remember(_announced_name(page), notice)
        st.toast(sentence, icon=icon, duration="long")


def show_empty(title: str, advice: str) -> None:
    """A card where a list would be: what is missing, and what to do about it."""
    with st.container(border=True):
        st.markdown(f"**{as_plain(title)}**")
        st.text(advice)


def _notice_name(page: str) -> str:
    return f"{page}_notice"


def _announced_name(page: str) -> str:
    return f"{page}_notice_announced"
