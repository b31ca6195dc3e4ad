"""What each interaction of the contacts page costs the server, driven in a real browser.

    ./run bench contacts_page [times]

Serves the demo account with a clock around every script run and a note of every question that it
asks the database, and does what an owner does, each several times. Prints, for each interaction,
how many script runs it took, their time (median and longest), what the database had of it, its
ratio to the desk's plainest page, and how many questions were asked twice. Before each of them
something is saved, as by a viewer who has just come, so that no answer is there already. The aim:
each script run under 150 ms, and no question twice for one interaction. Ends with 1 if one is
missed.

The browser stands still while a script runs: an owner's is on another machine, and drawing the page
here would take the server the time that is measured.
"""

import importlib
import json
import os
import re
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.people import (
    CHROMIUM_FLAGS,
    find_chromium,
    seat_person,
    sign_in_owner,
    wait_until_settled,
)
from tests.browser.running import running_server, start_python

TIMES = 5
AIM_MS = 150
# A run that begins later than this after the page has settled is another interaction's.
QUIET_SECONDS = 0.5
NOTES = "SCRIPT_RUN_NOTES"
# While this file is there, the next script run has something saved before it begins.
COMER = ".comer"
# The browser's process group.
BROWSER = ".browser"
PROGRAM = ("-m", "benchmarks.contacts_page")
# Begins a moment of which several questions are asked, and asks nothing.
BEGINNING = "begin transaction"


@dataclass(frozen=True, slots=True)
class Run:
    """One script run: its time, the database's part of it, and what was asked."""

    milliseconds: float
    database_milliseconds: float
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interaction:
    """What is done to the page, from which view; `undo` leads back to it."""

    name: str
    act: Callable[[Page], None]
    words: str = ""
    path: str = "contacts"


# --- The server, with a clock in it ---------------------------------------------------------------


def serve(arguments: list[str]) -> int:
    """Serve Gatebook like `python app.py`, writing a line for each script run to a file."""
    import app
    from pages.terminal.commands import run_command

    put_clock_in(Path(os.environ[NOTES]))
    return run_command(app.app, arguments)


def put_clock_in(notes: Path) -> None:
    """Have each script run of this process timed, with its questions to the database."""
    from data.engine.cursors import Cursor
    from pages.ui.runtime import get_runtime

    # Streamlit has no public hook around a script run.
    script_runner: Any = importlib.import_module("streamlit.runtime.scriptrunner.script_runner")
    run_script, fetch = script_runner.exec_func_with_error_handling, Cursor.fetch
    asked, comer, browser = (
        threading.local(),
        notes.with_suffix(COMER),
        notes.with_suffix(BROWSER),
    )

    def timed_fetch(cursor: Cursor, sql: str, parameters: dict[str, Any]) -> list[Any]:
        begun = time.perf_counter()
        try:
            return fetch(cursor, sql, parameters)
        finally:
            if hasattr(asked, "questions"):
                asked.questions.append(f"{' '.join(sql.split())} {parameters}")
                asked.seconds += time.perf_counter() - begun

    def timed_run(*given: Any) -> Any:
        if comer.exists():
            comer.unlink()
            with get_runtime().db.transaction():
                pass
        asked.questions, asked.seconds = [], 0.0
        stop_browser(browser, signal.SIGSTOP)
        begun = time.perf_counter()
        try:
            return run_script(*given)
        finally:
            whole = time.perf_counter() - begun
            stop_browser(browser, signal.SIGCONT)
            line = json.dumps([whole * 1000, asked.seconds * 1000, asked.questions])
            with notes.open("a") as file:
                file.write(line + "\n")

    script_runner.exec_func_with_error_handling = timed_run
    Cursor.fetch = timed_fetch  # type: ignore[method-assign, assignment]


def stop_browser(group: Path, by: signal.Signals) -> None:
    """Have the browser stand still, or go on."""
    if group.exists():
        os.killpg(int(group.read_text()), by)


# --- What an owner does ---------------------------------------------------------------------------


def choose(field: str, option: str) -> Callable[[Page], None]:
    """Choose an option of a select box or of a field of several."""

    def act(page: Page) -> None:
        page.get_by_role("combobox", name=field, exact=True).click()
        page.get_by_role("option", name=option).first.click()

    return act


def search(text: str) -> Callable[[Page], None]:
    """Search for a text."""

    def act(page: Page) -> None:
        page.get_by_role("searchbox", name="Search").fill(text)
        page.keyboard.press("Enter")

    return act


def press(name: str) -> Callable[[Page], None]:
    """Press a button."""
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def open_contact(page: Page) -> None:
    """Open the first contact of the list beside it."""
    page.get_by_role("combobox", name="Open a contact").focus()
    page.keyboard.type("a")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")


def open_tab(name: str) -> Callable[[Page], None]:
    """Open a tab of the charts."""
    return lambda page: page.get_by_role("tab", name=name, exact=True).click()


def click_bar(title: str) -> Callable[[Page], None]:
    """Click on the first bar of the chart whose description begins so."""

    def act(page: Page) -> None:
        chart = page.get_by_role("figure", name=re.compile(f"^{title}"))
        chart.locator(".barlayer .point path").first.click(force=True)

    return act


def take_chip(name: str) -> Callable[[Page], None]:
    """Take away the filter whose chip begins so."""

    def act(page: Page) -> None:
        page.locator(".st-key-contacts_chips").get_by_role("button", name=name).click()

    return act


def open_page(page: Page) -> None:
    """Nothing more than what opening the page did."""


PLAINEST = Interaction("the outbox, the plainest page", open_page, path="outbox")
INTERACTIONS = (
    Interaction("open the page", open_page),
    Interaction("open the page, 90 days", open_page, "period=90d"),
    Interaction("open the page, a link and a document", open_page, "link=1&document=1"),
    Interaction("choose a type", choose("Type", "Email")),
    Interaction("choose a share link", choose("Share link", "·")),
    Interaction("choose a document", choose("Document", "·")),
    Interaction("choose a workspace", choose("Workspace", "")),
    Interaction("choose 90 days", choose("Period", "Last 90 days")),
    Interaction("search a part of a name", search("an")),
    Interaction("search the end of a number", search("0123")),
    Interaction("sort by access count", choose("Sort by", "Access count")),
    Interaction("turn to page 2", press("Page 2")),
    Interaction("open a contact", open_contact),
    Interaction("open More filters", press("More filters")),
    Interaction("open Columns", press("Columns")),
    Interaction("take a chip away", take_chip("Type"), "type=email&country=DE"),
    Interaction("charts: when and how often", open_tab("When and how often")),
    Interaction("charts: what they open", open_tab("What they open")),
    Interaction("charts: who they are", open_tab("Who they are")),
    Interaction("charts: at the gate", open_tab("At the gate")),
    Interaction("click a bar of time", click_bar("New and returning"), "period=90d"),
)


def measure(page: Page, address: str, done: Interaction, notes: Path) -> list[Run]:
    """The script runs that one interaction took."""
    page.goto("about:blank")
    time.sleep(QUIET_SECONDS)
    begun, comer = count_runs(notes), notes.with_suffix(COMER)
    comer.touch()
    page.goto(f"{address}/{done.path}?{done.words}")
    wait_for_run(page, notes, begun)
    if done.act is not open_page:
        begun = count_runs(notes)
        comer.touch()
        done.act(page)
        wait_for_run(page, notes, begun)
    return read_runs(notes)[begun:]


def wait_for_run(page: Page, notes: Path, begun: int) -> None:
    """Return when a run came to its end since then, and no other follows."""
    deadline = time.monotonic() + 30
    while count_runs(notes) == begun:
        if time.monotonic() > deadline:
            raise AssertionError("Nothing ran at the server.")
        page.wait_for_timeout(50)
    seen = -1
    while seen != (seen := count_runs(notes)):
        wait_until_settled(page)
        page.wait_for_timeout(QUIET_SECONDS * 1000)


def count_runs(notes: Path) -> int:
    """How many script runs have ended so far."""
    return len(read_runs(notes))


def read_runs(notes: Path) -> list[Run]:
    """Every script run so far."""
    # What comes after the last line's end is being written.
    whole_lines = notes.read_text().rpartition("\n")[0] if notes.exists() else ""
    lines = whole_lines.splitlines()
    return [Run(whole, part, tuple(asked)) for whole, part, asked in map(json.loads, lines)]


def find_repeated(runs: list[Run]) -> list[str]:
    """The questions that one interaction asked more than once."""
    asked = Counter(
        question for run in runs for question in run.questions if not question.startswith(BEGINNING)
    )
    return [question for question, times in asked.items() if times > 1]


# --- The report -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """One interaction, done several times; the runs of each time."""

    name: str
    tries: list[list[Run]]

    @property
    def milliseconds(self) -> float:
        """The median of its longest script run."""
        return statistics.median(max(run.milliseconds for run in runs) for runs in self.tries)

    @property
    def repeated(self) -> list[str]:
        """The questions that it asked more than once."""
        return find_repeated(self.tries[-1])

    @property
    def is_within_aim(self) -> bool:
        """Whether it is as quick as it should be and asks nothing twice."""
        return self.milliseconds < AIM_MS and not self.repeated


def report(result: Result, floor: float) -> None:
    """One line of the table, and the questions asked twice below it."""
    last = result.tries[-1]
    longest = max(run.milliseconds for runs in result.tries for run in runs)
    asked = sum(len(run.questions) for run in last)
    database = statistics.median(
        sum(run.database_milliseconds for run in runs) for runs in result.tries
    )
    print(
        f"{result.name:42} {len(last):4} {result.milliseconds:8.0f} {longest:8.0f} {database:8.0f}"
        f" {asked:6} {len(result.repeated):6} {result.milliseconds / floor:7.1f}×",
        flush=True,
    )
    for question in result.repeated:
        print(f"    twice: {question[:150]}")


def find_browser_group() -> int:
    """The process group of the browser that this process launched."""
    stats = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        # A process that has just ended is not the browser.
        with suppress(OSError):
            stats.append(stat.read_text())
    # Of proc(5): pid (comm) state ppid pgrp …
    processes = [(int(one.split()[0]), one.rpartition(")")[2].split()) for one in stats]
    parents = {number: int(fields[1]) for number, fields in processes}
    (group,) = {
        int(fields[2])
        for number, fields in processes
        if int(fields[2]) == number and parents.get(parents[number]) == os.getpid()
    }
    return group


def main(times: int) -> int:
    """Measure every interaction and report; 1 if one misses the aim."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        home, notes = Path(folder) / "home", Path(folder) / "script-runs.jsonl"
        clock = {NOTES: str(notes)}
        start = partial(start_python, program=PROGRAM)
        with (
            running_server(home, demo=True, environment=clock, start=start) as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=CHROMIUM_FLAGS
            )
            notes.with_suffix(BROWSER).write_text(str(find_browser_group()))
            page = seat_person(browser).page
            sign_in_owner(page, server)
            print(f"{'':42} runs   median  longest database  asked  twice  × plain")
            for done in (PLAINEST, *INTERACTIONS):
                tries = [measure(page, server.address, done, notes) for _ in range(times)]
                results.append(Result(done.name, tries))
                report(results[-1], results[0].milliseconds)
            browser.close()
    missed = [result.name for result in results[1:] if not result.is_within_aim]
    print(f"Missed: {', '.join(missed)}" if missed else "Every interaction is within the aim.")
    return 1 if missed else 0


if __name__ == "__main__":
    if "serve" in sys.argv[1:2]:
        raise SystemExit(serve(sys.argv[1:]))
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))
