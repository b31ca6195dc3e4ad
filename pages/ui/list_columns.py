"""The columns that the contact list can show, and the word of the URL that says which it shows.

The identifier is always there. How each is drawn is in `table.py`.
"""

from enum import StrEnum

from pages.ui.url_words import Words, read_list, read_members

# The URL's word for a list of identifiers alone.
ALONE = "identifier"


class ListColumn(StrEnum):
    """A column that can be left out, in the order shown; values are the words of the URL."""

    NAME = "name"
    COMPANY = "company"
    TYPE = "type"
    VERIFIED = "verified"
    LAST_ACCESSED = "last_accessed"
    LAST_ACCESSED_AT = "last_accessed_at"
    ACCESS_COUNT = "access_count"
    FIRST_ACCESSED = "first_accessed"
    TAGS = "tags"


DEFAULT_COLUMNS = frozenset(ListColumn) - {
    ListColumn.NAME,
    ListColumn.COMPANY,
    ListColumn.TAGS,
}


def parse_columns(words: Words) -> frozenset[ListColumn]:
    """The columns that a URL asks for; the usual ones if it names none of ours."""
    texts = read_list(words, "columns")
    found = frozenset(read_members(ListColumn, texts))
    is_alone = not found and ALONE in (text.lower() for text in texts)
    return found if found or is_alone else DEFAULT_COLUMNS


def format_columns(columns: frozenset[ListColumn]) -> str:
    """The word of these columns, in the order shown; empty for the usual ones."""
    if columns == DEFAULT_COLUMNS:
        return ""
    return ",".join(column for column in ListColumn if column in columns) or ALONE
