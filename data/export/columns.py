"""The columns of plain files: what each holds, as SQL over a row of `data/export/batches.py`.

Their names and order are those of `data/export_kinds.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from data.export_kinds import ExportWanted, RowKind

# The SQL of a column that is always empty.
NOTHING = "''"


class CellKind(StrEnum):
    """What a cell is, which says how each format writes it."""

    TEXT = "text"
    TEXTS = "texts"
    NUMBER = "number"
    FLAG = "flag"
    INSTANT = "instant"


class Source(StrEnum):
    """What a row has to be joined with to know a column; asked only if one needs it."""

    DETAILS = "details"
    TAGS = "tags"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the header and its SQL, both constants of a module.

    `is_phone` is SQL that says whether the cell is a number by which somebody is reached.
    """

    name: str
    sql: str
    kind: CellKind = CellKind.TEXT
    needs: Source | None = None
    is_phone: str = "false"


_IS_NUMBER = "type = 'whatsapp'"
_NAME = Column("name", "name", needs=Source.DETAILS)
_COMPANY = Column("company", "company", needs=Source.DETAILS)
_CONTACT_ID = Column("contact_id", "contact_id", CellKind.NUMBER)
_IDENTIFIER = Column("identifier", "identifier", is_phone=_IS_NUMBER)
_TYPE = Column("type", "type")
_VERIFIED = Column("verified", "is_verified", CellKind.FLAG)

_OF_CONTACTS = (
    _IDENTIFIER,
    _TYPE,
    _VERIFIED,
    Column("last_accessed_at", "last_accessed_at", CellKind.INSTANT),
    Column("first_accessed_at", "first_accessed_at", CellKind.INSTANT),
    Column("access_count", "access_count", CellKind.NUMBER),
    Column("email", "emails", CellKind.TEXTS),
    Column("whatsapp", "whatsapps", CellKind.TEXTS, is_phone="true"),
    _CONTACT_ID,
    _NAME,
    _COMPANY,
    Column("tags", "tags", CellKind.TEXTS, Source.TAGS),
    Column("notes", "notes", needs=Source.DETAILS),
    Column("consent", "consent", needs=Source.CONSENT),
)
_OF_IDENTIFIERS = (
    _IDENTIFIER,
    _TYPE,
    _VERIFIED,
    Column("verified_at", "verified_at", CellKind.INSTANT),
    Column("added_at", "added_at", CellKind.INSTANT),
    Column("consent", "consent", needs=Source.CONSENT),
    Column("domain", "domain"),
    Column("country", "country"),
    _CONTACT_ID,
    _NAME,
    _COMPANY,
)
_OF_SESSIONS = (
    Column("session_id", "session_id", CellKind.NUMBER),
    Column("started_at", "started_at", CellKind.INSTANT),
    Column("last_seen_at", "last_seen_at", CellKind.INSTANT),
    _IDENTIFIER,
    _TYPE,
    _VERIFIED,
    Column("share_link", "share_link"),
    Column("workspace", "workspace"),
    Column("documents", "documents", CellKind.TEXTS),
    _CONTACT_ID,
    _NAME,
    _COMPANY,
)
_COLUMNS = {
    RowKind.CONTACTS: _OF_CONTACTS,
    RowKind.IDENTIFIERS: _OF_IDENTIFIERS,
    RowKind.SESSIONS: _OF_SESSIONS,
}


def find_plain_columns(wanted: ExportWanted) -> tuple[Column, ...]:
    """The columns of a file that is made for no tool."""
    by_name = {column.name: column for column in _COLUMNS[wanted.rows]}
    return tuple(by_name[name] for name in wanted.plain_columns)
