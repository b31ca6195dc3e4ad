"""The lock of a database: one process at a time, whatever else that process opens and closes.

DuckDB's own lock is the process's (fcntl(2)): closing any other descriptor of the file, as after
copying it, lets go of it. This one lies on a file beside the database, and stays until it is
released or the process ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.engine.database_errors import DatabaseInUse, DatabaseUnreadable

LOCK_SUFFIX = ".lock"


class Lock:
    """The lock of the database at a path, held from now on."""

    def __init__(self, path: Path) -> None:
        """Take it.

        Raises:
            DatabaseInUse: another process holds it, or this one does already.
            DatabaseUnreadable: its file cannot be made, or not be locked.
        """
        self._file = path.with_name(path.name + LOCK_SUFFIX)
        self._is_new, self._is_released = not self._file.exists(), False
        try:
            self._number = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as failure:
            message = f"{self._file} could not be opened: {failure.strerror}"
            raise DatabaseUnreadable(message) from failure
        try:
            fcntl.flock(self._number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as failure:
            os.close(self._number)
            if isinstance(failure, BlockingIOError):
                raise DatabaseInUse(in_use_message(path)) from failure
            message = f"{self._file} could not be locked: {failure.strerror}"
            raise DatabaseUnreadable(message) from failure

    def release(self) -> None:
        """Let go of it. Its file stays, as another process may have opened it to wait."""
        if not self._is_released:
            self._is_released = True
            os.close(self._number)

    @contextmanager
    def withdrawn_by_failure(self) -> Iterator[None]:
        """Let go of it if the block fails, as if it had never been taken."""
        try:
            yield
        except BaseException:
            if self._is_new:
                self._file.unlink(missing_ok=True)
            self.release()
            raise


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Nobody else opens the database at `path` while the block runs.

    Raises:
        DatabaseInUse, DatabaseUnreadable: as `Lock`.
    """
    lock = Lock(path)
    try:
        yield
    finally:
        lock.release()


def in_use_message(path: Path) -> str:
    """What is said to whoever comes second."""
    return (
        f"Another process uses {path}. Stop the Gatebook that is running there, "
        "or choose another folder with --home."
    )
