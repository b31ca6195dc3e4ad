"""Erasing a person: every row that is about them, in every table, and what may stay instead.

What stays is a keyed hash, in `suppression` and in the lists of links. A deleted row's text stays
in the database file until the file is written anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.activity_slots import slots_moved
from data.database import Transaction
from data.item_totals import items_moved, uncount_left_out
from data.saved_views import forget_searched_address


@dataclass(frozen=True, slots=True)
class ErasedAddress:
    """One address to erase: its key, its keyed hash, and that under every pepper in use."""

    key: str
    identifier_hash: str
    known_hashes: frozenset[str]


_HAS_THEIR_IDENTIFIERS = """
    list_has_any(
        identifier_ids,
        (
            select coalesce(list(identifier_id), [])
            from identifier
            where contact_id = any($contact_ids)
        )
    )
"""
# In this order: what points to a row goes before it.
_BY_CONTACT = (
    # What webhooks were or are to be told, whoever else it names.
    f"""
    delete from webhook_delivery
    where webhook_event_id in (
        select webhook_event_id
        from webhook_event
        where {_HAS_THEIR_IDENTIFIERS}
    )
    """,
    f"delete from webhook_event where {_HAS_THEIR_IDENTIFIERS}",
    "delete from browser_grant where pass_id in (select pass_id from pass where {whose})",
    "delete from pass where {whose}",
    """
    update pass
    set other_identifier_id = null
    where other_identifier_id in (select identifier_id from identifier where {whose})
    """,
    "delete from document_view where {whose}",
    "delete from viewing_session where {whose}",
    "delete from contact_link where {whose}",
    "delete from contact_document where {whose}",
    "delete from contact_tag where {whose}",
    """
    delete from identifier_link
    where identifier_id in (select identifier_id from identifier where {whose})
    """,
    "delete from consent where {whose}",
    """
    delete from browser_proof
    where identifier_id in (select identifier_id from identifier where {whose})
    """,
    "delete from identifier where {whose}",
    "delete from contact where {whose}",
)
# The contacts, all that are part of them now, and whoever's identifiers they have.
_FAMILY = """
    with recursive family as (
        select unnest(cast($contact_ids as bigint[])) as contact_id
        union
        select contact_merge.merged_id
        from family
        join contact_merge on contact_merge.kept_id = family.contact_id
        where contact_merge.undone_at is null
    )
    select contact_id
    from family
"""
_OF_MERGES = f"""
    kept_id in ({_FAMILY})
    or merged_id in ({_FAMILY})
    or {_HAS_THEIR_IDENTIFIERS}
"""
_MERGES = (
    f"""
    delete from contact_apart
    where contact_id in ({_FAMILY}) or other_contact_id in ({_FAMILY})
    """,
    f"""
    delete from contact_split
    where
        contact_id in ({_FAMILY})
        or new_contact_id in ({_FAMILY})
        or {_HAS_THEIR_IDENTIFIERS}
    """,
    f"""
    delete from contact_merge_details
    where contact_merge_id in (select contact_merge_id from contact_merge where {_OF_MERGES})
    """,
    f"delete from contact_merge where {_OF_MERGES}",
)
_ENTRIES = "select gate_entry_id from gate_entry_identifier where key = any($keys)"
# Whatever was typed together with the address waits for its codes no more.
_BY_KEY = (
    f"delete from challenge where identifier_key = any($keys) or gate_entry_id in ({_ENTRIES})",
    f"delete from gate_entry where gate_entry_id in ({_ENTRIES})",
    f"delete from gate_entry_identifier where gate_entry_id in ({_ENTRIES})",
    "delete from expected_viewer where key = any($keys)",
)
# What knows a person only by a keyed hash keeps what happened, and forgets to whom.
_BY_HASH = (
    """
    delete from delivery_status
    where provider_message_id in (select provider_message_id from delivery where {whose})
    """,
    "delete from delivery where {whose}",
    "update gate_event set identifier_hash = null, identifier_mask = null where {whose}",
    "update audit set identifier_hash = null, identifier_mask = null where {whose}",
    "delete from attempt where {whose}",
    "delete from failure_streak where {whose}",
    "delete from gate_block where list_contains($hashes, subject)",
    "delete from limit_lift where list_contains($hashes, subject)",
)
# Earlier lines of the trail have the hash of what a download searched for, however it was typed.
_SEARCHES = """
    update audit
    set detail = regexp_replace(detail, '"search_hash": "[^"]*", ', '')
    where
        event = 'export_made'
        and contains(detail, '"search_hash": "')
    """


def erase_contacts(tx: Transaction, contact_ids: Iterable[int]) -> None:
    """Remove contacts and what they did; the address of each gate and trail is left to erase."""
    gone = list(contact_ids)
    uncount_left_out(tx, gone)
    with slots_moved(tx, gone), items_moved(tx, gone):
        # Each once for all of them: nearly all that one takes is looking through the table.
        for sql in (*_MERGES, *_BY_CONTACT):
            tx.run(sql.format(whose="contact_id = any($contact_ids)"), contact_ids=gone)


def erase_addresses(tx: Transaction, addresses: Sequence[ErasedAddress]) -> bool:
    """Whether gates, limits, lists, saved views or the trail knew any of them; none does now.

    Entries of a link's lists that name one go on to mean it, by its hash.
    """
    keys = [address.key for address in addresses]
    hashes = sorted({known for address in addresses for known in address.known_hashes})
    whose = "identifier_hash = any($hashes)"
    counts = [_count_changed(tx, sql, keys=keys) for sql in _BY_KEY]
    counts += [_count_changed(tx, sql.format(whose=whose), hashes=hashes) for sql in _BY_HASH]
    tx.run(_SEARCHES)
    for address in addresses:
        counts.append(_conceal_list_entries(tx, address, sorted(address.known_hashes)))
        counts.append(forget_searched_address(tx, address.key))
    return any(counts)


def end_contact_sessions(tx: Transaction, contact_id: int, now: datetime) -> None:
    """End every viewing session of this contact that still runs."""
    tx.run(
        """
        update viewing_session
        set ended_at = $now
        where contact_id = $contact_id and ended_at is null
        """,
        contact_id=contact_id,
        now=now,
    )


def find_lookups(tx: Transaction, contact_id: int) -> Sequence[str]:
    """Channel and key of each of the contact's identifiers."""
    rows = tx.rows(
        "select lookup from identifier where contact_id = $contact_id order by identifier_id",
        contact_id=contact_id,
    )
    return [row[0] for row in rows]


def _conceal_list_entries(tx: Transaction, address: ErasedAddress, hashes: list[str]) -> int:
    return _count_changed(
        tx,
        """
        update list_entry
        set
            form = case
                when ends_with(form, '_hash') then form
                else concat(form, '_hash')
            end,
            value = $identifier_hash,
            label = $label
        where
            label <> $label
            and (
                (form in ('address', 'number') and value = $key)
                or (ends_with(form, '_hash') and list_contains($hashes, value))
            )
        """,
        identifier_hash=address.identifier_hash,
        label="somebody erased",
        key=address.key,
        hashes=hashes,
    )


def _count_changed(tx: Transaction, sql: str, **parameters: object) -> int:
    """How many rows a statement deleted or updated, which is its only answer."""
    row = tx.row(sql, **parameters)
    return int(row[0]) if row else 0
