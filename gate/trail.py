"""What is written down of each step and act: never a code, token, slug or address in clear."""

from datetime import datetime

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Transaction
from data.gate_events import GateEvent, GateStep, insert_gate_event
from data.records import Identifier, Member, ShareLink
from gate.codes import Pepper, keyed_hash
from gate.identifiers import mask_identifier
from gate.visits import Doorstep

# The steps that the audit trail holds too, and under which name.
_AUDITED = {
    GateStep.CODE_SENT: AuditEvent.CHALLENGE_SENT,
    GateStep.HELD_BACK: AuditEvent.CHALLENGE_DECOY,
    GateStep.DENIED: AuditEvent.GATE_DENIED,
    GateStep.LIMITED: AuditEvent.LIMIT_HIT,
    GateStep.WRONG_CODE: AuditEvent.CHALLENGE_FAILED,
    GateStep.LATE_CODE: AuditEvent.CHALLENGE_FAILED,
    GateStep.CHALLENGE_CLOSED: AuditEvent.CHALLENGE_FAILED,
    GateStep.ADMITTED: AuditEvent.CHALLENGE_GRANTED,
    GateStep.VIEWED: AuditEvent.SESSION_OPENED,
}


def record_step(
    tx: Transaction,
    pepper: Pepper,
    place: Doorstep,
    step: GateStep,
    *,
    identifier: Identifier | None = None,
    reason: str | None = None,
) -> None:
    """Add one step at this gate to the gate's events and, where it matters, to the audit trail."""
    hashed = mask = None
    if identifier is not None:
        hashed = keyed_hash(pepper, identifier.lookup)
        mask = mask_identifier(identifier.channel, identifier.address)
    event = GateEvent(
        created_at=place.now,
        share_link_id=place.link.share_link_id,
        browser_id=place.browser_id,
        step=step,
        channel=identifier.channel if identifier else None,
        reason=reason,
        identifier_hash=hashed,
        identifier_mask=mask,
    )
    insert_gate_event(tx, event)
    if step in _AUDITED:
        insert_audit(tx, _audit_line(event, place.link))


def record_member_act(
    tx: Transaction,
    event: AuditEvent,
    member: Member,
    now: datetime,
    *,
    workspace_id: int | None = None,
    share_link_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Add what a member did to the audit trail."""
    insert_audit(
        tx,
        AuditEntry(
            created_at=now,
            event=event,
            actor_kind=ActorKind.MEMBER,
            actor_id=member.member_id,
            workspace_id=workspace_id,
            share_link_id=share_link_id,
            detail=detail,
        ),
    )


def _audit_line(event: GateEvent, link: ShareLink) -> AuditEntry:
    return AuditEntry(
        created_at=event.created_at,
        event=_AUDITED[event.step],
        actor_kind=ActorKind.VIEWER,
        workspace_id=link.workspace_id,
        share_link_id=link.share_link_id,
        identifier_hash=event.identifier_hash,
        identifier_mask=event.identifier_mask,
        detail=event.reason,
    )
