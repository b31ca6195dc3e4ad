"""`app.py` is what Streamlit's own command takes for an application, not for a page."""

from streamlit.web.server.app_discovery import discover_asgi_app

from tests.browser.running import ROOT


def test_streamlit_run_finds_the_application() -> None:
    found = discover_asgi_app(ROOT / "app.py")
    assert found.is_asgi_app
    assert found.import_string == "app:app"
