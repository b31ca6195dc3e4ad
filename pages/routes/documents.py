"""Documents' bytes: the one way out, with pass, link and session read again on every request."""

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from data.links import get_share_link_by_id
from data.records import Document
from gate.documents import ViewKind, find_shared_documents, view_kind
from gate.names import make_file_name
from gate.passes import is_in_session, read_pass
from pages.routes.row_numbers import read_row_number
from pages.routes.watched import WatchedResponse
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import get_runtime
from pages.ui.words import say

# A file that is opened on its own, in a tab, runs nothing and embeds nowhere.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
_PRIVATE = {"Cache-Control": "private, no-store"}


async def send_document(request: Request) -> ASGIApp:
    """The document's bytes, in ranges if asked, to a browser that has it open; else 404."""
    permitted = await run_in_threadpool(_find_permitted, request)
    if permitted is None:
        return PlainTextResponse(
            say("refused.link_unavailable"), status_code=HTTPStatus.NOT_FOUND, headers=_PRIVATE
        )
    document, allows_download = permitted
    if not (get_runtime().documents / document.storage_name).is_file():
        return PlainTextResponse(
            say("page.no_documents"), status_code=HTTPStatus.GONE, headers=_PRIVATE
        )
    is_shown = view_kind(document.content_type) is not ViewKind.DOWNLOAD
    is_taken_away = "download" in request.query_params or _is_navigation(request)
    if not allows_download and (is_taken_away or not is_shown):
        return PlainTextResponse(
            say("page.not_downloadable"), status_code=HTTPStatus.FORBIDDEN, headers=_PRIVATE
        )
    is_attached = "download" in request.query_params or not is_shown
    return WatchedResponse(
        _file_response(document, is_attached=is_attached),
        lambda: _find_permitted(request) is not None,
    )


def _is_navigation(request: Request) -> bool:
    """Whether the file would fill a tab, where the browser's own buttons save it."""
    return request.headers.get("sec-fetch-dest") == "document"


def _file_response(document: Document, *, is_attached: bool) -> FileResponse:
    return FileResponse(
        get_runtime().documents / document.storage_name,
        media_type=document.content_type,
        filename=make_file_name(document.name),
        content_disposition_type="attachment" if is_attached else "inline",
        headers={
            **_PRIVATE,
            "Content-Encoding": "identity",
            "Content-Security-Policy": _FILE_POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )


def _find_permitted(request: Request) -> tuple[Document, bool] | None:
    """The document, and whether it may be saved, for a browser in whose session it was opened.

    So a file that nobody opened in the page leaves neither a view uncounted nor a visit unseen.
    """
    runtime, now = get_runtime(), get_runtime().clock()
    document_id = read_row_number(request.path_params["document_id"])
    link = get_share_link_by_id(runtime.db, read_row_number(request.path_params["share_link_id"]))
    if link is None:
        return None
    browser_hash = request.headers.get(BROWSER_HEADER, "")
    live = read_pass(runtime.db, runtime.pepper, browser_hash, link, now)
    if live is None or not is_in_session(runtime.db, live, now, document_id=document_id):
        return None
    shared = find_shared_documents(runtime.db, link)
    found = next((one for one in shared if one.document_id == document_id), None)
    return None if found is None else (found, link.allows_download)


document_routes = [Route("/d/{share_link_id}/{document_id}", send_document)]
