"""The log of downloads, as the owner reads it."""

import json
from datetime import date, datetime

import pytest

from data.accounts import insert_account
from data.audit import AuditEvent
from data.audit_queries import AuditFilter, find_audit_lines
from data.contact_filter import ContactFilter, ContactSort
from data.database import Database
from data.export_kinds import ExportTool, ExportWanted, FileFormat, RowKind
from data.records import Account, Channel, Member, Plan, Role
from gate.codes import Pepper
from gate.exports import Exporter, open_export
from pages.ui.audit_words import about_words
from pages.ui.export_log_words import export_log_words
from tests.factories import add_contact

ADA = Exporter(Member(1, "ada@example.com", "Ada", Role.OWNER))
CHOSEN = ContactFilter(
    channels=frozenset({Channel.EMAIL}),
    share_link_ids=frozenset({3, 4}),
    from_on=date(2026, 1, 31),
    is_verified=False,
    search="bob@secret.example",
    tags=frozenset({"Secret"}),
    includes_archived=True,
)


@pytest.fixture(autouse=True)
def _account(db: Database, now: datetime) -> None:
    with db.transaction() as tx:
        insert_account(tx, Account("Northwind", Plan.BUSINESS, "UTC", now))


def _logged(
    db: Database, now: datetime, wanted: ExportWanted, chosen: ContactFilter | None = None
) -> str:
    who = Exporter(ADA.member, token_id=7) if wanted.tool else ADA
    pepper = Pepper(bytes(32))
    sort, chosen = ContactSort(), chosen or ContactFilter()
    open_export(db, who, wanted, chosen, sort, now, pepper=pepper).close()
    wanted_lines = AuditFilter(since=datetime.min.replace(tzinfo=now.tzinfo))
    (line,) = find_audit_lines(db, wanted_lines, most=9)
    assert line.event is AuditEvent.EXPORT_MADE
    return about_words(line, {}, {})


def test_a_card_holds_what_cards_hold_and_no_columns_are_told(db: Database, now: datetime) -> None:
    said = _logged(db, now, ExportWanted(FileFormat.VCARD_3))
    assert said == "vCard 3.0: 0 contacts · filter: none"


def test_a_download_says_its_file_filter_columns_and_rows(db: Database, now: datetime) -> None:
    add_contact(db, "bob@example.com")
    wanted = ExportWanted(FileFormat.XLSX, columns=("name", "email"))
    assert _logged(db, now, wanted) == (
        "Excel workbook (.xlsx): 1 contact · filter: none · columns: email, name"
    )


def test_a_filter_is_said_and_what_was_typed_is_not(db: Database, now: datetime) -> None:
    said = _logged(db, now, ExportWanted(rows=RowKind.SESSIONS, columns=("session_id",)), CHOSEN)
    assert said == (
        "CSV: 0 viewing sessions · filter: link l3, l4, type email, from 2026-01-31, "
        "not verified, a search, a tag, archived ones too · columns: session_id"
    )


def test_a_tools_file_and_a_token_are_named(db: Database, now: datetime) -> None:
    wanted = ExportWanted(tool=ExportTool.HUBSPOT, is_opted_out=True)
    assert _logged(db, now, wanted) == (
        "HubSpot, who opted out: 0 addresses · filter: none · by access token 7"
    )


@pytest.mark.parametrize("detail", ["", "12 addresses", "[1]", '{"a": 1}'])
def test_a_line_of_another_form_stays_as_it_is(detail: str) -> None:
    assert export_log_words(detail) == detail


def test_a_line_of_before_there_were_formats_is_read(db: Database) -> None:
    detail = json.dumps({"row_count": 2, "sort": "identifier ascending", "columns": ["email"]})
    assert export_log_words(detail) == "CSV: 2 contacts · filter: none · columns: email"
