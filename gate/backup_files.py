"""The files of a backup: named, measured, and copied so that a damaged one is found."""

import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1024 * 1024
_COPY = """
import shutil, sys
try:
    for source, target in zip(sys.argv[1::2], sys.argv[2::2]):
        shutil.copyfile(source, target)
except OSError as failure:
    sys.exit(failure.errno)
"""


class BackupRefused(Exception):
    """A backup could not be made or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a backup: its name within it, its length and its SHA-256."""

    name: str
    byte_count: int
    sha256: str

    def describe(self) -> list[str | int]:
        """What the backup's manifest says of it."""
        return [self.name, self.byte_count, self.sha256]


def copy_held_files(files: Sequence[tuple[Path, Path]]) -> None:
    """Copy files that a database holds open, each to its target, by a process of its own.

    Closing a copy's source here would let go of DuckDB's lock on it (fcntl(2)).

    Raises:
        OSError: the disk refused.
    """
    names = [str(path) for pair in files for path in pair]
    done = subprocess.run([sys.executable, "-I", "-S", "-c", _COPY, *names], capture_output=True)  # noqa: S603
    if done.returncode:
        reason = done.returncode if done.returncode in errno.errorcode else errno.EIO
        raise OSError(reason, os.strerror(reason))


def describe_file(path: Path, name: str) -> StoredFile:
    """What lies at `path` now, flushed to the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    size, digest = _measure(path)
    return StoredFile(name, size, digest)


def read_stored(folder: Path, stored: StoredFile) -> None:
    """Read one file of a backup to its end.

    Raises:
        BackupRefused: it is missing, or is not what was stored.
    """
    path = folder / stored.name
    if not path.is_file() or not _is_stored(path, stored):
        raise BackupRefused(f"{path} is damaged or missing. Use another backup.")


def copy_files(source: Path, target: Path, files: Iterable[StoredFile]) -> None:
    """Copy files of a backup to a folder, and flush them there.

    Raises:
        BackupRefused: one is missing, is not what was stored, or has no place in a backup.
    """
    for stored in files:
        copy = target / stored.name
        if not copy.resolve().is_relative_to(target.resolve()):
            raise BackupRefused(f"{stored.name} is no file of a backup.")
        copy.parent.mkdir(mode=0o700, exist_ok=True)
        path = source / stored.name
        if not path.is_file():
            raise BackupRefused(f"{path} is missing. Use another backup.")
        with path.open("rb") as read, copy.open("wb") as written:
            copy.chmod(0o600)
            while chunk := read.read(_CHUNK):
                written.write(chunk)
            written.flush()
            os.fsync(written.fileno())
        if not _is_stored(copy, stored):
            raise BackupRefused(f"{path} is damaged. Use another backup.")


def _is_stored(path: Path, stored: StoredFile) -> bool:
    return _measure(path) == (stored.byte_count, stored.sha256)


def _measure(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
