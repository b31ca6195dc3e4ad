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
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime
from pages.ui.session import recall, remember

NOTICE_LIFE = timedelta(minutes=1)

Change = Callable[[Database, Member, datetime], str]


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of the last change on a page; people's words in it are plain text."""

    sentence: str
    is_refusal: bool
    said_at: datetime


_SILENCE = Notice("", False, datetime.min.replace(tzinfo=UTC))


def carry_out(page: str, change: Change) -> bool:
    """Whether the change was made; `show_notice` tells how it went. For a widget's callback.

    Callbacks run before the page's guard, so the member is read here again. `change` answers
    with the sentence of its success.
    """
    runtime, member = get_runtime(), get_member()
    now = runtime.clock()
    if member is None:
        remember(_notice_name(page), Notice(SIGNED_OUT, True, now))
        return False
    try:
        sentence = change(runtime.db, member, now)
    except (DeskRefusal, NotPermitted, StorageFailed) as refusal:
        remember(_notice_name(page), Notice(desk_sentence(refusal), True, now))
        return False
    remember(_notice_name(page), Notice(sentence, False, now))
    return True


def show_notice(page: str) -> None:
    """What became of this page's last change, for a minute."""
    notice = recall(_notice_name(page), _SILENCE)
    if not notice.sentence or get_runtime().clock() - notice.said_at > NOTICE_LIFE:
        return
    if notice.is_refusal:
        st.error(as_plain(notice.sentence), icon=":material/error:")
    else:
        st.success(as_plain(notice.sentence), icon=":material/check_circle:")


def show_empty(title: str, advice: str) -> None:
    """A card where a list would be: what is missing, and what to do about it."""
    with st.container(border=True):
        st.markdown(f"**{as_plain(title)}**")
        st.text(advice)


def _notice_name(page: str) -> str:
    return f"{page}_notice"
