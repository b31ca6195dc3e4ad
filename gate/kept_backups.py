"""The backups of a folder: which there are, whether the next is due, and which go by their age."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import structlog

from data.engine.compaction import FRESH_FILE
from gate.backup_files import BackupRefused, StoredFile

BACKUP_FOLDER = "backup"
MANIFEST_FILE = "backup.json"
UNFINISHED = ".unfinished-"
# A backup that is younger than now by more was made while the clock was wrong.
CLOCK_TOLERANCE = timedelta(hours=1)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Backup:
    """One whole backup: where it lies, when it was made, and how many bytes it holds."""

    folder: Path
    made_at: datetime
    byte_count: int


def find_backups(folder: Path) -> list[Backup]:
    """The whole backups of this folder, oldest first; what cannot be read is passed over."""
    try:
        names = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as failure:
        _note_once("backup_not_readable", str(folder), str(failure.strerror))
        return []
    found: list[Backup] = []
    for path in names:
        try:
            if not path.name.startswith(UNFINISHED) and (path / MANIFEST_FILE).is_file():
                found.append(read_backup(path))
        except (OSError, BackupRefused) as failure:
            _note_once("backup_not_readable", str(path), type(failure).__name__)
    return found


def find_newest_backup(backups: Sequence[Backup], now: datetime) -> Backup | None:
    """The newest of these, oldest first, but for those from the future: those are logged."""
    for backup in reversed(backups):
        if backup.made_at <= now + CLOCK_TOLERANCE:
            return backup
        _note_once("backup_from_the_future", str(backup.folder), backup.made_at.isoformat())
    return None


def is_backup_due(folder: Path, now: datetime, every: timedelta) -> bool:
    """Whether the newest backup is older than that, or there is none."""
    newest = find_newest_backup(find_backups(folder), now)
    return newest is None or now - newest.made_at >= every


def purge_backups(folder: Path, now: datetime, *, kept: timedelta) -> int:
    """How many backups older than that were deleted; the newest one always stays."""
    found = find_backups(folder)
    newest = find_newest_backup(found, now)
    late = [backup for backup in found if backup != newest and backup.made_at < now - kept]
    for backup in late:
        remove_folder(backup.folder)
    return len(late)


def remove_unfinished_backups(folder: Path) -> None:
    """Delete what a crash left of backups and of a database that was being written anew."""
    for path in folder.glob(f"{UNFINISHED}*"):
        remove_folder(path)
    for path in folder.glob(f"{FRESH_FILE}*"):
        path.unlink()


def try_backup_folder(folder: Path) -> None:
    """Make the folder of the backups, and a folder in it that is removed again.

    Raises:
        BackupRefused: no backup can be written there.
    """
    tried = folder / f"{UNFINISHED}tried"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove_folder(tried)
        tried.mkdir(mode=0o700)
        tried.rmdir()
    except OSError as failure:
        message = f"No backup can be written to {folder}: {failure.strerror}"
        raise BackupRefused(message) from failure


def read_backup(folder: Path) -> Backup:
    """The whole backup that lies in this folder.

    Raises:
        BackupRefused: it is none.
    """
    made_at, files = _read_manifest(folder)
    return Backup(folder, made_at, sum(one.byte_count for one in files))


def read_stored_files(folder: Path) -> list[StoredFile]:
    """The files of the backup in this folder, as they were stored.

    Raises:
        BackupRefused: it is none.
    """
    return _read_manifest(folder)[1]


def remove_folder(folder: Path) -> None:
    """Delete a folder with all that is in it, as far as that can be done."""
    shutil.rmtree(folder, ignore_errors=True)


def _read_manifest(folder: Path) -> tuple[datetime, list[StoredFile]]:
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        made_at = datetime.fromisoformat(manifest["made_at"])
        return made_at, [StoredFile(*one) for one in manifest["files"]]
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise BackupRefused(f"{folder} is not a whole backup of Gatebook.") from failure


@cache
def _note_once(event: str, folder: str, reason: str) -> None:
    # It is looked at every few minutes, and by each scrape of the metrics.
    _log.error(event, folder=folder, reason=reason)
