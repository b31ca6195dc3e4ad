"""Numbers for Prometheus, for whoever has the operator's token. Nobody's data is in them."""

import secrets
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data.engine.timings import BOUNDS_SECONDS, CURSORS, QUESTIONS, UNITS, Timings
from data.gate_counts import count_gate_steps, count_saved_units, count_sends
from data.memory import measure_memory
from gate.kept_backups import find_backups, find_newest_backup
from pages.ui.runtime import Runtime, get_runtime

_RECENT = timedelta(hours=24)
_NO_STORE = {"Cache-Control": "no-store"}


class RuntimeCollector:
    """What this process knows, read anew for each answer."""

    def __init__(self, runtime: Runtime) -> None:
        """Read from this runtime."""
        self._runtime = runtime

    def collect(self) -> Iterator[Metric]:
        """Every number of ours."""
        yield from _gate_metrics(self._runtime)
        yield from _storage_metrics(self._runtime)
        yield _histogram("gatebook_question_seconds", "Reading from the database", QUESTIONS)
        yield _histogram("gatebook_unit_seconds", "Units of work, waiting included", UNITS)


async def show_metrics(request: Request) -> Response:
    """The numbers as text; 404 where the operator set no token, 401 without it."""
    token = get_runtime().settings.metrics_token
    if token is None:
        return Response(status_code=404)
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    given = given if scheme.lower() == "bearer" else ""
    if not secrets.compare_digest(given.encode(), token.get_secret_value().encode()):
        return PlainTextResponse(
            "The metrics token is needed.", 401, {"WWW-Authenticate": "Bearer", **_NO_STORE}
        )
    text = await run_in_threadpool(_render, get_runtime())
    return Response(text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, **_NO_STORE})


def _render(runtime: Runtime) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(RuntimeCollector(runtime))
    return generate_latest(registry)


def _gate_metrics(runtime: Runtime) -> Iterator[Metric]:
    now = runtime.clock()
    steps = CounterMetricFamily(
        "gatebook_gate_steps",
        "Steps and refusals at all gates since the start; admitted is a pass, viewed a session",
        labels=("step", "channel"),
    )
    for labels, count in count_gate_steps(runtime.db, runtime.started_at or now).items():
        steps.add_metric(labels, count)
    sends = GaugeMetricFamily(
        "gatebook_sends",
        "Codes asked for in the last 24 hours, by what became of them",
        labels=("channel", "state"),
    )
    for labels, count in count_sends(runtime.db, now - _RECENT).items():
        sends.add_metric(labels, count)
    waiting = GaugeMetricFamily(
        "gatebook_sends_waiting", "Codes in the queue to be sent", labels=("channel",)
    )
    for channel, queue in runtime.queues.items():
        waiting.add_metric((channel,), queue.count_waiting())
    yield from (steps, sends, waiting)


def _storage_metrics(runtime: Runtime) -> Iterator[Metric]:
    path, home = runtime.db.path, runtime.settings.home
    sizes = GaugeMetricFamily("gatebook_file_bytes", "Bytes on the disk", labels=("kind",))
    sizes.add_metric(("database",), _size_of(path))
    sizes.add_metric(("log",), _size_of(path.with_name(path.name + ".wal")))
    for kind in ("documents", "spill", "outbox"):
        sizes.add_metric((kind,), sum(_size_of(file) for file in (home / kind).glob("*")))
    backups = find_backups(runtime.backups)
    sizes.add_metric(("backups",), sum(backup.byte_count for backup in backups))
    free = GaugeMetricFamily("gatebook_disk_free_bytes", "Space left where the database is")
    free.add_metric((), shutil.disk_usage(home).free)
    units = CounterMetricFamily("gatebook_saved_units", "Units of work saved in the database")
    units.add_metric((), count_saved_units(runtime.db))
    cursors = GaugeMetricFamily(
        "gatebook_open_cursors", "Questions, downloads and units of work that are under way"
    )
    cursors.add_metric((), CURSORS.count)
    memory = GaugeMetricFamily(
        "gatebook_database_memory_bytes", "Memory that the database says it has"
    )
    memory.add_metric((), measure_memory(runtime.db))
    blocks = GaugeMetricFamily(
        "gatebook_python_blocks", "Pieces of memory that are in use by Python"
    )
    blocks.add_metric((), sys.getallocatedblocks())
    yield from (sizes, free, units, cursors, memory, blocks)
    newest = find_newest_backup(backups, runtime.clock())
    if newest is not None:
        made_at = GaugeMetricFamily(
            "gatebook_backup_timestamp_seconds", "When the newest whole backup was made"
        )
        made_at.add_metric((), newest.made_at.timestamp())
        yield made_at


def _histogram(name: str, about: str, timings: Timings) -> Metric:
    read = timings.read()
    bounds = [*map(str, BOUNDS_SECONDS), "+Inf"]
    family = HistogramMetricFamily(name, about)
    counts = [float(count) for count in (*read.at_most, read.total)]
    family.add_metric((), list(zip(bounds, counts, strict=True)), read.sum_seconds)
    return family


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


metrics_routes = [Route("/metrics", show_metrics)]
