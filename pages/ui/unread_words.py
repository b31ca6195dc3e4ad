"""The filter words of a URL whose values were passed over, so that they can be told.

A page falls back to what it knows and says so; a script that mistypes a filter is refused.
"""

from collections.abc import Mapping, Sequence

from data.export_kinds import RowKind
from pages.ui.url_view import ContactView, format_view
from pages.ui.url_words import Words, clean_domains, clean_texts, read_list

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
_TEXTS = frozenset({"domain", "company", "tag"})
LIST_WORDS = frozenset({"type", "link", "document", "workspace", "country", "fields"})
# What a view or a file leaves out of its words because it is the default.
_DEFAULTS = {
    "verified": {""},
    "period": {"all", ""},
    "archived": {"no", ""},
    "sort": {"last_accessed", ""},
    "dir": {"desc", ""},
    "rows": {RowKind.CONTACTS, ""},
}


def find_unread_filters(words: Words, view: ContactView) -> list[str]:
    """Each filter of the URL that the view was read without, as it was written: `type=fax`."""
    return find_unread(FILTER_WORDS, words, format_view(view))


def find_unread(names: Sequence[str], words: Words, read: Mapping[str, list[str]]) -> list[str]:
    """Each word of these names that is not in what was read, as it was written."""
    return [
        f"{name}={','.join(words[name])}"
        for name in names
        if name in words and not _is_read(name, words[name], read.get(name, []))
    ]


def _is_read(name: str, given: Sequence[str], kept: Sequence[str]) -> bool:
    if name in LIST_WORDS:
        wanted = {text.upper() for text in read_list({name: given}, name) if text}
        return wanted == {text.upper() for text in read_list({name: kept}, name) if text}
    if name in _TEXTS:
        clean = clean_domains if name == "domain" else clean_texts
        return clean(given) == frozenset(kept) and len(set(given)) <= len(kept)
    if len(given) > 1:
        return False
    return bool(kept) or given[0].strip().lower() in _DEFAULTS.get(name, {""})
