"""What every test may ask for: a real database of its own, and the present."""

import shutil
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


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fresh database, to be copied: bringing up its schema takes a while."""
    home = tmp_path_factory.mktemp("fresh")
    Database(home / "gatebook.duckdb").close()
    return home


@pytest.fixture
def db(tmp_path: Path, fresh_home: Path) -> Iterator[Database]:
    """A fresh database, closed after the test."""
    shutil.copytree(fresh_home, tmp_path, dirs_exist_ok=True)
    database = Database(tmp_path / "gatebook.duckdb")
    yield database
    database.close()


@pytest.fixture
def now() -> datetime:
    """A Wednesday at noon; tests pass time, they don't sleep."""
    return datetime(2026, 3, 18, 12, tzinfo=UTC)
