"""When the demo's people come: growth, launches, working weeks, office hours where they live."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

DAYS = 730
LAUNCHES = (35, 208, 364, 502, 657)
_LAUNCH_DAYS = 21
_WEEKEND_SHARE = 0.22
_SATURDAY = 5
# From a Saturday or Sunday to a working day of the week before or after, none much likelier.
_WORKDAYS_NEAR = (-4, -3, -2, 2, 3, 4)
# Visits by hour of the viewer's day, from midnight: mornings, after lunch, some from the sofa.
_HOURS = (1, 0, 0, 0, 0, 1, 3, 9, 22, 38, 42, 36, 22, 26, 38, 36, 28, 20, 12, 9, 10, 10, 6, 3)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Two years of whole UTC days, the last of which holds `now`."""

    begun_at: datetime
    now: datetime

    def instant(self, rng: Random, day: int, time_zone: str) -> datetime:
        """A likely moment of about this day where the viewer lives; it may lie after `now`."""
        local = (self.begun_at + timedelta(days=day)).date()
        if local.weekday() >= _SATURDAY and rng.random() > _WEEKEND_SHARE:
            local += timedelta(days=rng.choice(_WORKDAYS_NEAR))
        hour = rng.choices(range(24), _HOURS)[0]
        wall = datetime(local.year, local.month, local.day, hour, tzinfo=ZoneInfo(time_zone))
        return wall.astimezone(UTC) + timedelta(seconds=rng.randrange(3600))


def make_timeline(now: datetime) -> Timeline:
    """The two years that end with `now`."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Timeline(midnight - timedelta(days=DAYS - 1), now)


def day_weight(day: int) -> float:
    """How much more comes on this day than in the beginning: growth, and launches that fade."""
    since = [day - launch for launch in LAUNCHES if 0 <= day - launch < _LAUNCH_DAYS]
    return (1 + 2.2 * day / DAYS) * (1 + sum(3.2 * math.exp(-days / 5) for days in since))


def arrival_days(rng: Random, first: int, last: int, count: int) -> list[int]:
    """So many days on which newcomers find a link that was sent around between these days."""
    days = range(first, last + 1)
    weights = [day_weight(day) * (0.16 + math.exp(-(day - first) / 16)) for day in days]
    return rng.choices(days, weights, k=count)


def return_days(rng: Random, arrival: int) -> list[int]:
    """On which days somebody comes again: never, a few times, or regularly until they stop."""
    habit = rng.random()
    if habit < 0.46:
        return []
    if habit < 0.78:
        return _spaced(rng, arrival, arrival + 50, gap=rng.choice((3, 6, 12)))
    if habit < 0.95:
        return _spaced(rng, arrival, arrival + rng.expovariate(1 / 220), gap=rng.uniform(8, 20))
    return _spaced(rng, arrival, arrival + rng.expovariate(1 / 400), gap=rng.uniform(3, 7))


def launch_days(rng: Random, arrival: int) -> list[int]:
    """On which days of later launches somebody looks in again."""
    later = [launch for launch in LAUNCHES if launch > arrival and rng.random() < 0.13]
    return [launch + 1 + int(rng.expovariate(1 / 4)) for launch in later]


def _spaced(rng: Random, first: float, last: float, *, gap: float) -> list[int]:
    days, day = [], first
    while (day := day + max(0.2, rng.expovariate(1 / gap))) <= last:
        days.append(int(day))
    return days
