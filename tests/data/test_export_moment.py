"""A file is of one moment: the rows of its start, as many as the page counts, whatever comes."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import count_contacts, find_contacts, match_contacts
from data.database import Database
from data.export import open_export_file
from data.export.batches import BATCH_ROWS
from data.export_kinds import ExportTool, ExportWanted, FileFormat, RowKind
from tests.data.exports import add_many, export_file, read_csv_rows
from tests.data.worlds import House, add_house, clear_people, pick_filter, store_world
from tests.factories import add_contact

WORLDS, FILTERS_EACH = 10, 20


@pytest.fixture
def house(db: Database) -> House:
    return add_house(db)


def test_rows_are_as_many_as_the_page_counts_for_200_random_filters(
    db: Database, house: House
) -> None:
    rng = Random(20_261_126)
    found = 0
    for _ in range(WORLDS):
        clear_people(db)
        with db.transaction() as tx:
            world = store_world(tx, house, rng, ZoneInfo("Asia/Kolkata"))
        for number in range(FILTERS_EACH):
            chosen = pick_filter(rng, world, "Asia/Kolkata")
            found += _compare_with_page(db, chosen, has_others=number % 10 == 0)
    assert found > 100


def _compare_with_page(db: Database, chosen: ContactFilter, *, has_others: bool) -> int:
    matched = match_contacts(chosen)
    page = find_contacts(db, matched, ContactSort(), page=1, page_size=1_000)
    file = open_export_file(db, matched, ContactSort(), ExportWanted(columns=("contact_id",)))
    rows = read_csv_rows(b"".join(file.chunks()))
    assert [int(row["contact_id"]) for row in rows] == [one.contact_id for one in page]
    assert file.row_count == file.rows_sent == len(page) == count_contacts(db, matched)
    if not has_others:
        return len(page)
    sessions = export_file(db, ExportWanted(rows=RowKind.SESSIONS), chosen)
    assert len(read_csv_rows(sessions)) == sum(one.access_count for one in page)
    identifiers = export_file(db, ExportWanted(rows=RowKind.IDENTIFIERS), chosen)
    held = sum(1 + one.more_identifiers for one in page)
    assert len(read_csv_rows(identifiers)) == held
    return len(page)


@pytest.mark.parametrize("file_format", FileFormat)
def test_who_comes_after_its_start_is_in_no_file(db: Database, file_format: FileFormat) -> None:
    add_contact(db, "ada@example.com")
    matched = match_contacts(ContactFilter())
    file = open_export_file(db, matched, ContactSort(), ExportWanted(file_format))
    alone = open_export_file(db, matched, ContactSort(), ExportWanted(file_format))
    before = b"".join(alone.chunks())
    for number in range(20):
        add_contact(db, f"late{number}@example.com")
    with db.transaction() as tx:
        tx.run("update identifier set address = 'changed@example.com'")
        tx.run("update contact set name = 'Changed'")
    after = b"".join(file.chunks())
    assert file.row_count == file.rows_sent == 1
    if file_format is FileFormat.XLSX:
        assert abs(len(after) - len(before)) < 16
    else:
        assert after == before


def _read_slowly(db: Database, count: int) -> Iterator[bytes]:
    add_many(db, count)
    matched = match_contacts(ContactFilter())
    return open_export_file(db, matched, ContactSort(), ExportWanted()).chunks()


def test_a_file_that_is_half_read_knows_nothing_of_what_is_deleted(db: Database) -> None:
    count = 2 * BATCH_ROWS + 1
    pieces = _read_slowly(db, count)
    begun = [next(pieces), next(pieces)]
    with db.transaction() as tx:
        tx.run("delete from identifier")
        tx.run("delete from contact")
    rows = read_csv_rows(b"".join([*begun, *pieces]))
    assert [row["identifier"] for row in rows] == [
        f"{number}@x.example" for number in range(1, count + 1)
    ]


def test_closing_a_download_lets_go_of_its_moment(db: Database) -> None:
    matched = match_contacts(ContactFilter())
    file = open_export_file(db, matched, ContactSort(), ExportWanted())
    pieces = file.chunks()
    next(pieces)
    file.close()
    with pytest.raises(Exception, match="closed"):
        list(open_then_read(pieces, db))


def open_then_read(pieces: Iterator[bytes], db: Database) -> Iterator[bytes]:
    db.close()
    yield from pieces
    raise AssertionError("closed too late")


def test_the_file_of_nobody_is_whole(db: Database, tmp_path: Path) -> None:
    for file_format in FileFormat:
        data = export_file(db, ExportWanted(file_format))
        assert (len(data) > 0) == (file_format not in _EMPTY)
    for tool in ExportTool:
        assert export_file(db, ExportWanted(tool=tool)).count(b"\r\n") == 1


_EMPTY = {FileFormat.JSONL, FileFormat.VCARD_3, FileFormat.VCARD_4}
