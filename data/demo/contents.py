"""What the demo account shares: the words of `documents.md` and the rules of `share_links.csv`."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Slide:
    """One page of a document: its heading, its lines (bullets begin with "- "), a bar chart."""

    heading: str
    lines: tuple[str, ...]
    chart: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """One document to make: where, on which day of the account's life, and its text."""

    name: str
    workspace: str
    day: int
    body: str

    @property
    def slides(self) -> tuple[Slide, ...]:
        """The pages of the text, each beginning with its heading."""
        return tuple(_parse_slide(part) for part in re.split(r"^## ", self.body, flags=re.M)[1:])


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """One share link to make: what it opens (a document or a workspace), its rules and its life.

    `email` and `whatsapp` are "", "asked" or "verified"; `pull` is how many come through it; an
    email address of the domain `denies`, if there is one, is kept out; with `asks_consent` a viewer
    may also agree to be written to.
    """

    opens: str
    name: str
    email: str
    whatsapp: str
    day: int
    lasts_days: int | None
    revoked_day: int | None
    pull: int
    denies: str
    asks_consent: bool


def read_document_plans() -> list[DocumentPlan]:
    """The documents in the order in which they are numbered."""
    text = (FOLDER / "documents.md").read_text("utf-8")
    # A document begins with its file name as a heading; a heading within a text has no extension.
    parts = re.split(r"^# (.+\.(?:pdf|png|md|csv|txt))\n(\w+), day (\d+)\n", text, flags=re.M)[1:]
    return [
        DocumentPlan(name, workspace, int(day), body.strip() + "\n")
        for name, workspace, day, body in zip(*[iter(parts)] * 4, strict=True)
    ]


def read_link_plans() -> list[LinkPlan]:
    """The share links in the order in which they are numbered; the first is the sample."""
    with (FOLDER / "share_links.csv").open(encoding="utf-8", newline="") as file:
        return [_parse_link(row) for row in csv.DictReader(file)]


def _parse_link(row: dict[str, str]) -> LinkPlan:
    return LinkPlan(
        opens=row["opens"],
        name=row["name"],
        email=row["email"],
        whatsapp=row["whatsapp"],
        day=int(row["day"]),
        lasts_days=int(row["lasts_days"]) if row["lasts_days"] else None,
        revoked_day=int(row["revoked_day"]) if row["revoked_day"] else None,
        pull=int(row["pull"]),
        denies=row["denies"],
        asks_consent=row["consent"] == "asked",
    )


def _parse_slide(part: str) -> Slide:
    heading, *lines = part.strip().split("\n")
    chart = next(_chart_values(lines), ())
    return Slide(heading, tuple(line for line in lines if not line.startswith("[chart")), chart)


def _chart_values(lines: list[str]) -> Iterator[tuple[int, ...]]:
    for line in lines:
        if line.startswith("[chart"):
            yield tuple(int(number) for number in line.strip("[]").split()[1:])
