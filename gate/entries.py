"""What a browser types at a gate: let in at once where nothing is verified, else sent codes.

Answering those codes is in `gate/challenges.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.challenges import get_last_sending, void_challenges
from data.database import Transaction
from data.entries import close_entries, get_open_entry, insert_entry
from data.gate_events import GateStep
from data.records import Channel, EntryIdentifier, GateEntry, Identifier, ShareLink
from gate.contacts import GivenIdentifier
from gate.errors import TooManyRequests
from gate.limits import ENTRY_LIFE, RESEND_WAIT
from gate.passes import Grant, issue_pass
from gate.sendings import Sending, hand_over, refuse_late_clock, start_challenge
from gate.trail import record_step
from gate.visits import (
    Doorstep,
    Gate,
    Visit,
    find_recent_browser_id,
    require_browser,
    require_live_link,
)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one transaction decided; refusals and sendings happen after its commit."""

    result: Grant | GateEntry | None
    sendings: tuple[Sending, ...] = ()
    wait: timedelta | None = None


def submit_entry(gate: Gate, visit: Visit, identifiers: Sequence[Identifier]) -> Grant | GateEntry:
    """A grant where the link verifies nothing, else the entry that now waits for its codes.

    `identifiers` are one of each channel that the link asks for. Submitting the same again while
    its codes are awaited sends nothing new.

    Raises:
        LinkUnavailable: the link does not open now.
        TooManyRequests: a code went to one of these a moment ago.
        DeliveryFailed: no code could be handed over; what was typed can be submitted again.
        ClockBehind: the wall clock cannot be trusted.
    """
    link = require_live_link(gate.db, visit.slug, visit.now)
    _require_channels(link, identifiers)
    if any(link.verifies(one.channel) for one in identifiers):
        refuse_late_clock(gate.db, visit.now)
    with gate.db.transaction() as tx:
        place = Doorstep(link, require_browser(tx, visit.browser_hash, visit.now), visit.now)
        outcome = _enter(tx, gate, place, identifiers)
    if outcome.wait is not None:
        raise TooManyRequests(outcome.wait)
    hand_over(gate, place, outcome.sendings)
    if outcome.result is None:
        raise AssertionError("an entry without a wait has a result")
    return outcome.result


def read_entry(gate: Gate, visit: Visit) -> GateEntry | None:
    """What this browser typed at this link and still waits for a code, or None."""
    link = require_live_link(gate.db, visit.slug, visit.now)
    browser_id = find_recent_browser_id(gate.db, visit.browser_hash, visit.now)
    if browser_id is None:
        return None
    entry = get_open_entry(
        gate.db, browser_id=browser_id, share_link_id=link.share_link_id, now=visit.now
    )
    return entry if entry is not None and entry.policy_epoch == link.policy_epoch else None


def withdraw_entry(gate: Gate, visit: Visit) -> None:
    """Forget what this browser typed at this link: its codes die, and it may type again."""
    link = require_live_link(gate.db, visit.slug, visit.now)
    with gate.db.transaction() as tx:
        browser_id = require_browser(tx, visit.browser_hash, visit.now)
        _clear(tx, Doorstep(link, browser_id, visit.now), "withdrawn")


def _require_channels(link: ShareLink, identifiers: Sequence[Identifier]) -> None:
    if tuple(one.channel for one in identifiers) != link.channels or not identifiers:
        raise ValueError("one identifier of each channel that the link asks for, email first")


def _enter(
    tx: Transaction, gate: Gate, place: Doorstep, identifiers: Sequence[Identifier]
) -> _Outcome:
    link = place.link
    waiting = get_open_entry(
        tx, browser_id=place.browser_id, share_link_id=link.share_link_id, now=place.now
    )
    if waiting is not None and _is_same(waiting, link, identifiers):
        return _Outcome(waiting)
    verified = [one for one in identifiers if link.verifies(one.channel)]
    wait = _wait_before_sending(tx, place, verified)
    if wait is not None:
        return _Outcome(None, wait=wait)
    _clear(tx, place, "replaced")
    for one in identifiers:
        record_step(tx, gate.pepper, place, GateStep.ENTERED, identifier=one)
    if not verified:
        return _Outcome(_admit_unproved(tx, gate, place, identifiers))
    entry = insert_entry(tx, _new_entry(place, identifiers))
    sendings = tuple(start_challenge(tx, gate, place, entry, one) for one in verified)
    return _Outcome(entry, sendings)


def _admit_unproved(
    tx: Transaction, gate: Gate, place: Doorstep, identifiers: Sequence[Identifier]
) -> Grant:
    for one in identifiers:
        record_step(tx, gate.pepper, place, GateStep.ADMITTED, identifier=one, reason="unverified")
    return issue_pass(tx, place, [GivenIdentifier(one, is_verified=False) for one in identifiers])


def _is_same(entry: GateEntry, link: ShareLink, identifiers: Sequence[Identifier]) -> bool:
    typed = {(one.identifier.channel, one.identifier.key) for one in entry.identifiers}
    return entry.policy_epoch == link.policy_epoch and typed == {
        (one.channel, one.key) for one in identifiers
    }


def _wait_before_sending(
    tx: Transaction, place: Doorstep, verified: Sequence[Identifier]
) -> timedelta | None:
    """How long until each of these may be sent another code; None for now."""
    waits = [
        sent_at + RESEND_WAIT - place.now
        for one in verified
        if (sent_at := _last_sending(tx, place, one.channel, one.key)) is not None
    ]
    longest = max(waits, default=timedelta(0))
    return longest if longest > timedelta(0) else None


def _last_sending(tx: Transaction, place: Doorstep, channel: Channel, key: str) -> datetime | None:
    return get_last_sending(
        tx,
        browser_id=place.browser_id,
        share_link_id=place.link.share_link_id,
        channel=channel,
        identifier_key=key,
    )


def _clear(tx: Transaction, place: Doorstep, reason: str) -> None:
    browser_id, share_link_id = place.browser_id, place.link.share_link_id
    void_challenges(tx, browser_id=browser_id, share_link_id=share_link_id, reason=reason)
    close_entries(tx, browser_id=browser_id, share_link_id=share_link_id, now=place.now)


def _new_entry(place: Doorstep, identifiers: Sequence[Identifier]) -> GateEntry:
    return GateEntry(
        gate_entry_id=0,
        browser_id=place.browser_id,
        share_link_id=place.link.share_link_id,
        policy_epoch=place.link.policy_epoch,
        created_at=place.now,
        expires_at=place.now + ENTRY_LIFE,
        closed_at=None,
        identifiers=tuple(
            EntryIdentifier(one, place.link.verifies(one.channel), None) for one in identifiers
        ),
    )
