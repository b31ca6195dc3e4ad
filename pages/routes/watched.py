"""A response that ends while it is under way, once whoever receives it may not have it any more."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A revoked link or contact is dead on every route within 15 seconds (GATE.md §2).
RECHECK_SECONDS = 10.0


class _NoLongerPermitted(Exception):
    """The rest is not sent."""


@dataclass(frozen=True, slots=True)
class WatchedResponse:
    """The response, cut off when `is_permitted` says no; it is asked every 10 s, in a thread."""

    response: ASGIApp
    is_permitted: Callable[[], bool]
    recheck_seconds: float = RECHECK_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request; a body that is not finished tells the browser that it was cut."""
        checked_at = time.monotonic()

        async def send_if_permitted(message: Message) -> None:
            nonlocal checked_at
            is_body = message["type"] == "http.response.body"
            if is_body and time.monotonic() - checked_at >= self.recheck_seconds:
                if not await run_in_threadpool(self.is_permitted):
                    raise _NoLongerPermitted
                checked_at = time.monotonic()
            await send(message)

        try:
            await self.response(scope, receive, send_if_permitted)
        except _NoLongerPermitted:
            return
