"""Acting once, however often a form is submitted."""

import threading
import time
from collections.abc import Callable

import pytest

from pages.ui.once import act_once


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


def run_at_once(count: int, act: Callable[[], int]) -> list[int]:
    heard: list[int] = []
    threads = [threading.Thread(target=lambda: heard.append(act())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard
