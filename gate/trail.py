"""What the gate writes down about each step: never a code, token, slug or address in clear."""

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Transaction
from data.gate_events import GateEvent, GateStep, insert_gate_event
from data.records import Identifier
from gate.codes import Pepper, keyed_hash
from gate.identifiers import mask_identifier
from gate.visits import Doorstep

# The steps that the audit trail holds too, and under which name.
_AUDITED = {
    GateStep.CODE_SENT: AuditEvent.CHALLENGE_SENT,
    GateStep.WRONG_CODE: AuditEvent.CHALLENGE_FAILED,
    GateStep.CHALLENGE_CLOSED: AuditEvent.CHALLENGE_FAILED,
    GateStep.ADMITTED: AuditEvent.CHALLENGE_GRANTED,
}


def record_step(
    tx: Transaction,
    pepper: Pepper,
    place: Doorstep,
    step: GateStep,
    *,
    identifier: Identifier,
    reason: str | None = None,
) -> None:
    """Add one step at this gate to the gate's events and, where it matters, to the audit trail."""
    hashed = keyed_hash(pepper, identifier.lookup)
    mask = mask_identifier(identifier.channel, identifier.address)
    insert_gate_event(
        tx,
        GateEvent(
            created_at=place.now,
            share_link_id=place.link.share_link_id,
            browser_id=place.browser_id,
            step=step,
            channel=identifier.channel,
            reason=reason,
            identifier_hash=hashed,
            identifier_mask=mask,
        ),
    )
    if step in _AUDITED:
        insert_audit(
            tx,
            AuditEntry(
                created_at=place.now,
                event=_AUDITED[step],
                actor_kind=ActorKind.VIEWER,
                workspace_id=place.link.workspace_id,
                share_link_id=place.link.share_link_id,
                identifier_hash=hashed,
                identifier_mask=mask,
                detail=reason,
            ),
        )
