"""Reading a list of people who should open a link: addresses in any form, with or without names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from data.expected_viewers import ExpectedPerson
from data.records import Identifier
from gate.errors import InvalidIdentifier
from gate.identifiers import parse_email, parse_whatsapp
from gate.names import clean_name

# A cell of a line, in quotes or not, up to a comma, semicolon or tab.
_CELL = re.compile(r'\s*(?:"((?:[^"]|"")*)"([^,;\t]*)|([^,;\t]*))(?:[,;\t]|$)')
_EMAIL = re.compile(r"[^\s<>()\[\]\"']*@[^\s<>()\[\]\"']*")
_SCHEMES = re.compile(r"\b(?:mailto|tel|whatsapp):", re.IGNORECASE)
# What a number is typed with; a plus begins another one.
_PHONE_MARKS = re.compile(r"[+＋]?[\d\s()./\u2010-\u2015\u2060-]{5,}")
_NUMBERS = re.compile(r"[+＋][^+＋]*|[^+＋]+")
_FEWEST_DIGITS = 5
_AROUND = " <>()[]\"'"


@dataclass(frozen=True, slots=True)
class ReadList:
    """Who is on a list, each address once, the pieces in which none could be read, in their order,
    and how often an address came again.
    """

    people: tuple[ExpectedPerson, ...]
    unread: tuple[str, ...]
    repeated: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell says: addresses, the name beside a single one, and what was meant for one."""

    identifiers: tuple[Identifier, ...]
    name: str
    missed: tuple[str, ...]


def read_people(text: str, region: str | None = None) -> ReadList:
    """Everybody on a pasted list or in a CSV file, in their order.

    Addresses are apart by lines, commas, semicolons, tabs or spaces. Beside an address stands a
    name: `Ada Lovelace <ada@example.com>`, or a column; a first line without any address is a
    header if it names such a column. `region` is the country of bare numbers.
    """
    lines = [cells for line in text.splitlines() if any(cells := _cells_of(line))]
    columns: frozenset[int] | None = None
    if lines and _is_header(lines[0], region):
        columns = _find_name_columns(lines.pop(0))
    people: list[ExpectedPerson] = []
    unread: list[str] = []
    for cells in lines:
        found, missed = _read_cells(cells, columns, region)
        people += found
        unread += missed
    once = _fold_people(people)
    return ReadList(tuple(once), tuple(unread), len(people) - len(once))


def join_read_lists(first: ReadList, second: ReadList) -> ReadList:
    """Both lists as one, each address once."""
    people = [*first.people, *second.people]
    once = _fold_people(people)
    again = len(people) - len(once)
    unread = first.unread + second.unread
    return ReadList(tuple(once), unread, first.repeated + second.repeated + again)


def _cells_of(line: str) -> list[str]:
    cells = []
    for match in _CELL.finditer(line):
        quoted, rest, bare = match.groups()
        # What follows a quoted name is its address: "Lovelace, Ada" <ada@example.com>.
        named = (quoted or "").replace('""', '"')
        text = bare if quoted is None else f"{named} {rest}"
        cells.append(_SCHEMES.sub("", text).strip())
    return cells


def _is_header(cells: list[str], region: str | None) -> bool:
    """Whether a first line holds no address and nothing that somebody meant as one."""
    filled = [cell for cell in cells if cell]
    read = [_read_cell(cell, region) for cell in filled]
    if any(cell.identifiers or cell.missed for cell in read):
        return False
    words = ("mail", "whatsapp", "phone", "number", "address", "name")
    return any(word in cell.lower() for cell in filled for word in words)


def _find_name_columns(cells: list[str]) -> frozenset[int] | None:
    """Which columns hold a person's name; None if none says so."""
    names = {
        place
        for place, cell in enumerate(cells)
        if "name" in cell.lower() and "compan" not in cell.lower() and "user" not in cell.lower()
    }
    return frozenset(names) or None


def _read_cells(
    cells: list[str], columns: frozenset[int] | None, region: str | None
) -> tuple[list[ExpectedPerson], list[str]]:
    """The people of one line, and the pieces of it that look meant and say nothing."""
    people: list[ExpectedPerson] = []
    unread: list[str] = []
    words: list[str] = []
    for place, text in enumerate(cells):
        cell = _read_cell(text, region)
        people += [ExpectedPerson(one, cell.name or None) for one in cell.identifiers]
        unread += cell.missed
        is_word = bool(text) and not cell.identifiers and not cell.missed
        if is_word and (columns is None or place in columns):
            words.append(text)
    if not people:
        return [], unread or [", ".join(text for text in cells if text)]
    beside = " ".join(words) if columns else next(iter(words), "")
    name = clean_name(beside) or None
    return [ExpectedPerson(one.identifier, one.name or name) for one in people], unread


def _read_cell(text: str, region: str | None) -> _Cell:
    if "@" in text:
        return _read_emails(text, region)
    named = text.endswith(">") and "<" in text
    name, _, number = text.rstrip(_AROUND).rpartition("<") if named else ("", "", text)
    numbers = tuple(_try_numbers(number, region))
    missed = (text,) if not numbers and _looks_like_number(number) else ()
    return _Cell(numbers, clean_name(name.strip(_AROUND)), missed)


def _read_emails(text: str, region: str | None) -> _Cell:
    """A cell with email addresses, and with numbers or a name between them."""
    typed = _EMAIL.findall(text)
    between = [part.strip(_AROUND) for part in _EMAIL.split(text)]
    found: list[Identifier] = []
    missed: list[str] = []
    for part, one in zip_longest(between, typed, fillvalue=""):
        read = list(_try_numbers(part, region)) if _looks_like_number(part) else []
        email = _try_email(one)
        found += read if email is None else [*read, email]
        missed += [part] if _looks_like_number(part) and not read else []
        missed += [one] if one and email is None else []
    name = clean_name(" ".join(between)) if len(found) == len(typed) == 1 else ""
    return _Cell(tuple(found), name, tuple(missed))


def _try_email(text: str) -> Identifier | None:
    try:
        return parse_email(text.strip("."))
    except InvalidIdentifier:
        return None


def _try_numbers(text: str, region: str | None) -> Iterator[Identifier]:
    """The numbers of a text that holds nothing else; none if one of them is none."""
    numbers = []
    for piece in _NUMBERS.findall(text):
        try:
            numbers.append(parse_whatsapp(piece, region))
        except InvalidIdentifier:
            return
    yield from numbers


def _looks_like_number(text: str) -> bool:
    """Whether somebody seems to have meant a number by it."""
    digits = sum(char.isdigit() for char in text)
    return digits >= _FEWEST_DIGITS and _PHONE_MARKS.fullmatch(text.strip()) is not None


def _fold_people(people: Iterable[ExpectedPerson]) -> list[ExpectedPerson]:
    """Each address once, where it stood first, with the first name that it was given."""
    by_lookup: dict[str, ExpectedPerson] = {}
    for one in people:
        known = by_lookup.setdefault(one.identifier.lookup, one)
        if known.name is None and one.name is not None:
            by_lookup[one.identifier.lookup] = one
    return list(by_lookup.values())
