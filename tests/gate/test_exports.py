"""Who may download contacts, and what each download leaves in the trail."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from data.accounts import insert_account, update_account
from data.contact_filter import ContactFilter, ContactSort, SortColumn
from data.database import Database
from data.export_kinds import ExportWanted
from data.records import Account, Channel, Member, Plan, Role
from gate.codes import Pepper, keyed_hash
from gate.errors import NotPermitted
from gate.exports import Exporter, OpenedExport, open_export
from tests.factories import add_contact

ADA = Member(1, "ada@example.com", "Ada", Role.OWNER)
ANALYST = Member(2, "ann@example.com", "Ann", Role.ANALYST)


@pytest.fixture(autouse=True)
def _account(db: Database, now: datetime) -> None:
    with db.transaction() as tx:
        insert_account(tx, Account("Northwind", Plan.BUSINESS, "Asia/Tokyo", now))


def _change_plan(db: Database, plan: Plan) -> None:
    with db.transaction() as tx:
        update_account(tx, name="Northwind", plan=plan, time_zone="UTC")


def _open(db: Database, now: datetime, member: Member | None = ADA) -> OpenedExport:
    who = Exporter(member) if member else None
    return open_export(db, who, ExportWanted(), ContactFilter(), ContactSort(), now)


def _details(db: Database) -> list[dict[str, Any]]:
    rows = db.rows("select detail from audit where event = 'export_made' order by audit_id")
    return [json.loads(row[0]) for row in rows]


@pytest.mark.parametrize("member", [ADA, ANALYST])
def test_owner_and_analyst_get_every_contact(db: Database, now: datetime, member: Member) -> None:
    add_contact(db, "bob@example.com")
    add_contact(db, "+447700900123")
    opened = _open(db, now, member)
    assert opened.row_count == 2
    assert b"".join(opened.chunks).count(b"\r\n") == 3


def test_the_file_is_named_by_the_day_where_the_account_is(db: Database) -> None:
    late = datetime(2026, 11, 21, 20, tzinfo=UTC)
    assert _open(db, late).file_name == "gatebook-contacts-2026-11-22.csv"


def test_a_stranger_gets_nothing(db: Database, now: datetime) -> None:
    with pytest.raises(NotPermitted):
        _open(db, now, None)
    assert _details(db) == []


@pytest.mark.parametrize("plan", [Plan.FREE, Plan.PRO])
def test_a_smaller_plan_is_refused_at_that_very_moment(
    db: Database, now: datetime, plan: Plan
) -> None:
    _open(db, now)
    _change_plan(db, plan)
    with pytest.raises(NotPermitted) as refused:
        _open(db, now)
    assert refused.value.feature == "export_csv"
    assert len(_details(db)) == 1
    _change_plan(db, Plan.BUSINESS)
    assert _open(db, now).row_count == 0


def test_the_trail_says_who_took_what_before_the_first_byte(db: Database, now: datetime) -> None:
    add_contact(db, "bob@example.com")
    chosen = ContactFilter(
        channels=frozenset({Channel.EMAIL}), is_verified=False, time_zone="Asia/Tokyo"
    )
    sort = ContactSort(SortColumn.IDENTIFIER, is_descending=False)
    opened = open_export(db, Exporter(ANALYST, token_id=7), ExportWanted(), chosen, sort, now)
    assert opened.row_count == 1
    assert _details(db)[0] == {
        "channels": ["email"],
        "is_verified": False,
        "time_zone": "Asia/Tokyo",
        "includes_archived": False,
        "has_search": False,
        "sort": "identifier ascending",
        "columns": [
            "identifier",
            "type",
            "verified",
            "last_accessed_at",
            "first_accessed_at",
            "access_count",
            "email",
            "whatsapp",
        ],
        "row_count": 1,
        "format": "csv",
        "rows": "contacts",
        "token_id": 7,
    }
    actors = db.rows("select actor_kind, actor_id, created_at from audit")
    assert actors == [("member", ANALYST.member_id, now)]


def test_the_trail_names_links_documents_and_days_by_number(db: Database, now: datetime) -> None:
    chosen = ContactFilter(
        share_link_ids=frozenset({4, 2}),
        document_ids=frozenset({7}),
        workspace_ids=frozenset({1}),
        from_on=date(2026, 1, 31),
        to_on=date(2026, 2, 1),
    )
    open_export(db, Exporter(ADA), ExportWanted(), chosen, ContactSort(), now)
    detail = _details(db)[0]
    assert (detail["share_link_ids"], detail["document_ids"]) == ([2, 4], [7])
    assert detail["workspace_ids"] == [1]
    assert (detail["from_on"], detail["to_on"]) == ("2026-01-31", "2026-02-01")


def test_what_was_searched_for_is_never_written_down(db: Database, now: datetime) -> None:
    secret = frozenset({"secret.example"})
    chosen = ContactFilter(search="bob@secret.example", domains=secret, companies=secret)
    chosen = replace(chosen, tags=secret)
    pepper = Pepper(bytes(32))
    open_export(db, Exporter(ADA), ExportWanted(), chosen, ContactSort(), now, pepper=pepper)
    open_export(db, Exporter(ADA), ExportWanted(), chosen, ContactSort(), now)
    assert keyed_hash(pepper, "bob@secret.example") not in str(_details(db))
    assert _details(db)[0]["domain_hashes"] == [keyed_hash(pepper, "secret.example")]
    assert all(one["has_search"] for one in _details(db))
    assert not any("secret" in str(row) for row in db.rows("select * from audit"))


def test_the_rows_are_those_of_the_moment_it_was_opened(db: Database, now: datetime) -> None:
    add_contact(db, "ada@example.com")
    opened = _open(db, now)
    add_contact(db, "bob@example.com")
    text = b"".join(opened.chunks)
    assert b"ada@example.com" in text
    assert b"bob@example.com" not in text
    assert (opened.row_count, opened.rows_sent) == (1, 1)


def test_what_is_never_read_holds_nothing_open(db: Database, now: datetime) -> None:
    add_contact(db, "ada@example.com")
    _open(db, now).close()
    db.checkpoint()
    assert b"".join(_open(db, now).chunks).count(b"\r\n") == 2
