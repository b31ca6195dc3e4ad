"""Answering a challenge (GATE.md §3): the step that decides whether a browser gets in.

A try is counted and committed before the answer is looked at, so that no refusal undoes it.
Starting a challenge and sending its codes is in `gate/sendings.py`.
"""

from dataclasses import dataclass

from data.attempts import delete_attempt
from data.blocks import end_failures_in_a_row
from data.challenges import (
    find_challenges,
    get_challenge,
    mark_answered,
    void_challenges,
)
from data.database import Transaction
from data.entries import (
    GateEntry,
    close_entries,
    verify_entry_identifier,
)
from data.gate_events import GateStep
from data.links import get_share_link
from data.list_entries import find_list_entries
from data.records import Challenge, LinkState
from data.sending_history import delete_unanswered
from gate.attempts import note_failure
from gate.codes import is_right_code, parse_code
from gate.contacts import GivenIdentifier
from gate.errors import ChallengeClosed, TooManyRequests, WrongCode
from gate.limits import CODE_DIGITS, TRIES_PER_CHALLENGE
from gate.lists import is_admitted
from gate.passes import Grant, issue_pass
from gate.sendings import bind_code
from gate.trail import record_step
from gate.tries import (
    CountedTry,
    count_answer,
    find_asked_identifier,
    find_code_wait,
    get_entry_of,
    given_for,
)
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
        TooManyRequests: the identifier, browser or network tried too often; no try was counted.
        LinkUnavailable: the link does not open now.
    """
    link = require_live_link(gate.db, visit.slug, visit.now)
    asked = get_challenge(gate.db, challenge_id)
    code = parse_code(typed, asked.digits if asked is not None else CODE_DIGITS)
    browser_id = find_recent_browser_id(gate.db, visit.browser_hash, visit.now)
    if browser_id is None:
        raise WrongCode
    place = Doorstep.of(link, browser_id, visit)
    counted = count_answer(gate, place, challenge_id)
    if counted.wait is not None:
        raise TooManyRequests(counted.wait)
    challenge = counted.challenge
    if challenge is None or challenge.mac is None:
        raise _closed_or_wrong(gate, place, challenge_id)
    is_here = challenge.share_link_id == link.share_link_id and not challenge.is_decoy
    is_right = is_right_code(gate.pepper, bind_code(challenge), code, challenge.mac)
    if not (is_right and is_here):
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
    return ChallengeClosed(find_code_wait(gate, place, challenge))


def _record_wrong(gate: Gate, place: Doorstep, counted: CountedTry) -> None:
    challenge = counted.challenge
    if challenge is None or counted.failure is None:
        return
    is_last = challenge.tries >= TRIES_PER_CHALLENGE
    step = GateStep.CHALLENGE_CLOSED if is_last else GateStep.WRONG_CODE
    with gate.db.transaction() as tx:
        note_failure(tx, counted.failure)
        identifier = find_asked_identifier(tx, place, challenge)
        if identifier is not None:
            record_step(tx, gate.pepper, place, step, identifier=identifier)


def _grant(
    tx: Transaction, gate: Gate, place: Doorstep, counted: CountedTry
) -> Grant | MoreCodesNeeded | None:
    """The outcome of a right code in one transaction; None is a denial and changes nothing."""
    challenge = counted.challenge
    if challenge is None or challenge.mac is None or counted.failure is None:
        return None
    entry = get_entry_of(tx, place, challenge)
    if entry is None or not _is_link_unchanged(tx, gate, place, challenge, entry):
        return None
    if not mark_answered(tx, challenge.challenge_id, challenge.mac, place.now):
        return None
    delete_attempt(tx, counted.failure)
    delete_unanswered(tx, counted.failure)
    end_failures_in_a_row(tx, counted.failure.identifier_hash or "")
    verify_entry_identifier(tx, entry.gate_entry_id, challenge.channel, place.now)
    proved = given_for(entry, challenge)
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
    return _admit(tx, gate, place, entry, given)


def _admit(
    tx: Transaction, gate: Gate, place: Doorstep, entry: GateEntry, given: list[GivenIdentifier]
) -> Grant:
    browser_id, share_link_id = place.browser_id, place.link.share_link_id
    for one in given:
        reason = "verified" if one.is_verified else "unverified"
        record_step(
            tx, gate.pepper, place, GateStep.ADMITTED, identifier=one.identifier, reason=reason
        )
    grant = issue_pass(tx, place, given, consent_wording=entry.consent_wording)
    void_challenges(tx, browser_id=browser_id, share_link_id=share_link_id, reason="granted")
    close_entries(tx, browser_id=browser_id, share_link_id=share_link_id, now=place.now)
    return grant


def _is_link_unchanged(
    tx: Transaction, gate: Gate, place: Doorstep, challenge: Challenge, entry: GateEntry
) -> bool:
    link = get_share_link(tx, place.link.slug)
    given = [one.identifier for one in entry.identifiers]
    return (
        link is not None
        and link.state(place.now) is LinkState.ACTIVE
        and link.policy_epoch == challenge.policy_epoch
        and is_admitted(gate.pepper, find_list_entries(tx, link.share_link_id), given)
    )
