"""Looking into the outbox: an owner's right, and a line in the trail."""

from datetime import datetime

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Database
from data.records import Member
from gate.roles import require_owner_role


def record_outbox_reading(db: Database, member: Member, now: datetime) -> None:
    """Write down that this owner looks at codes; call it before the first one is shown.

    Raises:
        NotPermitted: the member is no owner.
    """
    require_owner_role(member, "outbox")
    with db.transaction() as tx:
        insert_audit(
            tx,
            AuditEntry(
                created_at=now,
                event=AuditEvent.OUTBOX_READ,
                actor_kind=ActorKind.MEMBER,
                actor_id=member.member_id,
            ),
        )
