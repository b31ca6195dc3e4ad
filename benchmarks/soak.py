"""Viewers, owners and downloads for half an hour, while what the server holds is watched.

    ./run bench soak [minutes]

Viewers pass a gate that verifies and one that does not, each in a new browser; owners look at one
page after another; files are downloaded whole or left half-way. Thirty times it is told what the
server holds. The first third is for warming up; ends with 1 if the last third holds more of
anything than the middle one, or if a viewer was lost.
"""

import http.client
import itertools
import math
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.gate_load import Page, ask
from benchmarks.writes.ours import populate
from data.database import Database
from tests.browser.mailbox import running_mailbox
from tests.browser.running import Server, ask_sign_in_address
from tests.crash.home import Running, furnish, start_server
from tests.crash.ledger import DATABASE, Ledger, compare_home
from tests.crash.viewers import Crowd, make_numbers

MINUTES, SAMPLES = 30.0, 30
CONTACTS, SESSIONS_EACH = 20_000, 3
VIEWERS, OWNERS = 4, 2
TOKEN = "soaking, soaking"
PAGES = (
    ("contacts", ""),
    ("contacts", "type=email&period=90d"),
    ("contacts", "q=known77"),
    ("activity", ""),
    ("companies", ""),
    ("links", ""),
    ("documents", ""),
    ("audit", ""),
)
FILES = ("contacts.csv", "contacts.jsonl", "contacts.vcf")
# What `./run` and the example of a unit give the server.
ENVIRONMENT = {"GATEBOOK_METRICS_TOKEN": TOKEN, "MALLOC_ARENA_MAX": "2"}
# How much more of it there may be than a third of the time before: by the median where it goes up
# and down with what is under way, else by the most that there was.
MOST_GROWTH = {"memory": 1.05, "blocks": 1.05, "threads": 1.1, "files": 1.1, "cursors": 2.0}
BY_MEDIAN = {"memory", "blocks", "threads"}
_LINE = "{:>7}{:>11}{:>10}{:>9}{:>9}{:>7}{:>9}{:>9}{:>8}{:>11}"
_NAMES = ("minute", "memory MB", "database", "blocks k", "threads", "files", "cursors")


@dataclass(frozen=True)
class Sample:
    """What the server holds at one moment, and how many pages it has drawn by then.

    Of the memory, which is in MB, `database` is DuckDB's; `blocks` are thousands of pieces of
    Python's.
    """

    memory: float
    database: float
    blocks: float
    threads: float
    files: float
    cursors: float
    pages: int


@dataclass
class Soak:
    """A server under load; what went wrong is in `findings`."""

    running: Running
    crowd: Crowd
    is_over: threading.Event
    views: int = 0
    downloads: int = 0

    def view_pages(self) -> None:
        """Be an owner who goes from page to page."""
        cookie = sign_in(self.running.server)
        for path, query in itertools.cycle(PAGES):
            if self.is_over.wait(0.5):
                return
            page = Page(self.running.server, cookie, path, query)
            page.run()
            page.close()
            self.views += 1

    def download(self) -> None:
        """Be an owner who downloads everything, and every third time leaves half-way."""
        cookie = sign_in(self.running.server)
        for number, name in enumerate(itertools.cycle(FILES)):
            if self.is_over.wait(1.0):
                return
            address = urlsplit(self.running.server.address).netloc
            connection = http.client.HTTPConnection(address, timeout=120)
            connection.request("GET", f"/export/{name}", headers={"Cookie": cookie})
            answer = connection.getresponse()
            if answer.status != 200:
                self.crowd.wrong.append(f"/export/{name} answered {answer.status}")
            answer.read(100_000 if number % 3 == 2 else None)
            connection.close()
            self.downloads += 1

    def come(self) -> None:
        """Be one viewer after another."""
        while not self.is_over.wait(0.5):
            number = next(self.crowd.numbers)
            self.crowd.pass_gate(f"viewer{number}@example.com", verifies=number % 3 == 0)

    def watched(self, act: Callable[[], None]) -> None:
        """Carry the act out; how it breaks down is a finding, unless all is over."""
        try:
            act()
        except Exception as failure:
            if not self.is_over.is_set():
                self.crowd.wrong.append(f"{act.__name__}: {failure!r}")

    def count_pages(self) -> int:
        """How many pages were drawn: a viewer opens one to pass and another to read."""
        return self.views + sum(self.crowd.ledger.count())

    def sample(self) -> Sample:
        """What the server holds now: the least that can be seen, as work comes and goes."""
        status = Path(f"/proc/{self.running.process.pid}/status").read_text()
        threads = float(status.partition("Threads:")[2].split()[0])
        told = [self._read_numbers() for _ in range(5)]
        least = {name: min(numbers[name] for numbers in told) for name in told[0]}
        return Sample(
            memory=least["process_resident_memory_bytes"] / 1e6,
            database=least["gatebook_database_memory_bytes"] / 1e6,
            blocks=least["gatebook_python_blocks"] / 1e3,
            threads=threads,
            files=least["process_open_fds"],
            cursors=least["gatebook_open_cursors"],
            pages=self.count_pages(),
        )

    def _read_numbers(self) -> dict[str, float]:
        connection = http.client.HTTPConnection(urlsplit(self.running.server.address).netloc)
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        # Histograms and counts by kind are not asked for, and not the same each time.
        return {name: float(number) for name, _, number in pairs if "{" not in name}


def main() -> int:
    """Soak, tell what was seen, and judge."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    with tempfile.TemporaryDirectory() as name, running_mailbox() as mailbox:
        home = Path(name) / "home"
        furnish(home)
        db = Database(home / DATABASE)
        populate(db, CONTACTS, SESSIONS_EACH)
        db.close()
        running = start_server(home, {**ENVIRONMENT, **mailbox.settings})
        try:
            running.wait_until_ready()
            crowd = Crowd(running.server, mailbox, Ledger(), make_numbers(), [])
            soak = Soak(running, crowd, threading.Event())
            samples = watch(soak, minutes * 60)
        finally:
            running.stop()
        findings = crowd.wrong + count_lost(home, crowd)
    findings += judge(samples)
    for finding in findings:
        print(finding)
    print("NOT all is as it was." if findings else "Flat: nothing grows, nobody is lost.")
    return 1 if findings else 0


def watch(soak: Soak, seconds: float) -> list[Sample]:
    """What the server held while everybody was busy, told each time and once when all have left."""
    acts = [soak.come] * VIEWERS + [soak.view_pages] * OWNERS + [soak.download]
    threads = [threading.Thread(target=soak.watched, args=(act,)) for act in acts]
    print(_LINE.format(*_NAMES, "passes", "pages", "downloads"))
    for thread in threads:
        thread.start()
    begun, samples = time.monotonic(), []
    for number in range(1, SAMPLES + 1):
        soak.is_over.wait(max(0.0, begun + seconds * number / SAMPLES - time.monotonic()))
        samples.append(soak.sample())
        show(soak, (time.monotonic() - begun) / 60, samples[-1])
    soak.is_over.set()
    for thread in threads:
        thread.join()
    show(soak, (time.monotonic() - begun) / 60, soak.sample())
    return samples


def show(soak: Soak, minute: float, sample: Sample) -> None:
    """One line."""
    *held, pages = astuple(sample)
    told = (f"{number:,.0f}" for number in held)
    passes = soak.crowd.ledger.count()[0]
    print(_LINE.format(f"{minute:.1f}", *told, passes, pages, soak.downloads), flush=True)


def judge(samples: list[Sample]) -> list[str]:
    """What there was more of in the last third than in the middle one; all of it is shown."""
    third = len(samples) // 3
    middle, last = samples[third : 2 * third], samples[-third:]
    pages = last[-1].pages - middle[-1].pages
    print(f"{'':10}{'middle third':>14}{'last third':>12}{'a thousand pages':>18}")
    findings = []
    for name in ("memory", "database", "blocks", "threads", "files", "cursors"):
        typical = statistics.median if name in BY_MEDIAN else max
        before, after = (typical(getattr(one, name) for one in part) for part in (middle, last))
        print(f"{name:10}{before:14,.1f}{after:12,.1f}{(after - before) / pages * 1e3:+18,.2f}")
        if after > max(1.0, before) * MOST_GROWTH.get(name, math.inf):
            findings.append(f"{name} grew from {before:,.0f} to {after:,.0f}")
    return findings


def count_lost(home: Path, crowd: Crowd) -> list[str]:
    """Viewers who were told something that is not in the file."""
    found = compare_home(home, crowd.ledger, home.with_name("copy"))
    # The contacts that were there before passed no gate.
    return [finding for finding in found if finding.startswith("viewer")]


def sign_in(server: Server) -> str:
    """The cookie of an owner who signed in."""
    address = urlsplit(ask_sign_in_address(server)).path
    return ask(server, "POST", address, ask(server, "GET", address))


if __name__ == "__main__":
    raise SystemExit(main())
