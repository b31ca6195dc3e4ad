"""The contact list as CSV: every row of the list, in its order, as RFC 4180 wants it."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from data.contact_filter import ContactFilter, ContactRow, ContactSort, SortColumn
from data.contact_queries import find_contacts, match_contacts
from data.database import Database, DatabaseClosed
from data.export import guard_cell, open_export_file
from data.export.batches import BATCH_ROWS
from data.export_kinds import ExportWanted
from data.records import Channel
from tests.factories import add_contact, add_link_passed, add_session, add_share_link, add_workspace

HEADER = "identifier,type,verified,last_accessed_at,first_accessed_at,access_count,email,whatsapp"
VISITED_AT = datetime(2026, 11, 20, 14, 3, 5, 999_999, tzinfo=UTC)


def _export(
    db: Database, chosen: ContactFilter | None = None, sort: ContactSort | None = None
) -> str:
    matched = match_contacts(chosen or ContactFilter())
    file = open_export_file(db, matched, sort or ContactSort(), ExportWanted())
    return b"".join(file.chunks()).decode()


def _pieces(db: Database) -> Iterator[bytes]:
    matched = match_contacts(ContactFilter())
    return open_export_file(db, matched, ContactSort(), ExportWanted()).chunks()


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def _add_many(db: Database, count: int) -> None:
    with db.transaction() as tx:
        tx.run(
            """
            insert into contact (
                contact_id, created_at, first_accessed_at, last_accessed_at, access_count
            )
            select
                nextval('contact_id_seq'), timestamptz '2026-01-01',
                timestamptz '2026-01-01', timestamptz '2026-01-01' + to_seconds(i % 1000), 1
            from range($count) as made(i)
            """,
            count=count,
        )
        tx.run(
            """
            insert into identifier (
                identifier_id, lookup, channel, key, address, typed, contact_id, created_at,
                verified_at
            )
            select
                nextval('identifier_id_seq'), 'email:' || contact_id, 'email',
                contact_id || '@x.example', contact_id || '@x.example',
                contact_id || '@x.example', contact_id, timestamptz '2026-01-01', null
            from contact
            """
        )


def _screen_cells(row: ContactRow) -> list[str]:
    """The row as the screen has it, in the file's words; written apart from the export's SQL."""
    instants = [
        "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for at in (row.last_accessed_at, row.first_accessed_at)
    ]
    return [
        guard_cell(row.identifier, is_phone=row.channel is Channel.WHATSAPP),
        str(row.channel),
        "true" if row.is_verified else "false",
        *instants,
        str(row.access_count),
        guard_cell("; ".join(row.emails)),
        guard_cell("; ".join(row.whatsapps), is_phone=True),
    ]


def test_nobody_means_the_header_alone(db: Database) -> None:
    assert _export(db) == HEADER + "\r\n"


def test_a_contact_is_a_line_to_the_letter(db: Database) -> None:
    ada = add_contact(db, "Ada@Analytical.example", "+447700900123", verified=True)
    link = add_share_link(db, add_workspace(db))
    add_session(db, ada, link, VISITED_AT)
    add_session(db, ada, link, VISITED_AT + timedelta(days=1))
    assert _export(db).split("\r\n")[1:] == [
        "Ada@Analytical.example,email,true,2026-11-21T14:03:05Z,2026-11-20T14:03:05Z,2,"
        "Ada@Analytical.example,+447700900123",
        "",
    ]


def test_who_never_opened_anything_has_empty_instants(db: Database) -> None:
    bob = add_contact(db, "bob@example.com")
    add_link_passed(db, bob, add_share_link(db, add_workspace(db)))
    assert _export(db).split("\r\n")[1] == "bob@example.com,email,false,,,0,bob@example.com,"


def test_several_addresses_of_a_channel_are_all_there(db: Database) -> None:
    add_contact(db, "+5511955501234", "ada@example.com", "a@b.example", "+5511955501235")
    row = _read(_export(db))[0]
    assert row["email"] == "ada@example.com; a@b.example"
    assert row["whatsapp"] == "'+5511955501234; +5511955501235"


def test_a_number_keeps_its_plus_where_a_phone_belongs(db: Database) -> None:
    add_contact(db, "+5511955501234")
    row = _read(_export(db))[0]
    assert (row["identifier"], row["whatsapp"]) == ("+5511955501234", "+5511955501234")


@pytest.mark.parametrize(
    "typed", ["=1+1@x.example", "@sum@x.example", "-2@x.example", "  =a@b.example"]
)
def test_a_spreadsheet_runs_nothing_that_a_viewer_typed(db: Database, typed: str) -> None:
    add_contact(db, typed)
    row = _read(_export(db))[0]
    assert (row["identifier"], row["email"]) == ("'" + typed, "'" + typed)


@pytest.mark.parametrize(
    "typed",
    ['a"b@x.example', "a,b@x.example", "a\nb@x.example", "a\rb@x.example", 'é",\r\n"@x.example'],
)
def test_whatever_was_typed_comes_back_whole(db: Database, typed: str) -> None:
    add_contact(db, typed)
    add_contact(db, "eve@example.com")
    cells = [row["email"] for row in _read(_export(db))]
    assert sorted(cells) == sorted([typed, "eve@example.com"])


@pytest.mark.parametrize("is_descending", [True, False])
@pytest.mark.parametrize("column", SortColumn)
def test_rows_and_order_are_the_screens(
    db: Database, column: SortColumn, is_descending: bool
) -> None:
    link = add_share_link(db, add_workspace(db))
    for number in range(30):
        address = f"{number}@x.example" if number % 3 else f"+44770090{number:04}"
        contact = add_contact(db, address, verified=number % 2 == 0)
        for visit in range(number % 4):
            add_session(db, contact, link, VISITED_AT + timedelta(hours=number % 5 + visit))
    sort, matched = ContactSort(column, is_descending), match_contacts(ContactFilter())
    pages = [find_contacts(db, matched, sort, page=page, page_size=7) for page in range(1, 6)]
    shown = [_screen_cells(row) for page in pages for row in page]
    assert [list(row.values()) for row in _read(_export(db, sort=sort))] == shown


def test_the_filter_decides_who_is_in_it(db: Database) -> None:
    add_contact(db, "ada@example.com", "+447700900123", verified=True)
    add_contact(db, "bob@example.com")
    chosen = ContactFilter(channels=frozenset({Channel.WHATSAPP}))
    row = _read(_export(db, chosen))[0]
    assert len(_read(_export(db, chosen))) == 1
    assert (row["identifier"], row["type"], row["email"]) == (
        "+447700900123",
        "whatsapp",
        "ada@example.com",
    )


def test_it_is_never_capped_and_keeps_its_order_over_many_batches(db: Database) -> None:
    count = 2 * BATCH_ROWS + 5_001
    _add_many(db, count)
    rows = _read(_export(db))
    keys = [(row["last_accessed_at"], -int(row["identifier"].split("@")[0])) for row in rows]
    assert len({row["identifier"] for row in rows}) == count
    assert keys == sorted(keys, reverse=True)


def test_it_comes_in_pieces_of_one_moment(db: Database) -> None:
    _add_many(db, 2 * BATCH_ROWS)
    pieces = _pieces(db)
    begun = [next(pieces), next(pieces)]
    add_contact(db, "late@example.com")
    whole = b"".join([*begun, *pieces]).decode()
    assert len(begun[1]) < len(whole) * 3 / 4
    assert whole.count("\r\n") == 2 * BATCH_ROWS + 1
    assert "late@example.com" not in whole


def test_a_download_that_is_left_keeps_nothing_open(db: Database) -> None:
    _add_many(db, 2 * BATCH_ROWS)
    pieces = _pieces(db)
    next(pieces)
    next(pieces)
    del pieces
    db.checkpoint()
    with db.transaction() as tx:
        tx.run("delete from identifier")
    assert _read(_export(db)) == []


def test_a_failure_breaks_off_instead_of_ending_as_if_whole(db: Database) -> None:
    _add_many(db, 2 * BATCH_ROWS)
    pieces = _pieces(db)
    assert next(pieces).decode() == HEADER + "\r\n"
    next(pieces)
    db.close()
    with pytest.raises(DatabaseClosed):
        b"".join(pieces)
