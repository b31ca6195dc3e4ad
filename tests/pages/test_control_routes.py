"""What an operator's terminal asks of the running server, and nobody else may."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from data.upkeep_marks import UpkeepMark, get_upkeep_mark
from gate.kept_backups import find_backups
from gate.restoring import restore_backup
from pages.routes.control import control_routes
from pages.ui.runtime import Runtime, set_runtime
from tests.full_disk import full_disk
from tests.pages.asking_routes import Answer, ask_route

KEY = "the key of the home"


@pytest.fixture(autouse=True)
def kept(runtime: Runtime) -> Iterator[Runtime]:
    started = replace(runtime, control_key=KEY)
    set_runtime(started)
    with capture_logs():
        yield started


def post(path: str, key: str = KEY) -> Answer:
    headers = {"authorization": f"Bearer {key}"}
    return ask_route(Starlette(routes=control_routes), path, headers=headers, method="POST")


def test_a_backup_that_the_running_server_makes_restores(kept: Runtime, tmp_path: Path) -> None:
    answer = post("/control/backup")
    (made,) = find_backups(kept.backups)
    assert (answer.status, answer.text) == (200, str(made.folder))
    assert restore_backup(made.folder, tmp_path / "restored") == []


def test_the_running_server_writes_its_file_anew(kept: Runtime) -> None:
    assert post("/control/rewrite").status == 200
    assert get_upkeep_mark(kept.db, UpkeepMark.REWRITTEN) == kept.clock()


def test_a_full_disk_is_told_to_who_asked(kept: Runtime) -> None:
    with full_disk(size=1_000):
        answers = [post(f"/control/{act}") for act in ("backup", "rewrite")]
    assert [answer.status for answer in answers] == [409, 409]
    assert "could not be written" in answers[0].text
    assert find_backups(kept.backups) == []


@pytest.mark.parametrize("act", ["backup", "rewrite"])
@pytest.mark.parametrize("key", ["", "another key"])
def test_nobody_without_the_homes_key_is_heard(kept: Runtime, act: str, key: str) -> None:
    assert post(f"/control/{act}", key).status == 403
    assert find_backups(kept.backups) == []
    assert get_upkeep_mark(kept.db, UpkeepMark.REWRITTEN) is None
