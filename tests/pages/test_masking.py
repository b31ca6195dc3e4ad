"""The log tells where something broke, and of nobody whom it broke for."""

import io
import json
import sys

import duckdb
import pytest
import structlog

from data.database import Database
from pages.terminal.log import quiet_logs
from pages.terminal.masking import format_failure, mask_text
from tests.factories import add_contact

ADA = "ada@example.com"
PRIVATE = (
    "ada@example.com",
    "Ada.King+deck@sub.example.co.uk",
    "+44 7700 900123",
    "(0)7700-900123",
    "123 456",
    "Zq3vN8_kLw0-rT5yXh2Jd1Pc",
    '"Ada King"',
    "'a search of hers'",
)


@pytest.mark.parametrize("private", PRIVATE)
def test_what_may_be_somebodys_is_taken_out_of_a_message(private: str) -> None:
    masked = mask_text(f"Could not take {private} for a column")
    assert masked == "Could not take … for a column"


def test_what_a_message_says_itself_stays() -> None:
    said = "Conflict on update! 12 of 40 rows, IO Error: No space left on device"
    assert mask_text(said) == said


def test_a_databases_own_error_tells_where_it_broke_and_not_whose_row_it_was(
    db: Database,
) -> None:
    add_contact(db, ADA)
    with pytest.raises(duckdb.ConstraintException) as broken:
        add_contact(db, ADA)
    assert ADA in str(broken.value)
    told = format_failure(broken.value)
    assert ADA not in told
    assert told.startswith("Traceback")
    assert "in insert_identifier" in told
    assert "ConstraintException: " in told


def test_a_cause_is_told_too() -> None:
    with pytest.raises(RuntimeError) as broken:
        _break_with_cause()
    told = format_failure(broken.value)
    assert [line for line in told.splitlines() if "Error: " in line] == [
        "RuntimeError: no unit of …",
        "KeyError: …",
    ]


def _break_with_cause() -> None:
    try:
        raise KeyError(ADA)
    except KeyError as failure:
        raise RuntimeError(f"no unit of {ADA}") from failure


def test_the_log_is_one_line_of_json_for_each_event(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    before = structlog.get_config()
    try:
        quiet_logs()
        try:
            _break_with_cause()
        except RuntimeError as failure:
            structlog.get_logger().error("page_failed", exc_info=failure)
            structlog.get_logger().error("page_failed", exc_info=True)
    finally:
        structlog.configure(**before)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["page_failed"] * 2
    assert {line["exception"].splitlines()[-1] for line in lines} == {"KeyError: …"}
    assert ADA not in written.getvalue()
