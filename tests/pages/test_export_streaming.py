"""A download as the server sends it: at once, of one moment, and over when its reader leaves."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial

import pytest
import uvicorn
from starlette.applications import Starlette

from data.database import Database
from data.records import ShareLink
from gate.exports import OpenedExport
from pages.routes import exports
from pages.routes.exports import attachment_named, export_routes
from pages.ui import running_exports
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import Runtime
from tests.data.exports import add_many
from tests.factories import add_share_link, add_workspace
from tests.gate.conftest import Desk, pass_unverified

WAIT_SECONDS = 20


@contextmanager
def serving() -> Iterator[int]:
    """The port of the export routes on a real server."""
    app = Starlette(routes=export_routes)
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _wait_until(lambda: server.started)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(WAIT_SECONDS)


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def _ask(port: int, path: str, browser_hash: str) -> socket.socket:
    asking = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
    asking.sendall(
        f"GET {path} HTTP/1.1\r\nHost: x\r\n{BROWSER_HEADER}: {browser_hash}\r\n\r\n".encode()
    )
    return asking


def _running() -> list[OpenedExport]:
    return running_exports.find_running(1)


@pytest.mark.parametrize("extension", ["csv", "jsonl", "xlsx", "vcf"])
def test_whoever_leaves_ends_the_download(
    db: Database, runtime: Runtime, owner_browser: str, extension: str
) -> None:
    add_many(db, 100_000)
    with serving() as port:
        asking = _ask(port, f"/export/contacts.{extension}", owner_browser)
        assert asking.recv(64).startswith(b"HTTP/1.1 200")
        _wait_until(lambda: bool(_running()) and _running()[0].rows_sent > 0)
        (opened,) = _running()
        asking.close()
        _wait_until(lambda: not _running())
    assert 0 < opened.rows_sent < opened.row_count
    assert list((db.path.parent / "spill").iterdir()) == []
    db.checkpoint()


def test_whoever_takes_nothing_is_not_waited_for_for_ever(
    db: Database, runtime: Runtime, owner_browser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "STALLED_SECONDS", 1)
    add_many(db, 100_000)
    with serving() as port:
        asking = _ask(port, "/export/contacts.jsonl", owner_browser)
        _wait_until(lambda: bool(_running()))
        (opened,) = _running()
        _wait_until(lambda: not _running())
        assert opened.rows_sent < opened.row_count
        asking.close()


def _come_late(gate: Desk, link: ShareLink, now: datetime, number: int) -> str:
    return pass_unverified(gate, f"browser-{number}", link, now, f"late{number}@example.com")


def test_a_download_holds_the_rows_of_its_start_while_1000_viewers_pass(
    db: Database, runtime: Runtime, owner_browser: str, now: datetime
) -> None:
    add_many(db, 60_000)
    link = add_share_link(db, add_workspace(db))
    gate = Desk(runtime.gate, runtime.outbox)
    with serving() as port:
        asking = _ask(port, "/export/contacts.csv", owner_browser)
        received = asking.recv(1_000)
        with ThreadPoolExecutor(32) as burst:
            come = partial(_come_late, gate, link, now)
            assert len(set(burst.map(come, range(1_000)))) == 1_000
        while not received.endswith(b"0\r\n\r\n"):
            received += asking.recv(1 << 16)
        asking.close()
    assert b"x-row-count: 60000" in received.lower()
    assert db.rows("select count(*) from identifier where key like 'late%'") == [(1_000,)]
    assert b"late" not in received
    assert received.count(b"@x.example,email") == 60_000


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.csv", 'attachment; filename="a.csv"'),
        (
            "Übersicht “Q1”.csv",
            'attachment; filename="_bersicht _Q1_.csv"; '
            "filename*=UTF-8''%C3%9Cbersicht%20%E2%80%9CQ1%E2%80%9D.csv",
        ),
        (
            'a"\r\nSet-Cookie: x=1.csv',
            'attachment; filename="a___Set-Cookie: x=1.csv"; '
            "filename*=UTF-8''a%22%0D%0ASet-Cookie%3A%20x%3D1.csv",
        ),
        ("../a.csv", "attachment; filename=\".._a.csv\"; filename*=UTF-8''..%2Fa.csv"),
    ],
)
def test_a_file_of_any_name_has_a_header_that_says_it(name: str, header: str) -> None:
    assert attachment_named(name) == header
    header.encode("latin-1")
