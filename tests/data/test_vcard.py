"""vCards: what a card says comes back from a parser that nobody here wrote, whatever it is."""

import warnings
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.database import Database
from data.export.vcard import LINE_OCTETS, Card, format_card
from data.export_kinds import ExportWanted, FileFormat
from tests.data.exports import add_person, export_file

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import vobject

ADA = Card(
    contact_id=1,
    identifier="ada@analytical.example",
    name="Ada King Lovelace",
    company="Analytical; Engines, Ltd",
    notes="Met in Oslo,\nlikes tea; \\ not coffee",
    emails=["ada@analytical.example", "a@b.example"],
    whatsapps=["+447700900123"],
    tags=["VIP", "warm, soon"],
    last_accessed_at=datetime(2026, 6, 30, 20, 15, 30, tzinfo=UTC),
)
VERSIONS = ["3.0", "4.0"]
texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1)


def _read(text: str) -> Any:
    (card,) = vobject.readComponents(text)
    return card


@pytest.mark.parametrize("version", VERSIONS)
def test_a_card_comes_back(version: str) -> None:
    card = _read(format_card(ADA, version=version))
    assert card.version.value == version
    assert card.fn.value == ADA.name
    assert [one.value for one in card.email_list] == ADA.emails
    assert card.tel.value.removeprefix("tel:") == "+447700900123"
    assert card.note.value.replace("\\n", "\n") == ADA.notes


def test_a_name_is_in_parts_and_a_company_whole() -> None:
    card = _read(format_card(ADA, version="3.0"))
    assert (card.n.value.given, card.n.value.family) == ("Ada King", "Lovelace")
    assert card.org.value == ["Analytical; Engines, Ltd"]
    assert card.categories.value == ["VIP", "warm, soon"]
    assert card.rev.value == "2026-06-30T20:15:30Z"


@pytest.mark.parametrize("version", VERSIONS)
@given(notes=texts, name=texts)
def test_any_text_comes_back_whole(version: str, notes: str, name: str) -> None:
    card = Card(1, "a@b.example", name, None, notes, ["a@b.example"], [], [], None)
    text = format_card(card, version=version)
    assert all(len(line.encode()) <= LINE_OCTETS for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert _unescaped(_line_of(unfolded, "NOTE")) == notes
    assert _unescaped(_line_of(unfolded, "FN")) == name


@given(notes=texts.filter(lambda text: text == text.strip()))
def test_any_note_comes_back_from_another_parser(notes: str) -> None:
    card = Card(1, "a@b.example", "Ada", None, notes, ["a@b.example"], [], [], None)
    assert _read(format_card(card, version="3.0")).note.value == notes


@given(text=st.text())
def test_nobody_adds_a_line_to_a_card(text: str) -> None:
    card = Card(1, text, text, text, text, [text], [text], [text], None)
    lines = format_card(card, version="3.0").split("\r\n")
    names = [line.split(":")[0].split(";")[0] for line in lines if line[:1] != " "]
    assert set(names) <= {
        *("BEGIN", "VERSION", "UID", "FN", "N", "EMAIL", "TEL", "ORG", "CATEGORIES", "NOTE"),
        *("END", ""),
    }
    assert names.count("TEL") == names.count("END") == 1


@pytest.mark.parametrize("file_format", [FileFormat.VCARD_3, FileFormat.VCARD_4])
def test_every_contact_is_a_card(db: Database, file_format: FileFormat) -> None:
    add_person(db, "ada@analytical.example", "+447700900123", name="Ada Lovelace", tags=("VIP",))
    add_person(db, "+5511955501234")
    cards = list(vobject.readComponents(export_file(db, ExportWanted(file_format)).decode()))
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
