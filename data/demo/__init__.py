"""A demo account as real as can be: two years of visits that end now, the same for the same seed.

Only slugs and the names of stored files differ each time: they have to be unguessable.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from data.accounts import has_account
from data.database import Database, DatabaseError, Transaction
from data.demo.expected import insert_expected
from data.demo.history import History, record_history
from data.demo.people import make_people, make_team
from data.demo.refusals import STRANGERS, note_refusals
from data.demo.relations import make_consents, make_tags
from data.demo.rhythm import make_timeline
from data.demo.rows import insert_rows
from data.demo.stage import OpenLink, insert_stage, write_document_files
from data.demo.steps import Conceal, Trail, note_passages
from data.demo.twins import note_twins
from data.demo.visits import Scene, make_visits
from data.records import ShareLink
from data.rollups import rebuild_rollups
from data.workspaces import find_workspaces

CONTACTS = 2_000
# The link for due diligence, and people of whom some are awaited at it.
EXPECTED_AT = 10
AWAITED = 30
# The gate forgets its history after a year, so that older steps would be gone in a moment.
HISTORY_KEPT = timedelta(days=365)


class AccountExists(DatabaseError):
    """The database has an account already, and the demo stays apart. Nothing was touched."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What the demo holds, and a link to try its gate: it verifies an email address."""

    sample_link: ShareLink
    documents: int
    share_links: int
    contacts: int
    viewing_sessions: int


def make_demo(
    db: Database,
    home: Path,
    *,
    now: datetime,
    conceal: Conceal,
    owner_email: str = "owner@localhost",
    seed: int = 7,
) -> DemoAccount:
    """The demo account, now in this database, its files in `home`. A failure leaves nothing behind.

    `conceal` says how the gate writes an identifier down.

    Raises:
        AccountExists: there is an account already.
    """
    if has_account(db):
        raise AccountExists("This database has an account. Make the demo in another --home.")
    files = write_document_files(home / "documents")
    timeline = make_timeline(now)
    try:
        with db.transaction() as tx:
            links = insert_stage(tx, files, begun_at=timeline.begun_at, owner_email=owner_email)
            history = _make_history(Scene(Random(seed), timeline, links), seed)  # noqa: S311 - no secret
            trail = _make_trail(Scene(Random(seed), timeline, links), history, conceal, seed)  # noqa: S311
            for rows in _tables_of(history, trail):
                insert_rows(tx, rows)
            _advance_sequences(tx, _last_ids(history, trail))
            rebuild_rollups(tx)
            # Of chance of their own, so that nothing else of the demo depends on them.
            awaited = make_people(Random(seed), seed + 2_000, AWAITED)  # noqa: S311
            insert_expected(tx, links[EXPECTED_AT], history, awaited)
            insert_rows(tx, make_consents(Random(seed), history, links, now))  # noqa: S311
            names = {one.workspace_id: one.name for one in find_workspaces(tx)}
            insert_rows(tx, make_tags(Random(seed), history, names))  # noqa: S311
    except BaseException:
        for _, new in files:
            (home / "documents" / new.storage_name).unlink(missing_ok=True)
        raise
    return _summary(links, history, len(files))


def _make_history(scene: Scene, seed: int) -> History:
    team = make_team()
    people = make_people(scene.rng, seed, CONTACTS - len(team))
    history = record_history(scene.rng, make_visits(scene, people, team))
    note_twins(history)
    return history


def _make_trail(scene: Scene, history: History, conceal: Conceal, seed: int) -> Trail:
    """What the gate would have written down of all this, and kept, in the order of time."""
    trail = Trail(scene.rng, conceal)
    note_passages(trail, history, [one.link for one in scene.links])
    taken = {one.address for one in history.identifiers.values()}
    people = make_people(scene.rng, seed + 1_000, 2 * STRANGERS)
    strangers = [one for one in people if not {one.email, one.whatsapp} & taken]
    note_refusals(trail, scene, history, strangers[:STRANGERS])
    since = scene.timeline.now - HISTORY_KEPT
    events = [one for one in trail.events if one.created_at >= since]
    deliveries = [one for one in trail.deliveries if one.created_at >= since]
    trail.events = sorted(events, key=lambda one: one.created_at)
    trail.deliveries = sorted(deliveries, key=lambda one: one.created_at)
    return trail


def _tables_of(history: History, trail: Trail) -> list[list[object]]:
    return [
        list(history.contacts.values()),
        list(history.identifiers.values()),
        list(history.browsers.values()),
        list(history.passes),
        list(history.links_passed.values()),
        list(history.sessions),
        list(history.views),
        list(trail.events),
        list(trail.deliveries),
    ]


def _last_ids(history: History, trail: Trail) -> dict[str, int]:
    return {
        "contact_id_seq": len(history.contacts),
        "identifier_id_seq": len(history.identifiers),
        "browser_id_seq": len(history.browsers),
        "pass_id_seq": len(history.passes),
        "viewing_session_id_seq": len(history.sessions),
        "document_view_id_seq": len(history.views),
        "gate_event_id_seq": len(trail.events),
        "delivery_id_seq": len(trail.deliveries),
        "challenge_id_seq": len(trail.deliveries),
    }


def _summary(links: list[OpenLink], history: History, documents: int) -> DemoAccount:
    return DemoAccount(
        sample_link=links[0].link,
        documents=documents,
        share_links=len(links),
        contacts=len(history.contacts),
        viewing_sessions=len(history.sessions),
    )


def _advance_sequences(tx: Transaction, last_ids: dict[str, int]) -> None:
    """Let the next number of each sequence be the one after the last that was given out by hand."""
    for sequence, last_id in last_ids.items():
        tx.skip_numbers(sequence, last_id)
