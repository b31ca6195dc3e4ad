"""Which folder may be a home: one's own, with a Gatebook in it or with nothing."""

import os
from pathlib import Path

import pytest

from data.database import Database
from gate.home import HomeRefused, refuse_unusable_home
from pages.routes.start import prepare_home


def test_a_folder_with_other_things_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("Dear Ada")
    tmp_path.chmod(0o755)
    with pytest.raises(HomeRefused, match="holds other things and no Gatebook"):
        prepare_home(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


@pytest.mark.parametrize("names", [[], ["lost+found"], [".cache"], ["documents", "outbox"]])
def test_a_folder_with_nothing_of_anybodys_becomes_a_home(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).mkdir()
    prepare_home(tmp_path)
    assert (tmp_path / "documents").is_dir()


@pytest.mark.parametrize("name", ["gatebook.duckdb", "gatebook.duckdb.promised", "pepper"])
def test_a_home_may_hold_other_things_beside(tmp_path: Path, name: str) -> None:
    for one in (name, "notes.txt"):
        (tmp_path / one).touch()
    refuse_unusable_home(tmp_path)


def test_a_home_of_another_user_is_refused_and_named(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 65_000)
    with pytest.raises(HomeRefused, match=r"belongs to \S+, and this is #\d+.*sudo -u"):
        refuse_unusable_home(tmp_path)


def test_a_home_into_which_a_backup_was_half_restored_is_refused(
    db: Database, tmp_path: Path
) -> None:
    (tmp_path / ".restoring").mkdir()
    with pytest.raises(HomeRefused, match="Empty it, and restore again"):
        refuse_unusable_home(tmp_path)


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(HomeRefused, match="is no folder"):
        prepare_home(tmp_path / "home")


def test_a_home_that_cannot_be_made_is_told_in_a_sentence() -> None:
    with pytest.raises(HomeRefused, match=r"The home /proc/nowhere cannot be used: No such file"):
        prepare_home(Path("/proc/nowhere"))
