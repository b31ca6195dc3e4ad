"""What is told of a change: until the next thing that is done, and not a moment less."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.runtime import Runtime, set_runtime
from tests.factories import add_workspace

PAGE = str(Path(__file__).parents[2] / "pages/documents.py")


@pytest.fixture
def told(signed_in: None, runtime: Runtime) -> AppTest:
    """The documents page just after a workspace's name was refused."""
    add_workspace(runtime.db, "Sales")
    page = AppTest.from_file(PAGE, default_timeout=30).run()
    page.text_input(key="documents_workspace_name").input("SALES")
    next(one for one in page.button if one.label == "Create workspace").click().run()
    assert not page.exception
    return page


def later(runtime: Runtime, now: datetime, seconds: float) -> None:
    set_runtime(replace(runtime, clock=lambda: now + timedelta(seconds=seconds)))


def test_a_notice_goes_with_the_next_thing_that_is_done(
    told: AppTest, runtime: Runtime, now: datetime
) -> None:
    assert told.error
    later(runtime, now, 4)
    assert not told.run().error
    later(runtime, now, 4.1)
    assert not told.run().error


def test_a_page_that_runs_again_at_once_takes_no_notice_away(
    told: AppTest, runtime: Runtime, now: datetime
) -> None:
    later(runtime, now, 0.6)
    assert told.run().error
    later(runtime, now, 1.4)
    assert not told.run().error


def test_the_same_refusal_is_told_again_when_it_is_met_again(
    told: AppTest, runtime: Runtime, now: datetime
) -> None:
    later(runtime, now, 4)
    next(one for one in told.button if one.label == "Create workspace").click().run()
    assert told.error
