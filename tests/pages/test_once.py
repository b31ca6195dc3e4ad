"""Acting once, however often a form is submitted."""

import gc
import threading
import time
import weakref
from collections.abc import Callable

import pytest

from pages.ui.once import act_once, drop_old_outcomes, let_go_of_stack


def test_impatient_clicks_act_once_and_all_hear_the_outcome() -> None:
    acted: list[int] = []

    def act() -> int:
        time.sleep(0.05)
        acted.append(1)
        return len(acted)

    heard = run_at_once(8, lambda: act_once("one form", act))
    assert (heard, acted) == ([1] * 8, [1])


def test_an_act_that_fails_fails_for_every_click() -> None:
    def act() -> int:
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            act_once("a form that fails", act)


def test_what_became_of_a_form_is_forgotten_after_a_while() -> None:
    seen = weakref.ref(act_once("a form of this morning", Typed))
    drop_old_outcomes()
    assert seen() is not None
    drop_old_outcomes(kept_seconds=0)
    assert seen() is None


def test_a_refusal_that_is_kept_keeps_nothing_of_the_page_that_it_was_raised_in() -> None:
    seen = weakref.ref(submit_in_vain())
    gc.collect()
    assert seen() is None


class Typed:
    """What somebody typed."""


def submit_in_vain() -> Typed:
    typed = Typed()

    def act() -> None:
        try:
            int("no number")
        except ValueError as failure:
            raise LookupError from failure

    try:
        act_once("a form that is refused", act)
    except LookupError as refusal:
        let_go_of_stack(refusal)
    return typed


def run_at_once(count: int, act: Callable[[], int]) -> list[int]:
    heard: list[int] = []
    threads = [threading.Thread(target=lambda: heard.append(act())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard
