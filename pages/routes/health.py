"""Whether the server lives, and whether it can save: for a supervisor, a proxy, and `./run`."""

import threading
import time
from dataclasses import dataclass, field

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data.database import Database, DatabaseError
from pages.ui.runtime import get_runtime

# Anybody may ask, and each answer costs a write.
ANSWER_LIFE_SECONDS = 5.0
# Whoever asks while a unit of work takes longer than this is told so.
PATIENCE_SECONDS = 2.0

_log = structlog.get_logger(__name__)
_NO_STORE = {"Cache-Control": "no-store"}


@dataclass
class Readiness:
    """The last answer to whether something can be saved, and when it was found."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _answer: str = ""
    _found_at: float = float("-inf")

    def ask(self, db: Database) -> str:
        """Why nothing can be saved now; empty if it can."""
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            return "busy: what is being saved takes long"
        try:
            if time.monotonic() - self._found_at >= ANSWER_LIFE_SECONDS:
                self._answer = _try_to_save(db)
                self._found_at = time.monotonic()
            return self._answer
        finally:
            self._lock.release()


_readiness = Readiness()


async def show_health(request: Request) -> Response:
    """200 and `ok` while the process answers."""
    return PlainTextResponse("ok", headers=_NO_STORE)


async def show_readiness(request: Request) -> Response:
    """200 and `ready` while what people do can be saved, else 503 and why not."""
    reason = await run_in_threadpool(_readiness.ask, get_runtime().db)
    if reason:
        return PlainTextResponse(reason, 503, _NO_STORE)
    return PlainTextResponse("ready", headers=_NO_STORE)


def _try_to_save(db: Database) -> str:
    try:
        with db.transaction():
            # A unit of work writes its own number.
            pass
    except DatabaseError as failure:
        return f"not ready: {type(failure).__name__}"
    except Exception as failure:
        # Whatever it is, nothing can be saved now, and whoever watches has to hear of it.
        _log.error("not_ready", exc_info=failure)
        return f"not ready: {type(failure).__name__}"
    return ""


health_routes = [Route("/healthz", show_health), Route("/readyz", show_readiness)]
