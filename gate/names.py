"""Names that people give to things: cleaned once, before they are stored."""

import re
import unicodedata
from pathlib import PurePosixPath

MAX_NAME_LENGTH = 120
UNTITLED = "Untitled"

# Characters that turn or hide the text around them; joiners stay, scripts and emoji need them.
_DECEPTIVE = "\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_UNWANTED = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff{_DECEPTIVE}]")


def clean_name(text: str) -> str:
    """The name in NFC on one line, 120 characters at most; empty if nothing visible was typed."""
    return _tidy(text)[:MAX_NAME_LENGTH].rstrip()


def clean_text(text: str) -> str:
    """A longer text in NFC with its line breaks, without what hides or turns the text around it."""
    lines = re.sub(r"\r\n?", "\n", text).expandtabs(4).split("\n")
    tidied = (unicodedata.normalize("NFC", _UNWANTED.sub("", line)).rstrip() for line in lines)
    return "\n".join(tidied).strip()


def clean_file_name(text: str) -> str:
    """The last part of a path as a name; a long one keeps its extension. Never empty."""
    name = _tidy(re.split(r"[/\\]", text)[-1])
    if not name.strip(". "):
        return UNTITLED
    if len(name) <= MAX_NAME_LENGTH:
        return name
    extension = PurePosixPath(name).suffix[:16]
    return name[: MAX_NAME_LENGTH - len(extension)].rstrip() + extension


def make_file_name(name: str) -> str:
    """A name as that of a saved file, of which no part is taken for a folder. Never empty."""
    return re.sub(r"[/\\]", "-", name) if name.strip(". ") else UNTITLED


def _tidy(text: str) -> str:
    shown = _UNWANTED.sub("", re.sub(r"\s+", " ", text))
    return unicodedata.normalize("NFC", re.sub(" +", " ", shown)).strip()
