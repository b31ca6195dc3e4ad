"""Contacts as vCards, 3.0 (RFC 2426) and 4.0 (RFC 6350): UTF-8, CRLF, folded at 75 octets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from uuid import NAMESPACE_URL, uuid5

from data.export.batches import Batch, find_rows
from data.export.columns import CellKind, Column
from data.export.columns import Source as Needs
from data.snapshots import Snapshot

LINE_END = "\r\n"
LINE_OCTETS = 75
CARD_COLUMNS = (
    Column("contact_id", "contact_id", CellKind.NUMBER),
    Column("identifier", "identifier"),
    Column("name", "name", needs=Needs.DETAILS),
    Column("company", "company", needs=Needs.DETAILS),
    Column("notes", "notes", needs=Needs.DETAILS),
    Column("emails", "emails", CellKind.TEXTS),
    Column("whatsapps", "whatsapps", CellKind.TEXTS),
    Column("tags", "tags", CellKind.TEXTS, Needs.TAGS),
    Column("last_accessed_at", "last_accessed_at", CellKind.INSTANT),
)
# Hardly any text needs more than a look.
_SPECIAL = re.compile(r"[\\;,\x00-\x1f\x7f\x85\u2028\u2029]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# What no text of a card may hold, but for the end of a line.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029|\x85")


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says of a contact. `identifier` stands for the name of who has none."""

    contact_id: int
    identifier: str
    name: str | None
    company: str | None
    notes: str | None
    emails: list[str]
    whatsapps: list[str]
    tags: list[str]
    last_accessed_at: datetime | None


def vcard_pieces(snapshot: Snapshot, batches: Iterator[Batch], *, version: str) -> Iterator[str]:
    """Some hundred cards at a time; `version` is "3.0" or "4.0"."""
    for batch in batches:
        cards = (Card(*row) for row in zip(*find_rows(snapshot, batch, CARD_COLUMNS), strict=True))
        while piece := "".join(format_card(card, version=version) for card in islice(cards, 500)):
            yield piece


def format_card(card: Card, *, version: str) -> str:
    """One card with the end of each line."""
    lines = [
        "BEGIN:VCARD",
        f"VERSION:{version}",
        # The same for the same address, whatever the list is filtered by.
        f"UID:urn:uuid:{uuid5(NAMESPACE_URL, [*card.emails, *card.whatsapps, card.identifier][0])}",
        f"FN:{_escaped(card.name or card.identifier)}",
        _name_line(card.name or ""),
        *(f"{_EMAIL[version]}:{_escaped(email)}" for email in card.emails),
        *(_NUMBER[version] + _plain(number) for number in card.whatsapps),
    ]
    if card.company:
        lines.append(f"ORG:{_escaped(card.company)}")
    if card.tags:
        lines.append("CATEGORIES:" + ",".join(_escaped(tag) for tag in card.tags))
    if card.notes:
        lines.append(f"NOTE:{_escaped(card.notes)}")
    if card.last_accessed_at:
        lines.append(f"REV:{card.last_accessed_at.astimezone(UTC):{_INSTANT[version]}}")
    lines.append("END:VCARD")
    return "".join(_folded(line) + LINE_END for line in lines)


_EMAIL = {"3.0": "EMAIL;TYPE=INTERNET", "4.0": "EMAIL"}
_NUMBER = {"3.0": "TEL;TYPE=CELL:", "4.0": "TEL;VALUE=uri;TYPE=cell:tel:"}
_INSTANT = {"3.0": "%Y-%m-%dT%H:%M:%SZ", "4.0": "%Y%m%dT%H%M%SZ"}


def _name_line(name: str) -> str:
    """The last word is taken for the family name; a single word is a given name."""
    *given, family = name.split() or [""]
    if not given:
        given, family = [family], ""
    return f"N:{_escaped(family)};{_escaped(' '.join(given))};;;"


def _plain(text: str) -> str:
    """The text in one line and without control characters."""
    return _CONTROLS.sub("", _LINE_ENDS.sub(" ", text)).replace("\n", " ")


def _escaped(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)).translate(_ESCAPED)


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of them ending within a character."""
    if len(line) <= LINE_OCTETS and line.isascii():
        return line
    octets = line.encode()
    pieces, room = [], LINE_OCTETS
    while octets:
        end = room
        # The bytes of a character after its first begin with the bits 10.
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[:end].decode())
        octets, room = octets[end:], LINE_OCTETS - 1
    return (LINE_END + " ").join(pieces)
