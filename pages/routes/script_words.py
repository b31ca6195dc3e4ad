"""The filter words of a script: a word that would be passed over is told instead.

A page may fall back to what it knows; a script that mistypes a filter would get every contact.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from data.export_kinds import ExportWanted, FileFormat, RowKind
from pages.ui.export_words import export_address
from pages.ui.url_view import ContactView, format_view
from pages.ui.url_words import Words, clean_domains, clean_texts, read_list

# Of the page's address, but not of a file.
_PASSED_OVER = frozenset({"page", "contact", "columns", "tab"})
_TEXTS = frozenset({"domain", "company", "tag"})
_LISTS = frozenset({"type", "link", "document", "workspace", "country", "fields"})
# What a view leaves out of its words because it is the default.
_DEFAULTS = {
    "verified": {""},
    "period": {"all", ""},
    "archived": {"no", ""},
    "sort": {"last_accessed", ""},
    "dir": {"desc", ""},
    "as": {*map(str, FileFormat), ""},
    "rows": {RowKind.CONTACTS, ""},
}
FILTER_WORDS = (
    "type",
    "link",
    "document",
    "workspace",
    "verified",
    "period",
    "from",
    "to",
    "q",
    "archived",
    "seen_from",
    "seen_to",
    "min",
    "max",
    "domain",
    "company",
    "country",
    "tag",
    "consent",
    "quiet",
    "sort",
    "dir",
)


FILE_WORDS = ("as", "tool", "people", "rows", "fields")


def find_unknown_words(words: Words) -> list[str]:
    """The names that neither a filter nor a file has."""
    known = {*FILTER_WORDS, *FILE_WORDS, *_PASSED_OVER}
    return sorted(name for name in words if name not in known)


def find_unread_words(words: Words, view: ContactView, wanted: ExportWanted) -> list[str]:
    """Each word whose value was passed over, as the script wrote it: `type=fax`."""
    read = format_view(view) | parse_qs(urlsplit(export_address(ContactView(), wanted)).query)
    return [
        f"{name}={','.join(words[name])}"
        for name in (*FILTER_WORDS, *FILE_WORDS)
        if name in words and not _is_read(name, words[name], read)
    ]


def _is_read(name: str, given: Sequence[str], read: Mapping[str, list[str]]) -> bool:
    kept = read.get(name, [])
    if name in _LISTS:
        wanted = {text.upper() for text in read_list({name: given}, name) if text}
        return wanted == {text.upper() for text in read_list({name: kept}, name) if text}
    if name in _TEXTS:
        clean = clean_domains if name == "domain" else clean_texts
        return clean(given) == frozenset(kept) and len(set(given)) <= len(kept)
    if len(given) > 1:
        return False
    return bool(kept) or given[0].strip().lower() in _DEFAULTS.get(name, {""})
