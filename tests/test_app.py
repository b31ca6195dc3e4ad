"""`app.py` is what Streamlit's own command takes for an application, not for a page."""

import subprocess

import pytest
from streamlit.web.server.app_discovery import discover_asgi_app

from tests.browser.running import ROOT


def test_streamlit_run_finds_the_application() -> None:
    found = discover_asgi_app(ROOT / "app.py")
    assert found.is_asgi_app
    assert found.import_string == "app:app"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--home", "elsewhere", "sign-in"], "Write the command first: ./run sign-in --home DIR"),
        (["--port=9000", "doctor"], "Write the command first: ./run doctor --home DIR"),
        (["--home", ""], "--home needs a value."),
        (["--home"], "--home needs a value."),
        (["--empty", "nonsense"], "There is no nonsense."),
    ],
)
def test_a_command_line_that_is_not_understood_says_how_to_write_it(
    arguments: list[str], said: str
) -> None:
    answer = subprocess.run(["sh", "run", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[0] == said
