"""The queue of codes that wait to be sent: bounded, in this process, one for each channel.

Nobody at the gate waits for a provider: its time tells nothing, and its outage blocks nobody.
"""

import heapq
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from gate.delivery.deliverer import CodeMessage, Deliverer, FailureKind, SendingFailed

WORKERS = 8
MOST_WAITING = 1_000
# What a failure of one message says of the channel that all go through.
_TROUBLES = frozenset({FailureKind.UNREACHABLE, FailureKind.REFUSED, FailureKind.STOPPED})

_log = structlog.get_logger(__name__)


class Stage(StrEnum):
    """What became of a sending in one step."""

    ACCEPTED = "accepted"
    DELAYED = "delayed"
    FAILED = "failed"
    UNDELIVERABLE = "undeliverable"
    UNCERTAIN = "uncertain"
    HELD_BACK = "held_back"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class SendingJob:
    """One code to hand over; a decoy goes the same way to the provider, and is not handed over."""

    delivery_id: int
    challenge_id: int
    message: CodeMessage
    is_decoy: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a job, `is_told` if its viewer has to hear of it."""

    job: SendingJob
    stage: Stage
    reason: str | None = None
    provider_message_id: str | None = None
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the channel did not work when it was last asked to; `reason` is for the owner."""

    kind: FailureKind
    reason: str

    def holds_for(self, job: SendingJob) -> bool:
        """Whether it is clear, without asking the provider, that this job will fail too.

        A decoy cannot find out whether wrong settings were mended: it fails until a message tells.
        """
        is_beyond_probing = job.is_decoy and self.kind is FailureKind.REFUSED
        return self.kind is FailureKind.STOPPED or is_beyond_probing


@dataclass(order=True, slots=True)
class _Waiting:
    due: float
    number: int
    job: SendingJob = field(compare=False)
    delays_used: int = field(default=0, compare=False)


class SendingQueue:
    """Hands jobs to one deliverer from its own threads, and reports each step.

    `wanted` says whether a job's code still opens something, `report` notes a step. Both run in
    the queue's threads and read the database. `workers=0` runs nothing by itself: `work_off` does.
    """

    def __init__(
        self,
        deliverer: Deliverer,
        *,
        wanted: Callable[[SendingJob], bool],
        report: Callable[[Report], None],
        workers: int = WORKERS,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """Start the threads."""
        self.deliverer = deliverer
        self.trouble: Trouble | None = None
        self._wanted, self._report = wanted, report
        self._most_waiting = most_waiting
        self._waiting: list[_Waiting] = []
        self._numbers = 0
        self._is_closed = False
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, name=f"sending-{number}", daemon=True)
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def stopped_because(self) -> str | None:
        """Why the channel sends nothing until its owner acts; None while it sends."""
        trouble = self.trouble
        return trouble.reason if trouble and trouble.kind is FailureKind.STOPPED else None

    def put(self, job: SendingJob) -> bool:
        """Whether the job was taken; False when too many wait already."""
        with self._changed:
            if self._is_closed or len(self._waiting) >= self._most_waiting:
                return False
            self._push(job, time.monotonic(), 0)
        return True

    def count_waiting(self) -> int:
        """How many jobs wait, for now or for another try."""
        with self._changed:
            return len(self._waiting)

    def resume(self) -> None:
        """Send again after the channel was stopped."""
        self.trouble = None

    def try_out(self, message: CodeMessage) -> None:
        """Hand one message over now, in this thread, whatever the channel's trouble was.

        Raises:
            SendingFailed: as the deliverer says.
        """
        try:
            self.deliverer.deliver(message)
        except SendingFailed as failure:
            self._note_trouble(failure)
            raise
        if self.stopped_because is None:
            self.trouble = None

    def work_off(self, *, later_too: bool = False) -> None:
        """Carry out in this thread what is due; with `later_too` also what waits for its time."""
        while True:
            with self._changed:
                is_due = self._waiting and (later_too or self._waiting[0].due <= time.monotonic())
                waiting = heapq.heappop(self._waiting) if is_due else None
            if waiting is None:
                return
            self._carry_out(waiting)

    def close(self, *, wait_seconds: float = 5.0) -> None:
        """Take no more, and let what is on its way finish; what still waits stays unsent."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        deadline = time.monotonic() + wait_seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _push(self, job: SendingJob, due: float, delays_used: int) -> None:
        self._numbers += 1
        heapq.heappush(self._waiting, _Waiting(due, self._numbers, job, delays_used))
        self._changed.notify()

    def _work(self) -> None:
        while (waiting := self._take()) is not None:
            try:
                self._carry_out(waiting)
            except Exception as failure:
                # One job's trouble must not end the thread that all others wait for.
                _log.error("sending_broke", job=waiting.job.delivery_id, exc_info=failure)

    def _take(self) -> _Waiting | None:
        with self._changed:
            while not self._is_closed:
                now = time.monotonic()
                if self._waiting and self._waiting[0].due <= now:
                    return heapq.heappop(self._waiting)
                self._changed.wait(self._waiting[0].due - now if self._waiting else None)
        return None

    def _carry_out(self, waiting: _Waiting) -> None:
        job, trouble = waiting.job, self.trouble
        if not self._wanted(job):
            self._tell(Report(job, Stage.DROPPED, "A newer code took its place"))
        elif trouble is not None and trouble.holds_for(job):
            self._tell(Report(job, Stage.FAILED, trouble.reason, is_told=True))
        else:
            self._deliver(waiting)

    def _deliver(self, waiting: _Waiting) -> None:
        job = waiting.job
        try:
            number = None if job.is_decoy else self.deliverer.deliver(job.message)
            if job.is_decoy:
                self.deliverer.probe()
        except SendingFailed as failure:
            self._note_failure(waiting, failure)
        else:
            # What a probe went through, a message need not.
            if not job.is_decoy:
                self.trouble = None
            stage = Stage.HELD_BACK if job.is_decoy else Stage.ACCEPTED
            self._tell(Report(job, stage, provider_message_id=number))

    def _note_failure(self, waiting: _Waiting, failure: SendingFailed) -> None:
        job, kind = waiting.job, failure.kind
        self._note_trouble(failure)
        if kind is FailureKind.ADDRESS:
            self._tell(Report(job, Stage.UNDELIVERABLE, failure.reason))
            return
        if kind is FailureKind.UNKNOWN:
            self._tell(Report(job, Stage.UNCERTAIN, failure.reason))
            return
        if waiting.delays_used < len(failure.retry_delays):
            delay = failure.retry_delays[waiting.delays_used]
            is_told = kind is not FailureKind.BUSY
            self._tell(Report(job, Stage.DELAYED, failure.reason, is_told=is_told))
            with self._changed:
                self._push(job, time.monotonic() + delay, waiting.delays_used + 1)
        else:
            self._tell(Report(job, Stage.FAILED, failure.reason, is_told=True))

    def _tell(self, told: Report) -> None:
        try:
            self._report(told)
        except Exception as failure:
            # What cannot be written down, as on a full disk, must not keep a code from its viewer.
            _log.error("sending_not_noted", job=told.job.delivery_id, exc_info=failure)

    def _note_trouble(self, failure: SendingFailed) -> None:
        is_the_channels = failure.kind in _TROUBLES
        is_stopped = self.trouble is not None and self.trouble.kind is FailureKind.STOPPED
        if is_the_channels and not is_stopped:
            self.trouble = Trouble(failure.kind, failure.reason)
