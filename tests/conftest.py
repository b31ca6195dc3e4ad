"""What every test may ask for: a real database of its own, and the present."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from data.database import Database

# How fast a machine draws examples says nothing about the product.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _log_of_each_test() -> Iterator[None]:
    # A command sets the log up for its own standard error, which ends with its test.
    before = structlog.get_config()
    yield
    structlog.configure(**before)


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
