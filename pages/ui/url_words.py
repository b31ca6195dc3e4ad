"""A URL's words read as values: whatever is malformed is nothing. Which words there are is in
`url_view.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

Words = Mapping[str, Sequence[str]]
Member = TypeVar("Member", bound=StrEnum)
Bound = TypeVar("Bound", int, date)

EARLIEST_DAY = date(2000, 1, 1)
LATEST_DAY = date(2100, 12, 31)
MAX_SEARCH_CHARACTERS = 200
MAX_TEXTS = 50
MAX_ID_DIGITS = 9


def read_word(words: Words, name: str) -> str:
    """The first word of this name, without outer white space; empty if there is none."""
    return next(iter(words.get(name, ())), "").strip()


def read_list(words: Words, name: str) -> list[str]:
    """Every word of this name, repeated or joined by commas."""
    return [part.strip() for word in words.get(name, ()) for part in word.split(",")]


def read_texts(words: Words, name: str) -> frozenset[str]:
    """Every text of this name, each a word of its own, for it may hold a comma."""
    return clean_texts(words.get(name, ()))


def read_members(kind: type[Member], texts: Iterable[str]) -> list[Member]:
    """The members that are meant by these texts; others are passed over."""
    by_value = {str(member): member for member in kind}
    return [by_value[text.lower()] for text in texts if text.lower() in by_value]


def read_ids(words: Words, name: str, known: frozenset[int] | None) -> frozenset[int]:
    """The numbers of this name that are known; all of them if that is None."""
    numbers = frozenset(read_number(text) for text in read_list(words, name)) - {0}
    return numbers if known is None else numbers & known


def read_number(text: str) -> int:
    """A number of at most nine digits; 0 for anything else."""
    return read_amount(text) or 0


def read_amount(text: str) -> int | None:
    """A number of at most nine digits, which may be 0; None for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= MAX_ID_DIGITS
    return int(text) if is_number else None


def read_day(words: Words, name: str) -> date | None:
    """The day of this name, if a calendar of ours has it."""
    try:
        day = date.fromisoformat(read_word(words, name))
    except ValueError:
        return None
    return day if EARLIEST_DAY <= day <= LATEST_DAY else None


def read_countries(words: Words, name: str) -> frozenset[str]:
    """What may be countries: two letters each, upper case."""
    texts = [text.upper() for text in read_list(words, name)]
    return frozenset(text for text in texts if len(text) == 2 and text.isascii() and text.isalpha())


def in_order(first: Bound | None, last: Bound | None) -> tuple[Bound | None, Bound | None]:
    """Two bounds, the smaller one first if there are both."""
    is_turned = first is not None and last is not None and last < first
    return (last, first) if is_turned else (first, last)


def clean_search(text: str) -> str:
    """What is searched for: at most 200 characters, without NULs and outer white space."""
    return text.replace("\0", "").strip()[:MAX_SEARCH_CHARACTERS].strip()


def clean_texts(texts: Iterable[str]) -> frozenset[str]:
    """Texts to filter by, as a search is cleaned: none empty, and 50 at most."""
    return frozenset([text for text in map(clean_search, texts) if text][:MAX_TEXTS])


def clean_domains(texts: Iterable[str]) -> frozenset[str]:
    """Domains as they are stored: lower case, without the at sign that people put before one."""
    return clean_texts(text.lower().strip().lstrip("@") for text in texts)
