"""What viewers were told, written down by themselves, and compared with what the database holds."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile

from data.check import check_database
from data.database import Database

DATABASE = "gatebook.duckdb"
_PASSES_AND_SESSIONS = """
    select
        identifier.address,
        count(distinct identifier.identifier_id),
        count(distinct contact.contact_id),
        (
            select count(*)
            from pass
            where pass.identifier_id = any_value(identifier.identifier_id)
                and claimed_at is not null
        ),
        (
            select count(*)
            from viewing_session
            where viewing_session.identifier_id = any_value(identifier.identifier_id)
        ),
        any_value(contact.access_count)
    from identifier
    left join contact using (contact_id)
    group by identifier.address
"""


@dataclass
class Told:
    """What one viewer did and was told: tries to pass, passes given, documents shown."""

    tries: int = 0
    passes: int = 0
    sessions: int = 0


@dataclass
class Ledger:
    """Every viewer's own account, by address."""

    told: dict[str, Told] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, address: str, *, tries: int = 0, passes: int = 0, sessions: int = 0) -> None:
        """Add what happened to this viewer."""
        with self.lock:
            told = self.told.setdefault(address, Told())
            told.tries += tries
            told.passes += passes
            told.sessions += sessions

    def find_unfinished(self) -> list[str]:
        """Whoever has begun and was shown no document."""
        with self.lock:
            return sorted(address for address, told in self.told.items() if not told.sessions)

    def count(self) -> tuple[int, int]:
        """How many passes and how many sessions viewers were told of."""
        with self.lock:
            return (
                sum(told.passes for told in self.told.values()),
                sum(told.sessions for told in self.told.values()),
            )

    def compare(self, db: Database) -> list[str]:
        """What is missing, doubled or half-done, in sentences; empty when all is as it was told."""
        held = {row[0]: row[1:] for row in db.rows(_PASSES_AND_SESSIONS)}
        with self.lock:
            findings = [
                sentence
                for address, told in self.told.items()
                for sentence in _judge(address, told, held.get(address, (0, 0, 0, 0, 0)))
            ]
            findings += [f"{address} never came" for address in held.keys() - self.told.keys()]
        return findings + check_database(db) + _find_half_done(db)


def compare_home(home: Path, ledger: Ledger, scratch: Path) -> list[str]:
    """What the ledger says of a copy of the home's database as it lies on the disk now.

    The copy keeps the log, which the next start of the server is to read by itself.
    """
    scratch.mkdir(exist_ok=True)
    for ending in ("", ".wal", ".promised"):
        source, copy = home / (DATABASE + ending), scratch / (DATABASE + ending)
        copy.unlink(missing_ok=True)
        if source.exists():
            copyfile(source, copy)
    db = Database(scratch / DATABASE)
    try:
        return ledger.compare(db)
    finally:
        db.close()


def _judge(address: str, told: Told, held: tuple[int, ...]) -> Iterable[str]:
    identifiers, contacts, passes, sessions, access_count = held
    if told.passes and (identifiers, contacts) != (1, 1):
        yield f"{address} passed and is {identifiers} identifiers, {contacts} contacts"
    if identifiers > 1 or contacts > 1:
        yield f"{address} is there {identifiers} times, as {contacts} contacts"
    if not told.passes <= passes <= told.tries:
        yield f"{address} was given {told.passes} passes in {told.tries} tries, {passes} are there"
    # Who tried again after a crash did so in another browser, which is another visit.
    if not told.sessions <= sessions <= told.tries:
        yield f"{address} saw {told.sessions} in {told.tries} tries, {sessions} are there"
    if identifiers and access_count != sessions:
        yield f"{address} is counted {access_count} times and has {sessions} sessions"


def _find_half_done(db: Database) -> list[str]:
    """What one unit of work writes together, and is not together."""
    halves = {
        "contacts without an identifier": """
            select count(*) from contact
            where contact_id not in (select contact_id from identifier)
        """,
        "contacts that are linked to no share link": """
            select count(*) from contact
            where contact_id not in (select contact_id from contact_link)
        """,
        "sessions in which no document was opened": """
            select count(*) from viewing_session
            where viewing_session_id not in (select viewing_session_id from document_view)
        """,
        "sessions that no step of the gate's history belongs to": """
            select abs(
                (select count(*) from viewing_session where kind = 'viewer')
                - (select count(*) from gate_event where event = 'viewed')
            )
        """,
        "passes of contacts that are not there": """
            select count(*) from pass
            where contact_id is not null
                and contact_id not in (select contact_id from contact)
        """,
    }
    counted = {name: db.rows(sql)[0][0] for name, sql in halves.items()}
    return [f"{number} {name}" for name, number in counted.items() if number]
