"""Identifiers that move from one contact to another, with all that they did.

Identifier to contact is the only pointer: facts keep their `identifier_id`, and their copy of
`contact_id` is rewritten here. The rollups of the two contacts are rebuilt from those facts.
"""

from collections.abc import Sequence

from data.activity_slots import slots_moved
from data.contact_faces import rebuild_faces_of
from data.counted_facts import note_counted
from data.database import Transaction
from data.item_totals import items_moved
from data.rollup_facts import (
    CONTACT_DOCUMENT_FACTS,
    CONTACT_FACTS,
    CONTACT_LINK_FACTS,
)

# Every table whose rows say both who and by which identifier.
TABLES_WITH_COPIES = ("identifier", "pass", "viewing_session", "document_view", "consent")

# What each identifier of these contacts did at a link's gate, and when.
_DEEDS = """
    select
        identifier_id,
        share_link_id,
        issued_at as happened_at
    from pass
    where identifier_id in (select identifier_id from identifier where {whose})
    union all
    select
        other_identifier_id,
        share_link_id,
        issued_at
    from pass
    where other_identifier_id in (select identifier_id from identifier where {whose})
    union all
    select
        identifier_id,
        share_link_id,
        started_at
    from viewing_session
    where
        kind = 'viewer'
        and identifier_id in (select identifier_id from identifier where {whose})
""".format(whose="contact_id = any($contact_ids)")

_NOTE_LINKS = f"""
    insert into identifier_link
    with owned as (
        select
            identifier_id,
            contact_id
        from identifier
        where contact_id = any($contact_ids)
    ),
    passed_by as (
        select
            owned.contact_id,
            deeds.share_link_id,
            arg_min(deeds.identifier_id, (deeds.happened_at, deeds.identifier_id)) as identifier_id
        from ({_DEEDS}) as deeds
        join owned on owned.identifier_id = deeds.identifier_id
        group by
            owned.contact_id,
            deeds.share_link_id
    ),
    eldest as (
        select
            contact_id,
            min(identifier_id) as identifier_id
        from owned
        group by contact_id
    ),
    noted as (
        select
            owned.contact_id,
            identifier_link.share_link_id
        from identifier_link
        join owned on owned.identifier_id = identifier_link.identifier_id
    )
    select
        coalesce(passed_by.identifier_id, eldest.identifier_id),
        contact_link.share_link_id,
        contact_link.linked_at
    from contact_link
    join eldest on eldest.contact_id = contact_link.contact_id
    left join passed_by
        on passed_by.contact_id = contact_link.contact_id
        and passed_by.share_link_id = contact_link.share_link_id
    anti join noted
        on noted.contact_id = contact_link.contact_id
        and noted.share_link_id = contact_link.share_link_id
"""

_REBUILD = (
    f"""
    update contact
    set
        first_accessed_at = facts.first_accessed_at,
        last_accessed_at = facts.last_accessed_at,
        access_count = coalesce(facts.access_count, 0)
    from (select unnest($contact_ids) as contact_id) as wanted
    left join (
        select *
        from ({CONTACT_FACTS})
        where contact_id = any($contact_ids)
    ) as facts on facts.contact_id = wanted.contact_id
    where contact.contact_id = wanted.contact_id
    """,
    "delete from contact_link where contact_id = any($contact_ids)",
    f"""
    insert into contact_link
    with noted as (
        select
            identifier.contact_id,
            identifier_link.share_link_id,
            min(identifier_link.linked_at) as linked_at
        from identifier_link
        join identifier on identifier.identifier_id = identifier_link.identifier_id
        where identifier.contact_id = any($contact_ids)
        group by
            identifier.contact_id,
            identifier_link.share_link_id
    ),
    passed as (
        select
            identifier.contact_id,
            deeds.share_link_id,
            min(deeds.happened_at) as linked_at
        from ({_DEEDS}) as deeds
        join identifier on identifier.identifier_id = deeds.identifier_id
        group by
            identifier.contact_id,
            deeds.share_link_id
    ),
    facts as (
        select *
        from ({CONTACT_LINK_FACTS})
        where contact_id = any($contact_ids)
    )
    select
        contact_id,
        share_link_id,
        coalesce(noted.linked_at, passed.linked_at),
        facts.first_accessed_at,
        facts.last_accessed_at,
        coalesce(facts.access_count, 0)
    from noted
    full join passed using (contact_id, share_link_id)
    left join facts using (contact_id, share_link_id)
    """,
    "delete from contact_document where contact_id = any($contact_ids)",
    f"""
    insert into contact_document
    select
        contact_id,
        share_link_id,
        document_id,
        first_accessed_at,
        last_accessed_at,
        access_count
    from ({CONTACT_DOCUMENT_FACTS})
    where contact_id = any($contact_ids)
    """,
)


def move_identifiers(
    tx: Transaction, identifier_ids: Sequence[int], *, origin: int, target: int
) -> None:
    """Give these identifiers of one contact, and all that they did, to another contact.

    Both contacts are stored. A contact that is left without identifiers has no rollups either.
    """
    contact_ids = [origin, target]
    tx.run(_NOTE_LINKS, contact_ids=contact_ids)
    with slots_moved(tx, contact_ids), items_moved(tx, contact_ids):
        for table in TABLES_WITH_COPIES:
            tx.run(
                f"""
                update {table}
                set contact_id = $target
                where identifier_id = any($identifier_ids)
                """,
                target=target,
                identifier_ids=list(identifier_ids),
            )
        for statement in _REBUILD:
            tx.run(statement, contact_ids=contact_ids)
    note_counted(tx, contact_ids)
    rebuild_faces_of(tx, contact_ids)
