"""What the gate's steps share: one step taken once, and what the gate said of it."""

from collections.abc import Callable
from html import escape

import streamlit as st

from data.database import StorageFailed
from data.entries import GateEntry
from gate.challenges import MoreCodesNeeded
from gate.codes import secret_hash
from gate.errors import GateRefusal
from gate.passes import Grant
from pages.ui.once import act_once
from pages.ui.session import forget, recall, remember, spend_nonce
from pages.ui.viewer import tell_refusal

Step = Grant | GateEntry | MoreCodesNeeded | None

GRANT = "gate:grant"
NONCE = "gate"
_REFUSAL = "gate:refusal"


def take_step(submission: list[str], act: Callable[[], Step]) -> None:
    """Take one step, once per submission; where the gate says no, the page says why.

    A submission begins with its form's nonce, and is another one if anything in it differs.

    Impatient clicks overtake each other, so that each of them has to bring the outcome along.
    """
    nonce = submission[0]
    try:
        result = act_once(secret_hash("|".join(submission)), act)
    except (GateRefusal, StorageFailed) as refusal:
        remember(_REFUSAL, tell_refusal(refusal))
    else:
        forget(_REFUSAL)
        if isinstance(result, Grant):
            remember(GRANT, result.token)
    spend_nonce(NONCE, nonce)


def show_refusal() -> None:
    """What the gate said of the last step, until another step is taken."""
    told = recall(_REFUSAL, "")
    if told:
        show_alert(told)


def has_refusal() -> bool:
    """Whether the page says that the gate said no to the last step."""
    return bool(recall(_REFUSAL, ""))


def drop_refusal() -> None:
    """Say nothing of the last step: the page says it in its own way."""
    forget(_REFUSAL)


def show_alert(sentence: str) -> None:
    """A sentence that is seen, and announced to who listens."""
    # Not st.error: it reads Markdown, which turns the example of an address into a link.
    st.html(f'<p role="alert" class="refusal">{escape(sentence)}</p>')
