"""Uploads: sniffed by their bytes, limited while they stream, and gone without trace if refused."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.database import Database
from data.documents import find_documents
from data.records import Document, Member, Role
from data.workspaces import insert_workspace
from gate.desk_errors import UploadFault, UploadRefused
from gate.documents import (
    DocumentStore,
    Upload,
    ViewKind,
    remove_unfinished_uploads,
    sniff_content_type,
    store_upload,
    view_kind,
)
from gate.errors import NotPermitted

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
OWNER = Member(1, "owner@example.com", "Olga", Role.OWNER)
ANALYST = Member(2, "analyst@example.com", "Ann", Role.ANALYST)
LIMIT = 100


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "gatebook.duckdb")
    with database.transaction() as tx:
        insert_workspace(tx, "Sales", NOW)
    yield database
    database.close()


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    return DocumentStore(tmp_path / "documents", LIMIT)


def keep(
    db: Database, store: DocumentStore, chunks: Iterable[bytes], name: str = "Deck.pdf"
) -> Document:
    return store_upload(db, store, Upload(1, name, chunks), member=OWNER, now=NOW)


def assert_nothing_is_left(db: Database, store: DocumentStore) -> None:
    assert find_documents(db) == []
    assert not store.folder.exists() or list(store.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("head", "name", "content_type"),
    [
        (b"%PDF-1.7 ...", "deck.html", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "a.png", "image/png"),
        (b"\xff\xd8\xff\xe0", "a.jpg", "image/jpeg"),
        (b"GIF89a...", "a.gif", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "image/webp"),
        ("# Olá".encode(), "notes.MD", "text/markdown"),
        ("Olá".encode(), "notes.txt", "text/plain"),
        (b"a,b\r\n1,2", "rows.csv", "text/plain"),
        (b"a\x00b", "notes.txt", "application/octet-stream"),
        (b"caf\xe9", "notes.txt", "application/octet-stream"),
        (b"<!DOCTYPE html><p>", "notes.txt", "application/octet-stream"),
        (b"\xef\xbb\xbf \n<script>alert(1)", "notes.md", "application/octet-stream"),
        (b"<svg xmlns=''>", "a.png", "application/octet-stream"),
        (b"plain", "a.html", "application/octet-stream"),
        (b"PK\x03\x04", "report.docx", "application/octet-stream"),
        (b"\x00\x00RIFFWEBP", "a.webp", "application/octet-stream"),
    ],
)
def test_the_bytes_decide_the_content_type(head: bytes, name: str, content_type: str) -> None:
    assert sniff_content_type(head, name) == content_type


def test_text_cut_within_a_character_is_still_text() -> None:
    head = ("a" * 65_535 + "é").encode()[:65_536]
    assert sniff_content_type(head, "notes.txt") == "text/plain"


def test_what_we_do_not_know_is_a_download() -> None:
    assert view_kind("text/html") is ViewKind.DOWNLOAD
    assert view_kind("image/svg+xml") is ViewKind.DOWNLOAD
    assert view_kind("application/pdf") is ViewKind.PDF
    assert view_kind("image/webp") is ViewKind.IMAGE


def test_an_upload_becomes_a_document_with_private_bytes(
    db: Database, store: DocumentStore
) -> None:
    document = keep(db, store, [b"%PDF-", b"1.7"])
    path = store.folder / document.storage_name
    assert find_documents(db) == [document]
    assert (document.name, document.content_type) == ("Deck.pdf", "application/pdf")
    assert document.byte_count == 8
    assert path.read_bytes() == b"%PDF-1.7"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_upload_is_in_the_trail(db: Database, store: DocumentStore) -> None:
    document = keep(db, store, [b"x"])
    line = db.row("select event, actor_id, workspace_id, detail from audit")
    assert line == ("document_added", OWNER.member_id, 1, f"document {document.document_id}")


def test_the_largest_upload_is_kept(db: Database, store: DocumentStore) -> None:
    assert keep(db, store, [b"x" * LIMIT]).byte_count == LIMIT


def test_one_byte_more_is_refused_before_the_rest_is_read(
    db: Database, store: DocumentStore
) -> None:
    chunks = iter([b"x" * LIMIT, b"x", b"never read"])
    with pytest.raises(UploadRefused) as refusal:
        keep(db, store, chunks)
    assert refusal.value.fault is UploadFault.TOO_LARGE
    assert refusal.value.limit_bytes == LIMIT
    assert next(chunks) == b"never read"
    assert_nothing_is_left(db, store)


@pytest.mark.parametrize("chunks", [[], [b""], [b"", b""]])
def test_an_empty_upload_is_refused(
    db: Database, store: DocumentStore, chunks: list[bytes]
) -> None:
    with pytest.raises(UploadRefused) as refusal:
        keep(db, store, chunks)
    assert refusal.value.fault is UploadFault.EMPTY
    assert_nothing_is_left(db, store)


def test_an_unknown_workspace_is_refused_before_a_byte_is_read(
    db: Database, store: DocumentStore
) -> None:
    chunks = iter([b"x"])
    with pytest.raises(UploadRefused) as refusal:
        store_upload(db, store, Upload(99, "a", chunks), member=OWNER, now=NOW)
    assert refusal.value.fault is UploadFault.UNKNOWN_WORKSPACE
    assert next(chunks) == b"x"


def test_an_analyst_uploads_nothing(db: Database, store: DocumentStore) -> None:
    with pytest.raises(NotPermitted):
        store_upload(db, store, Upload(1, "a", [b"x"]), member=ANALYST, now=NOW)
    assert_nothing_is_left(db, store)


def test_a_viewer_who_leaves_midway_leaves_no_file(db: Database, store: DocumentStore) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionAbortedError

    with pytest.raises(UploadRefused):
        keep(db, store, chunks())
    assert_nothing_is_left(db, store)


def test_a_full_disk_is_told_apart(
    db: Database, store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UploadRefused) as refusal:
        keep(db, store, [b"x"])
    assert refusal.value.fault is UploadFault.DISK_FULL
    assert_nothing_is_left(db, store)


def test_a_refused_row_takes_its_file_with_it(db: Database, store: DocumentStore) -> None:
    with db.transaction() as tx:
        tx.run("drop sequence audit_id_seq")
    with pytest.raises(Exception, match="audit_id_seq"):
        keep(db, store, [b"x"])
    assert_nothing_is_left(db, store)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ada\\Deck.pdf", "Deck.pdf"),
        ("Deck\u202efdp.exe", "Deckfdp.exe"),
        ("a\tb\x00c.pdf", "a bc.pdf"),
        ("..", "Untitled"),
        ("", "Untitled"),
        ("e\u0301.pdf", "é.pdf"),
        ("x" * 200 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_file_name_is_cleaned(db: Database, store: DocumentStore, typed: str, name: str) -> None:
    assert keep(db, store, [b"x"], typed).name == name


def test_what_a_crash_cut_short_is_removed_at_the_start(store: DocumentStore) -> None:
    store.folder.mkdir()
    (store.folder / "0f.part").write_bytes(b"half")
    (store.folder / "0e").write_bytes(b"whole")
    assert remove_unfinished_uploads(store.folder) == 1
    assert [path.name for path in store.folder.iterdir()] == ["0e"]
