"""One outcome for one form, however often impatient clicks submit it.

Two clicks run a callback in two threads, and what the overtaken one then writes to the page's
state is dropped by Streamlit. So the first carries the act out, and each of them gets its outcome
to tell.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

KEPT_OUTCOMES = 1_000
LONGEST_WAIT_SECONDS = 60

_lock = threading.Lock()
_outcomes: OrderedDict[str, Future[Any]] = OrderedDict()


def act_once(nonce: str, act: Callable[[], T]) -> T:
    """What `act` gave to the first caller with this nonce; the others wait for it."""
    with _lock:
        is_first = nonce not in _outcomes
        outcome: Future[T] = _outcomes.setdefault(nonce, Future())
        while len(_outcomes) > KEPT_OUTCOMES:
            _outcomes.popitem(last=False)
    if is_first:
        _settle(outcome, act)
    return outcome.result(LONGEST_WAIT_SECONDS)


def _settle(outcome: Future[T], act: Callable[[], T]) -> None:
    try:
        outcome.set_result(act())
    except BaseException as failure:
        # Whoever waits must hear of it too; `result` raises it again for all of them.
        outcome.set_exception(failure)
