"""The viewer behind this run: the language of their browser, and the sentences in it."""

from contextlib import suppress
from datetime import timedelta

import streamlit as st

from data.accounts import get_account
from data.database import StorageFailed
from gate.errors import GateRefusal, LinkUnavailable
from gate.visits import Visit, require_live_link
from pages.ui.asking import get_browser_hash, get_network
from pages.ui.runtime import get_runtime, is_started
from pages.ui.words import (
    accepted_language,
    is_right_to_left,
    isolate,
    refusal_sentence,
    say,
    say_wait,
)


def get_language() -> str:
    """Two letters of the language in which this viewer is spoken to."""
    others = st.context.headers.get("Accept-Language") or ""
    return accepted_language(f"{st.context.locale or ''},{others}")


def tell(name: str, /, **values: object) -> str:
    """The sentence of this name in the viewer's language."""
    return say(name, language=get_language(), **values)


def tell_name(name: str) -> str:
    """The name of a link or document, in its own direction on this viewer's page."""
    return isolate(name) if is_right_to_left(get_language()) else name


def tell_wait(wait: timedelta) -> str:
    """How long that is, in the viewer's language."""
    return say_wait(wait, language=get_language())


def tell_refusal(refusal: GateRefusal | StorageFailed) -> str:
    """What the viewer is told when the gate says no, in their language."""
    return refusal_sentence(refusal, language=get_language())


def tell_title(slug: str) -> str:
    """What the browser's tab says of a share link: who shares it; our name if it does not open."""
    if is_started():
        runtime = get_runtime()
        with suppress(LinkUnavailable):
            require_live_link(runtime.db, slug, runtime.clock())
            return tell("page.shared_by", account=get_account(runtime.db).name)
    return "Gatebook"


def get_visit(slug: str) -> Visit:
    """This browser at this link's gate, now."""
    return Visit(get_browser_hash(), slug, get_runtime().clock(), get_network(), get_language())
