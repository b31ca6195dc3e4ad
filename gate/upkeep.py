"""What time does at the gate: entries that nobody came back to, and what was kept long enough."""

from datetime import datetime

from data.access_tokens import purge_access_tokens
from data.attempts import purge_attempts
from data.audit import purge_audit
from data.blocks import purge_blocks
from data.browsers import purge_grants, purge_replaced_keys
from data.challenges import drop_late_codes, purge_challenges, void_challenges
from data.deliveries import purge_deliveries
from data.entries import close_entries, find_abandoned_entries, purge_entries
from data.gate_events import GateEvent, GateStep, insert_gate_event, purge_gate_events
from data.invitations import purge_invitations
from data.members import purge_sign_in_links
from data.proofs import purge_proofs
from data.sign_ins import purge_sign_ins
from data.unlocks import purge_unlocks
from data.webhook_events import purge_webhook_events
from gate.codes import keyed_hash
from gate.identifiers import mask_identifier
from gate.limits import (
    ABANDONED_AFTER,
    ATTEMPTS_KEPT,
    CHALLENGES_KEPT,
    HISTORY_KEPT,
    REMAINS_KEPT,
    REPLACED_BROWSERS_KEPT,
    WEBHOOK_LOG_KEPT,
)
from gate.visits import Gate


def note_abandoned(gate: Gate, now: datetime) -> int:
    """How many viewers gave an address and never came back; each is noted once."""
    with gate.db.transaction() as tx:
        entries = find_abandoned_entries(tx, silent_since=now - ABANDONED_AFTER)
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


def forget_what_is_over(gate: Gate, now: datetime) -> None:
    """Delete what was kept as long as `gate/limits.py` says; codes that ran out lose their hash."""
    remains, history = now - REMAINS_KEPT, now - HISTORY_KEPT
    with gate.db.transaction() as tx:
        purge_attempts(tx, before=now - ATTEMPTS_KEPT)
        drop_late_codes(tx, now)
        purge_challenges(tx, before=now - CHALLENGES_KEPT)
        purge_entries(tx, before=remains)
        purge_grants(tx, before=remains)
        purge_proofs(tx, before=remains)
        purge_sign_in_links(tx, before=remains)
        purge_sign_ins(tx, before=remains)
        purge_invitations(tx, before=remains)
        purge_unlocks(tx, now)
        purge_replaced_keys(tx, before=now - REPLACED_BROWSERS_KEPT)
        purge_deliveries(tx, before=history, unknown_before=remains)
        purge_blocks(tx, before=history)
        purge_gate_events(tx, before=history)
        purge_audit(tx, before=history)
        purge_access_tokens(tx, before=history)
        purge_webhook_events(tx, before=now - WEBHOOK_LOG_KEPT)
