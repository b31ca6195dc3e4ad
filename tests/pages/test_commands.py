"""The commands of a terminal: each says in a line what is the matter and what to do."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from data.database import Database
from gate.members import create_account
from gate.settings import Settings
from pages.terminal.commands import COMMANDS, run_command
from pages.ui.runtime import read_wall_clock
from tests.browser.running import find_free_port


class _NoServer:
    def run(self, *, config: dict[str, object]) -> None:
        raise AssertionError(f"nothing should be served: {config}")


def _run(home: Path, *arguments: str) -> int:
    return run_command(_NoServer(), [*arguments, "--home", str(home)])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATEBOOK_PORT", str(find_free_port()))
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    db = Database(folder / "gatebook.duckdb")
    create_account(db, Settings(), read_wall_clock())
    db.close()
    return folder


def test_doctor_finds_a_new_home_fine(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(home, "doctor") == 0
    assert "Database: fine." in capsys.readouterr().out


def test_doctor_says_that_a_home_is_open_to_others(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.chmod(0o755)
    assert _run(home, "doctor") == 1
    assert f"chmod 700 {home}" in capsys.readouterr().err


def test_check_names_what_is_wrong(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = Database(home / "gatebook.duckdb")
    with db.transaction() as tx:
        tx.run("insert into contact_link values (9, 9, current_timestamp, null, null, 1)")
    db.close()
    assert _run(home, "check") == 1
    assert "Database: see above." in capsys.readouterr().out


def test_a_gap_stops_every_command_until_it_is_accepted(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "gatebook.duckdb.promised").write_text(f"{9:020}\n")
    assert [_run(home, command) for command in ("serve", "check")] == [1, 1]
    assert "8 are missing" in capsys.readouterr().err
    assert [_run(home, command) for command in ("accept-gap", "check")] == [0, 0]


@pytest.mark.parametrize("command", ["serve", "doctor", "check", "backup", "compact", "accept-gap"])
def test_no_command_writes_into_another_users_home(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    monkeypatch.setattr(os, "geteuid", lambda: home.stat().st_uid + 1)
    assert _run(home, command) == 1
    assert f"{home} belongs to" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


def test_a_gap_is_not_accepted_while_the_database_is_used(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = Database(home / "gatebook.duckdb")
    promised = (home / "gatebook.duckdb.promised").read_bytes()
    assert _run(home, "accept-gap") == 1
    assert "Another process uses" in capsys.readouterr().err
    assert (home / "gatebook.duckdb.promised").read_bytes() == promised
    db.close()


def test_a_port_in_use_is_told_in_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert _run(home, "serve", "--port", str(port)) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Port {port} is in use")
    assert said.count("\n") == 1


def test_the_doctor_looks_at_the_pepper_too(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GATEBOOK_PEPPER", "zz")
    assert _run(home, "doctor") == 1
    said = capsys.readouterr()
    assert "64 hexadecimal digits" in said.err
    assert "fine" not in said.out


def test_every_command_has_its_line_of_help(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _run(home, "--help")
    said = capsys.readouterr().out
    assert all(f"\n  {command} " in said for command in COMMANDS)


def test_sign_in_without_a_server_says_how_to_start_one(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(home, "sign-in") == 1
    assert "./run" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_left_as_it_is(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "gatebook.duckdb").write_bytes(b"not a database" * 1_000)
    assert _run(home, "serve") == 1
    assert "left as it is" in capsys.readouterr().err
    assert (home / "gatebook.duckdb").read_bytes() == b"not a database" * 1_000


def test_a_wrong_setting_is_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GATEBOOK_PLAN", "platinum")
    assert _run(home, "doctor") == 1
    assert capsys.readouterr().err.startswith("GATEBOOK_PLAN")


def test_a_backup_restores_to_a_new_home_and_never_over_another(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(home, "backup") == 0
    folder = Path(capsys.readouterr().out.splitlines()[0].removeprefix("Backup: "))
    assert _run(tmp_path / "new", "restore", str(folder)) == 0
    assert _run(tmp_path / "new", "check") == 0
    assert _run(home, "restore", str(folder)) == 1
    assert "nothing is written over" in capsys.readouterr().err
    assert _run(tmp_path / "other", "restore", str(tmp_path)) == 1
    assert "is not a whole backup" in capsys.readouterr().err
    assert _run(tmp_path / "other", "restore") == 2


def test_the_file_is_written_anew_where_no_server_runs(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(home, "compact") == 0
    assert "written anew" in capsys.readouterr().out
    assert [_run(tmp_path / "none", command) for command in ("compact", "backup")] == [1, 1]


def test_a_backup_folder_that_cannot_be_written_is_told_in_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GATEBOOK_BACKUP_FOLDER", "/proc/nowhere")
    for command in ("backup", "doctor"):
        assert _run(home, command) == 1
        said = capsys.readouterr().err
        assert "written to /proc/nowhere: No such file" in said
        assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["backup", "compact", "sign-in"])
@pytest.mark.parametrize(("status", "said"), [(500, "Its log says why"), (409, "The reason.")])
def test_a_running_server_that_fails_is_not_called_away(
    home: Path, capsys: pytest.CaptureFixture[str], command: str, status: int, said: str
) -> None:
    with _answering(home, status, "The reason."):
        assert _run(home, command) == 1
    assert said in capsys.readouterr().err


def test_another_program_at_the_port_is_no_running_gatebook(home: Path) -> None:
    with _answering(home, 403, "Who are you?"):
        assert _run(home, "backup") == 0


@contextmanager
def _answering(home: Path, status: int, text: str) -> Iterator[None]:
    """A server that answers for this home, always the same."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        (home / "server.json").write_text(json.dumps({"port": server.server_port}))
        (home / "control.key").write_text("key")
        Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()
