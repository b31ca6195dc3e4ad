"""Whether anything about the contacts of a filter has changed: one short text that tells."""

from data.contact_queries import Matched
from data.database import Reader

# Rows in any order: the order follows from what they say.
_FINGERPRINT = """
    with matched as ({matched}),
    numbers as (select contact_id from matched),
    parts as (
        select
            count(*) as rows,
            bit_xor(hash(matched)) as mark
        from matched
        union all
        select
            count(*),
            bit_xor(hash(contact))
        from contact
        where contact_id in (from numbers)
        union all
        select
            count(*),
            bit_xor(hash(identifier))
        from identifier
        where contact_id in (from numbers)
        union all
        select
            count(*),
            bit_xor(hash(contact_tag))
        from contact_tag
        where contact_id in (from numbers)
        union all
        select
            count(*),
            bit_xor(hash(consent))
        from consent
        where contact_id in (from numbers)
    )
    select
        rows,
        mark
    from parts
"""


def find_contact_marks(reader: Reader, matched: Matched) -> list[tuple[int, int]]:
    """Numbers that are the same as long as nothing a file of these contacts holds has changed."""
    contacts = matched.contacts
    rows = reader.rows(_FINGERPRINT.format(matched=contacts.sql), **contacts.parameters)
    return [(row[0], row[1] or 0) for row in rows]
