"""Allow and deny lists of a share link: reading what an owner pastes, and whom they let in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.list_entries import EntryForm, ListEntry, ListSide
from data.records import Channel, Identifier
from gate.codes import Pepper, keyed_hash, keyed_hashes
from gate.errors import InvalidIdentifier
from gate.identifiers import fold_number_prefix, mask_identifier, parse_email, parse_whatsapp

MOST_ENTRIES = 10_000

_SEPARATORS = re.compile(r"[\n\r,;\t]+")
_PREFIX = re.compile(r"\+[1-9]\d{0,13}\*?")
_QUOTES = " \"'<>"


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a pasted list says, and the pieces of it that say nothing we understand."""

    entries: tuple[ListEntry, ...]
    unread: tuple[str, ...]


def parse_list(text: str, side: ListSide) -> ParsedList:
    """The entries of a pasted list or a CSV file, each once, in their order.

    Pieces are apart by lines, commas, semicolons or tabs: an address, `@domain`, `.domain` (with
    subdomains), a full number, or the beginning of one as `+49*` (the star may be left out where
    the digits are no full number). A first line without any entry is a header, and passed over.
    """
    entries: dict[tuple[str, str], ListEntry] = {}
    unread: list[str] = []
    for number, line in enumerate(text.splitlines()):
        pieces = [piece.strip(_QUOTES) for piece in _SEPARATORS.split(line)]
        read = [(piece, parse_entry(piece, side)) for piece in pieces if piece]
        found = [entry for _, entry in read if entry is not None]
        entries |= {(entry.form, entry.value): entry for entry in found}
        # In a row of a file, names and companies stand beside the address.
        if (not found and number > 0) or (not found and len(read) == 1):
            unread += [piece for piece, _ in read]
    return ParsedList(tuple(entries.values()), tuple(unread))


def parse_entry(piece: str, side: ListSide) -> ListEntry | None:
    """One entry of a list, or None for what is none."""
    if piece.startswith(("@", ".")):
        return _parse_domain(piece, side)
    channel = Channel.EMAIL if "@" in piece else Channel.WHATSAPP
    if channel is Channel.EMAIL:
        try:
            email = parse_email(piece)
        except InvalidIdentifier:
            return None
        return ListEntry(side, EntryForm.ADDRESS, email.key, email.address)
    return _parse_number_entry(piece, side)


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
    digits = re.sub(r"[\s()./-]", "", piece)
    if _PREFIX.fullmatch(digits) is None:
        return None
    prefix = digits.rstrip("*")
    return ListEntry(side, EntryForm.PREFIX, prefix, f"{prefix}*")


def conceal_identifier(pepper: Pepper, identifier: Identifier, side: ListSide) -> ListEntry:
    """The entry that stands for this identifier without naming it."""
    mask = mask_identifier(identifier.channel, identifier.address)
    hashed = keyed_hash(pepper, identifier.lookup)
    return conceal_entry(side, identifier.channel, hashed, mask)
