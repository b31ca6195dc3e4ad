"""The order of the expected viewers' list: by what it is sorted, and how."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from gate.expected_viewers import Expected, Standing
from pages.ui.header_sort import HeaderSort, Sort


class ExpectedColumn(StrEnum):
    """What the list is sorted by."""

    LISTED = "listed"
    ADDRESS = "address"
    STATE = "state"
    NAME = "name"
    SESSIONS = "sessions"
    LAST_ACCESSED = "last_accessed"
    FIRST_ACCESSED = "first_accessed"
    VERIFIED = "verified"


_UPWARD = (ExpectedColumn.LISTED, ExpectedColumn.ADDRESS, ExpectedColumn.STATE, ExpectedColumn.NAME)
EXPECTED_SORT = HeaderSort(
    "expected",
    {
        ExpectedColumn.LISTED: "As listed",
        ExpectedColumn.ADDRESS: "Expected",
        ExpectedColumn.STATE: "State",
        ExpectedColumn.NAME: "Name",
        ExpectedColumn.SESSIONS: "Sessions",
        ExpectedColumn.LAST_ACCESSED: "Last accessed",
        ExpectedColumn.FIRST_ACCESSED: "First accessed",
        ExpectedColumn.VERIFIED: "Verified",
    },
    upward=_UPWARD,
)
EXPECTED_HEADERS = {words: column for column, words in EXPECTED_SORT.words.items()}
_NEVER_AT = datetime.min.replace(tzinfo=UTC)


def sort_people(people: Sequence[Expected], sort: Sort[ExpectedColumn]) -> list[Expected]:
    """Them in this order; those that are alike stay as they were written down."""

    def weigh(one: Expected) -> Any:
        said = one.expectation
        return {
            ExpectedColumn.LISTED: said.expected_viewer_id,
            ExpectedColumn.ADDRESS: said.address.casefold(),
            ExpectedColumn.STATE: list(Standing).index(one.standing),
            ExpectedColumn.NAME: (said.name is None, (said.name or "").casefold()),
            ExpectedColumn.SESSIONS: said.access_count,
            ExpectedColumn.LAST_ACCESSED: said.last_accessed_at or _NEVER_AT,
            ExpectedColumn.FIRST_ACCESSED: said.first_accessed_at or _NEVER_AT,
            ExpectedColumn.VERIFIED: said.is_verified,
        }[sort.column]

    return sorted(people, key=weigh, reverse=sort.is_descending)
