"""Answering a challenge (GATE.md §3): the step that decides whether a browser gets in.

A try is counted and committed before the answer is looked at, so that no refusal undoes it.
Starting a challenge and sending its codes is in `gate/sendings.py`.
"""

from dataclasses import dataclass

from data.challenges import (
    count_try,
    find_challenges,
    get_challenge,
    mark_answered,
    void_challenges,
)
from data.database import Transaction
from data.entries import close_entries, get_open_entry, verify_entry_identifier
from data.gate_events import GateStep
from data.links import get_share_link
from data.records import Challenge, EntryIdentifier, GateEntry, LinkState
from gate.codes import is_right_code, parse_code
from gate.contacts import GivenIdentifier
from gate.errors import ChallengeClosed, WrongCode
from gate.limits import TRIES_PER_CHALLENGE
from gate.passes import Grant, issue_pass
from gate.sendings import bind_code, renewal_wait
from gate.trail import record_step
from gate.visits import Doorstep, Gate, Visit, find_recent_browser_id, require_live_link


@dataclass(frozen=True, slots=True)
class MoreCodesNeeded:
    """The code was right, and the entry still waits for the one of another channel."""


def find_awaited_challenge(gate: Gate, entry: GateEntry) -> Challenge | None:
    """The challenge whose code the viewer is asked for now: the first channel not yet proved."""
    challenges = find_challenges(gate.db, entry.gate_entry_id)
    for one in entry.identifiers:
        if one.needs_code and one.verified_at is None:
            return next(
                (found for found in challenges if found.channel is one.identifier.channel), None
            )
    return None


def answer_challenge(
    gate: Gate, visit: Visit, challenge_id: int, typed: str
) -> Grant | MoreCodesNeeded:
    """What a right code brings: a grant, or the next channel's turn.

    Raises:
        MalformedCode: it can't be a code; no try was counted.
        WrongCode: wrong, late, used, or not this browser's; one try was counted.
        ChallengeClosed: that was the last try, or it was spent before.
        LinkUnavailable: the link does not open now.
    """
    code = parse_code(typed)
    link = require_live_link(gate.db, visit.slug, visit.now)
    browser_id = find_recent_browser_id(gate.db, visit.browser_hash, visit.now)
    if browser_id is None:
        raise WrongCode
    place = Doorstep(link, browser_id, visit.now)
    with gate.db.transaction() as tx:
        counted = count_try(
            tx,
            challenge_id,
            browser_id=browser_id,
            most_tries=TRIES_PER_CHALLENGE,
            now=visit.now,
        )
    if counted is None or counted.mac is None:
        raise _closed_or_wrong(gate, place, challenge_id)
    is_here = counted.share_link_id == link.share_link_id
    if not is_here or not is_right_code(gate.pepper, bind_code(counted), code, counted.mac):
        _record_wrong(gate, place, counted)
        raise _closed_or_wrong(gate, place, challenge_id)
    with gate.db.transaction() as tx:
        result = _grant(tx, gate, place, counted)
    if result is None:
        raise WrongCode
    return result


def _closed_or_wrong(gate: Gate, place: Doorstep, challenge_id: int) -> WrongCode | ChallengeClosed:
    challenge = get_challenge(gate.db, challenge_id)
    is_theirs = challenge is not None and challenge.browser_id == place.browser_id
    if challenge is None or not is_theirs or challenge.answered_at is not None:
        return WrongCode()
    if challenge.tries < TRIES_PER_CHALLENGE:
        return WrongCode()
    return ChallengeClosed(renewal_wait(challenge, place.now))


def _record_wrong(gate: Gate, place: Doorstep, challenge: Challenge) -> None:
    is_last = challenge.tries >= TRIES_PER_CHALLENGE
    step = GateStep.CHALLENGE_CLOSED if is_last else GateStep.WRONG_CODE
    with gate.db.transaction() as tx:
        entry = _entry_of(tx, place, challenge)
        if entry is not None:
            given = _given_by(entry, challenge)
            record_step(tx, gate.pepper, place, step, identifier=given.identifier)


def _grant(
    tx: Transaction, gate: Gate, place: Doorstep, challenge: Challenge
) -> Grant | MoreCodesNeeded | None:
    """The outcome of a right code in one transaction; None is a denial and changes nothing."""
    entry = _entry_of(tx, place, challenge)
    if entry is None or not _is_link_unchanged(tx, place, challenge) or challenge.mac is None:
        return None
    if not mark_answered(tx, challenge.challenge_id, challenge.mac, place.now):
        return None
    verify_entry_identifier(tx, entry.gate_entry_id, challenge.channel, place.now)
    proved = _given_by(entry, challenge)
    record_step(tx, gate.pepper, place, GateStep.VERIFIED, identifier=proved.identifier)
    given = [
        GivenIdentifier(one.identifier, is_verified=one is proved or one.verified_at is not None)
        for one in entry.identifiers
    ]
    if any(
        one.needs_code and not now_given.is_verified
        for one, now_given in zip(entry.identifiers, given, strict=True)
    ):
        return MoreCodesNeeded()
    return _admit(tx, gate, place, given)


def _admit(tx: Transaction, gate: Gate, place: Doorstep, given: list[GivenIdentifier]) -> Grant:
    browser_id, share_link_id = place.browser_id, place.link.share_link_id
    for one in given:
        reason = "verified" if one.is_verified else "unverified"
        record_step(
            tx, gate.pepper, place, GateStep.ADMITTED, identifier=one.identifier, reason=reason
        )
    grant = issue_pass(tx, place, given)
    void_challenges(tx, browser_id=browser_id, share_link_id=share_link_id, reason="granted")
    close_entries(tx, browser_id=browser_id, share_link_id=share_link_id, now=place.now)
    return grant


def _is_link_unchanged(tx: Transaction, place: Doorstep, challenge: Challenge) -> bool:
    link = get_share_link(tx, place.link.slug)
    return (
        link is not None
        and link.state(place.now) is LinkState.ACTIVE
        and link.policy_epoch == challenge.policy_epoch
    )


def _entry_of(tx: Transaction, place: Doorstep, challenge: Challenge) -> GateEntry | None:
    entry = get_open_entry(
        tx, browser_id=place.browser_id, share_link_id=challenge.share_link_id, now=place.now
    )
    is_its_own = entry is not None and entry.gate_entry_id == challenge.gate_entry_id
    return entry if is_its_own else None


def _given_by(entry: GateEntry, challenge: Challenge) -> EntryIdentifier:
    return next(one for one in entry.identifiers if one.identifier.channel is challenge.channel)
