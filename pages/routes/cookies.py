"""The requests that give a browser a fresh id: a pass claimed at the gate, a member signed in.

A GET here never consumes anything: it shows a button, the button's POST does.
"""

from functools import partial
from html import escape
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gate.browser_names import guess_browser_name
from gate.errors import LinkUnavailable, WrongCode
from gate.member_tries import DeskVisit
from gate.members import complete_sign_in, sign_out, start_sign_in
from gate.passes import claim_grant
from gate.sign_in import claim_sign_in
from pages.routes.control import NO_KEY, has_control_key
from pages.routes.origin import is_same_origin
from pages.routes.still_page import render_still_page
from pages.routes.who import format_cookie
from pages.ui.asking import BROWSER_HEADER, NETWORK_HEADER
from pages.ui.runtime import get_runtime
from pages.ui.way_back import BACK, HOME, read_way_back

_FOREIGN = PlainTextResponse("This request did not come from our own page.", status_code=403)


async def claim_pass_by_post(request: Request) -> Response:
    """Exchange the grant in the form for a fresh cookie and go back to the gate."""
    if not is_same_origin(request):
        return _FOREIGN
    async with request.form(max_files=0, max_fields=4) as form:
        token, slug = str(form.get("grant", "")), str(form.get("link", ""))
    runtime = get_runtime()
    address = f"/gate?link={quote(slug)}"
    try:
        cookie = await run_in_threadpool(
            claim_grant, runtime.db, _browser_hash(request), token, runtime.clock()
        )
    except WrongCode:
        # A second click, or a grant that came too late: the gate shows what is true now.
        return RedirectResponse(address, status_code=303)
    return with_fresh_cookie(RedirectResponse(address, status_code=303), cookie)


async def show_sign_in_button(request: Request) -> Response:
    """The page of a one-time sign-in address: one button. Looking at it consumes nothing."""
    token = escape(request.path_params["token"], quote=True)
    body = (
        "<p>This signs you in as the owner, once, in this browser.</p>"
        f'<form method="post" action="/sign-in/{token}"><button>Sign in</button></form>'
    )
    return render_still_page("Sign in to Gatebook", body)


async def sign_in_by_post(request: Request) -> Response:
    """Spend the one-time address and open the owner's desk."""
    if not is_same_origin(request):
        return _FOREIGN
    runtime = get_runtime()
    try:
        cookie = await run_in_threadpool(
            complete_sign_in,
            runtime.db,
            request.path_params["token"],
            _browser_hash(request),
            runtime.clock(),
            browser_name=browser_name_of(request),
        )
    except LinkUnavailable:
        # The browser's id is one of the past: loading the page again gives it another.
        return RedirectResponse(request.url.path, status_code=303)
    except WrongCode:
        body = "<p>It works once and for ten minutes. Run <code>./run sign-in</code> again.</p>"
        return render_still_page("This address was used or is too old", body, status_code=410)
    return with_fresh_cookie(RedirectResponse(HOME, status_code=303), cookie)


async def claim_sign_in_by_post(request: Request) -> Response:
    """Exchange the grant of a complete sign-in for a fresh cookie, and open what was asked for."""
    if not is_same_origin(request):
        return _FOREIGN
    async with request.form(max_files=0, max_fields=4) as form:
        token, back = str(form.get("grant", "")), read_way_back(str(form.get(BACK, "")))
    claim = partial(
        claim_sign_in,
        get_runtime().db,
        desk_visit_of(request),
        token,
        browser_name=browser_name_of(request),
    )
    try:
        cookie = await run_in_threadpool(claim)
    except WrongCode:
        # A second click finds the browser signed in; a late one finds the form again.
        return RedirectResponse(back, status_code=303)
    return with_fresh_cookie(RedirectResponse(back, status_code=303), cookie)


async def sign_out_by_post(request: Request) -> Response:
    """Sign out whoever is signed in at this browser."""
    if not is_same_origin(request):
        return _FOREIGN
    runtime = get_runtime()
    await run_in_threadpool(sign_out, runtime.db, _browser_hash(request), runtime.clock())
    return RedirectResponse("/", status_code=303)


async def make_sign_in_address(request: Request) -> Response:
    """A new one-time sign-in address, for whoever can read the home's control key."""
    runtime = get_runtime()
    if not has_control_key(request):
        return NO_KEY
    token = await run_in_threadpool(start_sign_in, runtime.db, runtime.clock())
    return PlainTextResponse(f"{runtime.origin}/sign-in/{token}")


def desk_visit_of(request: Request) -> DeskVisit:
    """The browser behind a request, at the desk's door now."""
    network = request.headers.get(NETWORK_HEADER, "")
    return DeskVisit(_browser_hash(request), get_runtime().clock(), network)


def browser_name_of(request: Request) -> str:
    """What the browser behind a request calls itself, roughly."""
    return guess_browser_name(request.headers.get("user-agent", ""))


def _browser_hash(request: Request) -> str:
    return request.headers.get(BROWSER_HEADER, "")


def with_fresh_cookie(response: Response, cookie: str) -> Response:
    """The same answer, which gives the browser this id."""
    response.headers.append("set-cookie", format_cookie(cookie))
    response.headers["Cache-Control"] = "no-store"
    return response


cookie_routes = [
    Route("/gate/claim", claim_pass_by_post, methods=["POST"]),
    Route("/sign-in/{token}", show_sign_in_button, methods=["GET"]),
    Route("/sign-in/{token}", sign_in_by_post, methods=["POST"]),
    Route("/desk/claim", claim_sign_in_by_post, methods=["POST"]),
    Route("/sign-out", sign_out_by_post, methods=["POST"]),
    Route("/control/sign-in", make_sign_in_address, methods=["POST"]),
]
