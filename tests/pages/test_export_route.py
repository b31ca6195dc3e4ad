"""The route that sends the owner's contacts as a file."""

import csv
import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO

import openpyxl
import pytest
from starlette.applications import Starlette

from data.accounts import update_account
from data.audit import AuditEvent
from data.database import Database
from data.records import Plan
from gate.codes import keyed_hash
from pages.routes.exports import export_routes
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import Runtime, set_runtime
from tests.pages.asking_routes import Answer, ask_route
from tests.pages.visits import Visits, add_crowd

PATH = "/export/contacts.csv"


class Browser:
    """A browser that asks the route, with the hash that the middleware read from its cookie."""

    def __init__(self, browser_hash: str) -> None:
        self.ask = partial(
            ask_route, Starlette(routes=export_routes), headers={BROWSER_HEADER: browser_hash}
        )

    def get(self, query: str = "", method: str = "GET") -> Answer:
        return self.ask(PATH + query, method=method)


@pytest.fixture
def owner(owner_browser: str) -> Browser:
    return Browser(owner_browser)


def rows_of(browser: Browser, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(query)
    assert answer.status == 200
    return list(csv.DictReader(answer.text.splitlines()))


def identifiers(browser: Browser, query: str = "") -> list[str]:
    return [row["identifier"] for row in rows_of(browser, query)]


def exports_made(db: Database) -> list[dict[str, object]]:
    rows = db.rows(
        "select detail from audit where event = $event order by audit_id",
        event=AuditEvent.EXPORT_MADE,
    )
    return [json.loads(row[0]) for row in rows]


def test_the_owner_gets_every_contact_newest_first(owner: Browser, visits: Visits) -> None:
    rows = rows_of(owner)

    assert [row["identifier"] for row in rows] == [
        "+447700900123",
        "ada@example.com",
        "carol@example.com",
    ]
    assert list(rows[0]) == [
        "identifier",
        "type",
        "verified",
        "last_accessed_at",
        "first_accessed_at",
        "access_count",
        "email",
        "whatsapp",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?type=whatsapp", ["+447700900123", "+447700900001"]),
        ("?link=1&document=1", ["ada@example.com"]),
        ("?period=90d&sort=access_count&dir=asc", ["+447700900123", "ada@example.com"]),
        ("?q=0123", ["+447700900123"]),
        ("?verified=no&type=email", ["carol@example.com"]),
        ("?workspace=1&workspace=2", ["+447700900123", "ada@example.com"]),
        ("?page=9&link=1", ["ada@example.com", "carol@example.com"]),
        ("?type=fax", ["+447700900123", "ada@example.com", "carol@example.com"]),
    ],
)
def test_the_file_has_the_view_of_its_address(
    owner: Browser, visits: Visits, query: str, expected: list[str]
) -> None:
    assert identifiers(owner, query) == expected


def test_all_pages_are_in_the_file(
    owner: Browser, db: Database, visits: Visits, now: datetime
) -> None:
    add_crowd(db, visits.investors, now, size=70)

    assert len(identifiers(owner)) == 73


def test_a_workbook_says_whose_it_is_and_of_whom(owner: Browser, visits: Visits) -> None:
    answer = owner.ask("/export/contacts.xlsx?type=whatsapp")
    about = openpyxl.load_workbook(BytesIO(answer.body))["About this export"]
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["Contacts"] == "Type is WhatsApp, all time."
    assert (said["Account"], said["Time zone"], said["Rows"]) == ("Northwind", "Asia/Kolkata", "2")


def test_a_workbook_says_that_its_numbers_are_those_of_the_filter(
    owner: Browser, visits: Visits
) -> None:
    def read_numbers(query: str) -> object:
        answer = owner.ask(f"/export/contacts.xlsx?{query}")
        about = openpyxl.load_workbook(BytesIO(answer.body))["About this export"]
        return {row[0].value: row[1].value for row in about.iter_rows()}.get("Numbers")

    assert "within this filter" in str(read_numbers("period=30d"))
    assert read_numbers("type=email") is None


def test_nobody_may_keep_or_sniff_the_file(owner: Browser, visits: Visits) -> None:
    headers = owner.get().headers

    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert headers["content-disposition"] == (
        'attachment; filename="gatebook-contacts-2026-03-18.csv"'
    )
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-encoding"] == "identity"


@pytest.mark.parametrize("browser_hash", ["", "eve", "e" * 64])
def test_a_stranger_gets_nothing(db: Database, visits: Visits, browser_hash: str) -> None:
    answer = Browser(browser_hash).get()

    assert answer.status == 401
    assert "example.com" not in answer.text
    assert "Sign in" in answer.text
    assert exports_made(db) == []


@pytest.mark.parametrize("plan", [Plan.FREE, Plan.PRO])
def test_other_plans_are_told_what_to_do(
    owner: Browser, db: Database, visits: Visits, plan: Plan
) -> None:
    with db.transaction() as tx:
        update_account(tx, name="Northwind", plan=plan, time_zone="Asia/Kolkata")

    answer = owner.get()

    assert answer.status == 403
    assert "Business plan" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert exports_made(db) == []


def test_each_download_leaves_a_line_without_what_was_typed(
    owner: Browser, visits: Visits, runtime: Runtime
) -> None:
    owner.get("?q=ada%40example.com")

    (line,) = exports_made(runtime.db)
    assert line["row_count"] == 1
    assert line["has_search"]
    assert keyed_hash(runtime.pepper, "ada@example.com") not in str(line)
    assert "ada@" not in json.dumps(line)


def test_a_look_ahead_downloads_nothing(owner: Browser, db: Database, visits: Visits) -> None:
    answer = owner.get(method="HEAD")

    assert answer.status == 405
    assert exports_made(db) == []


def test_whoever_downloads_is_there_and_stays_signed_in(
    owner: Browser, visits: Visits, runtime: Runtime
) -> None:
    for minutes in (25, 50):
        set_runtime(replace(runtime, clock=partial(_after, runtime.clock(), minutes)))
        assert owner.get().status == 200


def _after(moment: datetime, minutes: int) -> datetime:
    return moment + timedelta(minutes=minutes)
