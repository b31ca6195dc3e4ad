"""Sending what webhooks are to be told: from its own threads, out of what the acts have written.

Nothing waits in memory, so that nothing is lost over a restart. A message can arrive twice, when
the process ends between its receiver's answer and our note of it; its id is the same then.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog

from data.accounts import get_account
from data.database import Database
from data.webhook_deliveries import (
    HookDelivery,
    HookState,
    HookTry,
    find_due_webhooks,
    get_due_delivery,
    note_hook_try,
)
from data.webhooks import Webhook, get_webhook, turn_webhook_off
from gate.codes import Pepper
from gate.delivery.webhook_request import HookAnswer, HookFailed, HookSender
from gate.delivery.webhook_signing import derive_signing_keys, sign_message
from gate.entitlements import Feature, is_entitled
from gate.limits import LONGEST_RETRY_AFTER, MOST_WEBHOOKS, WEBHOOK_WAITS

POLL_SECONDS = 1.0
CLOSE_SECONDS = 3.0
REST_SECONDS = 60.0
_GONE = 410
_GONE_WORDS = "It answered that it is gone (410), so it was turned off"

_log = structlog.get_logger(__name__)


class WebhookPost:
    """Sends what is due, to each webhook one after another, to different ones at once.

    `polls=False` runs nothing by itself: `work_off` does.
    """

    def __init__(
        self,
        db: Database,
        pepper: Pepper,
        clock: Callable[[], datetime],
        sender: HookSender,
        *,
        polls: bool = True,
    ) -> None:
        """Begin with whatever the database says is due."""
        self._db, self._pepper, self._clock, self._sender = db, pepper, clock, sender
        self._busy: set[int] = set()
        self._resting_until: dict[int, float] = {}
        self._lock = threading.Lock()
        self._is_closed = threading.Event()
        self._pool = ThreadPoolExecutor(MOST_WEBHOOKS, thread_name_prefix="webhook")
        self._poller = threading.Thread(target=self._poll, name="webhooks", daemon=True)
        if polls:
            self._poller.start()

    @property
    def allows_loopback(self) -> bool:
        """Whether webhooks on this machine are told too."""
        return self._sender.allows_loopback

    def work_off(self) -> None:
        """Send in this thread what is due."""
        for webhook_id in self._find_due():
            self._send_due(webhook_id)

    def close(self) -> None:
        """Send nothing more; what is on its way has a moment, what waits stays for the start."""
        self._is_closed.set()
        if self._poller.is_alive():
            self._poller.join()
        self._pool.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + CLOSE_SECONDS
        while self._busy and time.monotonic() < deadline:
            time.sleep(0.05)
        self._sender.cut_all()
        self._pool.shutdown(wait=True)

    def _poll(self) -> None:
        while not self._is_closed.wait(POLL_SECONDS):
            try:
                for webhook_id in self._find_due():
                    self._begin(webhook_id)
            except Exception as failure:
                # A round that fails, as on a full disk, is the next one's work.
                _log.error("webhooks_not_looked_at", exc_info=failure)

    def _find_due(self) -> list[int]:
        due = find_due_webhooks(self._db, self._clock())
        if due and not is_entitled(get_account(self._db).plan, Feature.WEBHOOKS):
            return []
        return due

    def _begin(self, webhook_id: int) -> None:
        with self._lock:
            is_resting = time.monotonic() < self._resting_until.get(webhook_id, 0.0)
            if is_resting or webhook_id in self._busy:
                return
            self._busy.add(webhook_id)
        try:
            self._pool.submit(self._carry_on, webhook_id)
        except RuntimeError:
            # It was closed in this very moment.
            self._busy.discard(webhook_id)

    def _carry_on(self, webhook_id: int) -> None:
        try:
            self._send_due(webhook_id)
        except Exception as failure:
            # What cannot be written down, as on a full disk, would be sent again and again.
            self._resting_until[webhook_id] = time.monotonic() + REST_SECONDS
            _log.error("webhook_broke", webhook_id=webhook_id, exc_info=failure)
        finally:
            with self._lock:
                self._busy.discard(webhook_id)

    def _send_due(self, webhook_id: int) -> None:
        """Send one after another until nothing is due, or one fails: then others may go first."""
        while not self._is_closed.is_set():
            # Read again each time: it may be erased, turned off or given another secret by now.
            webhook = get_webhook(self._db, webhook_id)
            delivery = get_due_delivery(self._db, webhook_id, self._clock())
            if webhook is None or delivery is None:
                return
            what, is_gone = self._try(webhook, delivery)
            with self._db.transaction() as tx:
                note_hook_try(tx, delivery.webhook_delivery_id, what)
                if is_gone:
                    turn_webhook_off(tx, webhook_id, _GONE_WORDS)
            if what.state is not HookState.DELIVERED:
                return

    def _try(self, webhook: Webhook, delivery: HookDelivery) -> tuple[HookTry, bool]:
        """What one try came to, and whether the receiver said that it is there no more."""
        now = self._clock()
        body = delivery.payload.encode()
        seconds = int(now.timestamp())
        keys = [key for salt in _live_salts(webhook, now) for key in self._keys(salt)]
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Gatebook-Webhooks",
            "webhook-id": delivery.message_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": sign_message(keys, delivery.message_id, seconds, body),
        }
        try:
            answer = self._sender.send(webhook.address, headers, body)
        except HookFailed as failure:
            return _judge_failure(delivery, now, failure.reason), False
        return judge_answer(delivery, now, answer), answer.status == _GONE

    def _keys(self, salt: str) -> list[bytes]:
        return derive_signing_keys(self._pepper, salt)


def judge_answer(delivery: HookDelivery, now: datetime, answer: HookAnswer) -> HookTry:
    """What an answer makes of a delivery. Anything but 2xx is a failure; none is followed."""
    if 200 <= answer.status < 300:
        return HookTry(HookState.DELIVERED, now, status=answer.status, told=answer.told)
    asked = timedelta(seconds=answer.retry_after_seconds or 0)
    next_try_at = find_next_try(delivery.tries, now, least=asked)
    if answer.status == _GONE:
        next_try_at = None
    return HookTry(
        HookState.FAILED if next_try_at is None else HookState.WAITING,
        now,
        next_try_at=next_try_at,
        status=answer.status,
        reason=_explain_status(answer.status),
        told=answer.told,
    )


def find_next_try(tries: int, now: datetime, *, least: timedelta) -> datetime | None:
    """When to try again after so many earlier tries; None when it is given up.

    `least` is what the receiver asks for, which is heard up to a day.
    """
    if tries >= len(WEBHOOK_WAITS):
        return None
    return now + max(WEBHOOK_WAITS[tries], min(least, LONGEST_RETRY_AFTER))


def _judge_failure(delivery: HookDelivery, now: datetime, reason: str) -> HookTry:
    next_try_at = find_next_try(delivery.tries, now, least=timedelta(0))
    state = HookState.FAILED if next_try_at is None else HookState.WAITING
    return HookTry(state, now, next_try_at=next_try_at, reason=reason)


def _live_salts(webhook: Webhook, now: datetime) -> list[str]:
    previous, until = webhook.previous_salt, webhook.previous_until
    is_live = previous is not None and until is not None and now < until
    return [webhook.salt, previous] if is_live and previous else [webhook.salt]


def _explain_status(status: int) -> str:
    if 300 <= status < 400:
        return f"It answered {status}, a redirect, which is not followed. Change the address"
    return f"It answered {status}"
