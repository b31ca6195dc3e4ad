"""Files for other tools: headers to the letter, each tool's rules, and consent."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from data.database import Database
from data.export_kinds import ExportTool, ExportWanted
from tests.data.exports import add_many, add_person, export_file, read_csv_rows, tool_rows

CORPUS = json.loads((Path(__file__).parent.parent / "corpora/crm_import_headers.json").read_text())
KEYS = {tool: str(tool) for tool in ExportTool} | {ExportTool.HUBSPOT: "hubspot_contacts"}
MAILING = [tool for tool in ExportTool if tool.mailing_channels]
ADA = "ada@analytical.example"
NUMBER = "+447700900123"


@pytest.mark.parametrize("tool", ExportTool)
def test_a_tool_gets_its_header_to_the_letter(db: Database, tool: ExportTool) -> None:
    header = export_file(db, ExportWanted(tool=tool)).decode().split("\r\n")[0]
    assert header == CORPUS[KEYS[tool]]["header"]


@pytest.mark.parametrize("tool", ExportTool)
def test_no_tool_gets_a_byte_order_mark_or_a_cut_row(db: Database, tool: ExportTool) -> None:
    add_person(db, ADA, NUMBER, consents=(ADA, NUMBER), name='Ada "the", Countess')
    data = export_file(db, ExportWanted(tool=tool))
    width = len(CORPUS[KEYS[tool]]["header"].split(","))
    assert not data.startswith(b"\xef\xbb\xbf")
    assert [len(row) for row in read_csv_rows(data)] == [width]


@pytest.mark.parametrize("tool", MAILING)
def test_who_did_not_consent_is_in_no_mailing(db: Database, tool: ExportTool) -> None:
    add_person(db, "bob@example.com", "+447700900200", name="Bob")
    add_person(db, "eve@example.com", "+447700900201", withdrawn=("eve@example.com",))
    add_person(db, ADA, NUMBER, consents=(ADA, NUMBER), name="Ada Lovelace")
    text = export_file(db, ExportWanted(tool=tool)).decode()
    assert len(tool_rows(db, tool)) == 1
    assert "example.com" not in text
    assert "7700900200" not in text


@pytest.mark.parametrize("tool", MAILING)
def test_a_mailing_has_no_address_but_those_that_consented(db: Database, tool: ExportTool) -> None:
    other, plain = "ada@private.example", "+447700900999"
    add_person(db, other, plain, ADA, NUMBER, consents=(ADA, NUMBER), withdrawn=(other,))
    text = export_file(db, ExportWanted(tool=tool)).decode()
    assert "private.example" not in text
    assert "7700900999" not in text


@pytest.mark.parametrize("tool", MAILING)
def test_who_opted_out_is_in_a_file_apart_and_who_came_back_is_not(
    db: Database, tool: ExportTool
) -> None:
    gone, back = ("eve@example.com", "+447700900201"), (ADA, NUMBER)
    add_person(db, *gone, withdrawn=gone)
    add_person(db, *back, withdrawn=back, consents=back)
    add_person(db, "bob@example.com", "+447700900200")
    text = export_file(db, ExportWanted(tool=tool, is_opted_out=True)).decode()
    assert text.count("\r\n") == 1 + len(tool.mailing_channels)
    assert ("eve@example.com" in text) == ("email" in tool.mailing_channels)
    assert ("7700900201" in text) == ("whatsapp" in tool.mailing_channels)
    assert "bob" not in text
    assert ADA not in text


def test_hubspots_opted_out_are_a_file_of_one_column(db: Database) -> None:
    add_person(db, "eve@example.com", withdrawn=("eve@example.com",))
    data = export_file(db, ExportWanted(tool=ExportTool.HUBSPOT, is_opted_out=True))
    assert data == b"Email\r\neve@example.com\r\n"


def test_hubspot_gets_a_contact(db: Database) -> None:
    add_person(db, ADA, NUMBER, consents=(ADA, NUMBER), name="Ada King Lovelace", company="A, B")
    (row,) = tool_rows(db, ExportTool.HUBSPOT)
    assert {name: cell for name, cell in row.items() if cell} == {
        "Email": ADA,
        "First name": "Ada King",
        "Last name": "Lovelace",
        "Mobile phone number": NUMBER,
        "Company name": "A, B",
    }


@pytest.mark.parametrize("tool", [ExportTool.SALESFORCE_LEADS, ExportTool.SALESFORCE_CONTACTS])
def test_salesforce_misses_nothing_that_it_demands(db: Database, tool: ExportTool) -> None:
    add_person(db, NUMBER)
    add_person(
        db, "bob@example.com", name="Bob", notes="Met in Oslo", withdrawn=("bob@example.com",)
    )
    add_person(db, ADA, consents=(ADA,), name="Ada Lovelace", company="x" * 300)
    rows = tool_rows(db, tool)
    company = "Company" if tool is ExportTool.SALESFORCE_LEADS else "Account Name"
    assert [row["Last Name"] for row in rows] == ["[not provided]", "Bob", "Lovelace"]
    assert [row["First Name"] for row in rows] == ["", "", "Ada"]
    assert [row[company][:14] for row in rows] == ["[not provided]"] * 2 + ["x" * 14]
    assert len(rows[2][company]) <= 255
    assert [row["Email Opt Out"] for row in rows] == ["1", "1", "0"]
    assert [row["Mobile Phone"] for row in rows] == [NUMBER, "", ""]


def test_salesforce_is_given_the_address_that_consented_and_keeps_the_others(
    db: Database,
) -> None:
    add_person(db, "old@example.com", ADA, NUMBER, "+447700900124", consents=(ADA,), notes="Hi")
    (row,) = tool_rows(db, ExportTool.SALESFORCE_LEADS)
    assert (row["Email"], row["Email Opt Out"]) == (ADA, "0")
    assert row["Description"] == "Hi\nAlso: old@example.com; +447700900124"


def test_salesforce_gets_50_000_rows_a_file_and_loses_none(db: Database) -> None:
    add_many(db, 100_001)
    data = export_file(db, ExportWanted(tool=ExportTool.SALESFORCE_LEADS))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [read_csv_rows(archive.read(name)) for name in archive.namelist()]
        assert archive.namelist() == [f"salesforce_leads-{number}.csv" for number in (1, 2, 3)]
    assert [len(part) for part in parts] == [50_000, 50_000, 1]
    emails = [row["Email"] for part in parts for row in part]
    assert emails == [f"{number}@x.example" for number in range(1, 100_002)]


def test_mailchimp_gets_short_texts_and_tags_in_one_cell(db: Database) -> None:
    add_person(db, ADA, consents=(ADA,), name="Å" * 300, tags=("warm, soon", "b" * 150, "Investor"))
    (row,) = tool_rows(db, ExportTool.MAILCHIMP)
    assert all(len(cell.encode()) <= 255 for name, cell in row.items() if name != "Tags")
    assert row["Tags"].split(",") == ["b" * 100, "Investor", "warm  soon"]
    assert row["First Name"].startswith("Å" * 60)


def test_brevo_gets_either_channel_that_consented(db: Database) -> None:
    add_person(db, ADA, "+447700900999", consents=(ADA,))
    add_person(db, "bob@example.com", NUMBER, consents=(NUMBER,))
    rows = tool_rows(db, ExportTool.BREVO)
    assert [(row["EMAIL"], row["SMS"], row["WHATSAPP"]) for row in rows] == [
        (ADA, "", ""),
        ("", "", NUMBER),
    ]
    assert len({row["EXT_ID"] for row in rows}) == 2


def test_google_gets_several_values_and_labels_in_its_own_form(db: Database) -> None:
    add_person(
        db, ADA, "a@b.example", NUMBER, "+447700900124", name="Ada Lovelace", tags=("VIP", "a:::b")
    )
    (row,) = tool_rows(db, ExportTool.GOOGLE_CONTACTS)
    assert row["E-mail 1 - Value"] == f"{ADA} ::: a@b.example"
    assert (row["Phone 1 - Label"], row["Phone 1 - Value"]) == ("Mobile", NUMBER)
    assert row["Labels"] == "* myContacts ::: Gatebook ::: a b ::: VIP"
    assert row["Notes"] == "Also: +447700900124"


def test_outlook_gets_three_emails_of_type_smtp(db: Database) -> None:
    emails = [f"{letter}@b.example" for letter in "abcd"]
    add_person(db, *emails, NUMBER, tags=("VIP", "warm; soon"), name="Ada")
    (row,) = tool_rows(db, ExportTool.OUTLOOK)
    assert [row[f"E-mail{nth} Address"] for nth in ("", " 2", " 3")] == emails[:3]
    assert [row[f"E-mail{nth} Type"] for nth in ("", " 2", " 3")] == ["SMTP"] * 3
    assert (row["Mobile Phone"], row["Categories"]) == (NUMBER, "VIP;warm, soon")
    assert row["Notes"] == "Also: d@b.example"


@pytest.mark.parametrize(
    ("number", "code", "national"),
    [
        ("+447700900123", "44", "7700900123"),
        ("+14165550123", "1", "4165550123"),
        ("+5511955501234", "55", "11955501234"),
        ("+3725123456", "372", "5123456"),
        ("+77012345678", "7", "7012345678"),
    ],
)
def test_interakt_gets_country_code_and_national_digits(
    db: Database, number: str, code: str, national: str
) -> None:
    add_person(db, number, consents=(number,), name="Ada")
    (row,) = tool_rows(db, ExportTool.WHATSAPP_INTERAKT)
    assert (row["Country Code"], row["Phone Number"]) == (code, national)
    assert row["WhatsApp Opted"] == "TRUE"
    assert tool_rows(db, ExportTool.WHATSAPP_MYOPERATOR) == [{"Name": "Ada", "Phone": number}]


def test_a_file_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="opted out"):
        ExportWanted(tool=ExportTool.OUTLOOK, is_opted_out=True)
    with pytest.raises(ValueError, match="no such columns: password"):
        ExportWanted(columns=("password",))
