"""Who comes through which link when: the demo's two years of visits, before they are stored."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from data.demo.people import DemoPerson
from data.demo.rhythm import (
    DAYS,
    Timeline,
    arrival_days,
    day_weight,
    launch_days,
    return_days,
)
from data.demo.stage import OpenLink
from data.records import SessionKind

ANONYMOUS_VISITS = 850
BOT_VISITS = 480
INTERNAL_VISITS = 300
_OPENS_NOTHING = 0.03
_ANONYMOUS_BROWSERS = 640
# A visit of the same browser within half an hour would be the same viewing session.
_PAUSE = timedelta(minutes=45)
_MARGIN = timedelta(hours=1)
_STAYS_WITH_LINK = 0.76
_SECOND_BROWSER = 0.18
_ANYWHERE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class DemoVisit:
    """One passage of a gate, or the next visit with its pass; `stays` is None if nothing opens.

    `person` is None on an open link. `browser` names the visitor's browser.
    """

    person: DemoPerson | None
    browser: str
    open_link: OpenLink
    started_at: datetime
    stays: timedelta | None
    kind: SessionKind = SessionKind.VIEWER


@dataclass(frozen=True, slots=True)
class Scene:
    """What every visit depends on: chance, the two years, and the links that there are."""

    rng: Random
    timeline: Timeline
    links: Sequence[OpenLink]


def make_visits(
    scene: Scene, people: Sequence[DemoPerson], team: Sequence[DemoPerson]
) -> list[DemoVisit]:
    """Every visit of the two years, the earliest first; none is later than now."""
    visits: list[DemoVisit] = []
    for number, (person, first_link, day) in enumerate(_arrivals(scene, people)):
        visits += _visits_of(scene, person, f"person {number}", first_link, day)
    visits += _passing_visits(scene, ANONYMOUS_VISITS, SessionKind.VIEWER)
    visits += _passing_visits(scene, BOT_VISITS, SessionKind.BOT)
    visits += _team_visits(scene, team)
    return list(_spaced_out(sorted(visits, key=lambda one: (one.started_at, one.browser))))


def _arrivals(
    scene: Scene, people: Sequence[DemoPerson]
) -> Iterator[tuple[DemoPerson, OpenLink, int]]:
    """Each person with the link that brings them, and about which day it does."""
    brought: dict[int, list[DemoPerson]] = defaultdict(list)
    for person in people:
        reached = person.channels
        asked = [link for link in scene.links if link.asks == reached]
        chosen = scene.rng.choices(asked, [link.pull for link in asked])[0]
        brought[chosen.link.share_link_id].append(person)
    for link in scene.links:
        those = brought[link.link.share_link_id]
        days = arrival_days(scene.rng, link.day + 1, _last_day(scene, link), len(those))
        yield from ((person, link, day) for person, day in zip(those, days, strict=True))


def _visits_of(
    scene: Scene, person: DemoPerson, browser: str, first_link: OpenLink, day: int
) -> Iterator[DemoVisit]:
    zone, rng = person.place.time_zone, scene.rng
    arrived_at = scene.timeline.instant(rng, day, zone)
    # A weekend's visit moves to a working day; if the link wasn't there then, it was another day.
    while not is_visit_possible(scene, first_link, arrived_at):
        day = rng.randrange(first_link.day, _last_day(scene, first_link) + 1)
        arrived_at = scene.timeline.instant(rng, day, zone)
    if rng.random() < _OPENS_NOTHING:
        yield DemoVisit(person, browser, first_link, arrived_at, None)
        return
    yield DemoVisit(person, browser, first_link, arrived_at, _stay(scene, arrived_at))
    for later in [*return_days(rng, day), *launch_days(rng, day)]:
        link = (
            first_link
            if rng.random() < _STAYS_WITH_LINK
            else choose_newer_link(scene, person, later)
        )
        started_at = scene.timeline.instant(rng, later, zone)
        if started_at > arrived_at and is_visit_possible(scene, link, started_at):
            name = f"{browser} at home" if rng.random() < _SECOND_BROWSER else browser
            yield DemoVisit(person, name, link, started_at, _stay(scene, started_at))


def choose_newer_link(scene: Scene, person: DemoPerson, day: int) -> OpenLink:
    """A link that this person can pass and that was probably sent around not long before."""
    reached = person.channels
    passable = [link for link in scene.links if link.asks and link.asks <= reached]
    weights = [
        one.pull * (0.02 + math.exp(-(day - one.day) / 25)) if one.day < day else 0.001
        for one in passable
    ]
    return scene.rng.choices(passable, weights)[0]


def _passing_visits(scene: Scene, count: int, kind: SessionKind) -> Iterator[DemoVisit]:
    """Visits on links that ask for nothing: of viewers, who may return, or of crawlers."""
    links = [link for link in scene.links if not link.asks]
    days = scene.rng.choices(range(DAYS), [day_weight(day) for day in range(DAYS)], k=count)
    for number, day in enumerate(days):
        link = scene.rng.choices(links, [link.pull for link in links])[0]
        started_at = scene.timeline.instant(scene.rng, day, _ANYWHERE)
        name = f"crawler {number}"
        if kind is SessionKind.VIEWER:
            name = f"passer-by {scene.rng.randrange(_ANONYMOUS_BROWSERS)}"
        if is_visit_possible(scene, link, started_at):
            yield DemoVisit(None, name, link, started_at, _stay(scene, started_at), kind)


def _team_visits(scene: Scene, team: Sequence[DemoPerson]) -> Iterator[DemoVisit]:
    for _ in range(INTERNAL_VISITS):
        number = scene.rng.randrange(len(team))
        day = scene.rng.randrange(DAYS)
        link = choose_newer_link(scene, team[number], day)
        started_at = scene.timeline.instant(scene.rng, day, team[number].place.time_zone)
        if is_visit_possible(scene, link, started_at):
            stays = _stay(scene, started_at)
            name = f"team {number}"
            yield DemoVisit(team[number], name, link, started_at, stays, SessionKind.INTERNAL)


def is_visit_possible(scene: Scene, link: OpenLink, started_at: datetime) -> bool:
    """Whether the link lived for a while around this instant, and it is past."""
    ends_at = link.ends_at or scene.timeline.now
    latest = min(ends_at - _MARGIN, scene.timeline.now - timedelta(minutes=2))
    return link.link.created_at + _MARGIN <= started_at <= latest


def _last_day(scene: Scene, link: OpenLink) -> int:
    """The last day of the two years on which the link could bring somebody."""
    if link.ends_at is None:
        return DAYS - 1
    return min(DAYS - 1, (link.ends_at - scene.timeline.begun_at).days - 1)


def _stay(scene: Scene, started_at: datetime) -> timedelta:
    """How long somebody reads: three minutes or so, some much longer; never beyond now."""
    seconds = min(3000.0, max(8.0, math.exp(scene.rng.gauss(5.2, 1.0))))
    return min(timedelta(seconds=int(seconds)), scene.timeline.now - started_at)


def _spaced_out(visits: Sequence[DemoVisit]) -> Iterator[DemoVisit]:
    """The visits without those that their browser would still have counted as the one before."""
    free_at: dict[str, datetime] = {}
    for visit in visits:
        if visit.browser not in free_at or visit.started_at >= free_at[visit.browser]:
            free_at[visit.browser] = visit.started_at + (visit.stays or timedelta()) + _PAUSE
            yield visit
