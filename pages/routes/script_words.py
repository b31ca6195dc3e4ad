"""The words of a script's address: one that would be passed over is told instead.

A page may fall back to what it knows; a script that mistypes a filter would get every contact.
"""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from data.export_kinds import ExportWanted
from pages.ui.export_words import export_address
from pages.ui.unread_words import FILTER_WORDS, LIST_WORDS, find_unread, find_unread_filters
from pages.ui.url_view import ContactView, Period
from pages.ui.url_words import Words, read_list

FILE_WORDS = ("as", "tool", "people", "rows", "fields")
# Of the page's address, but not of a file.
_PASSED_OVER = frozenset({"page", "contact", "columns", "tab"})


def find_unknown_words(words: Words) -> list[str]:
    """The names that neither a filter nor a file has."""
    known = {*FILTER_WORDS, *FILE_WORDS, *_PASSED_OVER}
    return sorted(name for name in words if name not in known)


def find_empty_words(words: Words) -> list[str]:
    """The names after which nothing stands, as where a shell's variable is not set: `link=`."""
    return [
        name
        for name in (*FILTER_WORDS, *FILE_WORDS)
        if name in words and _says_nothing(name, words[name])
    ]


def find_unread_words(words: Words, view: ContactView, wanted: ExportWanted) -> list[str]:
    """Each word whose value was passed over, as the script wrote it: `type=fax`."""
    read = parse_qs(urlsplit(export_address(ContactView(), wanted)).query)
    # The ending may say it alone; where both do, they say the same.
    named = [text.strip().lower() for text in words.get("as", [])]
    if named == [str(wanted.file_format)]:
        read["as"] = named
    unread = find_unread_filters(words, view) + find_unread(FILE_WORDS, words, read)
    if view.period is Period.CUSTOM and view.from_on is None and view.to_on is None:
        unread.append(f"period={Period.CUSTOM} without from or to")
    return unread


def _says_nothing(name: str, given: Sequence[str]) -> bool:
    if name in LIST_WORDS and not any(read_list({name: given}, name)):
        return True
    return not all(text.strip() for text in given)
