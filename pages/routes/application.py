"""What `app.py` puts around Streamlit's pages: routes, middleware, start and stop, failures."""

from pathlib import Path

import streamlit as st
import structlog
from starlette.middleware import Middleware
from starlette.routing import Route

from pages.routes.compression import CompressedStatics
from pages.routes.control import control_routes
from pages.routes.cookies import cookie_routes
from pages.routes.documents import document_routes
from pages.routes.doors import ClosedDoors
from pages.routes.export_access import script_routes
from pages.routes.health import health_routes
from pages.routes.hooks import hook_routes
from pages.routes.index import index_routes
from pages.routes.join import join_routes
from pages.routes.metrics import metrics_routes
from pages.routes.nowhere import nowhere_routes
from pages.routes.openapi import openapi_routes
from pages.routes.qr_codes import qr_routes
from pages.routes.shares import share_routes
from pages.routes.start import run_lifespan as run_lifespan
from pages.routes.uploads import upload_routes
from pages.routes.who import WhoIsAsking

ENTRY_SCRIPT = Path(__file__).parent.parent / "main.py"

_log = structlog.get_logger(__name__)


def find_routes() -> list[Route]:
    """Every plain route beside Streamlit's pages."""
    return [
        *index_routes,
        *share_routes,
        *qr_routes,
        *cookie_routes,
        *control_routes,
        *join_routes,
        *document_routes,
        *upload_routes,
        *script_routes,
        *openapi_routes,
        *health_routes,
        *metrics_routes,
        *hook_routes,
        # The last one, as it takes what the others leave.
        *nowhere_routes,
    ]


def find_middleware() -> list[Middleware]:
    """What every request passes on its way in and out, first one first."""
    return [Middleware(WhoIsAsking), Middleware(ClosedDoors), Middleware(CompressedStatics)]


def show_script_error(failure: Exception) -> bool:
    """Log a page's failure for the operator, and tell the visitor what to do."""
    _log.error("page_failed", exc_info=failure)
    st.error("Something went wrong on our side. Load the page again; nothing you saved is lost.")
    return True
