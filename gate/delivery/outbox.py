"""Codes as files in a local folder, for when no sender is configured; only its owner may look.

Who is let in to look is decided by the page that shows them.
"""

import json
import os
import re
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.records import Channel
from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed
from gate.errors import InvalidIdentifier
from gate.identifiers import parse_email, parse_whatsapp

KEPT_AFTER_EXPIRY = timedelta(hours=1)
_MAX_FILE_BYTES = 64 * 1024
_NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9_-]")
_PREFIX, _SUFFIX, _UNFINISHED = "code-", ".json", ".part"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One code that would have been sent, as it lies in the outbox; instants are UTC."""

    channel: Channel
    address: str
    code: str
    share_link_name: str
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxDeliverer:
    """Writes each code into a file of its own, which appears whole or not at all."""

    folder: Path

    def deliver(self, message: CodeMessage) -> None:
        """Put the code into the outbox.

        Raises:
            SendingFailed: the folder cannot be written to.
        """
        unique = _NOT_IN_A_FILE_NAME.sub("_", message.message_id)
        path = self.folder / f"{_PREFIX}{message.sent_at:%Y%m%dT%H%M%S%f}-{unique}{_SUFFIX}"
        with _writing_to(self.folder):
            _write_whole(path, _to_json(message))

    def probe(self) -> None:
        """Write to the folder and leave nothing there.

        Raises:
            SendingFailed: the folder cannot be written to.
        """
        path = self.folder / f"{_PREFIX}{secrets.token_hex(8)}.probe"
        with _writing_to(self.folder):
            _write_whole(path, b"{}")
            path.unlink(missing_ok=True)


@contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    """The folder, made and closed to others; a failure in this block is the channel's."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        yield
    except OSError as failure:
        reason = "The outbox folder cannot be written to"
        raise SendingFailed(reason, FailureKind.UNREACHABLE, retry_delays=(15,)) from failure


def find_outbox_messages(folder: Path, now: datetime) -> list[OutboxMessage]:
    """The outbox, newest first, without what expired over an hour ago.

    Files that are not ours, or cannot be read, are passed over.
    """
    found = [
        (message.sent_at, path.name, message)
        for path in _find_files(folder)
        if (message := _read_message(path)) is not None and not _is_over(message, now)
    ]
    return [message for _, _, message in sorted(found, key=lambda row: row[:2], reverse=True)]


def purge_outbox(folder: Path, now: datetime) -> int:
    """How many files were deleted: those that expired, or were left unfinished, an hour ago."""
    deleted = 0
    for path in _find_files(folder):
        message = _read_message(path)
        is_over = _is_over(message, now) if message is not None else _is_old(path, now)
        if is_over:
            with suppress(OSError):  # another request was quicker
                path.unlink()
                deleted += 1
    return deleted


def erase_outbox_messages(folder: Path, lookups: Collection[str]) -> int:
    """How many messages to the identifiers of these lookups were deleted, unfinished ones too."""
    erased = [
        path
        for path in _find_files(folder)
        if (message := _parse_message(path)) is not None and _find_lookup(message) in lookups
    ]
    for path in erased:
        path.unlink(missing_ok=True)
    return len(erased)


def _find_lookup(message: OutboxMessage) -> str | None:
    try:
        if message.channel is Channel.EMAIL:
            return parse_email(message.address).lookup
        return parse_whatsapp(message.address, None).lookup
    except InvalidIdentifier:
        return None


def _to_json(message: CodeMessage) -> bytes:
    fields = {
        "channel": message.recipient.channel,
        "address": message.recipient.address,
        "code": message.code,
        "share_link_name": message.share_link_name,
        "sent_at": message.sent_at.astimezone(UTC).isoformat(),
        "expires_at": message.expires_at.astimezone(UTC).isoformat(),
    }
    return json.dumps(fields, indent=2).encode("ascii")


def _write_whole(path: Path, content: bytes) -> None:
    unfinished = path.with_suffix(_UNFINISHED)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _find_files(folder: Path) -> Iterator[Path]:
    """What this module may have written into the folder, finished or not; nothing else."""
    endings = (_SUFFIX, _UNFINISHED)
    if not folder.is_dir():
        return
    for path in folder.glob(f"{_PREFIX}*"):
        if path.suffix in endings and path.is_file():
            yield path


def _read_message(path: Path) -> OutboxMessage | None:
    """The message in a finished file, or None for anything else that lies there."""
    return _parse_message(path) if path.suffix == _SUFFIX else None


def _parse_message(path: Path) -> OutboxMessage | None:
    try:
        with path.open("rb") as file:
            fields = json.loads(file.read(_MAX_FILE_BYTES))
        return OutboxMessage(
            channel=Channel(fields["channel"]),
            address=_require_text(fields["address"]),
            code=_require_text(fields["code"]),
            share_link_name=_require_text(fields["share_link_name"]),
            sent_at=_parse_instant(fields["sent_at"]),
            expires_at=_parse_instant(fields["expires_at"]),
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _require_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _parse_instant(value: object) -> datetime:
    instant = datetime.fromisoformat(_require_text(value))
    if instant.tzinfo is None:
        raise ValueError
    return instant.astimezone(UTC)


def _is_over(message: OutboxMessage, now: datetime) -> bool:
    return now > message.expires_at + KEPT_AFTER_EXPIRY


def _is_old(path: Path, now: datetime) -> bool:
    try:
        return now.timestamp() > path.lstat().st_mtime + KEPT_AFTER_EXPIRY.total_seconds()
    except OSError:
        return False
