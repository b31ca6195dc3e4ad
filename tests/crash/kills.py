"""The same server, or its gate alone, killed again and again while viewers pass."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.mailbox import Mailbox
from tests.browser.running import ROOT, clean_environment
from tests.crash.home import UNVERIFIED, VERIFIED, Running, furnish, start_server
from tests.crash.ledger import Ledger, compare_home
from tests.crash.viewers import Crowd, crowded, make_numbers, read_number

VIEWERS_AT_ONCE = 6
LONGEST_LIFE_SECONDS = 3.0
# The gate's process writes a line for each try, pass and session.
MOST_LINES = 30
# Python's own end by the signal, after all was put away.
ENDED_BY_TERMINATE = -15
# What no log may hold: addresses, and share links.
PRIVATE = ("@example.com", VERIFIED, UNVERIFIED)
# Some are killed before they answer.
DIES_YOUNG = 0.1


@dataclass
class Kills:
    """One home whose server is killed; `findings` is all that was ever wrong with it."""

    folder: Path
    mailbox: Mailbox
    seed: int
    longest_life_seconds: float = LONGEST_LIFE_SECONDS
    ledger: Ledger = field(default_factory=Ledger)
    numbers: Iterator[int] = field(default_factory=make_numbers)
    findings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the home."""
        self.chance = random.Random(self.seed)
        self.home = self.folder / "home"
        furnish(self.home)

    def kill_gate_once(self) -> list[str]:
        """The same with the gate in a process without pages, where hundreds pass in a second."""
        command = [sys.executable, "-m", "tests.crash.gate_process", str(self.home)]
        process = subprocess.Popen(
            [*command, str(next(self.numbers))],
            cwd=ROOT,
            env=clean_environment({}),
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None
            # Some work first, as slow machines get to less in any time.
            heard = self.chance.randint(1, MOST_LINES)
            lines = [process.stdout.readline() for _ in range(heard)]
            life = self.chance.uniform(0, self.longest_life_seconds)
            threading.Timer(life, process.kill).start()
            lines += process.stdout.readlines()
        self._note_lines(lines)
        return self._compare()

    def kill_server_once(self) -> list[str]:
        """Start, let viewers come, kill; what is wrong with what is left on the disk."""
        running = start_server(self.home, self.mailbox.settings)
        if self.chance.random() < DIES_YOUNG:
            time.sleep(self.chance.uniform(0, self.longest_life_seconds))
            running.kill()
        else:
            running.wait_until_ready()
            crowd = self._gather(running)
            with crowded(crowd, VIEWERS_AT_ONCE):
                time.sleep(self.chance.uniform(0, self.longest_life_seconds))
                running.kill()
        return self._compare()

    def finish(self, most: int) -> list[str]:
        """Start once more, let who was interrupted come again, stop it as an operator does."""
        running = start_server(self.home, self.mailbox.settings)
        running.wait_until_ready()
        self._gather(running).finish(most)
        with crowded(self._gather(running), VIEWERS_AT_ONCE):
            time.sleep(self.longest_life_seconds)
            code = running.stop()
        found = [] if code in (0, ENDED_BY_TERMINATE) else [f"It ended with {code}"]
        if (self.home / "gatebook.duckdb.wal").exists():
            found.append("It left its log behind")
        said = running.server.log.read_text()
        found += [f"{word} is in the log" for word in PRIVATE if word in said]
        self.findings += found
        return found + self._compare()

    def _compare(self) -> list[str]:
        found = compare_home(self.home, self.ledger, self.folder / "copy")
        self.findings += found
        return found

    def _note_lines(self, lines: list[str]) -> None:
        highest = 0
        for line in lines:
            kind, _, address = line.strip().partition(" ")
            if kind not in ("tries", "passes", "sessions"):
                self.findings.append(line or "It ended before anybody came")
                continue
            self.ledger.note(address, **{kind: 1})
            highest = max(highest, read_number(address))
        while next(self.numbers) <= highest:
            pass

    def _gather(self, running: Running) -> Crowd:
        return Crowd(running.server, self.mailbox, self.ledger, self.numbers, self.findings)
