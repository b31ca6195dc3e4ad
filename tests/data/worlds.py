"""Random small accounts, their facts kept in Python too, for tests of what a filter means."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from data.contact_filter import ConsentChoice, ContactFilter
from data.database import Database, Transaction
from data.records import (
    Channel,
    ContactIdentifier,
    Document,
    SessionKind,
    ShareLink,
    ViewingSession,
    Workspace,
)
from data.rollups import link_contact
from tests.factories import (
    LONG_AGO,
    add_document,
    add_share_link,
    add_workspace,
    make_session,
    store_consent,
    store_contact,
    store_identifier,
    store_session,
    store_tags,
)

Choice = TypeVar("Choice")

# Clocks change on these days in one zone or another; the last is the end of a month and year.
DAYS = (
    date(2026, 3, 8),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 11, 1),
    date(2026, 12, 31),
)
SEARCHES = ("P1", "EXAMPLE.COM", "%", "_", "54321", "(11) 98", "+55 11", "100%")
COMPANIES = ("Acme", "Grey, Lee & Sons", "100%_")
TAGS = ("Investor", "warm, soon", "%")
KINDS = (SessionKind.VIEWER,) * 8 + (SessionKind.INTERNAL, SessionKind.BOT)


@dataclass(frozen=True)
class House:
    """What is shared: two workspaces of two documents, links to one document and to all."""

    workspaces: list[Workspace]
    documents: list[Document]
    links: list[ShareLink]


@dataclass(frozen=True)
class Person:
    """A contact and its identifiers, oldest first."""

    contact_id: int
    identifiers: list[ContactIdentifier]
    name: str | None
    is_archived: bool
    company: str | None
    tags: frozenset[str]
    consent: ConsentChoice


@dataclass(frozen=True)
class Visit:
    """A stored viewing session and the documents opened in it."""

    session: ViewingSession
    document_ids: frozenset[int]


@dataclass(frozen=True)
class World:
    """Everyone, all that happened, and which contact passed which link's gate."""

    house: House
    people: list[Person]
    visits: list[Visit]
    passed: set[tuple[int, int]]


def add_house(db: Database) -> House:
    workspaces = [add_workspace(db, "Fundraising"), add_workspace(db, "Sales")]
    documents = [add_document(db, workspaces[number // 2]) for number in range(4)]
    links = [
        add_share_link(db, workspaces[place], document=opened)
        for place, opened in (
            (0, documents[0]),
            (0, documents[1]),
            (0, None),
            (1, documents[2]),
            (1, None),
        )
    ]
    return House(workspaces, documents, links)


def clear_people(db: Database) -> None:
    """Forget every contact and visit, and keep the house."""
    with db.transaction() as tx:
        for statement in (
            "delete from contact",
            "delete from identifier",
            "delete from viewing_session",
            "delete from document_view",
            "delete from contact_link",
            "delete from contact_document",
            "delete from contact_tag",
            "delete from consent",
            "delete from contact_merge",
            "delete from contact_merge_details",
            "delete from contact_split",
            "delete from identifier_link",
            "delete from activity_slot",
            "delete from left_out_slot",
            "delete from item_total",
        ):
            tx.run(statement)


def store_world(tx: Transaction, house: House, rng: Random, zone: ZoneInfo) -> World:
    """People and their visits, stored as the gate stores them but in no order of time.

    The first of them never opens anything.
    """
    people = [_store_person(tx, rng, number) for number in range(rng.randint(3, 6))]
    passed = set()
    for person in people:
        for link in rng.sample(house.links, rng.randint(0, 2)):
            link_contact(tx, person.contact_id, link.share_link_id, LONG_AGO)
            passed.add((person.contact_id, link.share_link_id))
    starts = [_pick_instant(rng, zone) for _ in range(rng.randint(8, 32))]
    visits = [_store_visit(tx, rng, house, people[1:], started_at) for started_at in starts]
    return World(house, people, visits, passed)


def _store_person(tx: Transaction, rng: Random, number: int) -> Person:
    name = rng.choice([None, f"Ada P{number}", "100%_"])
    archived_at = rng.choice([None, None, None, LONG_AGO])
    company = rng.choice([None, *COMPANIES])
    contact_id = store_contact(tx, name=name, company=company, archived_at=archived_at)
    tags = frozenset(rng.sample(TAGS, rng.randint(0, 2)))
    store_tags(tx, contact_id, tags)
    addresses = [f"P{number}@example.com", f"b{number}@corp.example"]
    addresses += [f"+551198765432{number}", f"+1416555012{number}"]
    identifiers = [
        store_identifier(tx, contact_id, address, verified=rng.random() < 0.5)
        for address in rng.sample(addresses, rng.randint(1, 3))
    ]
    consent = rng.choice(list(ConsentChoice))
    if consent is not ConsentChoice.NONE:
        store_consent(
            tx,
            rng.choice(identifiers),
            withdrawn_at=LONG_AGO if consent is ConsentChoice.WITHDRAWN else None,
        )
    if consent is not ConsentChoice.NONE and rng.random() < 0.5:
        # What was withdrawn once takes nothing from what stands.
        store_consent(tx, rng.choice(identifiers), withdrawn_at=LONG_AGO)
    return Person(contact_id, identifiers, name, archived_at is not None, company, tags, consent)


def _store_visit(
    tx: Transaction, rng: Random, house: House, people: list[Person], started_at: datetime
) -> Visit:
    link = rng.choice(house.links)
    person = rng.choice([*people, *people, None])
    identifier = rng.choice(person.identifiers) if person else None
    wanted = make_session(identifier, link, started_at, rng.choice(KINDS))
    near = [one for one in house.documents if one.workspace_id == link.workspace_id]
    opened = rng.sample(near, rng.randint(0, 2))
    session = store_session(tx, wanted, opened)
    return Visit(session, frozenset(document.document_id for document in opened))


def _pick_instant(rng: Random, zone: ZoneInfo) -> datetime:
    """Around midnight or any quarter of an hour of the days above, often just before it."""
    day = rng.choice(DAYS)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone, fold=rng.randint(0, 1))
    quarters = rng.choice([rng.randint(-4, 8), rng.randint(-100, 100)])
    shift = timedelta(minutes=15 * quarters, microseconds=rng.choice([-1, 0, 400_000_000]))
    return midnight.astimezone(UTC) + shift


def pick_filter(rng: Random, world: World, time_zone: str) -> ContactFilter:
    """A filter of up to three fields over this world; its days lie around those above."""
    house = world.house
    narrowings: dict[str, Any] = {
        "contact_ids": _pick_some(rng, [person.contact_id for person in world.people]),
        "channels": _pick_some(rng, list(Channel)),
        "share_link_ids": _pick_some(rng, [link.share_link_id for link in house.links]),
        "document_ids": _pick_some(rng, [opened.document_id for opened in house.documents]),
        "workspace_ids": _pick_some(rng, [place.workspace_id for place in house.workspaces]),
        "is_verified": rng.random() < 0.5,
        "search": rng.choice(SEARCHES),
        "min_access_count": rng.choice([0, 1, 2, 3]),
        "max_access_count": rng.choice([0, 1, 2, 5]),
        "domains": _pick_some(rng, ["example.com", "corp.example", "elsewhere.example"]),
        "companies": _pick_some(rng, [*map(str.upper, COMPANIES), "Acm"]),
        "countries": _pick_some(rng, ["BR", "CA", "US"]),
        "tags": _pick_some(rng, [*map(str.lower, TAGS), "Inv"]),
        "consent": rng.choice(list(ConsentChoice)),
    }
    chosen = rng.sample(list(narrowings), rng.choice([0, 1, 1, 2, 3]))
    from_on, to_on = rng.choice([(None, None), _pick_period(rng)])
    seen_from_on, seen_to_on = rng.choice([(None, None), (None, None), _pick_period(rng)])
    filled = replace(
        ContactFilter(time_zone=time_zone, from_on=from_on, to_on=to_on),
        first_seen_from_on=seen_from_on,
        first_seen_to_on=seen_to_on,
        includes_archived=rng.random() < 0.3,
        **{name: narrowings[name] for name in chosen},
    )
    if rng.random() < 0.8:
        return filled
    return replace(
        filled, today_on=rng.choice(DAYS) + timedelta(days=3), quiet_days=rng.randint(1, 6)
    )


def _pick_period(rng: Random) -> tuple[date | None, date | None]:
    first, last = (rng.choice(DAYS) + timedelta(days=rng.randint(-1, 1)) for _ in range(2))
    return rng.choice([(first, first), (first, max(first, last)), (first, None), (None, last)])


def _pick_some(rng: Random, choices: list[Choice]) -> frozenset[Choice]:
    return frozenset(rng.sample(choices, rng.choice([1, 2])))
