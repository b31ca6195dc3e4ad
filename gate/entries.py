"""What a browser types at a gate: let in at once where nothing is verified, else sent codes.

Answering those codes is in `gate/challenges.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from data.attempts import Act, Attempt
from data.challenges import void_challenges
from data.database import Transaction
from data.entries import EntryIdentifier, GateEntry, close_entries, get_open_entry, insert_entry
from data.gate_events import GateStep
from data.list_entries import find_list_entries
from data.records import Identifier, ShareLink
from data.suppressions import is_suppressed
from gate.attempts import find_resend_wait, make_attempt, spend_limit, spend_sending, undo_sending
from gate.codes import keyed_hashes
from gate.contacts import GivenIdentifier
from gate.delivery.queue import SendingJob
from gate.errors import GateRefusal, NotListed, TooManyRequests, WrongPassword
from gate.identifiers import choose_asked
from gate.limits import ENTRY_LIFE
from gate.lists import is_admitted
from gate.passes import Grant, issue_pass
from gate.passwords import is_unlocked
from gate.sendings import hand_over, refuse_late_clock, start_challenge
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

    result: Grant | GateEntry | None = None
    sendings: tuple[SendingJob, ...] = ()
    refusal: GateRefusal | None = None

    def settle(self) -> Grant | GateEntry:
        """The result; raises the refusal if there is one."""
        if self.result is None:
            raise self.refusal or AssertionError("an entry that is not refused has a result")
        return self.result


def submit_entry(
    gate: Gate,
    visit: Visit,
    identifiers: Sequence[Identifier],
    *,
    consent_wording: str | None = None,
) -> Grant | GateEntry:
    """A grant where the link verifies nothing, else the entry that now waits for its codes.

    `identifiers` are one of each channel that the link asks for, or one of either where it lets
    the viewer choose. Submitting the same again while its codes are awaited sends nothing new.
    Somebody whom the link's lists keep out is told nothing of it where codes are sent.
    `consent_wording` is what the viewer agreed to beside access, word by word.

    Raises:
        LinkUnavailable: the link does not open now.
        InvalidIdentifier: one that the link asks for by now was not given.
        WrongPassword: its password was not given in this browser.
        NotListed: it verifies nothing, and its lists keep one of these out.
        TooManyRequests: a limit was reached, or a code went to one of these a moment ago.
        DeliveryFailed: too many codes wait to be sent; it can be submitted again at once.
        ClockBehind: the wall clock cannot be trusted.
    """
    link = require_live_link(gate.db, visit.slug, visit.now)
    identifiers = choose_asked(link, identifiers)
    codes = "codes" if any(link.verifies(one.channel) for one in identifiers) else ""
    if codes:
        refuse_late_clock(gate.db, visit.now)

    def enter(tx: Transaction) -> tuple[Doorstep, _Outcome]:
        place = Doorstep.of(link, require_browser(tx, visit.browser_hash, visit.now), visit)
        return place, _enter(tx, gate, place, identifiers, consent_wording)

    keys = [visit.browser_hash, visit.network, codes, *(one.lookup for one in identifiers)]
    place, outcome = gate.db.write(enter, *keys)
    result = outcome.settle()
    hand_over(gate, place, outcome.sendings)
    return result


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
        _clear(tx, Doorstep.of(link, browser_id, visit), "withdrawn")


def _enter(
    tx: Transaction,
    gate: Gate,
    place: Doorstep,
    identifiers: Sequence[Identifier],
    consent_wording: str | None,
) -> _Outcome:
    link = place.link
    if not is_unlocked(tx, link, place.browser_id, place.now):
        return _Outcome(refusal=WrongPassword())
    waiting = get_open_entry(
        tx, browser_id=place.browser_id, share_link_id=link.share_link_id, now=place.now
    )
    if waiting is not None and _is_same(waiting, link, identifiers):
        return _Outcome(waiting)
    verified = [one for one in identifiers if link.verifies(one.channel)]
    wait = find_resend_wait(tx, place, verified) or _spend(tx, gate, place, identifiers)
    if wait is not None:
        return _Outcome(refusal=TooManyRequests(wait))
    if waiting is not None:
        _clear(tx, place, "replaced")
    return _judge_entry(tx, gate, place, identifiers, consent_wording)


def _judge_entry(
    tx: Transaction,
    gate: Gate,
    place: Doorstep,
    identifiers: Sequence[Identifier],
    consent_wording: str | None,
) -> _Outcome:
    """What the link's lists and rules make of these, all limits being kept."""
    link = place.link
    verified = [one for one in identifiers if link.verifies(one.channel)]
    for one in identifiers:
        record_step(tx, gate.pepper, place, GateStep.ENTERED, identifier=one)
    entries = find_list_entries(tx, link.share_link_id)
    is_denied = not is_admitted(gate.pepper, entries, identifiers)
    # Where codes are sent, the decoy's own step says who was denied: no more work than for others.
    if verified:
        new = _new_entry(place, identifiers, consent_wording, is_denied=is_denied)
        entry = insert_entry(tx, new)
        return _Outcome(
            entry, tuple(start_challenge(tx, gate, place, entry, one) for one in verified)
        )
    if is_denied:
        for one in identifiers:
            record_step(tx, gate.pepper, place, GateStep.DENIED, identifier=one)
        return _Outcome(refusal=NotListed())
    return _Outcome(_admit_unproved(tx, gate, place, identifiers, consent_wording))


def _spend(
    tx: Transaction, gate: Gate, place: Doorstep, identifiers: Sequence[Identifier]
) -> timedelta | None:
    """How long the limits keep these waiting; None if they do not, and then they are counted.

    Where the second is held up, nothing is sent to the first, so its sending does not count.
    """
    spent: list[Attempt] = []
    for act in (Act.ENTRY, Act.SEND):
        for one in identifiers:
            if act is Act.SEND and not place.link.verifies(one.channel):
                continue
            attempt = make_attempt(gate.pepper, place, act, one)
            overrun = (
                spend_limit(tx, gate.limits, attempt)
                if act is Act.ENTRY
                else spend_sending(tx, gate, attempt)
            )
            if overrun is not None:
                for sending in spent:
                    undo_sending(tx, sending)
                step, reason = GateStep.LIMITED, overrun.name
                record_step(tx, gate.pepper, place, step, identifier=one, reason=reason)
                return overrun.wait
            if act is Act.SEND:
                spent.append(attempt)
    return None


def _admit_unproved(
    tx: Transaction,
    gate: Gate,
    place: Doorstep,
    identifiers: Sequence[Identifier],
    consent_wording: str | None,
) -> Grant:
    for one in identifiers:
        record_step(tx, gate.pepper, place, GateStep.ADMITTED, identifier=one, reason="unverified")
    given = [
        GivenIdentifier(
            one,
            is_verified=False,
            was_erased=is_suppressed(tx, keyed_hashes(gate.pepper, one.lookup)),
        )
        for one in identifiers
    ]
    return issue_pass(tx, place, given, consent_wording=consent_wording)


def _is_same(entry: GateEntry, link: ShareLink, identifiers: Sequence[Identifier]) -> bool:
    typed = {(one.identifier.channel, one.identifier.key) for one in entry.identifiers}
    return entry.policy_epoch == link.policy_epoch and typed == {
        (one.channel, one.key) for one in identifiers
    }


def _clear(tx: Transaction, place: Doorstep, reason: str) -> None:
    browser_id, share_link_id = place.browser_id, place.link.share_link_id
    void_challenges(tx, browser_id=browser_id, share_link_id=share_link_id, reason=reason)
    close_entries(tx, browser_id=browser_id, share_link_id=share_link_id, now=place.now)


def _new_entry(
    place: Doorstep,
    identifiers: Sequence[Identifier],
    consent_wording: str | None,
    *,
    is_denied: bool,
) -> GateEntry:
    return GateEntry(
        gate_entry_id=0,
        browser_id=place.browser_id,
        share_link_id=place.link.share_link_id,
        policy_epoch=place.link.policy_epoch,
        created_at=place.now,
        expires_at=place.now + ENTRY_LIFE,
        closed_at=None,
        consent_wording=consent_wording,
        language=place.language,
        is_denied=is_denied,
        identifiers=tuple(
            EntryIdentifier(one, place.link.verifies(one.channel), None) for one in identifiers
        ),
    )
