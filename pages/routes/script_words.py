"""The words of a script's address: one that would be passed over is told instead.

A page may fall back to what it knows; a script that mistypes a filter would get every contact.
"""

from urllib.parse import parse_qs, urlsplit

from data.export_kinds import ExportWanted
from pages.ui.export_words import export_address
from pages.ui.unread_words import FILTER_WORDS, find_unread, find_unread_filters
from pages.ui.url_view import ContactView
from pages.ui.url_words import Words

FILE_WORDS = ("as", "tool", "people", "rows", "fields")
# Of the page's address, but not of a file.
_PASSED_OVER = frozenset({"page", "contact", "columns", "tab"})


def find_unknown_words(words: Words) -> list[str]:
    """The names that neither a filter nor a file has."""
    known = {*FILTER_WORDS, *FILE_WORDS, *_PASSED_OVER}
    return sorted(name for name in words if name not in known)


def find_unread_words(words: Words, view: ContactView, wanted: ExportWanted) -> list[str]:
    """Each word whose value was passed over, as the script wrote it: `type=fax`."""
    read = parse_qs(urlsplit(export_address(ContactView(), wanted)).query)
    return find_unread_filters(words, view) + find_unread(FILE_WORDS, words, read)
