"""The commands of `python app.py`; those that keep data safe are in `keeping.py`."""

import argparse
import errno
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from data.check import check_database
from data.database import DatabaseError, DatabaseInUse
from data.migrations import SchemaError
from gate.backup_files import BackupRefused
from gate.codes import PepperRefused, read_pepper
from gate.home import HomeRefused, refuse_unusable_home
from gate.kept_backups import try_backup_folder
from gate.settings import Settings, SettingsRefused, read_settings
from pages.routes import start
from pages.routes.start import DATABASE_FILE, start_runtime
from pages.terminal.greeting import fill_demo, print_addresses, write_line
from pages.terminal.keeping import accept_missing, back_up, compact, open_kept_database, restore
from pages.terminal.running_server import NotRunning, ServerRefused, ask_running_server

COMMANDS = (
    "serve",
    "sign-in",
    "doctor",
    "check",
    "backup",
    "restore",
    "compact",
    "accept-gap",
)
_HELP = """commands:
  serve          serve Gatebook; without a command, too
  sign-in        a new one-time sign-in address for the owner, from the running server
  doctor         whether the settings, the home and its database are fine
  check          whether the database agrees with itself; stop the server before
  backup         make a backup and restore it beside, to try it; while serving, too
  restore SOURCE make the home out of this backup; the home must be empty
  compact        write the database anew, without what was deleted; while serving, too
  accept-gap     go on with a database that holds less than was saved in it
"""
# What can be wrong at start and has a message of its own that says what to do.
_EXPLAINED = (
    SettingsRefused,
    DatabaseError,
    SchemaError,
    PepperRefused,
    HomeRefused,
    BackupRefused,
    ServerRefused,
    OSError,
)


class Servable(Protocol):
    """The application, as far as the command line knows it."""

    def run(self, *, config: dict[str, object]) -> None:
        """Serve until stopped."""


def run_command(app: Servable, arguments: list[str]) -> int:
    """Carry out one command line; the process's exit code, with its reason already printed."""
    parsed = _read_arguments(arguments)
    commands: dict[str, Callable[[Settings], int]] = {
        "serve": lambda settings: _serve(app, settings, parsed),
        "sign-in": _sign_in,
        "doctor": _doctor,
        "check": _check,
        "backup": back_up,
        "restore": lambda settings: restore(settings, parsed.source),
        "compact": compact,
        "accept-gap": accept_missing,
    }
    given = {"home": parsed.home, "port": parsed.port}
    overrides = {name: value for name, value in given.items() if value is not None}
    try:
        settings = read_settings(**overrides)
        settings = settings.model_copy(update={"home": settings.home.expanduser().resolve()})
        return commands[parsed.command](settings)
    except _EXPLAINED as failure:
        write_line(_spell_out(failure), to=sys.stderr)
        return 1


def _spell_out(failure: Exception) -> str:
    if isinstance(failure, OSError) and failure.strerror:
        return ": ".join(str(part) for part in (failure.filename, failure.strerror) if part)
    return str(failure)


def _read_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="What Gatebook's operators do: docs/operating.md says when.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", default="serve", choices=COMMANDS, metavar="command")
    parser.add_argument("source", nargs="?", type=Path, help="the backup to restore")
    parser.add_argument("--demo", action="store_true", help="make a demo account if there is none")
    parser.add_argument(
        "--quiet", action="store_true", help="print no addresses, as for a log that is kept"
    )
    parser.add_argument("--port", type=int, help="port to serve on")
    parser.add_argument("--home", help="folder of the database, documents and keys")
    return parser.parse_args(arguments)


def _serve(app: Servable, settings: Settings, parsed: argparse.Namespace) -> int:
    if _is_port_taken(settings.port):
        write_line(
            f"Port {settings.port} is in use by Gatebook or another program. Choose another with "
            "--port, or stop what uses it.",
            to=sys.stderr,
        )
        return 1
    start_runtime(settings, fill_demo if parsed.demo else None)
    if not parsed.quiet:
        start.greet.append(print_addresses)
    # Streamlit reads this process's arguments too, and ours are not for it.
    sys.argv = sys.argv[:1]
    with suppress(KeyboardInterrupt):
        app.run(config={"server.port": settings.port})
    return 0


def _is_port_taken(port: int) -> bool:
    """Whether something listens at this port already."""
    with socket.socket() as probe:
        # As who serves does: a port whose last connections are just closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as failure:
            return failure.errno == errno.EADDRINUSE
    return False


def _sign_in(settings: Settings) -> int:
    try:
        address = ask_running_server(settings, "/control/sign-in")
    except NotRunning:
        write_line(
            f"No Gatebook is running with the home {settings.home}. Start it with ./run, which "
            "prints a sign-in address too.",
            to=sys.stderr,
        )
        return 1
    write_line(f"Owner sign-in: {address}")
    return 0


def _doctor(settings: Settings) -> int:
    home = settings.home
    if settings.pepper is not None:
        read_pepper(home, settings.pepper.get_secret_value())
    write_line(f"Settings: fine. The home is {home}, the port {settings.port}.")
    if home.exists() and home.stat().st_mode & 0o077:
        write_line(f"The home {home} is open to others. Close it: chmod 700 {home}", to=sys.stderr)
        return 1
    refuse_unusable_home(home)
    if home.exists():
        try_backup_folder(settings.find_backup_folder())
        write_line(f"Backups: fine. They go to {settings.find_backup_folder()}.")
    if not (home / DATABASE_FILE).exists():
        write_line("There is no database yet; ./run makes one.")
        return 0
    try:
        return _check(settings)
    except DatabaseInUse:
        write_line("Database: in use by a running Gatebook. Stop it to have it checked too.")
        return 0


def _check(settings: Settings) -> int:
    db = open_kept_database(settings)
    if db is None:
        return 1
    try:
        findings = check_database(db)
    finally:
        db.close()
    for finding in findings:
        write_line(finding, to=sys.stderr)
    write_line("Database: fine." if not findings else "Database: see above.")
    return 1 if findings else 0
