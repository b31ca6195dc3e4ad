"""What every test may ask for: a real database of its own, and the present."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.database import Database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A fresh database, closed after the test."""
    database = Database(tmp_path / "gatebook.duckdb")
    yield database
    database.close()


@pytest.fixture
def now() -> datetime:
    """A Wednesday at noon; tests pass time, they don't sleep."""
    return datetime(2026, 3, 18, 12, tzinfo=UTC)
