"""What is ready before the first visitor comes."""

import ast
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pages.routes.open_files import allow_many_files
from pages.terminal.log import LossyText
from tests.browser.running import ROOT
from tests.full_disk import full_disk

PROBE = """
import sys
from pages.routes.start import import_what_pages_need

import_what_pages_need()
print(*sys.modules, sep="\\n")
"""


def _imported_by_pages() -> set[str]:
    """Every module of ours that a page file imports."""
    return {
        node.module
        for page in (ROOT / "pages").glob("*.py")
        for node in ast.walk(ast.parse(page.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None
    }


def test_no_page_imports_anything_that_was_not_imported_at_the_start() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert _imported_by_pages() - set(answer.stdout.split()) == set()


def test_a_log_that_cannot_be_written_breaks_nothing(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file:
        log = LossyText(file)
        with full_disk(size=0):
            print("lost", file=log, flush=True)
        print("kept", file=log, flush=True)
    assert (tmp_path / "log").read_text().endswith("kept\n")


@pytest.mark.parametrize("allowed", [256, 1024])
def test_as_many_files_may_be_open_as_can_be_had(allowed: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    try:
        more = allow_many_files()
        assert more == resource.getrlimit(resource.RLIMIT_NOFILE)[0] > allowed
        assert allow_many_files() == more
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
