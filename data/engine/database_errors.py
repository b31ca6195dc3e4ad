"""Why a database cannot be used. Each message says what is the matter and what to do."""

import duckdb


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class DatabaseInUse(DatabaseError):
    """Another process holds the file. Nothing was touched."""


class DatabaseUnreadable(DatabaseError):
    """The file is no database, is damaged, or is not ours to open. Nothing was touched."""


class DatabaseDamaged(DatabaseError):
    """A part of the file is not what was written there. Whatever else is in it can be read."""


class UnitsMissing(DatabaseError):
    """Less is in the file and its log than was promised. Both were left as they are."""


class StorageFailed(DatabaseError):
    """The disk refused a write. The unit of work was not saved; what was saved before, is."""


class DatabaseBusy(DatabaseError):
    """It cannot be done while something is being read. Nothing was touched."""


FULL_DISK = "The disk refused the write, so nothing of it was saved. Free some space and try again."

DAMAGED = (
    "A part of the database is damaged, so that it cannot be read. "
    "Restore a backup: docs/operating.md says how."
)


def is_disk_refusal(failure: duckdb.Error) -> bool:
    """Whether the driver could not write; the database is usable all the same."""
    # A commit whose log cannot be written is called a failed transaction.
    is_failed_commit = isinstance(failure, duckdb.TransactionException)
    is_unwritten = is_failed_commit and "Could not write file" in str(failure)
    return is_unwritten or isinstance(failure, duckdb.IOException)


def is_damage(failure: Exception) -> bool:
    """Whether the driver met bytes in the file that are not what it wrote there."""
    return isinstance(failure, duckdb.Error) and "Corrupt database file" in str(failure)


def refuse_damage(failure: duckdb.Error) -> None:
    """Stop here if that is why a statement failed, and the database is usable all the same.

    Raises:
        DatabaseDamaged: it is.
    """
    if is_damage(failure) and not isinstance(failure, duckdb.FatalException):
        raise DatabaseDamaged(DAMAGED) from failure


def explain_loss(failure: Exception) -> DatabaseError:
    """What is said of a failure after which the database is usable again."""
    return DatabaseDamaged(DAMAGED) if is_damage(failure) else StorageFailed(FULL_DISK)
