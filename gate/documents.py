"""What a document is and how an upload becomes one: streamed to disk, sniffed, never executed."""

import errno
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Database, DatabaseError, Reader
from data.documents import NewDocument, find_documents, get_document, insert_document
from data.engine.promise import sync_to_disk
from data.records import Document, Member, ShareLink
from data.workspaces import get_workspace
from gate.desk_errors import UploadFault, UploadRefused
from gate.names import clean_file_name
from gate.roles import require_owner_role

HEAD_BYTES = 65_536
DOWNLOAD_ONLY = "application/octet-stream"

_PART_SUFFIX = ".part"
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_MARKDOWN_EXTENSIONS = frozenset({".md", ".markdown"})
_ACTIVE_EXTENSIONS = frozenset(
    {".css", ".htm", ".html", ".js", ".mjs", ".mht", ".rtf", ".shtml", ".svg", ".xht", ".xhtml"}
    | {".xml", ".xsl", ".xslt"}
)
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
# Text that some program would run or draw instead of showing it.
_ACTIVE_TEXT = re.compile(
    r"\s*(<!doctype|<!--|<\?|<html|<head|<body|<script|<svg|<iframe|\{\\rtf|%!ps|#!)", re.IGNORECASE
)


def find_shared_documents(reader: Reader, link: ShareLink) -> list[Document]:
    """What the link opens: its one document, or all of its workspace. What is archived is not."""
    if link.document_id is None:
        return find_documents(reader, workspace_id=link.workspace_id)
    document = get_document(reader, link.document_id)
    return [] if document is None or document.archived_at is not None else [document]


class ViewKind(StrEnum):
    """How a document is shown."""

    PDF = "pdf"
    IMAGE = "image"
    TEXT = "text"
    MARKDOWN = "markdown"
    DOWNLOAD = "download"


_VIEWS = {
    "application/pdf": ViewKind.PDF,
    "image/png": ViewKind.IMAGE,
    "image/jpeg": ViewKind.IMAGE,
    "image/gif": ViewKind.IMAGE,
    "image/webp": ViewKind.IMAGE,
    "text/plain": ViewKind.TEXT,
    "text/markdown": ViewKind.MARKDOWN,
}


def view_kind(content_type: str) -> ViewKind:
    """How a document of this content type is shown; what we don't know is a download."""
    return _VIEWS.get(content_type, ViewKind.DOWNLOAD)


def sniff_content_type(head: bytes, file_name: str) -> str:
    """The content type that the first bytes prove; what a browser could execute is a download.

    Text is what reads as UTF-8 without control characters; only its extension tells Markdown from
    plain text.
    """
    for magic, content_type in _MAGIC:
        if head.startswith(magic):
            return content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return _sniff_text(head, PurePosixPath(file_name).suffix.lower())


def _sniff_text(head: bytes, extension: str) -> str:
    text = _read_text(head)
    if text is None or extension in _ACTIVE_EXTENSIONS or _ACTIVE_TEXT.match(text):
        return DOWNLOAD_ONLY
    return "text/markdown" if extension in _MARKDOWN_EXTENSIONS else "text/plain"


def _read_text(head: bytes) -> str | None:
    if _CONTROL_BYTES.search(head):
        return None
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        # The head may end within a character: up to three bytes of it are then missing.
        is_cut = len(head) >= HEAD_BYTES and failure.start >= len(head) - 3
        return head[: failure.start].decode("utf-8-sig") if is_cut else None


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """Where documents' bytes are kept, and how many one document may have."""

    folder: Path
    limit_bytes: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in: where to, under which name, and its bytes as they come."""

    workspace_id: int
    file_name: str
    chunks: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class _StoredFile:
    path: Path
    head: bytes
    byte_count: int


def store_upload(
    db: Database, store: DocumentStore, upload: Upload, *, member: Member, now: datetime
) -> Document:
    """The document that the upload became, its bytes safe on disk. A refused one leaves nothing.

    Raises:
        NotPermitted: the member is no owner.
        UploadRefused: empty, too large, no such workspace, or the disk refused.
    """
    require_owner_role(member, "upload")
    workspace = get_workspace(db, upload.workspace_id)
    if workspace is None or workspace.archived_at is not None:
        raise UploadRefused(UploadFault.UNKNOWN_WORKSPACE, store.limit_bytes)
    try:
        stored = _write_file(store, upload.chunks)
    except OSError as failure:
        is_full = failure.errno in (errno.ENOSPC, errno.EDQUOT)
        fault = UploadFault.DISK_FULL if is_full else UploadFault.STORAGE_FAILED
        raise UploadRefused(fault, store.limit_bytes) from failure
    try:
        return _record(db, upload, stored, member=member, now=now)
    except DatabaseError as failure:
        stored.path.unlink(missing_ok=True)
        raise UploadRefused(UploadFault.STORAGE_FAILED, store.limit_bytes) from failure
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise


def remove_unfinished_uploads(folder: Path) -> int:
    """How many files of uploads that a crash cut short were removed. For the start only."""
    parts = list(folder.glob(f"*{_PART_SUFFIX}"))
    for part in parts:
        part.unlink(missing_ok=True)
    return len(parts)


def _write_file(store: DocumentStore, chunks: Iterable[bytes]) -> _StoredFile:
    store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = store.folder / secrets.token_hex(16)
    part = path.with_suffix(_PART_SUFFIX)
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            head, byte_count = b"", 0
            for chunk in chunks:
                byte_count += len(chunk)
                if byte_count > store.limit_bytes:
                    raise UploadRefused(UploadFault.TOO_LARGE, store.limit_bytes)
                head += chunk[: HEAD_BYTES - len(head)]
                file.write(chunk)
            if byte_count == 0:
                raise UploadRefused(UploadFault.EMPTY, store.limit_bytes)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        # Or the rename would not survive a power cut.
        sync_to_disk(store.folder)
    except BaseException:
        part.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise
    return _StoredFile(path, head, byte_count)


def _record(
    db: Database, upload: Upload, stored: _StoredFile, *, member: Member, now: datetime
) -> Document:
    name = clean_file_name(upload.file_name)
    new = NewDocument(
        workspace_id=upload.workspace_id,
        name=name,
        content_type=sniff_content_type(stored.head, name),
        byte_count=stored.byte_count,
        storage_name=stored.path.name,
    )
    with db.transaction() as tx:
        document = insert_document(tx, new, now)
        insert_audit(
            tx,
            AuditEntry(
                created_at=now,
                event=AuditEvent.DOCUMENT_ADDED,
                actor_kind=ActorKind.MEMBER,
                actor_id=member.member_id,
                workspace_id=document.workspace_id,
                detail=f"document {document.document_id}",
            ),
        )
    return document
