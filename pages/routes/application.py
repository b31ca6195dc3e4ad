"""The ASGI application: Streamlit's pages with our routes and middleware around them."""

from pathlib import Path

import streamlit as st
import structlog
from starlette.middleware import Middleware

from pages.routes.cookies import cookie_routes
from pages.routes.documents import document_routes
from pages.routes.exports import export_routes
from pages.routes.health import health_routes
from pages.routes.shares import share_routes
from pages.routes.start import run_lifespan
from pages.routes.uploads import upload_routes
from pages.routes.who import WhoIsAsking

ENTRY_SCRIPT = Path(__file__).parent.parent / "main.py"

_log = structlog.get_logger(__name__)


def build_app() -> st.App:
    """The whole application, not yet serving."""
    return st.App(
        ENTRY_SCRIPT,
        routes=[
            *share_routes,
            *cookie_routes,
            *document_routes,
            *upload_routes,
            *export_routes,
            *health_routes,
        ],
        middleware=[Middleware(WhoIsAsking)],
        lifespan=run_lifespan,
        on_script_error=show_script_error,
    )


def show_script_error(failure: Exception) -> bool:
    """Log a page's failure for the operator, and tell the visitor what to do."""
    _log.error("page_failed", exc_info=failure)
    st.error("Something went wrong on our side. Load the page again; nothing you saved is lost.")
    return True
