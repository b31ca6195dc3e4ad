"""Files of contacts for tests: made as the product makes them, and read by other programs."""

import csv
import io

from data.contact_filter import ContactFilter, ContactSort, SortColumn
from data.contact_queries import match_contacts
from data.database import Database
from data.export import open_export_file
from data.export_kinds import ExportTool, ExportWanted
from data.records import ContactIdentifier
from tests.factories import store_consent, store_contact, store_identifier, store_tags

IN_ORDER = ContactSort(SortColumn.ACCESS_COUNT, is_descending=False)


def export_file(db: Database, wanted: ExportWanted, chosen: ContactFilter | None = None) -> bytes:
    """The whole file; contacts that never came stand in the order they were added."""
    matched = match_contacts(chosen or ContactFilter())
    return b"".join(open_export_file(db, matched, IN_ORDER, wanted).chunks())


def read_csv_rows(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file as Python's own reader has them."""
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def tool_rows(
    db: Database, tool: ExportTool, *, is_opted_out: bool = False
) -> list[dict[str, str]]:
    """The rows of the file for a tool."""
    return read_csv_rows(export_file(db, ExportWanted(tool=tool, is_opted_out=is_opted_out)))


def add_person(
    db: Database,
    *addresses: str,
    name: str | None = None,
    company: str | None = None,
    notes: str | None = None,
    tags: tuple[str, ...] = (),
    consents: tuple[str, ...] = (),
    withdrawn: tuple[str, ...] = (),
) -> list[ContactIdentifier]:
    """A contact's identifiers; those of `consents` consented, those of `withdrawn` no longer."""
    with db.transaction() as tx:
        contact_id = store_contact(tx, name=name, company=company)
        tx.run(
            "update contact set notes = $notes where contact_id = $contact_id",
            notes=notes,
            contact_id=contact_id,
        )
        store_tags(tx, contact_id, tags)
        stored = [store_identifier(tx, contact_id, one, verified=True) for one in addresses]
        for one in stored:
            if one.address in consents:
                store_consent(tx, one)
            if one.address in withdrawn:
                store_consent(tx, one, withdrawn_at=one.created_at)
    return stored


def add_many(db: Database, count: int) -> None:
    """So many contacts of one email address each, `1@x.example` and on, who never came."""
    with db.transaction() as tx:
        tx.run(
            """
            insert into contact (contact_id, created_at, access_count)
            select nextval('contact_id_seq'), timestamptz '2026-01-01', 0 from range($count)
            """,
            count=count,
        )
        tx.run(
            """
            insert into identifier (identifier_id, lookup, channel, key, address, typed,
                contact_id, created_at)
            select nextval('identifier_id_seq'), contact_id, 'email', contact_id,
                contact_id || '@x.example', '', contact_id, created_at
            from contact
            """
        )
