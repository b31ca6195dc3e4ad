"""Many viewers who pass at once are saved together, each as if it had been alone."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import pytest

from data.attempts import Act, Scope
from data.check import check_database
from data.documents import NewDocument, insert_document
from data.records import Document, SessionKind, ShareLink, ViewingSession
from gate.codes import secret_hash
from gate.entries import submit_entry
from gate.errors import NotListed, TooManyRequests
from gate.identifiers import parse_email
from gate.limits import LIMITS, adjust_limits
from gate.openings import record_opening
from gate.passes import Grant, claim_grant, read_pass
from gate.sessions import Opening, open_viewing_session
from tests.gate.conftest import Desk, later, pass_unverified, visit_of

T = TypeVar("T")
VIEWERS = range(24)


@pytest.fixture(autouse=True)
def document(desk: Desk, link: ShareLink) -> Document:
    """What everybody opens."""
    new = NewDocument(
        workspace_id=link.workspace_id,
        name="Deck.pdf",
        content_type="application/pdf",
        byte_count=1,
        storage_name="deck",
    )
    with desk.gate.db.transaction() as tx:
        return insert_document(tx, new, link.created_at)


def all_at_once(desk: Desk, act: Callable[[int], T], numbers: Iterable[int] = VIEWERS) -> list[T]:
    """What the act gives to each of these, who all had to wait for the database."""
    with ThreadPoolExecutor(len(VIEWERS)) as pool:
        with desk.gate.db.paused():
            acts = [pool.submit(act, number) for number in numbers]
            _wait_until(lambda: len(desk.gate.db._waves._waiting) >= len(acts) - 1)
        return [one.result() for one in acts]


def _wait_until(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(20_000):
        if is_so():
            return
        pause.wait(0.001)


def pass_at_once(desk: Desk, link: ShareLink, now: datetime, prefix: str = "") -> list[str]:
    """The cookies of the viewers, every second of whom was here before."""
    gate = desk.gate

    def browser(number: int) -> str:
        return f"{prefix}browser {number}"

    def enter(number: int) -> Grant:
        visit = visit_of(browser(number), link, now)
        grant = submit_entry(gate, visit, [parse_email(f"viewer{number}@example.com")])
        assert isinstance(grant, Grant)
        return grant

    all_at_once(desk, lambda number: record_opening(gate, visit_of(browser(number), link, now)))
    grants = all_at_once(desk, enter)
    return all_at_once(
        desk,
        lambda number: claim_grant(
            gate.db, secret_hash(browser(number)), grants[number].token, now
        ),
    )


def open_at_once(
    desk: Desk, link: ShareLink, cookies: list[str], now: datetime
) -> list[ViewingSession]:
    """The sessions of the browsers with these cookies."""
    gate, openings = desk.gate, []
    for cookie in cookies:
        live = read_pass(gate.db, gate.pepper, secret_hash(cookie), link, now)
        assert live is not None
        openings.append(Opening(link, live, SessionKind.VIEWER, 1))
    return all_at_once(
        desk, lambda number: open_viewing_session(gate, openings[number], now), range(len(cookies))
    )


def count_by_contact(desk: Desk) -> list[tuple[str, int, int, int]]:
    """Of each address its contact's count, sessions and links."""
    rows = desk.gate.db.rows(
        """
        select
            address,
            access_count,
            (select count(*) from viewing_session where contact_id = contact.contact_id),
            (select count(*) from contact_link where contact_id = contact.contact_id)
        from contact
        join identifier using (contact_id)
        order by address
        """
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def test_viewers_who_come_at_once_are_each_there_once(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    for number in VIEWERS:
        if number % 2:
            pass_unverified(desk, f"before {number}", link, now, f"viewer{number}@example.com")
    cookies = pass_at_once(desk, link, later(now, seconds=1))
    sessions = open_at_once(desk, link, cookies, later(now, seconds=2))
    assert len({one.viewing_session_id for one in sessions}) == len(VIEWERS)
    told = [(f"viewer{number}@example.com", 1, 1, 1) for number in VIEWERS]
    assert count_by_contact(desk) == sorted(told)
    assert check_database(desk.gate.db) == []
    steps = desk.gate.db.rows("select event, count(*) from gate_event group by event")
    assert dict(steps) == {"opened": 24, "entered": 36, "admitted": 36, "viewed": 24}


def test_a_second_visit_counts_for_the_same_contacts(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    for number in range(2):
        moment = later(now, hours=number)
        cookies = pass_at_once(desk, link, moment, prefix=f"{number} ")
        open_at_once(desk, link, cookies, moment)
        # Loading the page again begins nothing.
        open_at_once(desk, link, cookies, later(moment, minutes=5))
    told = [(f"viewer{number}@example.com", 2, 2, 1) for number in VIEWERS]
    assert count_by_contact(desk) == sorted(told)
    assert check_database(desk.gate.db) == []


def test_one_persons_many_browsers_are_one_contact(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    def enter(number: int) -> object:
        visit = visit_of(f"browser {number}", link, now)
        return submit_entry(desk.gate, visit, [parse_email("ada@example.com")])

    grants = all_at_once(desk, enter)
    cookies = [
        claim_grant(desk.gate.db, secret_hash(f"browser {number}"), grant.token, now)
        for number, grant in enumerate(grants)
        if isinstance(grant, Grant)
    ]
    open_at_once(desk, link, cookies, now)
    assert count_by_contact(desk) == [("ada@example.com", 24, 24, 1)]
    assert check_database(desk.gate.db) == []


def test_whoever_is_kept_out_hears_so_while_the_others_pass(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    with desk.gate.db.transaction() as tx:
        tx.run(
            """
            insert into list_entry
            values (1, $share_link_id, 'deny', 'address', 'viewer7@example.com', '', now())
            """,
            share_link_id=link.share_link_id,
        )

    def enter(number: int) -> object:
        visit = visit_of(f"browser {number}", link, now)
        try:
            return submit_entry(desk.gate, visit, [parse_email(f"viewer{number}@example.com")])
        except NotListed as refusal:
            return refusal

    told = all_at_once(desk, enter)
    assert [number for number in VIEWERS if isinstance(told[number], NotListed)] == [7]
    assert desk.gate.db.row("select count(*) from contact") == (23,)


def test_viewers_of_one_network_who_come_at_once_get_exactly_what_its_limit_gives(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    few = replace(desk.gate, limits=adjust_limits({"network_link_entries_10_min": 5}))

    def enter(number: int) -> bool:
        visit = replace(visit_of(f"browser {number}", link, now), network="203.0.113.7/32")
        try:
            submit_entry(few, visit, [parse_email(f"viewer{number}@example.com")])
        except TooManyRequests:
            return False
        return True

    assert sum(all_at_once(desk, enter)) == 5
    assert desk.gate.db.row("select count(*) from contact") == (5,)
    assert check_database(desk.gate.db) == []


def test_viewers_of_many_networks_are_saved_together_but_for_who_is_held_up(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    few = replace(desk.gate, limits=adjust_limits({"network_link_entries_10_min": 1}))

    def enter(number: int, browser: str = "browser") -> int:
        """How many were saved together with it; 0 if it was held up."""
        visit = replace(
            visit_of(f"{browser} {number}", link, now), network=f"203.0.113.{number}/32"
        )
        try:
            submit_entry(few, visit, [parse_email(f"viewer{number}@example.com")])
        except TooManyRequests:
            return 0
        return desk.gate.db._waves._last_size

    enter(7, "before")
    together = all_at_once(desk, enter)
    assert max(together) == len(VIEWERS)
    assert [number for number in VIEWERS if together[number] == 0] == [7]


def test_entries_are_limited_by_browser_and_by_network_at_a_link() -> None:
    """Units with other keys are saved at once: no limit may count them together."""
    scopes = {limit.scope for limit in LIMITS if limit.act is Act.ENTRY}
    assert scopes == {Scope.BROWSER, Scope.NETWORK_AT_LINK}
