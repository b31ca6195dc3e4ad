"""What time does at the gate: entries that nobody came back to, and counters that ran out."""

from datetime import datetime

from data.attempts import purge_attempts
from data.challenges import purge_challenges, void_challenges
from data.entries import close_entries, find_abandoned_entries
from data.gate_events import GateEvent, GateStep, insert_gate_event
from gate.codes import keyed_hash
from gate.identifiers import mask_identifier
from gate.limits import ABANDONED_AFTER, ATTEMPTS_KEPT, CHALLENGES_KEPT
from gate.visits import Gate


def note_abandoned(gate: Gate, now: datetime) -> int:
    """How many viewers gave an address and never came back; each is noted once."""
    entries = find_abandoned_entries(gate.db, silent_since=now - ABANDONED_AFTER)
    if not entries:
        return 0
    with gate.db.transaction() as tx:
        for entry in entries:
            browser_id, share_link_id = entry.browser_id, entry.share_link_id
            for one in entry.identifiers:
                insert_gate_event(
                    tx,
                    GateEvent(
                        created_at=now,
                        share_link_id=share_link_id,
                        browser_id=browser_id,
                        step=GateStep.ABANDONED,
                        channel=one.identifier.channel,
                        identifier_hash=keyed_hash(gate.pepper, one.identifier.lookup),
                        identifier_mask=mask_identifier(
                            one.identifier.channel, one.identifier.address
                        ),
                    ),
                )
            void_challenges(
                tx, browser_id=browser_id, share_link_id=share_link_id, reason="abandoned"
            )
            close_entries(tx, browser_id=browser_id, share_link_id=share_link_id, now=now)
    return len(entries)


def forget_counters(gate: Gate, now: datetime) -> None:
    """Delete attempts and challenges that nothing counts any more."""
    with gate.db.transaction() as tx:
        purge_attempts(tx, before=now - ATTEMPTS_KEPT)
        purge_challenges(tx, before=now - CHALLENGES_KEPT)
