"""What a server does by itself in its rounds: whole acts, each on real files."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from data.database import Database
from gate.codes import Pepper
from gate.erasure import erase_person
from gate.kept_backups import find_backups
from gate.members import create_account
from gate.rewriting import is_rewrite_due, rewrite_file
from gate.settings import Settings
from pages.routes import upkeep
from pages.routes.upkeep import carry_out_upkeep
from pages.ui.runtime import Runtime
from tests.factories import add_contact, make_identifier
from tests.gate.test_retention import OWNER

DAY = timedelta(days=1)
ERASED = "ada@erased.example"


@pytest.fixture
def runtime(db: Database, tmp_path: Path, now: datetime) -> Runtime:
    """A home that nobody serves, with Ada and Bob in it, whose clock stands still."""
    settings = Settings(home=tmp_path)
    create_account(db, settings, now)
    for name in ("documents", "outbox"):
        (tmp_path / name).mkdir()
    for address in (ERASED, "bob@example.com"):
        add_contact(db, address)
    return Runtime(settings, db, lambda: now, Pepper(b"p" * 32), {}, "key")


def _at(runtime: Runtime, now: datetime) -> Runtime:
    return replace(runtime, clock=lambda: now)


def _files_with(home: Path, text: str) -> set[str]:
    return {
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    }


def test_an_erased_address_is_in_no_file_but_earlier_backups(
    runtime: Runtime, now: datetime, tmp_path: Path
) -> None:
    carry_out_upkeep(runtime)
    (backup,) = find_backups(runtime.backups)
    erase_person(runtime.gate, make_identifier(ERASED), OWNER, now + DAY, outbox=runtime.outbox)
    assert _files_with(tmp_path, ERASED) > {f"backup/{backup.folder.name}/gatebook.duckdb"}
    carry_out_upkeep(_at(runtime, now + DAY))
    runtime.db.checkpoint()
    assert _files_with(tmp_path, ERASED) == {f"backup/{backup.folder.name}/gatebook.duckdb"}
    assert len(_files_with(tmp_path, "bob@example.com")) == 3
    carry_out_upkeep(_at(runtime, now + 15 * DAY))
    assert _files_with(tmp_path, ERASED) == set()


def test_a_backup_is_made_each_day_and_kept_as_long_as_was_set(
    runtime: Runtime, now: datetime
) -> None:
    settings = runtime.settings.model_copy(update={"backups_kept_days": 2})
    for half_days in range(10):
        at_work = replace(_at(runtime, now + half_days * DAY / 2), settings=settings)
        carry_out_upkeep(at_work, (upkeep.back_up_when_due,))
    made = [backup.made_at for backup in find_backups(runtime.backups)]
    assert made == [now + number * DAY for number in (3, 4)]


def test_no_backup_is_made_where_none_is_wanted(runtime: Runtime) -> None:
    settings = runtime.settings.model_copy(update={"backup_hours": 0})
    carry_out_upkeep(replace(runtime, settings=settings))
    assert find_backups(runtime.backups) == []


def test_backups_go_where_the_operator_wants_them(runtime: Runtime, tmp_path: Path) -> None:
    settings = runtime.settings.model_copy(update={"backup_folder": tmp_path / "elsewhere"})
    carry_out_upkeep(replace(runtime, settings=settings))
    assert len(find_backups(tmp_path / "elsewhere")) == 1


def test_the_file_is_written_anew_after_an_erasure_and_weekly(
    runtime: Runtime, now: datetime
) -> None:
    assert not is_rewrite_due(runtime.db, now)
    erase_person(runtime.gate, make_identifier(ERASED), OWNER, now, outbox=runtime.outbox)
    assert is_rewrite_due(runtime.db, now)
    carry_out_upkeep(_at(runtime, now + timedelta(minutes=1)))
    assert not is_rewrite_due(runtime.db, now + 6 * DAY)
    assert is_rewrite_due(runtime.db, now + 8 * DAY)


def test_an_erasure_whose_time_is_before_the_last_rewriting_is_due_all_the_same(
    runtime: Runtime, now: datetime
) -> None:
    rewrite_file(runtime.db, now)
    earlier = now - timedelta(minutes=1)
    erase_person(runtime.gate, make_identifier(ERASED), OWNER, earlier, outbox=runtime.outbox)
    assert is_rewrite_due(runtime.db, now)
    rewrite_file(runtime.db, now)
    assert not is_rewrite_due(runtime.db, now)


def test_an_erasure_just_before_the_rewriting_ends_stays_due(
    runtime: Runtime, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite = runtime.db.rewrite

    def rewrite_while_somebody_is_erased() -> None:
        rewrite()
        erase_person(runtime.gate, make_identifier(ERASED), OWNER, now, outbox=runtime.outbox)

    erase_person(
        runtime.gate, make_identifier("bob@example.com"), OWNER, now - DAY, outbox=runtime.outbox
    )
    monkeypatch.setattr(runtime.db, "rewrite", rewrite_while_somebody_is_erased)
    rewrite_file(runtime.db, now + DAY)
    assert is_rewrite_due(runtime.db, now + DAY)


def test_a_rewriting_under_a_wrong_clock_does_not_stop_the_next_one(
    runtime: Runtime, now: datetime
) -> None:
    rewrite_file(runtime.db, now + 900 * DAY)
    assert is_rewrite_due(runtime.db, now)
    rewrite_file(runtime.db, now)
    assert not is_rewrite_due(runtime.db, now - timedelta(minutes=5))


def test_a_large_file_waits_for_the_small_hours(
    runtime: Runtime, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.rewriting.SMALL_FILE_BYTES", 1)
    erase_person(runtime.gate, make_identifier(ERASED), OWNER, now, outbox=runtime.outbox)
    assert not is_rewrite_due(runtime.db, now)
    assert is_rewrite_due(runtime.db, now.replace(hour=3) + DAY)


def test_an_act_that_fails_is_logged_and_the_others_follow(runtime: Runtime) -> None:
    def break_down(_: Runtime) -> None:
        raise RuntimeError

    with runtime.db.transaction() as tx:
        tx.run("insert into upkeep_mark values ('erased', now())")
    acts = (break_down, upkeep.rewrite_when_due, upkeep.back_up_when_due)
    with runtime.db.snapshot(), capture_logs() as logs:
        carry_out_upkeep(runtime, acts)
    assert [line["event"] for line in logs] == ["upkeep_failed", "upkeep_put_off", "backup_made"]
