"""Streamlit's page as it is before its script runs: in our name, and at the gate in the link's."""

import re
from functools import cache
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from data.accounts import get_account
from gate.errors import LinkUnavailable
from gate.members import read_member
from gate.visits import require_live_link
from pages.routes.compression import STATIC
from pages.routes.shares import preview_tags
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import get_runtime
from pages.ui.way_back import DESK_PATHS, find_way_in
from pages.ui.words import FALLBACK_LANGUAGE, accepted_language, is_right_to_left, say

NAME = "Gatebook"
# The pages of `pages/main.py`; any other path is Streamlit's to answer.
PATHS = ("/", "/home", "/gate", *DESK_PATHS)
GATE = "/gate"

_PRIVATE = {"Cache-Control": "private, no-store"}

# Streamlit's name and icon, its own way in for programs, which is shut here, and a font that no
# page of ours uses.
_ROOT = re.compile(r"<html[^>]*>")
_ICON = re.compile(r'href="\./favicon\.png"')
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_FONT = re.compile(r'<link\s+rel="preload"[^>]*?as="font"[^>]*>')
_FOR_PROGRAMS = re.compile(r'(<!--(?:(?!-->).)*?-->\s*)?<link rel="service-desc"[^>]*>', re.DOTALL)
_WITHOUT_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


async def show_index(request: Request) -> Response:
    """The page that loads Streamlit, in its reader's language at the gate. It writes nothing.

    Whoever asks for a page of the desk and is not signed in is led to where that is done.
    """
    if request.url.path in DESK_PATHS and not await run_in_threadpool(_is_signed_in, request):
        way_in = find_way_in(request.url.path, request.url.query)
        return RedirectResponse(way_in, status_code=303, headers=_PRIVATE)
    if request.url.path != GATE:
        return _answer(NAME, "", FALLBACK_LANGUAGE)
    language = accepted_language(request.headers.get("accept-language", ""))
    return await run_in_threadpool(
        _render_gate_index, request.query_params.get("link", ""), language
    )


def _is_signed_in(request: Request) -> bool:
    runtime, browser_hash = get_runtime(), request.headers.get(BROWSER_HEADER, "")
    return read_member(runtime.db, browser_hash, runtime.clock()) is not None


def _render_gate_index(slug: str, language: str) -> HTMLResponse:
    runtime = get_runtime()
    try:
        link = require_live_link(runtime.db, slug, runtime.clock())
    except LinkUnavailable:
        return _answer(NAME, "", language)
    account_name = get_account(runtime.db).name
    title = say("page.shared_by", language=language, account=account_name)
    return _answer(title, preview_tags(link, account_name, language), language)


def _answer(title: str, head: str, language: str) -> HTMLResponse:
    named = f'<meta name="robots" content="noindex"><title>{escape(title)}</title>{head}'
    # A function, as a title may hold what `sub` would read as a reference.
    page = _TITLE.sub(lambda _: named, _read_index(language))
    return HTMLResponse(page, headers=_PRIVATE)


@cache
def _read_index(language: str) -> str:
    direction = "rtl" if is_right_to_left(language) else "ltr"
    told = escape(say("around.no_script", language=language))
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    page = _ROOT.sub(f'<html lang="{language}" dir="{direction}">', page)
    page = _ICON.sub('href="./app/static/icon.png"', page)
    page = _FOR_PROGRAMS.sub("", _FONT.sub("", page))
    return _WITHOUT_SCRIPT.sub(f"<noscript><p>{told}</p></noscript>", page)


index_routes = [Route(path, show_index) for path in PATHS]
