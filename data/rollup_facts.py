"""What each rollup holds, said as SQL over the facts alone, and how all of them are rebuilt.

Only sessions of viewers with a contact count; a session's instant is its start.
"""

from data.contact_faces import rebuild_faces
from data.counted_facts import note_all_counted
from data.database import Transaction

# Epoch microseconds to a slot; 15 minutes of UTC cut every time zone's hours and days.
SLOT_OF_START = "epoch_us(started_at) // 900000000"

CONTACT_FACTS = """
    select
        contact_id,
        min(started_at) as first_accessed_at,
        max(started_at) as last_accessed_at,
        cast(count(*) as integer) as access_count
    from viewing_session
    where
        kind = 'viewer'
        and contact_id is not null
    group by contact_id
"""

CONTACT_LINK_FACTS = """
    select
        contact_id,
        share_link_id,
        min(started_at) as first_accessed_at,
        max(started_at) as last_accessed_at,
        cast(count(*) as integer) as access_count
    from viewing_session
    where
        kind = 'viewer'
        and contact_id is not null
    group by
        contact_id,
        share_link_id
"""

CONTACT_DOCUMENT_FACTS = """
    select
        viewing_session.contact_id,
        viewing_session.share_link_id,
        opened.document_id,
        min(viewing_session.started_at) as first_accessed_at,
        max(viewing_session.started_at) as last_accessed_at,
        cast(count(*) as integer) as access_count
    from viewing_session
    join (
        select distinct
            viewing_session_id,
            document_id
        from document_view
    ) as opened on opened.viewing_session_id = viewing_session.viewing_session_id
    where
        viewing_session.kind = 'viewer'
        and viewing_session.contact_id is not null
    group by
        viewing_session.contact_id,
        viewing_session.share_link_id,
        opened.document_id
"""

# A contact is new in the slot of its first session; of two at one instant, the one stored first.
# Sessions of contacts that are archived now stand apart. `{whose}` is what sessions must fulfil.
_ACTIVITY_SLOT_FACTS = """
    select
        epoch_us(viewing_session.started_at) // 900000000 as slot,
        viewing_session.channel,
        viewing_session.is_verified,
        cast(count(*) as integer) as session_count,
        cast(count(beginning.viewing_session_id) as integer) as new_contact_count,
        contact.archived_at is not null as is_archived
    from viewing_session
    join contact on contact.contact_id = viewing_session.contact_id
    left join (
        select arg_min(viewing_session_id, (started_at, viewing_session_id)) as viewing_session_id
        from viewing_session
        where
            kind = 'viewer'
            and {whose}
        group by contact_id
    ) as beginning on beginning.viewing_session_id = viewing_session.viewing_session_id
    where
        viewing_session.kind = 'viewer'
        and viewing_session.{whose}
    group by
        slot,
        viewing_session.channel,
        viewing_session.is_verified,
        contact.archived_at is not null
"""
ACTIVITY_SLOT_FACTS = _ACTIVITY_SLOT_FACTS.format(whose="contact_id is not null")
SLOT_FACTS_OF_SOME = _ACTIVITY_SLOT_FACTS.format(whose="contact_id = any($contact_ids)")

# Previews of members, crawlers, and viewers whom nobody asked.
_LEFT_OUT_SLOT_FACTS = f"""
    select
        {SLOT_OF_START} as slot,
        share_link_id,
        workspace_id,
        if(kind = 'viewer', 'open', kind) as reason,
        cast(count(*) as integer) as session_count
    from viewing_session
    where
        (kind <> 'viewer' or contact_id is null)
        and {{whose}}
    group by
        slot,
        share_link_id,
        workspace_id,
        reason
"""
LEFT_OUT_SLOT_FACTS = _LEFT_OUT_SLOT_FACTS.format(whose="true")
LEFT_OUT_FACTS_OF_SOME = _LEFT_OUT_SLOT_FACTS.format(whose="contact_id = any($contact_ids)")

# Sums of two rollups: as right as those are. `{whose}` is whom they are of.
_ITEM_TOTAL_SUMS = """
    select
        'link' as item,
        contact_link.share_link_id as item_id,
        contact.archived_at is not null as is_archived,
        cast(sum(contact_link.access_count) as bigint) as session_count,
        count(*) as contact_count
    from contact_link
    join contact on contact.contact_id = contact_link.contact_id
    where
        contact_link.access_count > 0
        and contact_link.{whose}
    group by
        contact_link.share_link_id,
        contact.archived_at is not null
    union all
    select
        'document',
        contact_document.document_id,
        contact.archived_at is not null,
        cast(sum(contact_document.access_count) as bigint),
        count(distinct contact_document.contact_id)
    from contact_document
    join contact on contact.contact_id = contact_document.contact_id
    where contact_document.{whose}
    group by
        contact_document.document_id,
        contact.archived_at is not null
"""
ITEM_TOTAL_SUMS = _ITEM_TOTAL_SUMS.format(whose="contact_id is not null")
ITEM_SUMS_OF_SOME = _ITEM_TOTAL_SUMS.format(whose="contact_id = any($contact_ids)")


_RESET_CONTACTS = f"""
    update contact
    set
        first_accessed_at = facts.first_accessed_at,
        last_accessed_at = facts.last_accessed_at,
        access_count = coalesce(facts.access_count, 0)
    from contact as stored
    left join ({CONTACT_FACTS}) as facts on facts.contact_id = stored.contact_id
    where
        stored.contact_id = contact.contact_id
        and (
            contact.first_accessed_at is distinct from facts.first_accessed_at
            or contact.last_accessed_at is distinct from facts.last_accessed_at
            or contact.access_count <> coalesce(facts.access_count, 0)
        )
"""
_KEEP_LINKS = """
    create temporary table kept_link as
    select
        contact_id,
        share_link_id,
        min(linked_at) as linked_at
    from contact_link
    group by
        contact_id,
        share_link_id
"""
_ADD_LINKS = f"""
    insert into contact_link
    select
        contact_id,
        share_link_id,
        coalesce(kept_link.linked_at, facts.first_accessed_at),
        facts.first_accessed_at,
        facts.last_accessed_at,
        coalesce(facts.access_count, 0)
    from kept_link
    full join ({CONTACT_LINK_FACTS}) as facts using (contact_id, share_link_id)
"""
_ADD_DOCUMENTS = f"""
    insert into contact_document
    select
        contact_id,
        share_link_id,
        document_id,
        first_accessed_at,
        last_accessed_at,
        access_count
    from ({CONTACT_DOCUMENT_FACTS}) as facts
"""
_ADD_SLOTS = f"""
    insert into activity_slot (
        slot,
        channel,
        is_verified,
        session_count,
        new_contact_count,
        is_archived
    )
    {ACTIVITY_SLOT_FACTS}
"""


def rebuild_rollups(tx: Transaction) -> None:
    """Make every rollup say what the facts say.

    Contacts that passed a gate and opened nothing stay linked, and all keep since when.
    """
    for statement in (
        _RESET_CONTACTS,
        _KEEP_LINKS,
        "delete from contact_link",
        _ADD_LINKS,
        "drop table kept_link",
        "delete from contact_document",
        _ADD_DOCUMENTS,
        "delete from activity_slot",
        _ADD_SLOTS,
        "delete from left_out_slot",
        f"insert into left_out_slot {LEFT_OUT_SLOT_FACTS}",
    ):
        tx.run(statement)
    note_all_counted(tx)
    _rebuild_item_totals(tx)
    rebuild_faces(tx)


def _rebuild_item_totals(tx: Transaction) -> None:
    """Add up share links and documents anew, from what each contact has of them."""
    tx.run("delete from item_total")
    tx.run(f"insert into item_total {ITEM_TOTAL_SUMS}")
