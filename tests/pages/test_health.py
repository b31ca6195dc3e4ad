"""Whether the server lives and can save, and its numbers for whoever has the token."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from data.database import Transaction
from data.gate_events import GateEvent, GateStep, insert_gate_event
from gate.backups import make_backup
from pages.routes import health
from pages.routes.health import health_routes
from pages.routes.metrics import metrics_routes
from pages.ui.runtime import Runtime, set_runtime
from tests.factories import add_contact
from tests.full_disk import full_disk
from tests.pages.asking_routes import Answer, ask_route

TOKEN = "a token of the operator"


def ask(path: str, token: str = "", *, scheme: str = "Bearer") -> Answer:
    headers = {"authorization": f"{scheme} {token}"} if token else {}
    app = Starlette(routes=[*health_routes, *metrics_routes])
    return ask_route(app, path, headers=headers)


@pytest.fixture(autouse=True)
def never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_readiness", health.Readiness())


@pytest.fixture
def measured(runtime: Runtime) -> Runtime:
    """A runtime that began an hour ago and has a token for its numbers."""
    settings = runtime.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    started_at = runtime.clock() - timedelta(hours=1)
    started = replace(runtime, settings=settings, started_at=started_at)
    set_runtime(started)
    return started


def note_step(tx: Transaction, step: GateStep, now: datetime) -> None:
    insert_gate_event(tx, GateEvent(created_at=now, share_link_id=1, browser_id=1, step=step))


def read_numbers(text: str) -> dict[str, float]:
    return {
        name: float(number)
        for name, number in re.findall(r"^([^#\s]+(?:\{.*\})?) (\S+)$", text, re.MULTILINE)
    }


def test_a_server_that_can_save_is_ready(runtime: Runtime) -> None:
    assert (ask("/healthz").text, ask("/readyz").text) == ("ok", "ready")


def test_a_full_disk_is_alive_and_not_ready_until_there_is_space(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "ANSWER_LIFE_SECONDS", 0.0)
    with full_disk(size=0):
        answer = ask("/readyz")
        assert ask("/healthz").status == 200
    assert (answer.status, answer.text) == (503, "not ready: StorageFailed")
    assert ask("/readyz").status == 200


def test_whatever_keeps_things_from_being_saved_is_not_ready(runtime: Runtime) -> None:
    runtime.db._connection.execute("drop table saved_unit")
    answer = ask("/readyz")
    assert (answer.status, answer.text) == (503, "not ready: CatalogException")


def test_asking_often_does_not_write_often(runtime: Runtime) -> None:
    for _ in range(9):
        ask("/readyz")
    first = runtime.db.rows("select number from saved_unit")
    ask("/readyz")
    assert runtime.db.rows("select number from saved_unit") == first


def test_who_asks_while_a_unit_takes_long_is_told(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.01)
    with health._readiness._lock:
        assert (ask("/readyz").status, ask("/readyz").text[:4]) == (503, "busy")


def test_there_are_no_metrics_without_a_token_set(runtime: Runtime) -> None:
    assert ask("/metrics").status == 404
    assert ask("/metrics", "anything").status == 404


@pytest.mark.parametrize("token", ["", "a token of a stranger", TOKEN[:-1]])
def test_metrics_are_refused_without_the_token(measured: Runtime, token: str) -> None:
    answer = ask("/metrics", token)
    assert (answer.status, answer.text) == (401, "The metrics token is needed.")


@pytest.mark.parametrize(("scheme", "status"), [("bearer", 200), ("BEARER", 200), ("Basic", 401)])
def test_the_tokens_scheme_is_read_in_any_case(measured: Runtime, scheme: str, status: int) -> None:
    assert ask("/metrics", TOKEN, scheme=scheme).status == status


def test_the_numbers_are_those_of_the_gate_the_database_and_the_disk(measured: Runtime) -> None:
    now = measured.clock()
    with measured.db.transaction() as tx:
        for step in (GateStep.ADMITTED, GateStep.ADMITTED, GateStep.LIMITED):
            note_step(tx, step, now)
        note_step(tx, GateStep.DENIED, now - timedelta(hours=2))
    made = make_backup(measured.db, measured.backups, now)
    numbers = read_numbers(ask("/metrics", TOKEN).text)
    assert numbers['gatebook_gate_steps_total{channel="",step="admitted"}'] == 2
    assert numbers['gatebook_gate_steps_total{channel="",step="limited"}'] == 1
    assert 'gatebook_gate_steps_total{channel="",step="denied"}' not in numbers
    assert numbers['gatebook_file_bytes{kind="backups"}'] == made.byte_count
    assert numbers['gatebook_file_bytes{kind="database"}'] == measured.db.path.stat().st_size
    assert numbers["gatebook_backup_timestamp_seconds"] == now.timestamp()
    assert numbers["gatebook_saved_units_total"] == 2
    assert numbers['gatebook_unit_seconds_bucket{le="+Inf"}'] >= 2
    assert numbers["gatebook_question_seconds_count"] >= 1
    assert numbers["gatebook_disk_free_bytes"] > 0
    assert numbers["gatebook_database_memory_bytes"] > 0
    assert numbers["gatebook_python_blocks"] > 0


def test_a_cursor_counts_as_long_as_it_is_open(measured: Runtime) -> None:
    def count() -> float:
        return read_numbers(ask("/metrics", TOKEN).text)["gatebook_open_cursors"]

    before = count()
    with measured.db.snapshot() as moment:
        assert moment.row("select 1") == (1,)
        assert count() == before + 1
    assert count() == before


def test_nobody_is_in_the_numbers(measured: Runtime) -> None:
    add_contact(measured.db, "ada@example.com", name="Ada King", company="Analytical Engines")
    text = ask("/metrics", TOKEN).text
    assert not re.search(r"ada|@|King|Engines|Northwind", text)
