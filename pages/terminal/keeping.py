"""The commands with which an operator keeps the home's data safe."""

import sys
from pathlib import Path

from data.database import Database
from data.engine.lock import held
from data.engine.promise import accept_gap
from gate.backups import make_backup
from gate.home import refuse_unusable_home
from gate.restoring import restore_backup
from gate.rewriting import rewrite_file
from gate.settings import Settings
from pages.routes.start import DATABASE_FILE
from pages.terminal.greeting import write_line
from pages.terminal.running_server import NotRunning, ask_running_server
from pages.ui.runtime import read_wall_clock

# Copying and checking a large home takes a while.
_PATIENCE_SECONDS = 3_600


def back_up(settings: Settings) -> int:
    """Make a backup, by the running server or without one; where it is, is printed."""
    try:
        made = ask_running_server(settings, "/control/backup", timeout_seconds=_PATIENCE_SECONDS)
    except NotRunning:
        db = open_kept_database(settings)
        if db is None:
            return 1
        try:
            made = str(make_backup(db, settings.find_backup_folder(), read_wall_clock()).folder)
        finally:
            db.close()
    write_line(f"Backup: {made}\nIt was restored beside it and checked: fine.")
    return 0


def restore(settings: Settings, source: Path | None) -> int:
    """Make the home out of a backup; a home that holds anything is left as it is."""
    if source is None:
        write_line("Name the backup's folder: python app.py restore FOLDER", to=sys.stderr)
        return 2
    findings = restore_backup(source, settings.home)
    for finding in findings:
        write_line(finding, to=sys.stderr)
    write_line(f"Restored to {settings.home}." + (" Database: see above." if findings else ""))
    return 1 if findings else 0


def compact(settings: Settings) -> int:
    """Write the database anew, by the running server or without one."""
    try:
        ask_running_server(settings, "/control/rewrite", timeout_seconds=_PATIENCE_SECONDS)
    except NotRunning:
        db = open_kept_database(settings)
        if db is None:
            return 1
        try:
            rewrite_file(db, read_wall_clock())
        finally:
            db.close()
    write_line("The database is written anew. What was deleted is in none of its bytes.")
    return 0


def accept_missing(settings: Settings) -> int:
    """Go on with a database that holds less than it promised."""
    refuse_unusable_home(settings.home)
    path = settings.home / DATABASE_FILE
    if not path.exists():
        write_line(f"There is no database at {path}.", to=sys.stderr)
        return 1
    with held(path):
        accept_gap(path)
    Database(path).close()
    write_line("The database is used with what is in it. Check it: python app.py check")
    return 0


def open_kept_database(settings: Settings) -> Database | None:
    """The home's database, opened while no server has it; None, with its reason told, if missing.

    Raises:
        HomeRefused: the home is another user's, or none.
        DatabaseError, SchemaError: see `data/database.py`.
    """
    refuse_unusable_home(settings.home)
    path = settings.home / DATABASE_FILE
    if not path.exists():
        write_line(f"There is no database at {path}.", to=sys.stderr)
        return None
    return Database(path)
