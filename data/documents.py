"""Documents as stored: what is known of each file. Bytes lie in the home, under `storage_name`."""

from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Row, Transaction
from data.records import Document

_COLUMNS = """
    document_id,
    workspace_id,
    name,
    content_type,
    byte_count,
    storage_name,
    created_at,
    archived_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document whose bytes are already in the home, before it has a number."""

    workspace_id: int
    name: str
    content_type: str
    byte_count: int
    storage_name: str


def insert_document(tx: Transaction, new: NewDocument, now: datetime) -> Document:
    """A new document, with its number."""
    rows = tx.rows(
        f"""
        insert into document
        values (
            nextval('document_id_seq'),
            $workspace_id,
            $name,
            $content_type,
            $byte_count,
            $storage_name,
            $now,
            null
        )
        returning {_COLUMNS}
        """,
        workspace_id=new.workspace_id,
        name=new.name,
        content_type=new.content_type,
        byte_count=new.byte_count,
        storage_name=new.storage_name,
        now=now,
    )
    return _read_document(rows[0])


def get_document(reader: Reader, document_id: int) -> Document | None:
    """The document of this number, archived or not."""
    row = reader.row(
        f"""
        select {_COLUMNS}
        from document
        where document_id = $document_id
        """,
        document_id=document_id,
    )
    return None if row is None else _read_document(row)


def find_documents(
    reader: Reader, *, workspace_id: int | None = None, includes_archived: bool = False
) -> list[Document]:
    """Documents of one workspace, or of all, by name, whatever its case."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from document
        where
            ($workspace_id is null or workspace_id = $workspace_id)
            and ($includes_archived or archived_at is null)
        order by
            lower(name),
            document_id
        """,
        workspace_id=workspace_id,
        includes_archived=includes_archived,
    )
    return [_read_document(row) for row in rows]


def update_document_archived_at(
    tx: Transaction, document_id: int, archived_at: datetime | None
) -> None:
    """Take the document out of what its links open, or with None put it back."""
    tx.run(
        "update document set archived_at = $archived_at where document_id = $document_id",
        document_id=document_id,
        archived_at=archived_at,
    )


def update_document_name(tx: Transaction, document_id: int, name: str) -> None:
    """Give the document another name; its bytes and address stay."""
    tx.run(
        "update document set name = $name where document_id = $document_id",
        document_id=document_id,
        name=name,
    )


def _read_document(row: Row) -> Document:
    return Document(*row)
