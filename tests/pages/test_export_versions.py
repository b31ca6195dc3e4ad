"""Versions of a download: who has the newest is sent nothing, and no change is missed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from data.database import Database
from gate.access_tokens import MadeToken
from pages.ui.runtime import Runtime, set_runtime
from tests.factories import add_contact, store_tags
from tests.pages.scripts import PATH, ask, exports_made
from tests.pages.visits import Visits


def test_who_has_the_newest_version_is_told_so_and_sent_nothing(
    made: MadeToken, db: Database
) -> None:
    etag = ask(made.text).headers["etag"]
    again = ask(made.text, if_none_match=f'"x", {etag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert len(exports_made(db)) == 1
    for address in (f"{PATH}?type=email", "/export/contacts.jsonl", f"{PATH}?fields=email"):
        assert ask(made.text, address, if_none_match=etag).status == 200


def test_any_change_of_a_contact_makes_another_version(
    made: MadeToken, db: Database, visits: Visits
) -> None:
    seen = {ask(made.text).headers["etag"]}
    add_contact(db, "dan@example.com")
    seen.add(ask(made.text).headers["etag"])
    with db.transaction() as tx:
        tx.run("update contact set notes = 'Called' where contact_id = 1")
    seen.add(ask(made.text).headers["etag"])
    with db.transaction() as tx:
        store_tags(tx, 1, ["vip"])
    seen.add(ask(made.text).headers["etag"])
    assert len(seen) == 4
    assert ask(made.text).headers["etag"] in seen


@pytest.mark.parametrize(
    "change",
    [
        "update viewing_session set last_seen_at = last_seen_at + interval 1 minute",
        "update share_link set name = 'Renamed'",
        "update document set name = 'Renamed'",
    ],
)
def test_a_file_of_viewing_sessions_has_another_version_when_one_goes_on_or_is_renamed(
    made: MadeToken, db: Database, change: str
) -> None:
    address = f"{PATH}?rows=sessions"
    before = ask(made.text, address).headers["etag"]
    assert ask(made.text, address, if_none_match=before).status == 304
    with db.transaction() as tx:
        tx.run(change)
    assert ask(made.text, address, if_none_match=before).status == 200


def test_a_look_ahead_tells_the_version_and_leaves_no_line(made: MadeToken, db: Database) -> None:
    answer = ask(made.text, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["etag"] == ask(made.text).headers["etag"]
    assert len(exports_made(db)) == 1


def test_two_equal_lines_that_change_alike_make_another_version(
    made: MadeToken, db: Database, visits: Visits, now: datetime
) -> None:
    with db.transaction() as tx:
        for _ in range(2):
            tx.run(
                "insert into consent values (1, 1, 1, 'I agree.', 'en', true, $now, null)", now=now
            )
    address = f"{PATH}?fields=email,consent"
    before = ask(made.text, address).headers["etag"]
    with db.transaction() as tx:
        tx.run("update consent set withdrawn_at = $now", now=now)
    assert ask(made.text, address, if_none_match=before).status == 200


@pytest.mark.parametrize(
    "change", ["update account set name = 'Acme'", "update share_link set name = 'Renamed'"]
)
def test_a_workbook_that_says_something_else_of_itself_is_another_version(
    made: MadeToken, runtime: Runtime, visits: Visits, now: datetime, change: str
) -> None:
    address = "/export/contacts.xlsx?link=1"
    before = ask(made.text, address).headers["etag"]
    set_runtime(replace(runtime, clock=lambda: now + timedelta(minutes=5)))
    assert ask(made.text, address, if_none_match=before).status == 304
    with runtime.db.transaction() as tx:
        tx.run(change)
    assert ask(made.text, address, if_none_match=before).status == 200
