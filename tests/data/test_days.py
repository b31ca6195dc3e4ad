"""When days begin: by one calendar, whoever asks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from data.days import first_instant
from gate.accounts import find_time_zones

# Years in which zones changed their rules after most machines' tables were made.
FIRST_ON, LAST_ON = date(2026, 1, 1), date(2027, 12, 31)


@pytest.mark.parametrize("letter", sorted({name[:4] for name in find_time_zones()}))
def test_what_is_shown_changes_clocks_on_the_days_on_which_what_is_counted_does(
    letter: str,
) -> None:
    for name in find_time_zones():
        if name.startswith(letter):
            zone = ZoneInfo(name)
            for day in days_around_changes(zone):
                begins = first_instant(day, name)
                assert begins.astimezone(zone).date() == day, (name, day)
                before = begins - timedelta(minutes=15)
                assert before.astimezone(zone).date() < day, (name, day)


def days_around_changes(zone: ZoneInfo) -> Iterator[date]:
    """The days on which clocks are set, each after the one before and before the one after it."""
    day, offset = FIRST_ON, None
    while day <= LAST_ON:
        noon = datetime.combine(day, time(12), UTC)
        offset, before = noon.astimezone(zone).utcoffset(), offset
        if offset != before:
            yield from (day - timedelta(days=1), day, day + timedelta(days=1))
        day += timedelta(days=1)
