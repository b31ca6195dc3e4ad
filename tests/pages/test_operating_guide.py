"""The operator's guide says what the program does: its commands, numbers, events and settings."""

import re

import pytest

from pages.terminal.commands import COMMANDS
from tests.pages.test_health import TOKEN, ask, measured, never_asked
from tests.reading import ROOT, read_product, read_text
from tests.test_house import SETTINGS

GUIDE = read_text("docs/operating.md")
EXAMPLES = sorted((ROOT / "docs/examples").iterdir())
__all__ = ["measured", "never_asked"]


def test_every_command_that_it_names_exists_and_every_command_is_named() -> None:
    named = set(re.findall(r"python app\.py ([a-z-]+)", GUIDE))
    assert named <= set(COMMANDS)
    assert named >= {"backup", "restore", "compact", "check", "accept-gap", "sign-in"}


@pytest.mark.usefixtures("measured")
def test_every_number_that_it_names_is_there_and_every_number_of_ours_is_named() -> None:
    text = ask("/metrics", TOKEN).text
    told = set(re.findall(r"^# TYPE (gatebook_\w+)", text, re.MULTILINE))
    named = set(re.findall(r"`(gatebook_\w+?)(?:_total)?(?:\{[\w,]+\})?`", GUIDE))
    without_total = {name.removesuffix("_total") for name in told}
    # There is none before the first backup.
    assert named == without_total | {"gatebook_backup_timestamp_seconds"}


def test_every_event_that_it_names_is_one_that_is_logged() -> None:
    table = GUIDE.partition("| `event` |")[2].partition("\n## ")[0]
    named = {name for row in table.splitlines() for name in re.findall(r"`(\w+_\w+)`", row[:60])}
    product = "".join(source.text for source in read_product())
    assert len(named) >= 7
    assert {name for name in named if f'"{name}"' not in product} == set()


@pytest.mark.parametrize("text", [GUIDE, *(path.read_text() for path in EXAMPLES)])
def test_every_setting_that_it_names_exists(text: str) -> None:
    assert set(re.findall(r"GATEBOOK_[A-Z_]+[A-Z]", text)) <= set(SETTINGS)


def test_the_unit_starts_what_there_is() -> None:
    unit = read_text("docs/examples/gatebook.service")
    assert re.search(r"^ExecStart=.*/\.venv/bin/python app\.py serve --quiet$", unit, re.MULTILINE)
