"""Who may download contacts, and the line that each download leaves in the trail.

The only way to `data.export`: role and plan are checked here, where the rows are read.
"""

import json
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from data.accounts import get_account
from data.audit import AuditEvent
from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import match_contacts
from data.database import Database, StorageFailed
from data.export import ExportFile, open_export_file
from data.export_kinds import ExportWanted, FileFormat
from data.records import Member, Role
from gate.codes import Pepper, keyed_hash
from gate.entitlements import Feature, require_feature
from gate.errors import NotPermitted
from gate.trail import record_member_act

EXPORTING_ROLES = frozenset({Role.OWNER, Role.ANALYST})
_MEDIA_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.EXCEL_CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.PARQUET: "application/vnd.apache.parquet",
    FileFormat.JSONL: "application/x-ndjson; charset=utf-8",
    FileFormat.VCARD_3: "text/vcard; charset=utf-8",
    FileFormat.VCARD_4: "text/vcard; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Exporter:
    """Who asks for a file: a member at the desk, or a script by an access token of theirs."""

    member: Member
    token_id: int | None = None


@dataclass(frozen=True, slots=True)
class OpenedExport:
    """A file that was permitted to a member: what it is, its name, its rows and its bytes.

    Its rows are those of the moment it was opened, which it holds until its bytes were read or
    `close`; `rows_sent` says how far that is.
    """

    member_id: int
    media_type: str
    file_name: str
    row_count: int
    chunks: Generator[bytes, None, None]
    _file: ExportFile

    @property
    def rows_sent(self) -> int:
        """How many of the rows have left."""
        return self._file.rows_sent

    def close(self) -> None:
        """Let go of the moment, whether or not all was read."""
        self.chunks.close()
        self._file.close()


def open_export(
    db: Database,
    who: Exporter | None,
    wanted: ExportWanted,
    contact_filter: ContactFilter,
    sort: ContactSort,
    now: datetime,
    *,
    pepper: Pepper | None = None,
) -> OpenedExport:
    """The file that is wanted of the filter's contacts, in the order of `sort`, if they may.

    The plan is read from the database at this moment. The export is in the audit trail before
    its first byte leaves. What was typed is never written down: with a `pepper`, keyed
    hashes of domains, companies and tags stand for them there. Of a search, which may be somebody's
    address, only that there was one.

    Raises:
        NotPermitted: nobody asks, or the role or the account's plan does not include it.
    """
    if who is None or who.member.role not in EXPORTING_ROLES:
        raise NotPermitted(Feature.EXPORT_CSV)
    account = get_account(db)
    require_feature(account.plan, Feature.EXPORT_CSV)
    file = open_export_file(db, match_contacts(contact_filter), sort, wanted)
    words = _filter_words(contact_filter, pepper) | _wanted_words(wanted, sort, file.row_count)
    try:
        _record_export(db, who, words, now)
    except StorageFailed:
        file.close()
        raise
    today_on = now.astimezone(ZoneInfo(account.time_zone)).date()
    return OpenedExport(
        member_id=who.member.member_id,
        media_type="application/zip" if file.is_archive else _MEDIA_TYPES[wanted.file_format],
        file_name=_name_file(wanted, today_on, is_archive=file.is_archive),
        row_count=file.row_count,
        chunks=file.chunks(),
        _file=file,
    )


def _name_file(wanted: ExportWanted, today_on: date, *, is_archive: bool) -> str:
    parts = [
        "gatebook",
        wanted.tool.replace("_", "-") if wanted.tool else str(wanted.rows),
        "opted-out" if wanted.is_opted_out else "",
        today_on.isoformat(),
    ]
    extension = "zip" if is_archive else wanted.file_format.extension
    return "-".join(part for part in parts if part) + f".{extension}"


def _record_export(db: Database, who: Exporter, words: dict[str, object], now: datetime) -> None:
    if who.token_id is not None:
        words = words | {"token_id": who.token_id}
    with db.transaction() as tx:
        record_member_act(tx, AuditEvent.EXPORT_MADE, who.member, now, detail=json.dumps(words))


def _wanted_words(wanted: ExportWanted, sort: ContactSort, row_count: int) -> dict[str, object]:
    """Which file it is; the usual columns of a plain file are named, as any others."""
    # A tool's file and a card hold what they always do.
    has_columns = wanted.tool is None and wanted.file_format.has_columns
    words: dict[str, object] = {
        "format": str(wanted.file_format),
        "rows": str(wanted.rows),
        "tool": str(wanted.tool) if wanted.tool else None,
        "is_opted_out": wanted.is_opted_out or None,
        "columns": list(wanted.plain_columns) if has_columns else None,
        "sort": f"{sort.column} {'descending' if sort.is_descending else 'ascending'}",
        "row_count": row_count,
    }
    return {name: word for name, word in words.items() if word is not None}


def _filter_words(chosen: ContactFilter, pepper: Pepper | None) -> dict[str, object]:
    """What the filter says, without what was typed; what it leaves open is not there."""
    words: dict[str, object] = {
        "channels": sorted(chosen.channels),
        "share_link_ids": sorted(chosen.share_link_ids),
        "document_ids": sorted(chosen.document_ids),
        "workspace_ids": sorted(chosen.workspace_ids),
        "is_verified": chosen.is_verified,
        "from_on": _day_words(chosen.from_on),
        "to_on": _day_words(chosen.to_on),
        "time_zone": chosen.time_zone,
        "includes_archived": chosen.includes_archived,
        "has_search": bool(chosen.search),
        "first_seen_from_on": _day_words(chosen.first_seen_from_on),
        "first_seen_to_on": _day_words(chosen.first_seen_to_on),
        "min_access_count": chosen.min_access_count,
        "max_access_count": chosen.max_access_count,
        "domain_hashes": _hash_texts(pepper, chosen.domains),
        "company_hashes": _hash_texts(pepper, chosen.companies),
        "countries": sorted(chosen.countries),
        "tag_hashes": _hash_texts(pepper, chosen.tags),
        "consent": chosen.consent,
        "quiet_days": chosen.quiet_days,
        "today_on": _day_words(chosen.today_on),
    }
    return {name: word for name, word in words.items() if word is not None and word != []}


def _hash_texts(pepper: Pepper | None, texts: Iterable[str]) -> list[str | None]:
    return sorted((_hash_text(pepper, text) for text in texts), key=str)


def _hash_text(pepper: Pepper | None, text: str) -> str | None:
    return None if pepper is None else keyed_hash(pepper, text)


def _day_words(day: date | None) -> str | None:
    return day.isoformat() if day else None
