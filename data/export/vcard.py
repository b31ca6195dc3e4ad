"""Contacts as vCards, 3.0 (RFC 2426) and 4.0 (RFC 6350): UTF-8, CRLF, folded at 75 octets.

DuckDB writes the cards; only lines that are too long are looked at one by one.
"""

from collections.abc import Iterator
from uuid import NAMESPACE_URL

from data.engine.snapshots import Snapshot
from data.export.batches import Batch
from data.export.columns import CellKind, Column
from data.export.columns import Source as Needs
from data.export.tool_cells import FIRST, LAST

LINE_OCTETS = 75
CARD_COLUMNS = (
    Column("identifier", "identifier"),
    Column("name", "name", needs=Needs.DETAILS),
    Column("company", "company", needs=Needs.DETAILS),
    Column("notes", "notes", needs=Needs.DETAILS),
    Column("emails", "emails", CellKind.TEXTS),
    Column("whatsapps", "whatsapps", CellKind.TEXTS),
    Column("tags", "tags", CellKind.TEXTS, Needs.TAGS),
    Column("last_accessed_at", "last_accessed_at", CellKind.INSTANT),
)
_EMAIL = {"3.0": "EMAIL;TYPE=INTERNET:", "4.0": "EMAIL:"}
_NUMBER = {"3.0": "TEL;TYPE=CELL:", "4.0": "TEL;VALUE=uri;TYPE=cell:tel:"}
_INSTANT = {"3.0": "%Y-%m-%dT%H:%M:%SZ", "4.0": "%Y%m%dT%H%M%SZ"}
# Hardly any text needs more than a look.
_SPECIAL = r"[\\;,\x00-\x1f\x7f\x{85}\x{2028}\x{2029}]"
# What no text of a card may hold, but for the end of a line.
_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f]"
_LINE_ENDS = r"\r\n?|\x{2028}|\x{2029}|\x{85}"
# The same for the same address, whatever the list is filtered by: a UUID of version 5.
_DIGEST = f"""
    sha1(
        from_hex('{NAMESPACE_URL.hex}')
        || encode(coalesce(emails[1], whatsapps[1], identifier))
    )
"""
_UUID = """
    digest[1:8] || '-' || digest[9:12] || '-5' || digest[14:16] || '-'
    || translate(digest[17], '0123456789abcdef', '89ab89ab89ab89ab') || digest[18:20]
    || '-' || digest[21:32]
"""


def vcard_pieces(snapshot: Snapshot, batches: Iterator[Batch], *, version: str) -> Iterator[bytes]:
    """The cards of a batch at a time; `version` is "3.0" or "4.0"."""
    cards = f"""
        select string_agg({_card_sql(version)}, '' order by place)
        from (select *, {_DIGEST} as digest from listed)
    """
    for batch in batches:
        row = snapshot.row(f"{batch.listed} {cards}", **batch.parameters)
        if row and row[0] is not None:
            yield _folded(row[0].encode())


def _card_sql(version: str) -> str:
    """A card as text, each of its lines with its end."""
    at = f"strftime(last_accessed_at at time zone 'UTC', '{_INSTANT[version]}')"
    lines = (
        f"'BEGIN:VCARD\r\nVERSION:{version}\r\nUID:urn:uuid:' || {_UUID} || '\r\n'",
        _line_sql("FN:", _escaped("coalesce(nullif(name, ''), identifier)")),
        _line_sql("N:", f"{_escaped(_known(LAST))} || ';' || {_escaped(_known(FIRST))} || ';;;'"),
        _each_line(_EMAIL[version], "emails", _escaped("one")),
        _each_line(_NUMBER[version], "whatsapps", r"regexp_replace(one, '[^+0-9]', '', 'g')"),
        _line_sql("ORG:", _escaped("nullif(company, '')")),
        _line_sql("CATEGORIES:", f"nullif({_joined_sql('tags', _escaped('one'), ',')}, '')"),
        _line_sql("NOTE:", _escaped("nullif(notes, '')")),
        _line_sql("REV:", at),
        "'END:VCARD\r\n'",
    )
    return " || ".join(lines)


def _line_sql(name: str, value: str) -> str:
    """A line, or none where the value is null."""
    return f"coalesce('{name}' || {value} || '\r\n', '')"


def _each_line(name: str, values: str, value: str) -> str:
    return _joined_sql(values, f"'{name}' || {value} || '\r\n'", "")


def _joined_sql(values: str, value: str, between: str) -> str:
    """Every `one` of a list as `value` has it, in one text."""
    return f"array_to_string(list_transform({values}, lambda one: {value}), '{between}')"


def _known(part: str) -> str:
    return f"coalesce({part}, '')"


def _escaped(text: str) -> str:
    """The text on one line, as a value is written."""
    in_lines = f"regexp_replace({text}, '{_LINE_ENDS}', chr(10), 'g')"
    clean = f"regexp_replace({in_lines}, '{_CONTROLS}', '', 'g')"
    escaped = rf"regexp_replace({clean}, '([\\;,])', '\\\1', 'g')"
    one_line = rf"replace({escaped}, chr(10), '\n')"
    return f"case when regexp_matches({text}, '{_SPECIAL}') then {one_line} else {text} end"


def _folded(cards: bytes) -> bytes:
    lines = cards.split(b"\r\n")
    return b"\r\n".join(line if len(line) <= LINE_OCTETS else _fold(line) for line in lines)


def _fold(line: bytes) -> bytes:
    """The line in pieces of at most 75 octets, none of them ending within a character."""
    pieces, room = [], LINE_OCTETS
    while line:
        end = room
        # The bytes of a character after its first begin with the bits 10.
        while end < len(line) and line[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(line[:end])
        line, room = line[end:], LINE_OCTETS - 1
    return b"\r\n ".join(pieces)
