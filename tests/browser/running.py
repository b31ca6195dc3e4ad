"""A real Gatebook in a process of its own, started the way `./run` starts it, or forked."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from gate.settings import Settings
from pages.terminal.running_server import ask_running_server

ROOT = Path(__file__).parents[2]
START_SECONDS = 90
STOP_SECONDS = 15
PROGRAM = (str(ROOT / "app.py"),)


@dataclass(frozen=True, slots=True)
class Server:
    """A Gatebook that answers. `sample_address` is None without demo data."""

    home: Path
    address: str
    sign_in_address: str
    sample_address: str | None
    log: Path


class ServerFailed(Exception):
    """Gatebook did not start, or ended too early; the message is what it printed."""


class ServerProcess(Protocol):
    """What serves, as far as whoever started it looks after it; as `subprocess.Popen`."""

    def poll(self) -> int | None:
        """What it ended with; None while it runs."""
        ...

    def terminate(self) -> None:
        """Ask it to stop."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """What it ends with; raises `subprocess.TimeoutExpired` if it does not."""
        ...


Starter = Callable[[list[str], dict[str, str], BinaryIO], ServerProcess]


def start_python(
    arguments: list[str],
    environment: dict[str, str],
    output: BinaryIO,
    program: Sequence[str] = PROGRAM,
) -> ServerProcess:
    """A Python of its own that runs the program, as `./run` starts it."""
    return subprocess.Popen(
        [sys.executable, *program, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=output,
        stderr=subprocess.STDOUT,
    )


@contextmanager
def running_server(
    home: Path,
    *,
    demo: bool,
    environment: Mapping[str, str] | None = None,
    start: Starter = start_python,
) -> Iterator[Server]:
    """A Gatebook on a free port with its data in `home`, stopped when the block ends."""
    port = find_free_port()
    log = home.with_name(f"{home.name}.log")
    arguments = ["serve", "--home", str(home), "--port", str(port), *(["--demo"] if demo else [])]
    with log.open("wb") as output:
        process = start(arguments, clean_environment(environment or {}), output)
        try:
            _wait_until_ready(process, port, log)
            yield _read_server(home, log)
        finally:
            ended_with = process.poll()
            _stop_process(process)
            if ended_with is not None:
                raise ServerFailed(f"It ended by itself with {ended_with}: {_read_log(log)}")
            if "Traceback" in _read_log(log):
                raise ServerFailed(_read_log(log))


def ask_sign_in_address(server: Server) -> str:
    """A new one-time sign-in address, as `./run sign-in` asks for it while the server runs.

    Asked from here: a process of its own would take seconds to import what it is made of.
    """
    return ask_running_server(Settings(home=server.home), "/control/sign-in")


def read_announcement(text: str, title: str) -> str | None:
    """The address on the line that begins with `title:`, or None."""
    found = re.search(rf"^\s*{re.escape(title)}:\s+(http\S+)", text, re.MULTILINE)
    return found[1] if found else None


def find_free_port() -> int:
    """A port at 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(additions: Mapping[str, str]) -> dict[str, str]:
    """This environment without Gatebook's settings of the machine, plus `additions`."""
    inherited = {name: value for name, value in os.environ.items() if "GATEBOOK_" not in name}
    return inherited | {"PYTHONUNBUFFERED": "1"} | dict(additions)


def _wait_until_ready(process: ServerProcess, port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if _is_healthy(port) and read_announcement(_read_log(log), "Owner sign-in"):
            return
        time.sleep(0.1)
    raise ServerFailed(_read_log(log))


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _read_server(home: Path, log: Path) -> Server:
    text = _read_log(log)
    address = read_announcement(text, "Gatebook")
    sign_in_address = read_announcement(text, "Owner sign-in")
    if address is None or sign_in_address is None:
        raise ServerFailed(text)
    sample_address = read_announcement(text, "Try the gate")
    return Server(home, address.rstrip("/"), sign_in_address, sample_address, log)


def _read_log(log: Path) -> str:
    return log.read_text("utf-8", "replace")


def _stop_process(process: ServerProcess) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
