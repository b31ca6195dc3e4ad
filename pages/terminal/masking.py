"""What a failure says of itself in the log, without anybody's address, number, name or secret."""

import re
import traceback

LONGEST_MESSAGE = 500

_PIECES = (
    # An address, with whatever may stand around its @.
    re.compile(r"[^\s\"'<>(),;:]+@[^\s\"'<>(),;]+"),
    # What is quoted is a value: of a column, a file of a person's, a search.
    re.compile(r"\"[^\"\n]*\""),
    re.compile(r"'[^'\n]*'"),
    # Slugs, tokens, hashes.
    re.compile(r"[A-Za-z0-9_-]{20,}"),
    # Codes and phone numbers, however they are parted.
    re.compile(r"[+(]{0,2}\d(?:[\s().-]*\d){5,}"),
)


def mask_text(text: str) -> str:
    """The same text with every part that may be somebody's taken out."""
    for piece in _PIECES:
        text = piece.sub("…", text)
    return text[:LONGEST_MESSAGE]


def format_failure(failure: BaseException) -> str:
    """Where a failure came from, line by line, and what it says, masked; its causes below it."""
    lines = ["Traceback (most recent call last):"]
    seen: set[int] = set()
    current: BaseException | None = failure
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines += [line.rstrip("\n") for line in traceback.format_tb(current.__traceback__)]
        lines.append(f"{type(current).__name__}: {mask_text(str(current))}")
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return "\n".join(lines)
