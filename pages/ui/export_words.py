"""Which file is wanted, in the words of its address: read and written, as `url_view.py` a view."""

from dataclasses import replace
from urllib.parse import urlencode

from data.export_kinds import EXPORT_COLUMNS, ExportTool, ExportWanted, FileFormat, RowKind
from pages.ui.list_columns import DEFAULT_COLUMNS
from pages.ui.url_view import ContactView, Period, format_view
from pages.ui.url_words import Words, read_list, read_members, read_word

EXPORT_PATHS = "/export/contacts."
# In the order in which they are offered; the first of an extension is what it means alone.
OFFERED = tuple(FileFormat)


def parse_export(extension: str, words: Words) -> ExportWanted | None:
    """The file that an address asks for; None if there is none of its extension.

    Whatever else is unknown, or does not go with the rest, falls back to the usual.
    """
    formats = [one for one in OFFERED if one.extension == extension]
    if not formats:
        return None
    asked = [one for one in read_members(FileFormat, [read_word(words, "as")]) if one in formats]
    wanted = ExportWanted((asked or formats)[0])
    if tools := read_members(ExportTool, [read_word(words, "tool")]):
        if wanted.file_format is not FileFormat.CSV:
            return wanted
        is_opted_out = read_word(words, "people").lower() == "opted_out"
        return ExportWanted(
            tool=tools[0], is_opted_out=is_opted_out and bool(tools[0].mailing_channels)
        )
    if not wanted.file_format.has_columns:
        return wanted
    rows = next(iter(read_members(RowKind, [read_word(words, "rows")])), RowKind.CONTACTS)
    named = read_list(words, "fields")
    columns = tuple(name for name in EXPORT_COLUMNS[rows] if name in named)
    return replace(wanted, rows=rows, columns=columns)


def export_address(view: ContactView, wanted: ExportWanted | None = None) -> str:
    """The path and query that download this file, CSV unless said, of every page of the view."""
    wanted = wanted or ExportWanted()
    seen = replace(view, columns=DEFAULT_COLUMNS, page=1, contact_id=None)
    if seen.period is Period.CUSTOM and seen.from_on is None and seen.to_on is None:
        # A script may not say that days follow, and then name none.
        seen = replace(seen, period=Period.ALL)
    words = format_view(seen) | _format_export(wanted)
    query = "?" + urlencode(words, doseq=True) if words else ""
    return EXPORT_PATHS + wanted.file_format.extension + query


def _format_export(wanted: ExportWanted) -> dict[str, list[str]]:
    is_named_by_extension = parse_export(wanted.file_format.extension, {}) == ExportWanted(
        wanted.file_format
    )
    words = {
        "as": "" if is_named_by_extension else str(wanted.file_format),
        "tool": str(wanted.tool or ""),
        "people": "opted_out" if wanted.is_opted_out else "",
        "rows": "" if wanted.rows is RowKind.CONTACTS else str(wanted.rows),
        "fields": ",".join(wanted.columns),
    }
    return {name: [word] for name, word in words.items() if word}
