"""A person's access taken away on every link, or the person erased: an owner's acts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from data.audit import AuditEvent
from data.database import Transaction
from data.erasure import (
    ErasedAddress,
    end_contact_sessions,
    erase_addresses,
    erase_contacts,
    find_lookups,
)
from data.identifiers import get_identifier
from data.passes import revoke_passes
from data.proofs import revoke_proofs
from data.records import Identifier, Member
from data.suppressions import insert_suppression
from data.upkeep_marks import UpkeepMark, set_upkeep_mark
from gate.codes import Pepper, keyed_hash, keyed_hashes
from gate.delivery.outbox import erase_outbox_messages
from gate.roles import require_owner_role
from gate.trail import record_member_act
from gate.visits import Gate


def revoke_person(gate: Gate, identifier: Identifier, member: Member, now: datetime) -> bool:
    """Whether somebody has this identifier; every pass and proof of theirs is dead at once.

    They may pass a gate again, unless its lists keep them out.

    Raises:
        NotPermitted: the member is no owner.
    """
    require_owner_role(member, "contact")
    with gate.db.transaction() as tx:
        found = get_identifier(tx, identifier)
        if found is not None:
            revoke_passes(tx, found.contact_id, now)
            revoke_proofs(tx, found.contact_id, now)
            end_contact_sessions(tx, found.contact_id, now)
            record_member_act(
                tx,
                AuditEvent.CONTACT_REVOKED,
                member,
                now,
                detail=f"contact {found.contact_id}",
            )
    return found is not None


def erase_person(
    gate: Gate, identifier: Identifier, member: Member, now: datetime, *, outbox: Path
) -> bool:
    """Whether anything was known of whoever has this identifier; only keyed hashes are left.

    That it was typed at a gate is enough, and a contact goes with all its identifiers, and with
    their codes in the folder `outbox`. Visits leave every number. Who returns is a new contact.

    Raises:
        NotPermitted: the member is no owner.
    """
    require_owner_role(member, "contact")
    with gate.db.transaction() as tx:
        found = get_identifier(tx, identifier)
        lookups = {identifier.lookup}
        if found is not None:
            lookups |= erase_contacts_whole(tx, gate.pepper, [found.contact_id], now)
        is_known = _erase_addresses(tx, gate.pepper, {identifier.lookup}) or found is not None
        if is_known:
            set_upkeep_mark(tx, UpkeepMark.ERASED, now)
            for lookup in lookups:
                insert_suppression(tx, keyed_hash(gate.pepper, lookup), now)
            record_member_act(tx, AuditEvent.CONTACT_ERASED, member, now)
    # After the commit the queue takes up no code of theirs, so that no file follows these.
    return erase_outbox_messages(outbox, lookups) > 0 or is_known


def erase_contacts_whole(
    tx: Transaction, pepper: Pepper, contact_ids: Sequence[int], now: datetime
) -> set[str]:
    """Remove contacts, and each address of theirs wherever it stands; those addresses' lookups.

    The file is to be written anew soon, as it still holds their text.
    """
    lookups = {lookup for contact_id in contact_ids for lookup in find_lookups(tx, contact_id)}
    erase_contacts(tx, contact_ids)
    _erase_addresses(tx, pepper, lookups)
    set_upkeep_mark(tx, UpkeepMark.ERASED, now)
    return lookups


def _erase_addresses(tx: Transaction, pepper: Pepper, lookups: Iterable[str]) -> bool:
    addresses = [
        ErasedAddress(
            key=lookup.partition(":")[2],
            identifier_hash=keyed_hash(pepper, lookup),
            known_hashes=keyed_hashes(pepper, lookup),
        )
        for lookup in lookups
    ]
    return erase_addresses(tx, addresses)
