"""Who did not get through the demo's gates: kept out, held up, out of tries, or gone again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from data.deliveries import DeliveryState
from data.demo.history import History, seat_browser
from data.demo.people import DemoPerson
from data.demo.rhythm import DAYS, day_weight
from data.demo.stage import OpenLink
from data.demo.steps import Stand, Trail, note_code, note_step
from data.demo.visits import Scene, choose_newer_link, is_visit_possible
from data.gate_events import GateStep
from data.records import Channel, ShareLink

# Everybody of these gives an address that no contact has.
STRANGERS = 500
_KEPT_OUT = 12
_KEPT_OUT_SINCE_DAY = DAYS - 180
_AFTER_THE_END = 0.2
_CLOSED_FOR = timedelta(days=540)
# Ten minutes of a code and twenty of waiting for whoever asked for it, with all that comes before.
_LONGEST = timedelta(minutes=50)
_GONE_AFTER = timedelta(minutes=31)
_UNREACHABLE = {
    Channel.EMAIL: "The mail server refused the recipient (550)",
    Channel.WHATSAPP: "This number gets no WhatsApp (131026)",
}

Story = Callable[[Trail, Stand, datetime], None]


def note_refusals(
    trail: Trail, scene: Scene, history: History, strangers: Sequence[DemoPerson]
) -> None:
    """Write down what became of strangers, at links that were alive, and of visits that came late.

    Nobody of them gets a pass, and nothing of it lies after now.
    """
    days = scene.rng.choices(range(DAYS), [day_weight(day) for day in range(DAYS)], k=STRANGERS)
    for number, (person, day) in enumerate(zip(strangers, days, strict=True)):
        story = scene.rng.choices(list(_STORIES), list(_STORIES.values()))[0]
        link = choose_newer_link(scene, person, day)
        at = scene.timeline.instant(scene.rng, day, person.place.time_zone)
        channel = next((one for one in link.link.channels if link.link.verifies(one)), None)
        if channel is not None and _is_story_possible(scene, link, at):
            stand = _seat(history, f"stranger {number}", link.link, person, channel, at)
            _give_address(trail, stand, at)
            story(trail, stand, at)
    for link in scene.links:
        for number, person in enumerate(_find_kept_out(link, strangers)):
            _keep_out(trail, scene, history, link, person, f"rival {number} at {link.link.name}")
    for stand, at, reason in _come_after_the_end(scene, history):
        note_step(trail, stand, GateStep.FOUND_CLOSED, at, reason)


def _give_address(trail: Trail, stand: Stand, at: datetime) -> None:
    note_step(trail, stand, GateStep.OPENED, at - timedelta(seconds=trail.rng.randrange(8, 40)))
    note_step(trail, stand, GateStep.ENTERED, at)


def _go_away(trail: Trail, stand: Stand, at: datetime) -> None:
    note_code(trail, stand, at)
    note_step(trail, stand, GateStep.ABANDONED, at + _GONE_AFTER)


def _run_out_of_tries(trail: Trail, stand: Stand, at: datetime) -> None:
    note_code(trail, stand, at)
    for number in range(1, 5):
        note_step(trail, stand, GateStep.WRONG_CODE, at + timedelta(seconds=20 * number))
    note_step(trail, stand, GateStep.CHALLENGE_CLOSED, at + timedelta(seconds=100))
    note_step(trail, stand, GateStep.ABANDONED, at + _GONE_AFTER)


def _come_late(trail: Trail, stand: Stand, at: datetime) -> None:
    note_code(trail, stand, at)
    late_at = at + timedelta(seconds=trail.rng.randrange(620, 1000))
    note_step(trail, stand, GateStep.LATE_CODE, late_at, "closed")
    note_step(trail, stand, GateStep.ABANDONED, at + _GONE_AFTER)


def _ask_too_often(trail: Trail, stand: Stand, at: datetime) -> None:
    for number in range(3):
        note_code(trail, stand, at + timedelta(seconds=70 * number))
    limited_at = at + timedelta(seconds=240)
    note_step(trail, stand, GateStep.LIMITED, limited_at, "identifier_sends_10_min")
    note_step(trail, stand, GateStep.ABANDONED, limited_at + _GONE_AFTER)


def _mistype(trail: Trail, stand: Stand, at: datetime) -> None:
    reason = _UNREACHABLE[stand.channel or Channel.EMAIL]
    note_code(trail, stand, at, DeliveryState.UNDELIVERABLE, reason)
    note_step(trail, stand, GateStep.SENDING_FAILED, at + timedelta(seconds=2), reason)
    note_step(trail, stand, GateStep.ABANDONED, at + _GONE_AFTER)


# How often each happens, against the others.
_STORIES: dict[Story, int] = {
    _go_away: 56,
    _run_out_of_tries: 9,
    _come_late: 11,
    _ask_too_often: 10,
    _mistype: 14,
}


def _find_kept_out(link: OpenLink, strangers: Sequence[DemoPerson]) -> list[DemoPerson]:
    """People of a company that the link's list denies; nobody where it has none."""
    if not link.denies:
        return []
    first = link.link.share_link_id * _KEPT_OUT
    named = [one for one in strangers if one.email][first : first + _KEPT_OUT]
    return [
        replace(one, email=f"{(one.email or '').partition('@')[0]}@{link.denies}") for one in named
    ]


def _keep_out(
    trail: Trail, scene: Scene, history: History, link: OpenLink, person: DemoPerson, browser: str
) -> None:
    day = scene.rng.randrange(max(link.day + 1, _KEPT_OUT_SINCE_DAY), DAYS)
    at = scene.timeline.instant(scene.rng, day, person.place.time_zone)
    if not _is_story_possible(scene, link, at):
        return
    stand = _seat(history, browser, link.link, person, Channel.EMAIL, at)
    _give_address(trail, stand, at)
    if link.link.verifies(Channel.EMAIL):
        note_code(trail, stand, at, DeliveryState.HELD_BACK)
        note_step(trail, stand, GateStep.ABANDONED, at + _GONE_AFTER)
    else:
        note_step(trail, stand, GateStep.DENIED, at)


def _is_story_possible(scene: Scene, link: OpenLink, at: datetime) -> bool:
    """Whether all of a story that begins then happens while the link lives, and before now."""
    return is_visit_possible(scene, link, at) and at + _LONGEST <= scene.timeline.now


def _seat(
    history: History,
    browser: str,
    link: ShareLink,
    person: DemoPerson,
    channel: Channel,
    at: datetime,
) -> Stand:
    seen = seat_browser(history, browser, at - timedelta(seconds=60))
    address = person.email if channel is Channel.EMAIL else person.whatsapp
    return Stand(link.share_link_id, seen.browser_id, channel, address or "")


def _come_after_the_end(scene: Scene, history: History) -> Iterator[tuple[Stand, datetime, str]]:
    """Browsers that had passed a link and come again when it opens nothing any more."""
    ended = {one.link.share_link_id: one for one in scene.links if one.ends_at is not None}
    known = dict.fromkeys((one.share_link_id, one.browser_id) for one in history.passes)
    for share_link_id, browser_id in known:
        link = ended.get(share_link_id)
        if link is None or link.ends_at is None or scene.rng.random() > _AFTER_THE_END:
            continue
        at = link.ends_at + _CLOSED_FOR * scene.rng.random()
        if at < scene.timeline.now:
            reason = "revoked" if link.link.revoked_at else "expired"
            yield Stand(share_link_id, browser_id), at, reason
