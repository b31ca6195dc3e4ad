"""Share addresses: `/v/{id}-{slug}`, a tiny page that previews well and leads to the gate."""

from html import escape
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.accounts import get_account
from data.links import get_share_link
from data.records import LinkState, ShareLink
from gate.errors import LinkUnavailable
from gate.links import parse_share_address_tail
from gate.passes import read_pass
from gate.visits import require_live_link
from pages.routes.still_page import render_still_page
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import get_runtime
from pages.ui.words import accepted_language, refusal_sentence, say


async def show_share_address(request: Request) -> Response:
    """The page of a share address, in its reader's language. It writes nothing."""
    language = accepted_language(request.headers.get("accept-language", ""))
    browser_hash = request.headers.get(BROWSER_HEADER, "")
    tail = request.path_params["tail"]
    return await run_in_threadpool(_render_share_address, tail, browser_hash, language)


def _render_share_address(tail: str, browser_hash: str, language: str) -> Response:
    runtime = get_runtime()
    slug = parse_share_address_tail(tail) or ""
    try:
        link = _require_open_link(slug, browser_hash)
    except LinkUnavailable as refusal:
        title = refusal_sentence(refusal, language=language)
        return render_still_page(title, "", status_code=404, language=language)
    account_name = get_account(runtime.db).name
    title = say("page.shared_by", language=language, account=account_name)
    address = escape(f"/gate?link={quote(link.slug)}")
    head = f'<meta http-equiv="refresh" content="0;url={address}">' + preview_tags(
        link, account_name, language
    )
    label = escape(say("page.open_by_hand", language=language))
    body = f'<p><a class="button" href="{address}">{label}</a></p>'
    return render_still_page(title, body, head=head, language=language)


def _require_open_link(slug: str, browser_hash: str) -> ShareLink:
    """The link, if it opens now; to whoever took its last view, while their visit goes on."""
    runtime = get_runtime()
    now = runtime.clock()
    link = get_share_link(runtime.db, slug)
    if link is not None and link.state(now) is LinkState.USED_UP:
        live = read_pass(runtime.db, runtime.pepper, browser_hash, link, now)
        if live is not None:
            return link
    return require_live_link(runtime.db, slug, now)


def preview_tags(link: ShareLink, account_name: str, language: str) -> str:
    """What a chat shows of a live link: title and owner, and no more than the gate shows anyone.

    A link with a password does not even tell what it is called.
    """
    title = say("preview.title", name=link.name)
    if link.password_hash is not None:
        title = say("page.shared_by", language=language, account=account_name)
    description = say("preview.description", language=language, account=account_name)
    tags = {
        "og:title": title,
        "og:description": description,
        "og:site_name": account_name,
        "og:type": "website",
        "og:image": f"{get_runtime().origin}/app/static/icon.png",
    }
    shown = [f'<meta property="{name}" content="{escape(value)}">' for name, value in tags.items()]
    shown.append('<meta name="twitter:card" content="summary">')
    shown.append(f'<meta name="description" content="{escape(description)}">')
    return "".join(shown)


share_routes = [Route("/v/{tail}", show_share_address)]
