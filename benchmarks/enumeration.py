"""How long the gate takes to answer for a known, a new and a denied address: it must not tell.

    ./run bench enumeration [answers]

Prints the median of each with its spread, and how far apart the medians are beside that spread.
Limits are raised here, or the gate would stop answering after a few.
"""

import random
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.accounts import insert_account
from data.contacts import insert_contact
from data.database import Database
from data.identifiers import insert_identifier
from data.links import NewShareLink, insert_share_link
from data.list_entries import EntryForm, ListEntry, ListSide, insert_list_entry
from data.records import Account, Channel, Plan, ShareLink
from data.workspaces import insert_workspace
from gate.codes import Pepper, secret_hash
from gate.deliveries import open_queues
from gate.delivery.outbox import OutboxDeliverer
from gate.entries import submit_entry
from gate.identifiers import parse_email
from gate.limits import LIMITS
from gate.visits import Gate, Visit

ANSWERS = 200
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


def furnish(db: Database) -> ShareLink:
    """One verifying link with a deny list, and a contact for each known address."""
    with db.transaction() as tx:
        insert_account(tx, Account("Northwind", Plan.BUSINESS, "UTC", NOW))
        workspace = insert_workspace(tx, "Fundraising", NOW)
        new = NewShareLink(
            slug="s" * 22,
            name="Deck",
            workspace_id=workspace.workspace_id,
            requires_email=True,
            verifies_email=True,
            pass_seconds=86_400,
        )
        link = insert_share_link(tx, new, NOW)
        denied = ListEntry(ListSide.DENY, EntryForm.DOMAIN, "denied.example", "@denied.example")
        insert_list_entry(tx, link.share_link_id, denied, NOW)
    return link


def add_known(db: Database, count: int) -> None:
    """Contacts that have passed before."""
    with db.transaction() as tx:
        for number in range(count):
            identifier = parse_email(f"person{number}@known.example")
            contact_id = insert_contact(tx, NOW)
            insert_identifier(tx, identifier, contact_id=contact_id, is_verified=True, now=NOW)


def measure(gate: Gate, link: ShareLink, answers: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by kind of address, asked in random order."""
    asked = [(kind, n) for kind in ("known", "new", "denied") for n in range(answers)]
    random.Random(7).shuffle(asked)
    times: dict[str, list[float]] = {"known": [], "new": [], "denied": []}
    for position, (kind, number) in enumerate(asked):
        now = NOW + timedelta(milliseconds=position)
        visit = Visit(secret_hash(f"{kind}{number}"), link.slug, now, "203.0.113.9/32")
        identifier = parse_email(f"person{number}@{kind}.example")
        begun = time.perf_counter()
        submit_entry(gate, visit, [identifier])
        times[kind].append((time.perf_counter() - begun) * 1000)
    return times


def main() -> None:
    """Measure and report."""
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS
    with tempfile.TemporaryDirectory() as folder:
        db = Database(Path(folder) / "bench.duckdb")
        link = furnish(db)
        add_known(db, answers)
        outbox = OutboxDeliverer(Path(folder) / "outbox")
        carriers = dict.fromkeys(Channel, outbox)
        queues = open_queues(db, carriers, lambda: NOW, workers=0, most_waiting=1_000_000)
        limits = tuple(replace(limit, most=1_000_000) for limit in LIMITS)
        gate = Gate(db, Pepper(b"p" * 32), queues, limits)
        times = measure(gate, link, answers)
        db.close()
    report(times)


def report(times: dict[str, list[float]]) -> None:
    """One line for each kind, and the distance of the medians beside the spread."""
    medians = {kind: statistics.median(values) for kind, values in times.items()}
    spreads = []
    print(f"{'address':8} {'answers':>8} {'median ms':>10} {'p10':>8} {'p90':>8}")
    for kind, values in times.items():
        deciles = statistics.quantiles(values, n=10)
        spreads.append(deciles[-1] - deciles[0])
        print(
            f"{kind:8} {len(values):8} {medians[kind]:10.2f} {deciles[0]:8.2f} {deciles[-1]:8.2f}"
        )
    apart = max(medians.values()) - min(medians.values())
    share = f"{apart / min(spreads):.0%}"
    print(f"medians apart by {apart:.2f} ms, {share} of the least spread (p10 to p90)")


if __name__ == "__main__":
    main()
