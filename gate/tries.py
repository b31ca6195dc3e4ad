"""Tries: one answer to a challenge, counted and committed before anyone compares it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from data.attempts import Act, Attempt, insert_attempt
from data.challenges import count_try, get_challenge
from data.database import Reader
from data.entries import EntryIdentifier, GateEntry, get_open_entry
from data.gate_events import GateStep
from data.records import Challenge, Identifier
from gate.attempts import find_failure_wait, find_sending_wait, make_attempt, spend_limit
from gate.limits import TRIES_PER_CHALLENGE
from gate.sendings import renewal_wait
from gate.trail import record_step
from gate.visits import Doorstep, Gate


@dataclass(frozen=True, slots=True)
class CountedTry:
    """A try that was counted, or how long to wait before one may be made."""

    challenge: Challenge | None = None
    failure: Attempt | None = None
    wait: timedelta | None = None


def count_answer(gate: Gate, place: Doorstep, challenge_id: int) -> CountedTry:
    """Count the try, and a failure that a right code takes back; committed before comparing."""
    with gate.db.transaction() as tx:
        asked = get_challenge(tx, challenge_id)
        if asked is None or asked.browser_id != place.browser_id or _is_spent(asked):
            return CountedTry()
        identifier = find_asked_identifier(tx, place, asked)
        if identifier is None:
            return CountedTry()
        failure = make_attempt(gate.pepper, place, Act.FAILURE, identifier)
        overrun = find_failure_wait(tx, failure) or spend_limit(
            tx, gate.limits, replace(failure, act=Act.TRY)
        )
        if overrun is not None:
            record_step(
                tx,
                gate.pepper,
                place,
                GateStep.LIMITED,
                identifier=identifier,
                reason=overrun.name,
            )
            return CountedTry(wait=overrun.wait)
        challenge = count_try(
            tx,
            challenge_id,
            browser_id=place.browser_id,
            most_tries=TRIES_PER_CHALLENGE,
            now=place.now,
        )
        if challenge is None:
            step = GateStep.LATE_CODE if place.now >= asked.expires_at else GateStep.WRONG_CODE
            record_step(tx, gate.pepper, place, step, identifier=identifier, reason="closed")
            return CountedTry()
        insert_attempt(tx, failure)
    return CountedTry(challenge, failure)


def _is_spent(challenge: Challenge) -> bool:
    return challenge.tries >= TRIES_PER_CHALLENGE


def find_code_wait(gate: Gate, place: Doorstep, challenge: Challenge) -> timedelta:
    """How long until another code may be asked for, by every limit that there is."""
    wait = renewal_wait(challenge, place.now)
    identifier = find_asked_identifier(gate.db, place, challenge)
    if identifier is None:
        return wait
    attempt = make_attempt(gate.pepper, place, Act.SEND, identifier)
    return max(wait, find_sending_wait(gate.db, gate, attempt))


def find_asked_identifier(
    reader: Reader, place: Doorstep, challenge: Challenge
) -> Identifier | None:
    """The identifier that this challenge asks to prove, in full."""
    entry = get_entry_of(reader, place, challenge)
    return None if entry is None else given_for(entry, challenge).identifier


def get_entry_of(reader: Reader, place: Doorstep, challenge: Challenge) -> GateEntry | None:
    """The entry that this challenge belongs to, while it is the browser's open one here."""
    entry = get_open_entry(
        reader, browser_id=place.browser_id, share_link_id=challenge.share_link_id, now=place.now
    )
    is_its_own = entry is not None and entry.gate_entry_id == challenge.gate_entry_id
    return entry if is_its_own else None


def given_for(entry: GateEntry, challenge: Challenge) -> EntryIdentifier:
    """The identifier of the entry that this challenge asks to prove."""
    return next(one for one in entry.identifiers if one.identifier.channel is challenge.channel)
