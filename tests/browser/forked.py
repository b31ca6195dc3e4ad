"""Servers forked from a process that has imported all of Gatebook: they start in one second.

Importing takes four seconds of a core, as nothing is imported once a server answers, and most tests
in a browser want a server of their own. Not for tests that run a page in their own process: that
page would be the main module, which a forked process runs first.
"""

import multiprocessing
import os
import subprocess
import sys
from functools import partial
from multiprocessing.context import ForkServerProcess
from typing import BinaryIO

from tests.browser.running import ServerProcess, running_server

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["app"])


class _Forked:
    """A forked server, as `subprocess.Popen` would have it."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self.terminate, self.kill = process.terminate, process.kill

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        ended_with = self._process.exitcode
        if ended_with is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return ended_with


def start_forked(
    arguments: list[str], environment: dict[str, str], output: BinaryIO
) -> ServerProcess:
    """A copy of the process that has imported the app, which carries this command line out."""
    process = _forking.Process(target=_serve, args=(arguments, environment, output.name))
    process.start()
    return _Forked(process)


forked_server = partial(running_server, start=start_forked)


def _serve(arguments: list[str], environment: dict[str, str], log: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with open(log, "ab", buffering=0) as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.argv = ["app.py"]
    # The parent has imported them, so that here they only get a name.
    from app import app
    from pages.terminal.commands import run_command

    sys.exit(run_command(app, arguments))
