"""One outcome for one form, however often impatient clicks submit it.

Two clicks run a callback in two threads, and what the overtaken one then writes to the page's
state is dropped by Streamlit. So the first carries the act out, and each of them gets its outcome
to tell. Outcomes hold what people typed, so they are kept for minutes only.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")

KEPT_OUTCOMES = 1_000
# A click is sent again within two minutes, in which a lost connection is taken up again, or never.
KEPT_SECONDS = 300
LONGEST_WAIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Submission(Generic[T]):
    """What became, or will become, of a form that was submitted at this moment."""

    outcome: Future[T] = field(default_factory=Future)
    submitted_at: float = field(default_factory=time.monotonic)


_lock = threading.Lock()
_submissions: OrderedDict[str, _Submission[Any]] = OrderedDict()


def act_once(nonce: str, act: Callable[[], T]) -> T:
    """What `act` gave to the first caller with this nonce; the others wait for it."""
    drop_old_outcomes()
    with _lock:
        is_first = nonce not in _submissions
        outcome: Future[T] = _submissions.setdefault(nonce, _Submission()).outcome
        while len(_submissions) > KEPT_OUTCOMES:
            _submissions.popitem(last=False)
    if is_first:
        _settle(outcome, act)
    return outcome.result(LONGEST_WAIT_SECONDS)


def drop_old_outcomes(kept_seconds: float = KEPT_SECONDS) -> None:
    """Forget what became of forms that were submitted longer ago than this."""
    oldest = time.monotonic() - kept_seconds
    with _lock:
        while _submissions and next(iter(_submissions.values())).submitted_at < oldest:
            _submissions.popitem(last=False)


def let_go_of_stack(failure: BaseException) -> None:
    """Keep a failure that was caught without the run of a page that it was raised in.

    Through its traceback, an outcome or a page's state would hold that run's whole stack, and in
    it all that the session has.
    """
    links: BaseException | None = failure
    while links is not None:
        links.__traceback__ = None
        links = links.__cause__ or links.__context__


def _settle(outcome: Future[T], act: Callable[[], T]) -> None:
    try:
        outcome.set_result(act())
    except BaseException as failure:
        # Whoever waits must hear of it too; `result` raises it again for all of them.
        outcome.set_exception(failure)
