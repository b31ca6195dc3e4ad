"""Documents' bytes: the one way out, with pass and link read again on every request."""

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from data.documents import get_document
from data.links import get_share_link_by_id
from data.records import Document
from gate.documents import ViewKind, view_kind
from gate.passes import read_pass
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import get_runtime
from pages.ui.words import say

# A file that is opened on its own, in a tab, runs nothing and embeds nowhere.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


async def send_document(request: Request) -> Response:
    """The document's bytes, in ranges if asked, to a browser with a live pass; else 404."""
    permitted = await run_in_threadpool(
        _find_permitted,
        request.path_params["share_link_id"],
        request.path_params["document_id"],
        request.headers.get(BROWSER_HEADER, ""),
    )
    if permitted is None:
        return PlainTextResponse(
            say("refused.link_unavailable"),
            status_code=HTTPStatus.NOT_FOUND,
            headers={"Cache-Control": "private, no-store"},
        )
    document, allows_download = permitted
    is_shown = view_kind(document.content_type) is not ViewKind.DOWNLOAD
    is_wanted_as_file = "download" in request.query_params
    if not allows_download and (is_wanted_as_file or not is_shown):
        return PlainTextResponse(
            say("page.not_downloadable"),
            status_code=HTTPStatus.FORBIDDEN,
            headers={"Cache-Control": "private, no-store"},
        )
    return FileResponse(
        get_runtime().documents / document.storage_name,
        media_type=document.content_type,
        filename=document.name,
        content_disposition_type="inline" if is_shown and not is_wanted_as_file else "attachment",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Encoding": "identity",
            "Content-Security-Policy": _FILE_POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )


def _find_permitted(
    share_link_id: int, document_id: int, browser_hash: str
) -> tuple[Document, bool] | None:
    runtime = get_runtime()
    link = get_share_link_by_id(runtime.db, share_link_id)
    if link is None:
        return None
    if read_pass(runtime.db, runtime.pepper, browser_hash, link, runtime.clock()) is None:
        return None
    document = get_document(runtime.db, document_id)
    if document is None or document.workspace_id != link.workspace_id:
        return None
    is_shared = link.document_id in (None, document.document_id)
    return (document, link.allows_download) if is_shared else None


document_routes = [Route("/d/{share_link_id:int}/{document_id:int}", send_document)]
