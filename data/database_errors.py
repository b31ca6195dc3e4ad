"""Why a database cannot be used. Each message says what is the matter and what to do."""


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class DatabaseInUse(DatabaseError):
    """Another process holds the file. Nothing was touched."""


class DatabaseUnreadable(DatabaseError):
    """The file is no database, is damaged, or is not ours to open. Nothing was touched."""


class UnitsMissing(DatabaseError):
    """Less is in the file and its log than was promised. Both were left as they are."""


class StorageFailed(DatabaseError):
    """The disk refused a write. The unit of work was not saved; what was saved before, is."""


class DatabaseBusy(DatabaseError):
    """It cannot be done while something is being read. Nothing was touched."""
