"""Allow and deny lists of a share link: reading what an owner pastes, and whom they let in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.list_entries import EntryForm, ListEntry, ListSide
from data.records import Channel, Identifier
from gate.codes import Pepper, keyed_hashes
from gate.errors import InvalidIdentifier
from gate.identifiers import (
    fold_number_prefix,
    has_country_code,
    parse_email,
    parse_whatsapp,
)

MOST_ENTRIES = 10_000

_SEPARATORS = re.compile(r"[\n\r,;\t]+")
_PREFIX = re.compile(r"\+[1-9]\d{0,13}\*")
# Longer than this, it is rather a number with a slip of the finger in it.
_BARE_PREFIX = re.compile(r"\+[1-9]\d{0,5}")
_QUOTES = " \"'<>"


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a pasted list says, and the pieces of it that say nothing we understand."""

    entries: tuple[ListEntry, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a list, and the entry that it is, if any."""

    text: str
    entry: ListEntry | None

    @property
    def is_bare_prefix(self) -> bool:
        """Whether it became the beginning of numbers without saying so by a star."""
        is_prefix = self.entry is not None and self.entry.form is EntryForm.PREFIX
        return is_prefix and not self.text.endswith("*")

    @property
    def looks_meant(self) -> bool:
        """Whether it is an entry, or looks like somebody meant one."""
        return self.entry is not None or "@" in self.text or self.text.startswith(("+", "."))


def parse_list(text: str, side: ListSide) -> ParsedList:
    """The entries of a pasted list, each once, in their order, and every piece that is none.

    Pieces are apart by lines, commas, semicolons or tabs: an address, `@domain`, `.domain` (with
    subdomains), a full number, or the beginning of one as `+49*`. The star may be left out where
    a short beginning stands alone on its line.
    """
    lines = [_read_line(line, side) for line in text.splitlines()]
    return _gather_list(piece for line in lines for piece in line)


def parse_list_file(text: str, side: ListSide) -> ParsedList:
    """As `parse_list` for a CSV file, where names and companies stand beside the addresses.

    A first line without any entry is a header, and passed over. Beside an entry and in a header,
    only what looks like one is a piece that was not read.
    """
    lines = [line for line in (_read_line(row, side) for row in text.splitlines()) if line]
    kept: list[_Piece] = []
    for number, line in enumerate(lines):
        is_table = number == 0 or any(piece.entry for piece in line)
        kept += [piece for piece in line if not is_table or piece.looks_meant]
    return _gather_list(kept)


def join_lists(first: ParsedList, second: ParsedList) -> ParsedList:
    """Both lists as one, each entry once."""
    entries = {(one.form, one.value): one for one in (*first.entries, *second.entries)}
    return ParsedList(tuple(entries.values()), first.unread + second.unread)


def parse_entry(piece: str, side: ListSide) -> ListEntry | None:
    """One entry of a list, or None for what is none."""
    # A star before a domain says what the sign after it says already.
    meant = piece[1:] if piece.startswith(("*@", "*.")) else piece
    if meant.startswith(("@", ".")):
        return _parse_domain(meant, side)
    if "@" not in meant:
        return _parse_number_entry(meant, side)
    try:
        email = parse_email(meant)
    except InvalidIdentifier:
        return None
    return ListEntry(side, EntryForm.ADDRESS, email.key, email.address)


def conceal_entry(side: ListSide, channel: Channel, identifier_hash: str, mask: str) -> ListEntry:
    """An entry for somebody whose address stands nowhere in clear."""
    is_email = channel is Channel.EMAIL
    form = EntryForm.ADDRESS_HASH if is_email else EntryForm.NUMBER_HASH
    return ListEntry(side, form, identifier_hash, mask)


def is_admitted(
    pepper: Pepper, entries: Sequence[ListEntry], identifiers: Iterable[Identifier]
) -> bool:
    """Whether a link with these lists opens for somebody who gives all of these identifiers.

    Deny beats allow, and an empty allow list means anyone. Where the allow list speaks of a
    channel, what is given on that channel has to be on it; and something given always has to be.
    Whom the owner let in by name counts as allowed, and no denied domain or prefix keeps them out;
    only a denial of the very same address or number does.
    """
    given = list(identifiers)
    matching = [[entry for entry in entries if _matches(pepper, entry, one)] for one in given]
    if any(_is_denied(found) for found in matching):
        return False
    spoken_of = {entry.channel for entry in entries if entry.side is ListSide.ALLOW}
    if not spoken_of:
        return True
    missed = [
        one
        for one, found in zip(given, matching, strict=True)
        if all(entry.side is ListSide.DENY for entry in found)
    ]
    return len(missed) < len(given) and not any(one.channel in spoken_of for one in missed)


def find_contradicted(
    pepper: Pepper, entries: Iterable[ListEntry], judged: ListEntry
) -> list[ListEntry]:
    """What an entry of `conceal_entry` that lets in or denies one person puts out of force.

    That is what it repeats, and what says the opposite of that person alone. The allow list is not
    touched: denials beat it, and without its last line it would mean anyone.
    """
    return [
        entry
        for entry in entries
        if entry.side is not ListSide.ALLOW
        and (entry.side is not judged.side or entry.is_concealed)
        and not entry.is_for_many
        and judged.value in _hashes_of(pepper, entry)
    ]


def _is_denied(matching: Sequence[ListEntry]) -> bool:
    is_let_in = any(entry.side is ListSide.LET_IN for entry in matching)
    return any(
        entry.side is ListSide.DENY and not (is_let_in and entry.is_for_many) for entry in matching
    )


def _hashes_of(pepper: Pepper, entry: ListEntry) -> frozenset[str]:
    """The keyed hashes of the one person whom an entry names."""
    if entry.is_concealed:
        return frozenset({entry.value})
    named = Identifier(entry.channel, entry.value, entry.label, entry.label)
    return keyed_hashes(pepper, named.lookup)


def _matches(pepper: Pepper, entry: ListEntry, identifier: Identifier) -> bool:
    if entry.channel is not identifier.channel:
        return False
    if entry.is_concealed:
        return entry.value in keyed_hashes(pepper, identifier.lookup)
    domain = identifier.key.rpartition("@")[2]
    match entry.form:
        case EntryForm.DOMAIN:
            return domain == entry.value
        case EntryForm.SUBDOMAINS:
            return domain == entry.value or domain.endswith(f".{entry.value}")
        case EntryForm.PREFIX:
            return identifier.key.startswith(fold_number_prefix(entry.value))
        case _:
            return identifier.key == entry.value


def _read_line(line: str, side: ListSide) -> list[_Piece]:
    texts = [text for part in _SEPARATORS.split(line) if (text := part.strip(_QUOTES))]
    pieces = [_Piece(text, parse_entry(text, side)) for text in texts]
    if len(pieces) == 1:
        return pieces
    return [_Piece(one.text, None) if one.is_bare_prefix else one for one in pieces]


def _gather_list(pieces: Iterable[_Piece]) -> ParsedList:
    entries: dict[tuple[str, str], ListEntry] = {}
    unread: list[str] = []
    for piece in pieces:
        if piece.entry is None:
            unread.append(piece.text)
        else:
            entries[piece.entry.form, piece.entry.value] = piece.entry
    return ParsedList(tuple(entries.values()), tuple(unread))


def _parse_domain(piece: str, side: ListSide) -> ListEntry | None:
    try:
        domain = parse_email(f"someone@{piece[1:]}").key.partition("@")[2]
    except InvalidIdentifier:
        return None
    form = EntryForm.DOMAIN if piece[0] == "@" else EntryForm.SUBDOMAINS
    return ListEntry(side, form, domain, piece[0] + domain)


def _parse_number_entry(piece: str, side: ListSide) -> ListEntry | None:
    if not piece.endswith("*"):
        try:
            number = parse_whatsapp(piece, None)
        except InvalidIdentifier:
            pass
        else:
            return ListEntry(side, EntryForm.NUMBER, number.key, number.address)
    dialled = re.sub(r"[\s()./-]", "", piece)
    prefix = dialled.removesuffix("*")
    is_bare = _BARE_PREFIX.fullmatch(dialled) is not None and has_country_code(prefix)
    if not is_bare and _PREFIX.fullmatch(dialled) is None:
        return None
    return ListEntry(side, EntryForm.PREFIX, prefix, f"{prefix}*")
