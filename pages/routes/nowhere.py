"""Addresses where nothing is: told as that, where Streamlit would show its main page."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from pages.routes.index import NAME, PATHS
from pages.routes.still_page import render_still_page
from pages.ui.words import accepted_language, say

# What Streamlit's own page asks for.
_STREAMLITS = frozenset({"_stcore", "static", "media", "component", "app", "favicon.png"})


class _Nowhere(Route):
    """Takes what no page, no other route and nothing of Streamlit's answers."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or _is_somewhere(scope["path"]):
            return Match.NONE, {}
        return super().matches(scope)


async def show_nowhere(request: Request) -> Response:
    """The page of an address that leads nowhere, in its reader's language."""
    language = accepted_language(request.headers.get("accept-language", ""))
    title = say("page.nowhere", language=language)
    body = f'<p><a class="button" href="/">{NAME}</a></p>'
    return render_still_page(title, body, status_code=404, language=language)


def _is_somewhere(path: str) -> bool:
    parts = path.strip("/").split("/")
    # One slash too many is Streamlit's to put right.
    return parts[0] in _STREAMLITS or f"/{'/'.join(parts)}" in PATHS


nowhere_routes = [_Nowhere("/{path:path}", show_nowhere)]
