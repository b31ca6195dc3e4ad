"""Viewers whom we know: who proved an identifier in this browser is asked only to confirm."""

from collections.abc import Sequence

from data.database import Reader, Transaction
from data.gate_events import GateStep
from data.list_entries import find_list_entries
from data.proofs import find_proofs
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
    return _find_known(gate.db, gate, Doorstep.of(link, browser_id, visit))


def confirm_viewer(
    gate: Gate,
    visit: Visit,
    expected: Sequence[Identifier],
    *,
    consent_wording: str | None = None,
) -> Grant:
    """The grant for who confirms to be the one that this browser proved a while ago.

    The proof is not renewed by that: it ends when it would have. `consent_wording` is as for
    `submit_entry`.

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
            if known and known == list(expected):
                grant = _admit_known(tx, gate, place, known, consent_wording)
    if grant is None:
        raise WrongCode
    return grant


def _find_known(reader: Reader, gate: Gate, place: Doorstep) -> list[Identifier]:
    link = place.link
    if link.demands_fresh_code:
        return []
    proofs = find_proofs(reader, place.browser_id, place.now)
    known = [one.identifier for one in proofs if one.identifier.channel in link.channels]
    if link.accepts_either:
        known = known[:1]
    elif {one.channel for one in known} != set(link.channels):
        return []
    entries = find_list_entries(reader, link.share_link_id)
    return known if known and is_admitted(gate.pepper, entries, known) else []


def _admit_known(
    tx: Transaction,
    gate: Gate,
    place: Doorstep,
    known: list[Identifier],
    consent_wording: str | None,
) -> Grant:
    for one in known:
        for step in (GateStep.ENTERED, GateStep.VERIFIED, GateStep.ADMITTED):
            record_step(tx, gate.pepper, place, step, identifier=one, reason="remembered")
    given = [GivenIdentifier(one, is_verified=True, is_remembered=True) for one in known]
    return issue_pass(tx, place, given, consent_wording=consent_wording)
