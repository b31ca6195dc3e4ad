"""Every format, read back by programs that nobody here wrote."""

import json
import os
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest

from data.contact_filter import ContactFilter
from data.database import Database
from data.export import xlsx_rows
from data.export_kinds import EXPORT_COLUMNS, ExportTool, ExportWanted, FileFormat, RowKind
from tests.data.exports import add_person, export_file, read_csv_rows
from tests.factories import add_document, add_session, add_share_link, add_workspace

ADA, NUMBER = "ada@analytical.example", "+447700900123"
HOSTILE = '=HYPERLINK("http://eve.example","x")'
COLUMNS = EXPORT_COLUMNS[RowKind.CONTACTS]
SOFFICE = shutil.which("soffice")


@pytest.fixture
def people(db: Database) -> Database:
    add_person(db, ADA, NUMBER, name="Ада Lovelace", notes='a\r\nb, "c"', tags=("VIP", "x;y"))
    add_person(db, "+5511955501234", name=HOSTILE, company="@SUM(1)", consents=("+5511955501234",))
    return db


def _wanted(file_format: FileFormat) -> ExportWanted:
    return ExportWanted(file_format, columns=COLUMNS)


def _convert(path: Path, folder: Path, into: str) -> Path:
    """What LibreOffice makes of a file."""
    command = [SOFFICE or "", "--headless", "--convert-to", into, "--outdir", str(folder)]
    if path.suffix == ".csv":
        # Commas, double quotes, UTF-8, from the first line on, these columns taken as text.
        columns = "/".join(f"{place}/2" for place in (1, 7, 8))
        command.append(f"--infilter=CSV:44,34,76,1,{columns}")
    home = {"HOME": str(folder), "PATH": os.environ["PATH"]}
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120, env=home)
    return folder / f"{path.stem}.{into.split(':')[0]}"


def test_pandas_reads_the_csv(people: Database) -> None:
    data = export_file(people, _wanted(FileFormat.CSV))
    frame = pd.read_csv(BytesIO(data), dtype=str, keep_default_na=False)
    assert list(frame.columns) == list(COLUMNS)
    assert list(frame["whatsapp"]) == [NUMBER, "+5511955501234"]
    assert list(frame["name"]) == ["Ада Lovelace", "'" + HOSTILE]
    assert frame["notes"][0] == 'a\r\nb, "c"'
    assert list(frame["consent"]) == ["none", "given"]


def test_a_csv_for_excel_begins_with_the_mark_by_which_it_knows_utf_8(people: Database) -> None:
    plain = export_file(people, _wanted(FileFormat.CSV))
    assert export_file(people, _wanted(FileFormat.EXCEL_CSV)) == b"\xef\xbb\xbf" + plain


def test_duckdb_and_pandas_read_the_parquet(people: Database, tmp_path: Path) -> None:
    path = tmp_path / "contacts.parquet"
    path.write_bytes(export_file(people, _wanted(FileFormat.PARQUET)))
    described = dict(row[:2] for row in duckdb.execute(f"describe from '{path}'").fetchall())
    assert (described["verified"], described["email"]) == ("BOOLEAN", "VARCHAR[]")
    assert described["last_accessed_at"] == "TIMESTAMP WITH TIME ZONE"
    assert duckdb.execute(f"select name, email, tags from '{path}'").fetchall() == [
        ("Ада Lovelace", [ADA], ["VIP", "x;y"]),
        (HOSTILE, [], []),
    ]
    assert list(pd.read_parquet(path)["access_count"]) == [0, 0]


def test_json_lines_hold_everything_as_it_was_typed(people: Database) -> None:
    lines = export_file(people, _wanted(FileFormat.JSONL)).decode().splitlines()
    ada, other = (json.loads(line) for line in lines)
    assert list(ada) == list(COLUMNS)
    assert (ada["email"], ada["whatsapp"], ada["notes"]) == ([ADA], [NUMBER], 'a\r\nb, "c"')
    assert (ada["last_accessed_at"], ada["verified"]) == (None, True)
    assert other["name"] == HOSTILE
    frame = pd.read_json(BytesIO("\n".join(lines).encode()), lines=True)
    assert list(frame["name"]) == ["Ада Lovelace", HOSTILE]


def test_a_workbook_is_typed_and_runs_nothing(people: Database) -> None:
    data = export_file(people, _wanted(FileFormat.XLSX))
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book["Export"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.freeze_panes == "A2"
    ada = dict(zip(COLUMNS, sheet[2], strict=True))
    assert (ada["whatsapp"].value, ada["whatsapp"].data_type) == (NUMBER, "s")
    assert (ada["verified"].value, ada["access_count"].value) == (True, 0)
    other = dict(zip(COLUMNS, sheet[3], strict=True))
    assert (other["name"].value, other["name"].data_type) == (HOSTILE, "s")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b"}


def test_a_workbook_says_what_it_holds(people: Database) -> None:
    wanted = ExportWanted(FileFormat.XLSX, notes=(("Filter", "All contacts"),))
    book = openpyxl.load_workbook(BytesIO(export_file(people, wanted)))
    about = {row[0].value: row[1].value for row in book["About this export"].iter_rows()}
    assert book.sheetnames == ["Export", "About this export"]
    assert about == {"Filter": "All contacts", "Time zone": "UTC", "Rows": "2"}


def test_times_in_a_workbook_are_those_of_the_account(db: Database) -> None:
    link = add_share_link(db, add_workspace(db))
    (ada,) = add_person(db, ADA)
    started_at = pd.Timestamp("2026-06-30T20:15:30Z").to_pydatetime()
    add_session(db, ada, link, started_at)
    chosen = ContactFilter(time_zone="Asia/Kolkata")
    data = export_file(db, _wanted(FileFormat.XLSX), chosen)
    frame = pd.read_excel(BytesIO(data), sheet_name="Export")
    assert frame["last_accessed_at"][0] == pd.Timestamp("2026-07-01 01:45:30")


def test_a_full_sheet_goes_on_in_the_next(
    people: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_rows, "SHEET_ROWS", 1)
    book = openpyxl.load_workbook(BytesIO(export_file(people, ExportWanted(FileFormat.XLSX))))
    assert book.sheetnames == ["Export", "Export 2", "About this export"]
    assert [book[name]["A2"].value for name in book.sheetnames[:2]] == [ADA, "+5511955501234"]


def test_a_workbook_leaves_nothing_in_the_home(people: Database) -> None:
    export_file(people, ExportWanted(FileFormat.XLSX))
    assert list((people.path.parent / "spill").iterdir()) == []


def test_a_workbook_holds_what_xml_cannot(db: Database) -> None:
    typed = "\x01a\x0b & <b> _x0041_ \x7f\ufffe"
    add_person(db, ADA, name=typed, notes=" two \r\n lines ", company="Ö" * 40_000)
    data = export_file(db, _wanted(FileFormat.XLSX))
    row = dict(zip(COLUMNS, openpyxl.load_workbook(BytesIO(data))["Export"][2], strict=True))
    # Named as Excel names them; openpyxl gives the names.
    assert row["name"].value == "_x0001_a_x000B_ & <b> _x005F_x0041_ \x7f_xFFFE_"
    assert row["notes"].value == " two _x000D_\n lines "
    assert row["company"].value == "Ö" * 32_767


@pytest.mark.parametrize("columns", [("name",), ("last_accessed_at", "name"), COLUMNS])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_sheet_says_how_far_it_reaches(
    db: Database, columns: tuple[str, ...], count: int
) -> None:
    for number in range(count):
        add_person(db, f"{number}@x.example", name=f"Ada {number}")
    data = export_file(db, ExportWanted(FileFormat.XLSX, columns=columns))
    in_order = [name for name in COLUMNS if name in columns]
    # Read only, a sheet is believed about its size.
    sheet = openpyxl.load_workbook(BytesIO(data), read_only=True)["Export"]
    assert (sheet.max_row, sheet.max_column) == (count + 1, len(columns))
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(in_order)
    assert [row[in_order.index("name")] for row in rows[1:]] == [f"Ada {n}" for n in range(count)]


def test_a_row_can_be_an_identifier(people: Database) -> None:
    rows = read_csv_rows(export_file(people, ExportWanted(rows=RowKind.IDENTIFIERS)))
    assert list(rows[0]) == list(EXPORT_COLUMNS[RowKind.IDENTIFIERS])
    assert [(row["identifier"], row["type"], row["consent"]) for row in rows] == [
        (ADA, "email", "none"),
        (NUMBER, "whatsapp", "none"),
        ("+5511955501234", "whatsapp", "given"),
    ]
    assert [(row["domain"], row["country"]) for row in (rows[0], rows[2])] == [
        ("analytical.example", ""),
        ("", "BR"),
    ]


def test_a_row_can_be_a_viewing_session(db: Database) -> None:
    workspace = add_workspace(db, "Sales")
    deck, terms = add_document(db, workspace), add_document(db, workspace, name="=Terms.pdf")
    link = add_share_link(db, workspace, name="To, all")
    (ada,) = add_person(db, ADA, name="Ada")
    started_at = pd.Timestamp("2026-06-30T20:15:30Z").to_pydatetime()
    add_session(db, ada, link, started_at, documents=[deck, terms])
    add_session(db, ada, link, started_at.replace(hour=21))
    rows = read_csv_rows(export_file(db, ExportWanted(rows=RowKind.SESSIONS)))
    assert [row["started_at"] for row in rows] == ["2026-06-30T21:15:30Z", "2026-06-30T20:15:30Z"]
    assert rows[1]["documents"] == "Deck.pdf; =Terms.pdf"
    assert (rows[0]["documents"], rows[0]["share_link"]) == ("", "To, all")
    assert (rows[0]["workspace"], rows[0]["identifier"], rows[0]["name"]) == ("Sales", ADA, "Ada")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("file_format", [FileFormat.CSV, FileFormat.EXCEL_CSV, FileFormat.XLSX])
def test_libreoffice_sees_no_formula_and_keeps_what_it_reads(
    people: Database, tmp_path: Path, file_format: FileFormat
) -> None:
    path = tmp_path / f"contacts.{file_format.extension}"
    path.write_bytes(export_file(people, _wanted(file_format)))
    converted = _convert(path, tmp_path / "made", "fods").read_text()
    # A truth value of a workbook is a formula without arguments to LibreOffice.
    assert set(re.findall('table:formula="([^"]*)"', converted)) <= {"of:=TRUE()"}
    assert "HYPERLINK" in converted
    assert "Ада Lovelace" in converted
    assert f"<text:p>{NUMBER}</text:p>" in converted


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("tool", [ExportTool.GOOGLE_CONTACTS, ExportTool.SALESFORCE_LEADS])
def test_libreoffice_sees_no_formula_in_a_tools_file(
    people: Database, tmp_path: Path, tool: ExportTool
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(export_file(people, ExportWanted(tool=tool)))
    assert "table:formula=" not in _convert(path, tmp_path / "made", "fods").read_text()


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_number_of_a_workbook_keeps_its_plus_in_libreoffice(
    people: Database, tmp_path: Path
) -> None:
    path = tmp_path / "contacts.xlsx"
    path.write_bytes(export_file(people, _wanted(FileFormat.XLSX)))
    rows = read_csv_rows(_convert(path, tmp_path / "made", "csv").read_bytes())
    assert [row["whatsapp"] for row in rows] == [NUMBER, "+5511955501234"]
