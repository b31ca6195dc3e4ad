"""Each page file run alone and cold, as its finder might run it: it shows a stranger nothing."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.runtime import Runtime, set_runtime
from tests.browser.running import ROOT
from tests.factories import add_contact, add_session, add_share_link, add_workspace

PAGE_FILES = sorted(
    path for path in (ROOT / "pages").glob("*.py") if path.stem not in ("__init__", "main")
)


def _shown(page: Path) -> str:
    app = AppTest.from_file(str(page), default_timeout=30).run()
    assert not app.exception
    assert not app.dataframe
    assert not app.metric
    return " ".join(str(getattr(each, "value", "")) for each in app.main)


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda path: path.stem)
def test_a_page_file_without_a_server_shows_nothing(page: Path) -> None:
    set_runtime(None)
    assert "ada@example.com" not in _shown(page)


@pytest.mark.parametrize("page", PAGE_FILES, ids=lambda path: path.stem)
def test_a_page_file_with_a_server_shows_a_stranger_nothing(page: Path, runtime: Runtime) -> None:
    link = add_share_link(runtime.db, add_workspace(runtime.db), name="Board pack")
    contact = add_contact(runtime.db, "ada@example.com")
    add_session(runtime.db, contact, link, runtime.clock())
    shown = _shown(page)
    assert "ada@example.com" not in shown
    assert "Board pack" not in shown
