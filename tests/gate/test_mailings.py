"""Who may be written to, and taking back consent that was withdrawn in a mailing tool."""

from datetime import datetime, timedelta

import pytest

from data.contact_filter import ConsentChoice, ContactFilter
from data.database import Database
from data.export_kinds import ExportTool, ExportWanted, RowKind
from data.records import Member, Role
from gate.errors import NotPermitted
from gate.identifiers import parse_email, parse_whatsapp
from gate.mailings import (
    MailingCounts,
    Withdrawal,
    count_export,
    count_mailing,
    withdraw_consents,
)
from tests.data.exports import add_person, tool_rows
from tests.factories import store_consent, store_contact, store_identifier

OWNER = Member(1, "ada@example.com", "Ada", Role.OWNER)
ANALYST = Member(2, "ann@example.com", "Ann", Role.ANALYST)
ADA, BOB, NUMBER = "ada@example.com", "bob@example.com", "+5511955501234"
EVERYBODY = ContactFilter()


@pytest.fixture(autouse=True)
def _people(db: Database) -> None:
    add_person(db, ADA, NUMBER, consents=(ADA, NUMBER))
    add_person(db, BOB)
    add_person(db, "eve@example.com", withdrawn=("eve@example.com",))


@pytest.mark.parametrize("tool", [tool for tool in ExportTool if tool.mailing_channels])
def test_the_counts_are_the_files_rows(db: Database, tool: ExportTool) -> None:
    counts = count_mailing(db, EVERYBODY, tool)
    assert counts.consenting == len(tool_rows(db, tool)) == 1
    assert counts.opted_out == len(tool_rows(db, tool, is_opted_out=True))


def test_the_counts_are_those_of_the_filter(db: Database) -> None:
    nobody = ContactFilter(search="bob")
    assert count_mailing(db, nobody, ExportTool.HUBSPOT) == MailingCounts(0, 0)
    gone = ContactFilter(consent=ConsentChoice.WITHDRAWN)
    assert count_mailing(db, gone, ExportTool.HUBSPOT) == MailingCounts(0, 1)
    assert count_export(db, EVERYBODY, ExportWanted(rows=RowKind.IDENTIFIERS)) == 4


def test_the_counts_say_how_many_nobody_proved(db: Database, now: datetime) -> None:
    with db.transaction() as tx:
        store_consent(tx, store_identifier(tx, store_contact(tx), "typed@example.com"))
    assert count_mailing(db, EVERYBODY, ExportTool.HUBSPOT) == MailingCounts(2, 1, unverified=1)
    proved = ContactFilter(is_verified=True)
    assert count_mailing(db, proved, ExportTool.HUBSPOT) == MailingCounts(1, 1, unverified=0)


def test_who_unsubscribed_is_written_to_no_more(db: Database, now: datetime) -> None:
    listed = [parse_email(text) for text in ("ADA@example.com", BOB, "nobody@example.com")]
    assert withdraw_consents(db, listed, OWNER, now) == Withdrawal(1, 1, 1)
    assert tool_rows(db, ExportTool.MAILCHIMP) == []
    gone = tool_rows(db, ExportTool.MAILCHIMP, is_opted_out=True)
    assert [row["Email Address"] for row in gone] == [ADA, "eve@example.com"]
    # Another address of theirs consented for itself.
    assert len(tool_rows(db, ExportTool.WHATSAPP_MYOPERATOR)) == 1
    assert withdraw_consents(db, listed, OWNER, now) == Withdrawal(0, 2, 1)


def test_a_number_unsubscribes_however_it_is_written(db: Database, now: datetime) -> None:
    listed = [parse_whatsapp("0055 (11) 95550-1234", None)]
    assert withdraw_consents(db, listed, OWNER, now).withdrawn == 1
    assert tool_rows(db, ExportTool.WHATSAPP_MYOPERATOR) == []


def test_who_consents_again_later_is_written_to_again(db: Database, now: datetime) -> None:
    (carol,) = add_person(db, "carol@example.com", consents=("carol@example.com",))
    withdraw_consents(db, [parse_email("carol@example.com")], OWNER, now + timedelta(1))
    assert len(tool_rows(db, ExportTool.HUBSPOT)) == 1
    with db.transaction() as tx:
        store_consent(tx, carol)
    assert len(tool_rows(db, ExportTool.HUBSPOT)) == 2
    opted_out = tool_rows(db, ExportTool.HUBSPOT, is_opted_out=True)
    assert [row["Email"] for row in opted_out] == ["eve@example.com"]


def test_the_trail_counts_and_names_nobody(db: Database, now: datetime) -> None:
    withdraw_consents(db, [parse_email(ADA), parse_whatsapp(NUMBER, None)], OWNER, now)
    rows = db.rows("select event, actor_id, created_at, detail from audit")
    assert rows == [("consent_withdrawn", 1, now, "2 addresses")]


def test_an_analyst_withdraws_nothing(db: Database, now: datetime) -> None:
    with pytest.raises(NotPermitted):
        withdraw_consents(db, [parse_email(ADA)], ANALYST, now)
    assert len(tool_rows(db, ExportTool.HUBSPOT)) == 1
