"""What an export can be: its format, the tool that it fits, what a row is, and its columns.

Only data here: `data/export/` makes the files, `gate/exports.py` says who may have them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from data.records import Channel


class FileFormat(StrEnum):
    """How a file is written; values are words of its address."""

    CSV = "csv"
    EXCEL_CSV = "excel"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSONL = "jsonl"
    VCARD_3 = "vcard3"
    VCARD_4 = "vcard4"

    @property
    def extension(self) -> str:
        """How the file's name ends, without the dot."""
        return _EXTENSIONS.get(self, str(self))

    @property
    def has_columns(self) -> bool:
        """Whether columns can be chosen, and a row be something else than a contact."""
        return self not in (FileFormat.VCARD_3, FileFormat.VCARD_4)


_EXTENSIONS = {
    FileFormat.EXCEL_CSV: "csv",
    FileFormat.VCARD_3: "vcf",
    FileFormat.VCARD_4: "vcf",
}


class RowKind(StrEnum):
    """What one row is; values are words of the file's address."""

    CONTACTS = "contacts"
    IDENTIFIERS = "identifiers"
    SESSIONS = "sessions"


class ExportTool(StrEnum):
    """Whose import a file fits as it is: its header, labels and limits."""

    HUBSPOT = "hubspot"
    SALESFORCE_LEADS = "salesforce_leads"
    SALESFORCE_CONTACTS = "salesforce_contacts"
    MAILCHIMP = "mailchimp"
    BREVO = "brevo"
    GOOGLE_CONTACTS = "google_contacts"
    OUTLOOK = "outlook"
    WHATSAPP_INTERAKT = "whatsapp_interakt"
    WHATSAPP_MYOPERATOR = "whatsapp_myoperator"

    @property
    def mailing_channels(self) -> tuple[Channel, ...]:
        """The channels by which it writes to people, who must have consented; empty for others."""
        return _MAILING_CHANNELS.get(self, ())


_MAILING_CHANNELS = {
    ExportTool.HUBSPOT: (Channel.EMAIL,),
    ExportTool.MAILCHIMP: (Channel.EMAIL,),
    ExportTool.BREVO: (Channel.EMAIL, Channel.WHATSAPP),
    ExportTool.WHATSAPP_INTERAKT: (Channel.WHATSAPP,),
    ExportTool.WHATSAPP_MYOPERATOR: (Channel.WHATSAPP,),
}

# The columns of each kind of row, in their order; those of `USUAL_COLUMNS` come unasked.
EXPORT_COLUMNS: Mapping[RowKind, tuple[str, ...]] = MappingProxyType(
    {
        RowKind.CONTACTS: (
            "identifier",
            "type",
            "verified",
            "last_accessed_at",
            "first_accessed_at",
            "access_count",
            "email",
            "whatsapp",
            "contact_id",
            "name",
            "company",
            "tags",
            "notes",
            "consent",
        ),
        RowKind.IDENTIFIERS: (
            "identifier",
            "type",
            "verified",
            "verified_at",
            "added_at",
            "consent",
            "domain",
            "country",
            "contact_id",
            "name",
            "company",
        ),
        RowKind.SESSIONS: (
            "session_id",
            "started_at",
            "last_seen_at",
            "identifier",
            "type",
            "verified",
            "share_link",
            "workspace",
            "documents",
            "contact_id",
            "name",
            "company",
        ),
    }
)
USUAL_COLUMNS: Mapping[RowKind, tuple[str, ...]] = MappingProxyType(
    {
        RowKind.CONTACTS: EXPORT_COLUMNS[RowKind.CONTACTS][:8],
        RowKind.IDENTIFIERS: EXPORT_COLUMNS[RowKind.IDENTIFIERS],
        RowKind.SESSIONS: EXPORT_COLUMNS[RowKind.SESSIONS],
    }
)


@dataclass(frozen=True, slots=True)
class ExportWanted:
    """Which file is wanted of a filter's contacts.

    A `tool` decides the columns, and is a CSV with a row for each contact. With `is_opted_out`
    it is the list of those addresses that withdrew their consent, for a tool that writes to
    people. `columns` are of `EXPORT_COLUMNS`; empty means the usual ones. `notes` are what a
    workbook says of itself, each a name and its words.

    Raises:
        ValueError: what is wanted does not go together.
    """

    file_format: FileFormat = FileFormat.CSV
    tool: ExportTool | None = None
    rows: RowKind = RowKind.CONTACTS
    columns: tuple[str, ...] = ()
    is_opted_out: bool = False
    notes: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Refuse what no file can be."""
        is_plain = self.rows is RowKind.CONTACTS and not self.columns
        if self.tool is not None and not (is_plain and self.file_format is FileFormat.CSV):
            raise ValueError("a tool's file is CSV, a contact a row, in the tool's columns")
        if not self.file_format.has_columns and not is_plain:
            raise ValueError("a vCard is a contact, and has no columns")
        if self.is_opted_out and not (self.tool and self.tool.mailing_channels):
            raise ValueError("only a tool that writes to people has a list of who opted out")
        unknown = set(self.columns) - set(EXPORT_COLUMNS[self.rows])
        if unknown:
            raise ValueError(f"no such columns: {', '.join(sorted(unknown))}")

    @property
    def plain_columns(self) -> tuple[str, ...]:
        """The columns of a file that is made for no tool, in the order of `EXPORT_COLUMNS`."""
        chosen = self.columns or USUAL_COLUMNS[self.rows]
        return tuple(name for name in EXPORT_COLUMNS[self.rows] if name in chosen)
