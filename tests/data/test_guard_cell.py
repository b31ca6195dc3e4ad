"""The formula guard: what a spreadsheet could run gets an apostrophe, in Python and SQL alike."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.database import Database
from data.export import guard_cell
from data.export.formula_guard import guarded_sql

STARTS = "=+-@\t\r\n\0＝＋－＠"
SPACES = [
    "",
    " ",
    "   ",
    "\u00a0",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\u2009 ",
    "\u202e",
    "\x0b",
    "\x1f",
]
HARMLESS = [
    "",
    " ",
    "ada@analytical.example",
    "a=1",
    "0049",
    "'=1",
    "５",
    "(+1)",
    "Ада",
    "⁺1",
    "\u200b",
]
NUMBERS = ["+1234567", "+5511955501234", "+123456789012345"]
NOT_NUMBERS = [
    "+123456",
    "+1234567890123456",
    "+0123456789",
    "+1234567\n",
    "+1234567\0",
    "+1234567 ",
    " +1234567",
    "＋1234567",
    "+１２３４５６７",
    "+٣٣٣٣٣٣٣٣",
    "+1234567; +1234568",
    "+1234567-1",
    "-1234567",
]

hostile = st.text(
    alphabet=st.sampled_from(sorted(set(STARTS + "".join(SPACES) + "0123456789aé\"',;")))
)
nearly_numbers = st.from_regex(r"\A[+＋ ]{0,2}[0-9]{5,17}[\n\0 ]?\Z")


@pytest.fixture(scope="module")
def own_db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("guard")
    db = Database(folder / "gatebook.duckdb")
    yield db
    db.close()


def _guard_in_sql(db: Database, text: str, is_phone: bool) -> str:
    cell = guarded_sql("cell", is_phone="$is_phone")
    rows = db.rows(f"select {cell} from (select $text as cell)", text=text, is_phone=is_phone)
    return str(rows[0][0])


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("space", SPACES)
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(start: str, space: str) -> None:
    cell = f"{space}{start}cmd|' /C calc'!A0"
    assert guard_cell(cell) == "'" + cell
    assert guard_cell(cell, is_phone=True) == "'" + cell


@pytest.mark.parametrize("cell", HARMLESS)
def test_a_harmless_cell_stays_as_it_is(cell: str) -> None:
    assert guard_cell(cell) == cell


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_stays_whole_in_a_phone_column_only(number: str) -> None:
    assert guard_cell(number, is_phone=True) == number
    assert guard_cell(number) == "'" + number


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_is_no_plain_number_is_guarded_in_a_phone_column_too(text: str) -> None:
    assert guard_cell(text, is_phone=True) == "'" + text


def test_no_character_that_shows_nothing_hides_a_formula() -> None:
    unseen = {"Zs", "Zl", "Zp", "Cc", "Cf"}
    every = (chr(code) for code in range(0x110000))
    blank = [character for character in every if unicodedata.category(character) in unseen]
    # Marks that join digits or syllables show something themselves: Arabic number signs and such.
    visible = [c for c in blank if guard_cell(c + "=1") != "'" + c + "=1"]
    assert all(
        "ARABIC" in (name := unicodedata.name(c, "")) or "KAITHI" in name
        or "SYRIAC" in name or "EGYPTIAN" in name or "SHORTHAND" in name
        for c in visible
    )  # fmt: skip


@pytest.mark.parametrize("is_phone", [False, True])
@pytest.mark.parametrize(
    "text", [*HARMLESS, *NUMBERS, *NOT_NUMBERS, *(f"{s}{c}x" for s in SPACES for c in STARTS)]
)
def test_sql_guards_hostile_cells_as_python_does(
    own_db: Database, text: str, is_phone: bool
) -> None:
    assert _guard_in_sql(own_db, text, is_phone) == guard_cell(text, is_phone=is_phone)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.one_of(st.text(), hostile, nearly_numbers), is_phone=st.booleans())
def test_sql_guards_any_cell_as_python_does(own_db: Database, text: str, is_phone: bool) -> None:
    assert _guard_in_sql(own_db, text, is_phone) == guard_cell(text, is_phone=is_phone)


def test_sql_and_python_agree_on_every_first_character(own_db: Database) -> None:
    surrogates = range(0xD800, 0xE000)
    texts = [chr(code) + "=1" for code in range(1, 0x110000) if code not in surrogates]
    cell = guarded_sql("cell", is_phone="false")
    rows = own_db.rows(f"select {cell} from (select unnest($texts) as cell)", texts=texts)
    assert [row[0] for row in rows] == [guard_cell(text) for text in texts]
