"""What the gate's steps share: one step taken once, and what the gate said of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from data.database import StorageFailed
from data.entries import GateEntry
from data.records import Channel
from gate.challenges import MoreCodesNeeded
from gate.codes import secret_hash
from gate.errors import ChallengeClosed, GateRefusal, InvalidIdentifier, TooManyRequests
from gate.passes import Grant
from pages.ui.once import act_once, let_go_of_stack
from pages.ui.runtime import get_runtime
from pages.ui.session import forget, recall, remember, spend_nonce
from pages.ui.viewer import tell_refusal

Step = Grant | GateEntry | MoreCodesNeeded | None

GRANT = "gate:grant"
NONCE = "gate"
_REFUSAL, _COUNT = "gate:refusal", "gate:refusals"


@dataclass(frozen=True, slots=True)
class _Refused:
    """What the gate said of a step, and when; `number` tells it from the one before."""

    refusal: GateRefusal | StorageFailed
    said_at: datetime
    number: int


def take_step(submission: list[str], act: Callable[[], Step]) -> None:
    """Take one step, once per submission; where the gate says no, the page says why.

    A submission begins with its form's nonce, and is another one if anything in it differs.
    Impatient clicks overtake each other, so that each of them has to bring the outcome along.
    """
    nonce = submission[0]
    try:
        result = act_once(secret_hash("|".join(submission)), act)
    except (GateRefusal, StorageFailed) as refusal:
        let_go_of_stack(refusal)
        _note_refusal(refusal)
    else:
        forget(_REFUSAL)
        if isinstance(result, Grant):
            remember(GRANT, result.token)
    spend_nonce(NONCE, nonce)


def _note_refusal(refusal: GateRefusal | StorageFailed) -> None:
    number = recall(_COUNT, 0) + 1
    remember(_COUNT, number)
    remember(_REFUSAL, _Refused(refusal, get_runtime().clock(), number))


def has_refusal() -> bool:
    """Whether the page says that the gate said no to the last step."""
    return recall(_REFUSAL, None) is not None


def find_faulty_channel() -> Channel | None:
    """Whose address was typed wrong in the last step, if that was what the gate said no to."""
    refused: _Refused | None = recall(_REFUSAL, None)
    if refused is None or not isinstance(refused.refusal, InvalidIdentifier):
        return None
    return refused.refusal.channel


def drop_refusal(kind: type[Exception] = Exception) -> None:
    """Say nothing of the last step if it was refused like this: the page says it in its own way."""
    refused: _Refused | None = recall(_REFUSAL, None)
    if refused is not None and isinstance(refused.refusal, kind):
        forget(_REFUSAL)


def show_refusal() -> None:
    """What the gate said of the last step, until another is taken; its wait counts down."""
    refused: _Refused | None = recall(_REFUSAL, None)
    if refused is not None and _is_waiting(refused.refusal, refused.said_at):
        _count_refusal_down()
    else:
        draw_refusal()


@st.fragment(run_every=1.0)
def _count_refusal_down() -> None:
    draw_refusal()


def draw_refusal() -> None:
    """As `show_refusal`, for a part of the page that is drawn each second anyway."""
    refused: _Refused | None = recall(_REFUSAL, None)
    if refused is None:
        return
    if isinstance(refused.refusal, TooManyRequests | ChallengeClosed):
        draw_wait(refused.refusal, refused.said_at, refused.number)
    else:
        show_alert(tell_refusal(refused.refusal), refused.number)


def draw_wait(
    refusal: TooManyRequests | ChallengeClosed, said_at: datetime, number: int = 0
) -> None:
    """What is left of this wait; announced once, as it was when it was said."""
    left = said_at + refusal.wait - get_runtime().clock()
    if isinstance(refusal, TooManyRequests) and left <= timedelta(0):
        drop_refusal()
        return
    told, now = tell_refusal(refusal), tell_refusal(type(refusal)(left))
    st.html(
        f'<p role="alert" class="unseen" data-number="{number}">{escape(told)}</p>'
        f'<p aria-hidden="true" class="refusal">{escape(now)}</p>'
    )


def _is_waiting(refusal: GateRefusal | StorageFailed, said_at: datetime) -> bool:
    if not isinstance(refusal, TooManyRequests | ChallengeClosed):
        return False
    return said_at + refusal.wait > get_runtime().clock()


def show_alert(sentence: str, number: int = 0) -> None:
    """A sentence that is seen, and announced to who listens; again with another number."""
    # Not st.error: it reads Markdown, which turns the example of an address into a link.
    st.html(f'<p role="alert" class="refusal" data-number="{number}">{escape(sentence)}</p>')


def show_done(sentence: str) -> None:
    """A sentence about what went well, seen and announced."""
    st.html(f'<p role="status" class="done">{escape(sentence)}</p>')
