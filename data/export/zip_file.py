"""One download of several files, for a tool that takes only so many rows in one. Never whole."""

import zipfile
from collections.abc import Iterator
from typing import Any


class Pieces:
    """A file that only ever grows, and gives away what was written since it was asked last."""

    closed = False

    def __init__(self) -> None:
        """Begin with nothing."""
        self._written: list[bytes] = []

    def write(self, piece: Any) -> int:
        """Add these bytes."""
        self._written.append(bytes(piece))
        return len(self._written[-1])

    def flush(self) -> None:
        """Do nothing: nothing waits here but to be taken."""

    def close(self) -> None:
        """Do nothing: what was written can still be taken."""

    def take(self) -> bytes:
        """What was written since this was asked last."""
        taken = b"".join(self._written)
        self._written.clear()
        return taken


def zip_pieces(files: Iterator[tuple[str, Iterator[bytes]]]) -> Iterator[bytes]:
    """The bytes of an archive of these files, each a name and its bytes, as they come."""
    pieces = Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, chunks in files:
            with archive.open(name, "w") as member:
                for chunk in chunks:
                    member.write(chunk)
                    if taken := pieces.take():
                        yield taken
    yield pieces.take()
