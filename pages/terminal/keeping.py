"""The commands with which an operator keeps the home's data safe."""

import sys

from data.database import Database
from data.promise import accept_gap
from gate.settings import Settings
from pages.routes.start import DATABASE_FILE
from pages.terminal.greeting import write_line


def accept_missing(settings: Settings) -> int:
    """Go on with a database that holds less than it promised; how much that is, is printed."""
    path = settings.home / DATABASE_FILE
    if not path.exists():
        write_line(f"There is no database at {path}.", to=sys.stderr)
        return 1
    accept_gap(path)
    Database(path).close()
    write_line("The database is used with what is in it. Check it: python app.py check")
    return 0
