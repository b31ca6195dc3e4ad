"""An account of a million contacts and ten million viewing sessions, made in minutes.

    ./run bench scale_data [folder [sessions [contacts]]]

Makes `folder/gatebook.duckdb` through Gatebook's own migrations: two years of visits that end
yesterday, several workspaces, hundreds of documents, thousands of share links of which one draws
every seventh visit and most draw few, people who come once and people who come for ever, archived
contacts, tags and consent, crawlers, previews and open links, and a year of what happened at the
gates. Rollups are made by the rebuilding that `data/rollups.py` does, and everything is checked as
`python app.py check` does. What a row says is drawn from a hash of its number, so that the same
arguments make the same account. Without a folder it makes a tenth of that in a temporary one, to
try it. A row of a table that a page never reads (deliveries, audit) is not made.
"""

import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.scale.drawn import (
    MAKE_CONTACTS,
    MAKE_DOCUMENTS,
    MAKE_DRAWS,
    MAKE_LINKS,
    MAKE_OTHER_VISITS,
    MAKE_PASSES,
    MAKE_VISITS,
    ORDER_VISITS,
    STORE_LINKS,
)
from benchmarks.scale.people import (
    SEQUENCES,
    STORE_CONTACTS,
    STORE_EVENTS,
    STORE_IDENTIFIERS,
    STORE_REST,
)
from benchmarks.scale.visits import STORE_PASSES, STORE_SESSIONS, STORE_VIEWS
from data.accounts import insert_account
from data.check import check_database
from data.database import Database, Transaction
from data.engine.opening import DATABASE_FILE, Limits
from data.members import insert_member
from data.records import Account, Plan, Role
from data.rollups import rebuild_rollups
from data.workspaces import insert_workspace

SESSIONS = 10_000_000
CONTACTS = 1_000_000
DAYS = 730
WORKSPACES = 12
DOCUMENTS = 400
LINKS = 3_000
# Making it needs more memory than serving it.
MAKING = Limits(memory="10GB")
_TIME_ZONE = "Europe/Berlin"
_WORDS = Path(__file__).parents[1] / "data" / "demo" / "names.toml"
# Visits by hour of the day, from midnight.
_HOURS = (1, 0, 0, 0, 0, 1, 3, 9, 22, 38, 42, 36, 22, 26, 38, 36, 28, 20, 12, 9, 10, 10, 6, 3)
_DRAWS = 65_536


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made, and the midnight that all of it is before."""

    sessions: int
    contacts: int
    ends_at: datetime

    @property
    def begun_at(self) -> datetime:
        """The first midnight of it."""
        return self.ends_at - timedelta(days=DAYS)


def make_scale_account(path: Path, size: Size, *, limits: Limits = MAKING) -> None:
    """A new database at `path` with an account of this size. None may be there yet."""
    if path.exists():
        raise SystemExit(f"There is {path} already.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(path, limits=limits)
    try:
        with db.transaction() as tx:
            _make_stage(tx, size)
            _make_facts(tx, size)
            _say("rollups", lambda: rebuild_rollups(tx))
            for sequence, last in SEQUENCES.items():
                tx.run(f"select setval('{sequence}', ({last}))")
        _say("checkpoint", db.checkpoint)
    finally:
        db.close()


def check_scale_account(path: Path) -> None:
    """Raises SystemExit with what is wrong with the database at `path`, if anything is."""
    db = Database(path, limits=MAKING)
    try:
        if found := check_database(db):
            raise SystemExit("\n".join(found))
    finally:
        db.close()


def _make_stage(tx: Transaction, size: Size) -> None:
    insert_account(tx, Account("Scale", Plan.BUSINESS, _TIME_ZONE, size.begun_at))
    insert_member(tx, email="owner@localhost", name="Owner", role=Role.OWNER, now=size.begun_at)
    for number in range(WORKSPACES):
        insert_workspace(tx, f"Workspace {number + 1}", size.begun_at)
    tx.run(MAKE_DOCUMENTS, workspaces=WORKSPACES, documents=DOCUMENTS, begun_at=size.begun_at)
    tx.run(MAKE_LINKS, workspaces=WORKSPACES, links=LINKS)
    tx.run(STORE_LINKS, begun_at=size.begun_at)
    tx.run(MAKE_DRAWS, draws=_DRAWS)


def _make_facts(tx: Transaction, size: Size) -> None:
    words = _read_words()
    # 3 of 200 sessions are members', crawlers' and nobody's in particular.
    counted = size.sessions * 197 // 200
    # What the habits give on average is 0.695 returns each.
    returns = max(0.0, (counted / size.contacts - 0.97) / 0.68)
    span = {"days": DAYS, "begun_at": size.begun_at}
    hours = [hour for hour, weight in enumerate(_HOURS) for _ in range(weight)]

    def step(name: str, sql: str, **given: Any) -> None:
        _say(name, lambda: tx.run(sql, **given))

    step(
        "contacts",
        MAKE_CONTACTS,
        contacts=size.contacts,
        returns=returns,
        draws=_DRAWS,
        given=words["given"],
        family=words["family"],
    )
    step("visits", MAKE_VISITS, draws=_DRAWS, days=DAYS)
    made = int(tx.rows("select count(*) from made_visit")[0][0])
    others = max(size.sessions // 66, size.sessions - made)
    step(
        "other visits",
        MAKE_OTHER_VISITS,
        others=others,
        contacts=size.contacts,
        links=LINKS,
        draws=_DRAWS,
        days=DAYS,
    )
    weekday = size.begun_at.weekday()
    step("in order", ORDER_VISITS, begun_at=size.begun_at, weekday=weekday, hours=hours)
    tx.run("drop table made_visit")
    step("passes", MAKE_PASSES)
    step("stored passes", STORE_PASSES)
    step("stored sessions", STORE_SESSIONS)
    tx.run("drop table dated_visit")
    step("stored views", STORE_VIEWS)
    step(
        "stored contacts",
        STORE_CONTACTS,
        companies=words["companies"],
        ends_at=size.ends_at,
        **span,
    )
    step("stored identifiers", STORE_IDENTIFIERS, companies=words["companies"])
    for sql in STORE_REST:
        step("stored the rest", sql)
    kept_since = size.ends_at - timedelta(days=365)
    step("stored events", STORE_EVENTS, contacts=size.contacts, kept_since=kept_since)


def _read_words() -> dict[str, list[str]]:
    words = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    people, companies = words["people"].values(), words["companies"]
    return {
        "given": [name for one in people for name in one["given"] if " " not in name],
        "family": [name for one in people for name in one["family"]],
        "companies": [f"{one} {two}" for one in companies["first"] for two in companies["second"]],
    }


def _say(name: str, act: Any) -> None:
    begun = time.perf_counter()
    act()
    print(f"  {name:20}{time.perf_counter() - begun:7.1f} s", flush=True)


def _report(path: Path) -> None:
    db = Database(path)
    for table in (
        "contact",
        "identifier",
        "viewing_session",
        "document_view",
        "pass",
        "gate_event",
        "contact_link",
        "contact_document",
        "activity_slot",
        "left_out_slot",
        "item_total",
    ):
        rows = db.rows(f"select count(*) from {table}")[0][0]
        print(f"  {table:20}{rows:12,}")
    db.close()
    print(f"  {path.stat().st_size / 1e6:,.0f} MB")


def main(words: list[str]) -> None:
    """Make the account and say how long each part took, how much it is, and that it is right."""
    sessions = int(words[1]) if len(words) > 1 else SESSIONS if words else SESSIONS // 10
    contacts = int(words[2]) if len(words) > 2 else max(1, sessions // (SESSIONS // CONTACTS))
    ends_at = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(words[0] if words else temporary) / DATABASE_FILE
        make_scale_account(path, Size(sessions, contacts, ends_at))
        made = time.perf_counter()
        check_scale_account(path)
        checked = time.perf_counter()
        _report(path)
    print(f"Made in {made - begun:.0f} s, checked in {checked - made:.0f} s: all in order.")


if __name__ == "__main__":
    main(sys.argv[1:])
