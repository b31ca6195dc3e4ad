"""Viewers whom we know: who proved an identifier in this browser is asked only to confirm."""

from collections.abc import Sequence
from datetime import timedelta

from data.database import Reader, Transaction
from data.gate_events import GateStep
from data.list_entries import find_list_entries
from data.proofs import Proof, find_proofs
from data.records import Identifier, ShareLink
from gate.contacts import GivenIdentifier
from gate.errors import WrongCode
from gate.lists import is_admitted
from gate.passes import Grant, issue_pass
from gate.passwords import is_unlocked
from gate.trail import record_step
from gate.visits import Doorstep, Gate, Visit, find_browser_id, require_live_link


def find_known_viewer(gate: Gate, visit: Visit, link: ShareLink) -> list[Identifier]:
    """The identifiers, email first, with which this browser may pass by only confirming them.

    Empty where the link demands a fresh code, asks for more than was proved, or is closed to them.
    """
    browser_id = find_browser_id(gate.db, visit.browser_hash)
    if browser_id is None or not is_unlocked(gate.db, link, browser_id, visit.now):
        return []
    known = _find_known(gate.db, gate, Doorstep.of(link, browser_id, visit))
    return [one.identifier for one in known]


def confirm_viewer(
    gate: Gate,
    visit: Visit,
    expected: Sequence[Identifier],
    *,
    consent_wording: str | None = None,
) -> Grant:
    """The grant for who confirms to be the one that this browser proved a while ago.

    The proof is not renewed by that, and the pass ends as if the code had been given here when
    it was given. `consent_wording` is as for `submit_entry`.

    Raises:
        WrongCode: it is no longer known as `expected`: the address has to be given.
        LinkUnavailable: the link does not open now.
    """
    link = require_live_link(gate.db, visit.slug, visit.now)
    grant = None
    with gate.db.transaction() as tx:
        browser_id = find_browser_id(tx, visit.browser_hash)
        if browser_id is not None and is_unlocked(tx, link, browser_id, visit.now):
            place = Doorstep.of(link, browser_id, visit)
            known = _find_known(tx, gate, place)
            if known and [one.identifier for one in known] == list(expected):
                grant = _admit_known(tx, gate, place, known, consent_wording)
    if grant is None:
        raise WrongCode
    return grant


def _find_known(reader: Reader, gate: Gate, place: Doorstep) -> list[Proof]:
    link = place.link
    if link.demands_fresh_code:
        return []
    # As long as a pass of this link would have lasted, had the code been given here.
    proved_after = place.now - timedelta(seconds=link.pass_seconds)
    known = [
        one
        for one in find_proofs(reader, place.browser_id, place.now)
        if one.identifier.channel in link.channels and one.proved_at > proved_after
    ]
    if link.accepts_either:
        known = known[:1]
    elif {one.identifier.channel for one in known} != set(link.channels):
        return []
    entries = find_list_entries(reader, link.share_link_id)
    is_let_in = is_admitted(gate.pepper, entries, [one.identifier for one in known])
    return known if known and is_let_in else []


def _admit_known(
    tx: Transaction,
    gate: Gate,
    place: Doorstep,
    known: list[Proof],
    consent_wording: str | None,
) -> Grant:
    for one in known:
        for step in (GateStep.ENTERED, GateStep.VERIFIED, GateStep.ADMITTED):
            record_step(
                tx, gate.pepper, place, step, identifier=one.identifier, reason="remembered"
            )
    given = [
        GivenIdentifier(one.identifier, is_verified=True, remembered_since=one.proved_at)
        for one in known
    ]
    return issue_pass(tx, place, given, consent_wording=consent_wording)
