"""A person's access taken away on every link, or the person erased: an owner's acts."""

from collections.abc import Callable
from datetime import datetime

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Transaction
from data.erasure import end_contact_sessions, erase_contact_rows, find_lookups
from data.identifiers import get_identifier
from data.passes import revoke_passes
from data.proofs import revoke_proofs
from data.records import Identifier, Member
from gate.codes import keyed_hash
from gate.roles import require_owner_role
from gate.visits import Gate


def revoke_person(gate: Gate, identifier: Identifier, member: Member, now: datetime) -> bool:
    """Whether somebody has this identifier; every pass and proof of theirs is dead at once.

    They may pass a gate again, unless its lists keep them out.

    Raises:
        NotPermitted: the member is no owner.
    """

    def revoke(tx: Transaction, contact_id: int) -> None:
        revoke_passes(tx, contact_id, now)
        revoke_proofs(tx, contact_id, now)
        end_contact_sessions(tx, contact_id, now)

    return _act(gate, identifier, member, now, AuditEvent.CONTACT_REVOKED, revoke)


def erase_person(gate: Gate, identifier: Identifier, member: Member, now: datetime) -> bool:
    """Whether somebody had this identifier; nothing of them is left but keyed hashes.

    Their visits leave every number. Who returns is a new contact.

    Raises:
        NotPermitted: the member is no owner.
    """

    def erase(tx: Transaction, contact_id: int) -> None:
        hashes = {one: keyed_hash(gate.pepper, one) for one in find_lookups(tx, contact_id)}
        erase_contact_rows(tx, contact_id, hashes, now)

    return _act(gate, identifier, member, now, AuditEvent.CONTACT_ERASED, erase)


def _act(
    gate: Gate,
    identifier: Identifier,
    member: Member,
    now: datetime,
    event: AuditEvent,
    act: Callable[[Transaction, int], None],
) -> bool:
    require_owner_role(member, "contact")
    with gate.db.transaction() as tx:
        found = get_identifier(tx, identifier)
        if found is not None:
            act(tx, found.contact_id)
            entry = AuditEntry(
                created_at=now,
                event=event,
                actor_kind=ActorKind.MEMBER,
                actor_id=member.member_id,
            )
            insert_audit(tx, entry)
    return found is not None
