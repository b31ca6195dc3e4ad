"""The folder of a Gatebook: whether it is one, and whether this user may write into it.

What lies in it is the business of others.
"""

import os
import pwd
from pathlib import Path

from data.engine.opening import DATABASE_FILE
from gate.codes import PEPPER_FILE

# A home into which a backup is being restored; what a crash left of that is no home.
RESTORING = ".restoring"
# A disk of its own has it from the beginning.
_LOST_AND_FOUND = "lost+found"
# What is made before the database is, and lies there if that failed.
_MADE_FIRST = {"documents", "outbox", "backup", "spill", "control.key", "server.json"}


class HomeRefused(Exception):
    """The folder cannot be used as a home; the message says why and what to do."""


def find_home_contents(home: Path) -> set[str]:
    """The names of all that lies in a folder, but for what its file system brings."""
    return {path.name for path in home.iterdir()} - {_LOST_AND_FOUND}


def refuse_unusable_home(home: Path) -> None:
    """Stop here if this folder, which may be missing, is no home that this user may write into.

    Raises:
        HomeRefused: it is not.
    """
    if not home.exists():
        return
    refuse_other_owner(home)
    names = find_home_contents(home)
    if RESTORING in names:
        message = f"A backup was not restored to {home} to its end. Empty it, and restore again."
        raise HomeRefused(message)
    if not _is_home(names):
        raise HomeRefused(
            f"{home} holds other things and no Gatebook. It was left as it is. "
            "Name a folder of its own with --home or GATEBOOK_HOME."
        )


def refuse_other_owner(home: Path) -> None:
    """Stop here if this folder is another user's, who could not read what is written there.

    Raises:
        HomeRefused: it is, or it is no folder.
    """
    if not home.is_dir():
        raise HomeRefused(f"{home} is no folder. Name another with --home or GATEBOOK_HOME.")
    owner, user = home.stat().st_uid, os.geteuid()
    if owner != user:
        name = _name_of(owner)
        raise HomeRefused(
            f"{home} belongs to {name}, and this is {_name_of(user)}: {name} could not read what "
            f"is written there. Run it as {name}: sudo -u {name} .venv/bin/python app.py …"
        )


def _is_home(names: set[str]) -> bool:
    is_begun = any(name.startswith(DATABASE_FILE) for name in names) or PEPPER_FILE in names
    return is_begun or all(name in _MADE_FIRST or name.startswith(".") for name in names)


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"#{user}"
