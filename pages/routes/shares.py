"""Share addresses: `/v/{id}-{slug}`, a tiny page that previews well and leads to the gate."""

from html import escape
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.accounts import get_account
from gate.errors import LinkUnavailable
from gate.links import parse_share_address_tail
from gate.visits import require_live_link
from pages.routes.still_page import render_still_page
from pages.ui.runtime import get_runtime
from pages.ui.words import refusal_sentence, say


async def show_share_address(request: Request) -> Response:
    """The page of a share address. It names the account, not the document, and writes nothing."""
    return await run_in_threadpool(_render_share_address, request.path_params["tail"])


def _render_share_address(tail: str) -> Response:
    runtime = get_runtime()
    slug = parse_share_address_tail(tail) or ""
    try:
        link = require_live_link(runtime.db, slug, runtime.clock())
    except LinkUnavailable as refusal:
        return render_still_page(refusal_sentence(refusal), "", status_code=404)
    title = say("page.shared_by", account=get_account(runtime.db).name)
    address = f"/gate?link={quote(link.slug)}"
    head = (
        f'<meta http-equiv="refresh" content="0;url={escape(address)}">'
        f'<meta property="og:title" content="{escape(title)}">'
        '<meta property="og:type" content="website">'
    )
    body = f'<p><a class="button" href="{escape(address)}">{say("page.open_by_hand")}</a></p>'
    return render_still_page(title, body, head=head)


share_routes = [Route("/v/{tail}", show_share_address)]
