"""An invitation's address: a small page where the invited choose a name and a password.

Looking at it consumes nothing; the form's POST does.
"""

from functools import partial
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from data.accounts import get_account
from data.invitations import Invitation
from gate.desk_errors import MemberRefused
from gate.errors import LinkUnavailable, WrongCode
from gate.invitations import Acceptance, accept_invitation, read_invitation
from gate.limits import LONGEST_MEMBER_PASSWORD, SHORTEST_MEMBER_PASSWORD
from gate.names import MAX_NAME_LENGTH
from pages.routes.cookies import browser_name_of, desk_visit_of, with_fresh_cookie
from pages.routes.origin import is_same_origin
from pages.routes.still_page import render_still_page
from pages.ui.member_words import PASSWORD_RULE, ROLE_WORDS, member_fault_words
from pages.ui.runtime import get_runtime
from pages.ui.way_back import HOME

_NAME = (
    "<label>Your name"
    f'<input name="name" autocomplete="name" required maxlength="{MAX_NAME_LENGTH}"'
    ' value="{name}"></label>'
)
_FORM = """
<p>{words}</p>
{refusal}
<form class="fields" method="post">
<label>Email<input type="email" value="{email}" readonly autocomplete="username"></label>
{name}
<label>New password<input type="password" name="password" autocomplete="new-password" required
 minlength="{shortest}" maxlength="{longest}" aria-describedby="rule"></label>
<p id="rule">{rule}</p>
<button>{button}</button>
</form>
"""


async def show_invitation(request: Request) -> Response:
    """The form of an invitation that can be used; else how to get another."""
    return await run_in_threadpool(_render_invitation, request)


async def accept_by_post(request: Request) -> Response:
    """Make the member, or set the password, and open the desk; the form again if that fails."""
    if not is_same_origin(request):
        return render_still_page("This request did not come from our own page", "", status_code=403)
    async with request.form(max_files=0, max_fields=4) as form:
        acceptance = Acceptance(
            token=request.path_params["token"],
            password=str(form.get("password", "")),
            name=str(form.get("name", "")),
            browser_name=browser_name_of(request),
        )
    accept = partial(accept_invitation, get_runtime().db, desk_visit_of(request), acceptance)
    try:
        cookie = await run_in_threadpool(accept)
    except MemberRefused as refusal:
        words = member_fault_words(refusal.fault, refusal.wait)
        return await run_in_threadpool(
            _render_invitation, request, refusal=words, name=acceptance.name
        )
    except LinkUnavailable:
        # The browser's id is one of the past: loading the page again gives it another.
        return RedirectResponse(request.url.path, status_code=303)
    except WrongCode:
        return _render_gone()
    if cookie is None:
        return RedirectResponse("/", status_code=303)
    return with_fresh_cookie(RedirectResponse(HOME, status_code=303), cookie)


def _render_invitation(request: Request, *, refusal: str = "", name: str = "") -> Response:
    visit = desk_visit_of(request)
    found = read_invitation(get_runtime().db, visit, request.path_params["token"])
    if found is None:
        return _render_gone()
    is_new = found.member_id is None
    told = f'<p role="alert" class="refusal">{escape(refusal)}</p>' if refusal else ""
    body = _FORM.format(
        words=escape(_say_invitation(found)),
        refusal=told,
        email=escape(found.email, quote=True),
        name=_NAME.format(name=escape(name, quote=True)) if is_new else "",
        shortest=SHORTEST_MEMBER_PASSWORD,
        longest=LONGEST_MEMBER_PASSWORD,
        rule=escape(PASSWORD_RULE),
        button="Join" if is_new else "Set the password",
    )
    title = "You are invited" if is_new else "Set a new password"
    return render_still_page(title, body, status_code=422 if refusal else 200)


def _say_invitation(invitation: Invitation) -> str:
    if invitation.member_id is not None:
        return "It signs you out everywhere else."
    account = get_account(get_runtime().db).name
    return f"{account} wants you as a member. {ROLE_WORDS[invitation.role]}."


def _render_gone() -> Response:
    body = "<p>It works once and for seven days. Ask an owner for another.</p>"
    return render_still_page("This invitation can't be used", body, status_code=410)


join_routes = [
    Route("/join/{token}", show_invitation, methods=["GET"]),
    Route("/join/{token}", accept_by_post, methods=["POST"]),
]
