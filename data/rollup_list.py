"""Every rollup, as `data/check.py` compares it: its table, and the facts that it must equal."""

from dataclasses import dataclass

from data.contact_faces import FACE_COLUMNS, FACE_FACTS
from data.rollup_facts import (
    ACTIVITY_SLOT_FACTS,
    CONTACT_DOCUMENT_FACTS,
    CONTACT_FACTS,
    CONTACT_LINK_FACTS,
    ITEM_TOTAL_SUMS,
    LEFT_OUT_SLOT_FACTS,
)


@dataclass(frozen=True, slots=True)
class Rollup:
    """A rollup's table, its key, what it keeps for each key, and the facts that it must equal."""

    table: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    stored: str
    facts: str


_SPAN = ("first_accessed_at", "last_accessed_at", "access_count")
# Two rows of one key are added up, so that they show.
_STORED_SPAN = """
    min(first_accessed_at) as first_accessed_at,
    max(last_accessed_at) as last_accessed_at,
    cast(sum(access_count) as integer) as access_count
"""
_WAS_USED = "access_count <> 0 or first_accessed_at is not null or last_accessed_at is not null"
ROLLUPS = (
    Rollup(
        "contact",
        ("contact_id",),
        _SPAN,
        f"select contact_id, {_STORED_SPAN} from contact where {_WAS_USED} group by all",
        CONTACT_FACTS,
    ),
    Rollup(
        "contact_link",
        ("contact_id", "share_link_id"),
        _SPAN,
        f"""
        select contact_id, share_link_id, {_STORED_SPAN}
        from contact_link
        where {_WAS_USED}
        group by all
        """,
        CONTACT_LINK_FACTS,
    ),
    Rollup(
        "contact_document",
        ("contact_id", "share_link_id", "document_id"),
        _SPAN,
        f"""
        select contact_id, share_link_id, document_id, {_STORED_SPAN}
        from contact_document
        group by all
        """,
        CONTACT_DOCUMENT_FACTS,
    ),
    Rollup(
        "activity_slot",
        ("slot", "channel", "is_verified", "is_archived"),
        ("session_count", "new_contact_count"),
        """
        select
            slot,
            channel,
            is_verified,
            is_archived,
            cast(sum(session_count) as integer) as session_count,
            cast(sum(new_contact_count) as integer) as new_contact_count
        from activity_slot
        group by all
        """,
        ACTIVITY_SLOT_FACTS,
    ),
    Rollup(
        "left_out_slot",
        ("slot", "share_link_id", "workspace_id", "reason"),
        ("session_count",),
        """
        select
            slot,
            share_link_id,
            workspace_id,
            reason,
            cast(sum(session_count) as integer) as session_count
        from left_out_slot
        group by all
        """,
        LEFT_OUT_SLOT_FACTS,
    ),
    Rollup(
        "item_total",
        ("item", "item_id", "is_archived"),
        ("session_count", "contact_count"),
        """
        select
            item,
            item_id,
            is_archived,
            cast(sum(session_count) as bigint) as session_count,
            cast(sum(contact_count) as bigint) as contact_count
        from item_total
        group by all
        """,
        ITEM_TOTAL_SUMS,
    ),
    Rollup(
        "contact",
        ("contact_id",),
        FACE_COLUMNS,
        f"""
        select contact_id, {", ".join(FACE_COLUMNS)}
        from contact
        where
            identifier_count <> 0
            or email_id is not null
            or whatsapp_id is not null
        """,
        FACE_FACTS,
    ),
)
