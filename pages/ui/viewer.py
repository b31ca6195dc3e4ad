"""The viewer behind this run: the language of their browser, and the sentences in it."""

from datetime import timedelta

import streamlit as st

from data.database import StorageFailed
from gate.errors import GateRefusal
from gate.visits import Visit
from pages.ui.asking import get_browser_hash, get_network
from pages.ui.runtime import get_runtime
from pages.ui.words import refusal_sentence, say, say_wait, viewer_language


def get_language() -> str:
    """Two letters of the language in which this viewer is spoken to."""
    return viewer_language(st.context.locale)


def tell(name: str, /, **values: object) -> str:
    """The sentence of this name in the viewer's language."""
    return say(name, language=get_language(), **values)


def tell_wait(wait: timedelta) -> str:
    """How long that is, in the viewer's language."""
    return say_wait(wait, language=get_language())


def tell_refusal(refusal: GateRefusal | StorageFailed) -> str:
    """What the viewer is told when the gate says no, in their language."""
    return refusal_sentence(refusal, language=get_language())


def get_visit(slug: str) -> Visit:
    """This browser at this link's gate, now."""
    return Visit(get_browser_hash(), slug, get_runtime().clock(), get_network(), get_language())
