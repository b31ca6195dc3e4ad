"""What a download's line in the audit trail says, in words: which file, of whom, how many rows.

Of what was searched for, only that something was is told.
"""

import json
from typing import Any

from data.export_kinds import ExportTool, FileFormat, RowKind
from pages.ui.desk_words import say_count
from pages.ui.export_choice import FORMAT_WORDS, TOOL_WORDS

_NOUNS = {
    RowKind.CONTACTS: ("contact", "contacts"),
    RowKind.IDENTIFIERS: ("address", "addresses"),
    RowKind.SESSIONS: ("viewing session", "viewing sessions"),
}
_NUMBERED = {
    "share_link_ids": ("link", "l"),
    "document_ids": ("document", "d"),
    "workspace_ids": ("workspace", "w"),
}
_SAID = {
    "channels": "type",
    "from_on": "from",
    "to_on": "to",
    "first_seen_from_on": "first seen from",
    "first_seen_to_on": "first seen to",
    "min_access_count": "access count at least",
    "max_access_count": "access count at most",
    "countries": "country",
    "consent": "consent",
    "quiet_days": "days quiet",
}
_HIDDEN = {
    "domain_hashes": "a domain",
    "company_hashes": "a company",
    "tag_hashes": "a tag",
}
MOST_COLUMNS = 20


def export_log_words(detail: str | None) -> str:
    """The line's detail as a sentence; a detail of another form stays as it is."""
    try:
        words = json.loads(detail or "")
    except ValueError:
        return detail or ""
    if not isinstance(words, dict) or "row_count" not in words:
        return detail or ""
    parts = [_file_words(words), f"filter: {_filter_words_of(words)}"]
    columns = words.get("columns", [])
    if columns and "tool" not in words:
        parts.append("columns: " + ", ".join(map(str, columns[:MOST_COLUMNS])))
    if "token_id" in words:
        parts.append(f"by access token {words['token_id']}")
    return " · ".join(parts)


def _file_words(words: dict[str, Any]) -> str:
    kind = RowKind(words.get("rows", RowKind.CONTACTS))
    if words.get("is_opted_out"):
        kind = RowKind.IDENTIFIERS
    tool = words.get("tool")
    name = TOOL_WORDS[ExportTool(tool)] if tool else FORMAT_WORDS[_format_of(words)]
    opted_out = ", who opted out" if words.get("is_opted_out") else ""
    return f"{name}{opted_out}: {say_count(int(words['row_count']), *_NOUNS[kind])}"


def _format_of(words: dict[str, Any]) -> FileFormat:
    return FileFormat(words.get("format", FileFormat.CSV))


def _filter_words_of(words: dict[str, Any]) -> str:
    said = [
        f"{label} {', '.join(f'{letter}{number}' for number in words[name])}"
        for name, (label, letter) in _NUMBERED.items()
        if words.get(name)
    ]
    said += [
        f"{label} {_joined_words(words[name])}"
        for name, label in _SAID.items()
        if words.get(name) not in (None, [])
    ]
    if "is_verified" in words:
        said.append("verified" if words["is_verified"] else "not verified")
    if words.get("has_search"):
        said.append("a search")
    said += [label for name, label in _HIDDEN.items() if words.get(name)]
    if words.get("includes_archived"):
        said.append("archived ones too")
    return ", ".join(said) or "none"


def _joined_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
