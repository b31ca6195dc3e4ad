"""vCards: what a card says comes back from a parser that nobody here wrote, whatever it is."""

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.database import Database
from data.export.vcard import LINE_OCTETS
from data.export_kinds import ExportWanted, FileFormat
from tests.data.exports import add_person, export_file
from tests.data.worlds import clear_people

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import vobject

ADA, OTHER, NUMBER = "ada@analytical.example", "a@b.example", "+447700900123"
NOTES = "Met in Oslo,\nlikes tea; \\ not coffee"
VERSIONS = [FileFormat.VCARD_3, FileFormat.VCARD_4]
texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1)
# As the desk keeps them: no white space around or beside another.
names = texts.map(lambda text: " ".join(text.split())).filter(bool)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = Database(Path(tmp_path_factory.mktemp("vcard")) / "gatebook.duckdb")
    yield db
    db.close()


@pytest.fixture
def ada(shared: Database) -> Database:
    clear_people(shared)
    add_person(
        shared,
        *(ADA, OTHER, NUMBER),
        name="Ada King Lovelace",
        company="Analytical; Engines, Ltd",
        notes=NOTES,
        tags=("VIP", "warm, soon"),
    )
    with shared.transaction() as tx:
        tx.run(
            "update contact set last_accessed_at = $at",
            at=datetime(2026, 6, 30, 20, 15, 30, tzinfo=UTC),
        )
    return shared


def _cards(db: Database, file_format: FileFormat = FileFormat.VCARD_3) -> str:
    return export_file(db, ExportWanted(file_format)).decode()


def _read(text: str) -> Any:
    (card,) = vobject.readComponents(text)
    return card


@pytest.mark.parametrize("file_format", VERSIONS)
def test_a_card_comes_back(ada: Database, file_format: FileFormat) -> None:
    card = _read(_cards(ada, file_format))
    assert card.version.value == ("3.0" if file_format is FileFormat.VCARD_3 else "4.0")
    assert card.fn.value == "Ada King Lovelace"
    assert [one.value for one in card.email_list] == [ADA, OTHER]
    assert card.tel.value.removeprefix("tel:") == NUMBER
    assert card.note.value.replace("\\n", "\n") == NOTES


def test_a_name_is_in_parts_and_a_company_whole(ada: Database) -> None:
    card = _read(_cards(ada))
    assert (card.n.value.given, card.n.value.family) == ("Ada King", "Lovelace")
    assert card.org.value == ["Analytical; Engines, Ltd"]
    assert card.categories.value == ["VIP", "warm, soon"]
    assert card.rev.value == "2026-06-30T20:15:30Z"


def test_a_card_is_known_by_its_first_address(ada: Database) -> None:
    assert _read(_cards(ada)).uid.value == f"urn:uuid:{uuid5(NAMESPACE_URL, ADA)}"


@pytest.mark.parametrize("file_format", VERSIONS)
@settings(max_examples=50)
@given(notes=texts, name=names)
def test_any_text_comes_back_whole(
    shared: Database, file_format: FileFormat, notes: str, name: str
) -> None:
    clear_people(shared)
    add_person(shared, OTHER, name=name, notes=notes)
    text = _cards(shared, file_format)
    assert all(len(line.encode()) <= LINE_OCTETS for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert _unescaped(_line_of(unfolded, "NOTE")) == notes
    assert _unescaped(_line_of(unfolded, "FN")) == name


@settings(max_examples=50)
@given(notes=texts.filter(lambda text: text == text.strip()))
def test_any_note_comes_back_from_another_parser(shared: Database, notes: str) -> None:
    clear_people(shared)
    add_person(shared, OTHER, name="Ada", notes=notes)
    assert _read(_cards(shared)).note.value == notes


@settings(max_examples=50)
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_nobody_adds_a_line_to_a_card(shared: Database, text: str) -> None:
    clear_people(shared)
    email, _ = add_person(shared, OTHER, NUMBER, name=text, company=text, notes=text)
    with shared.transaction() as tx:
        tx.run("update identifier set address = address || $text", text=text)
        tx.run("insert into contact_tag values ($id, $text)", id=email.contact_id, text=text)
    lines = _cards(shared).split("\r\n")
    names = [line.split(":")[0].split(";")[0] for line in lines if line[:1] != " "]
    assert set(names) <= {
        *("BEGIN", "VERSION", "UID", "FN", "N", "EMAIL", "TEL", "ORG", "CATEGORIES", "NOTE"),
        *("END", ""),
    }
    assert names.count("TEL") == names.count("END") == 1


@pytest.mark.parametrize("file_format", VERSIONS)
def test_every_contact_is_a_card(db: Database, file_format: FileFormat) -> None:
    add_person(db, ADA, NUMBER, name="Ada Lovelace", tags=("VIP",))
    add_person(db, "+5511955501234")
    cards = list(vobject.readComponents(_cards(db, file_format)))
    assert [card.fn.value for card in cards] == ["Ada Lovelace", "+5511955501234"]
    assert len({card.uid.value for card in cards}) == 2


def _line_of(text: str, name: str) -> str:
    return next(
        line.removeprefix(f"{name}:") for line in text.split("\r\n") if line.startswith(f"{name}:")
    )


def _unescaped(text: str) -> str:
    """As RFC 6350, section 3.4 has it."""
    pieces, rest = [], iter(text)
    for char in rest:
        follower = next(rest) if char == "\\" else ""
        pieces.append({"n": "\n", "": char}.get(follower, follower))
    return "".join(pieces)
