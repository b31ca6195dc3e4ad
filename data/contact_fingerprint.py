"""Whether anything about the contacts of a filter has changed: a few numbers that tell."""

from data.contact_queries import Matched
from data.database import Reader

# Rows in any order: the order of a file follows from what they say. A sum, as equal rows would
# cancel each other out in an exclusive or.
_PART = """
    select
        '{table}' as part,
        count(*) as size,
        sum(cast(hash({table}) as hugeint)) as mark
    from {table}
    {whose}
"""
_THEIRS = "where contact_id in (select contact_id from matched)"
_OF_CONTACTS = ("contact", "identifier", "contact_tag", "consent")
# Viewing sessions are told with the names of what was opened in them, and by which link.
_OF_SESSIONS = ("viewing_session", "document_view")
_NAMES = ("share_link", "workspace", "document")


def find_contact_marks(
    reader: Reader, matched: Matched, *, has_sessions: bool = False
) -> list[tuple[int, int]]:
    """Numbers that are the same as long as nothing a file of these contacts holds has changed.

    With `has_sessions` for a file that has a row for each of their viewing sessions.
    """
    theirs = _OF_CONTACTS + (_OF_SESSIONS if has_sessions else ())
    parts = [_PART.format(table="matched", whose="")]
    parts += [_PART.format(table=table, whose=_THEIRS) for table in theirs]
    parts += [_PART.format(table=table, whose="") for table in (_NAMES if has_sessions else ())]
    rows = reader.rows(
        f"""
        with matched as ({matched.contacts.sql})
        select
            size,
            mark
        from ({" union all ".join(parts)})
        order by part
        """,
        **matched.contacts.parameters,
    )
    return [(row[0], row[1] or 0) for row in rows]
