"""Whether the database agrees with itself: rows that point nowhere, and rollups against the facts.

There are no foreign keys, so this is where integrity is asked for. Every finding is a sentence.
"""

from data.contact_search import SEARCHED_TEXT
from data.counted_facts import WRONGLY_NOTED
from data.database import Reader, Row
from data.merge_integrity import MERGE_CONTRADICTIONS, MERGE_POINTERS
from data.pointers import POINTERS
from data.rollup_list import ROLLUPS, Rollup

# What no two rows may say, counted.
_CONTRADICTIONS = (
    (
        "Contacts linked twice to one share link",
        """
        select count(*)
        from (
            select contact_id
            from contact_link
            group by
                contact_id,
                share_link_id
            having count(*) > 1
        )
        """,
    ),
    (
        "Viewing sessions that name another workspace than their share link",
        """
        select count(*)
        from viewing_session
        join share_link on share_link.share_link_id = viewing_session.share_link_id
        where viewing_session.workspace_id <> share_link.workspace_id
        """,
    ),
    (
        "Viewing sessions that name another contact than their identifier",
        """
        select count(*)
        from viewing_session
        join identifier on identifier.identifier_id = viewing_session.identifier_id
        where viewing_session.contact_id is distinct from identifier.contact_id
        """,
    ),
    (
        "Viewing sessions with a contact and no identifier or channel",
        """
        select count(*)
        from viewing_session
        where
            contact_id is not null
            and (identifier_id is null or channel is null)
        """,
    ),
    (
        "Identifiers that a search does not find by all their forms",
        f"select count(*) from identifier where searched is distinct from {SEARCHED_TEXT}",
    ),
    (
        "Document views that name another contact or kind than their viewing session",
        """
        select count(*)
        from document_view
        join viewing_session
            on viewing_session.viewing_session_id = document_view.viewing_session_id
        where
            document_view.contact_id is distinct from viewing_session.contact_id
            or document_view.identifier_id is distinct from viewing_session.identifier_id
            or document_view.kind <> viewing_session.kind
        """,
    ),
    (
        "Document views that name another link, workspace or start than their viewing session",
        """
        select count(*)
        from document_view
        join viewing_session
            on viewing_session.viewing_session_id = document_view.viewing_session_id
        where
            document_view.share_link_id <> viewing_session.share_link_id
            or document_view.workspace_id <> viewing_session.workspace_id
            or document_view.started_at <> viewing_session.started_at
        """,
    ),
    (
        "Viewing sessions or document views wrongly noted as counted or not",
        f"select count(*) from ({WRONGLY_NOTED})",
    ),
    (
        "Document views of another workspace than the document's",
        """
        select count(*)
        from document_view
        join document on document.document_id = document_view.document_id
        where document.workspace_id <> document_view.workspace_id
        """,
    ),
    (
        "Documents opened twice in one viewing session",
        """
        select count(*)
        from (
            select viewing_session_id
            from document_view
            group by
                viewing_session_id,
                document_id
            having count(*) > 1
        )
        """,
    ),
)


_MOST_SAID = 20


def check_database(db: Reader) -> list[str]:
    """Everything that is wrong with the stored data, in sentences; empty when it is fine.

    Raises:
        DatabaseDamaged: a part of the file is not what was written there, whatever lies in it.
    """
    _read_every_value(db)
    return find_orphans(db) + find_rollup_drift(db)


def _read_every_value(db: Reader) -> None:
    # A block's checksum is compared when it is read, and many columns are compared with nothing.
    for (table,) in db.rows("select table_name from duckdb_tables() where not internal"):
        db.row(f'select bit_xor(hash("{table}")) from "{table}"')


def find_orphans(db: Reader) -> list[str]:
    """Rows that point to nothing, and rows that contradict each other."""
    found = [_missing(db, *pointer) for pointer in (*POINTERS, *MERGE_POINTERS)]
    found += [
        _contradiction(db, sentence, sql)
        for sentence, sql in _CONTRADICTIONS + MERGE_CONTRADICTIONS
    ]
    return [sentence for sentence in found if sentence]


def find_rollup_drift(db: Reader) -> list[str]:
    """Where a rollup does not say what the facts say; `rebuild_rollups` mends all of it."""
    return [sentence for rollup in ROLLUPS for sentence in _drift(db, rollup)]


def _missing(db: Reader, child: str, column: str, parent: str, parent_column: str) -> str:
    row = db.row(
        f"""
        select
            count(*),
            min({column})
        from {child}
        where
            {column} is not null
            and {column} not in (
                select {parent_column}
                from {parent}
                where {parent_column} is not null
            )
        """
    )
    if row is None or row[0] == 0:
        return ""
    return f"{child}: {row[0]} without their {parent}; the first has {column} {row[1]}."


def _contradiction(db: Reader, sentence: str, sql: str) -> str:
    row = db.row(sql)
    return f"{sentence}: {row[0]}." if row is not None and row[0] else ""


def _drift(db: Reader, rollup: Rollup) -> list[str]:
    stored = [f"stored.{value}" for value in rollup.values]
    facts = [f"facts.{value}" for value in rollup.values]
    differs = [f"{one} is distinct from {other}" for one, other in zip(stored, facts, strict=True)]
    keys = ", ".join(rollup.keys)
    rows = db.rows(
        f"""
        select {", ".join([keys, *stored, *facts])}
        from ({rollup.stored}) as stored
        full join ({rollup.facts}) as facts using ({keys})
        where {" or ".join(differs)}
        order by {keys}
        """
    )
    said = [_say_drift(rollup, row) for row in rows[:_MOST_SAID]]
    if len(rows) > _MOST_SAID:
        said.append(f"{rollup.table}: {len(rows) - _MOST_SAID} more rows differ from the facts.")
    return said


def _say_drift(rollup: Rollup, row: Row) -> str:
    key_count, value_count = len(rollup.keys), len(rollup.values)
    where = _say_values(rollup.keys, row[:key_count])
    stored = _say_values(rollup.values, row[key_count : key_count + value_count])
    facts = _say_values(rollup.values, row[key_count + value_count :])
    return f"{rollup.table} ({where}) says {stored}; the facts say {facts}."


def _say_values(names: tuple[str, ...], values: Row) -> str:
    if all(value is None for value in values):
        return "nothing"
    pairs = zip(names, values, strict=True)
    return ", ".join(f"{name} {'—' if value is None else value}" for name, value in pairs)
