"""Documents on their way in, streamed to disk, and back out to the members who keep them."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from http import HTTPStatus

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from data.documents import get_document
from data.records import Document, Member
from gate.desk_errors import UploadFault, UploadRefused
from gate.documents import DocumentStore, Upload, ViewKind, store_upload, view_kind
from gate.errors import NotPermitted
from gate.members import read_member
from gate.names import make_file_name
from pages.routes.origin import is_same_origin
from pages.routes.row_numbers import read_row_number
from pages.ui.asking import BROWSER_HEADER
from pages.ui.desk_words import NOT_AN_OWNER, SIGNED_OUT, desk_sentence
from pages.ui.runtime import Runtime, get_runtime

MEBIBYTE = 1024 * 1024
STALL_SECONDS = 60
LOST = "This document's file is missing on the disk. Restore it from a backup."

_PRIVATE = {"Cache-Control": "private, no-store"}
# No script, no network. Not a sandbox: Chromium's own PDF viewer doesn't open in one.
_FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
)
_STATUS = {
    UploadFault.EMPTY: HTTPStatus.UNPROCESSABLE_ENTITY,
    UploadFault.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UploadFault.UNKNOWN_WORKSPACE: HTTPStatus.NOT_FOUND,
    UploadFault.DISK_FULL: HTTPStatus.INSUFFICIENT_STORAGE,
    UploadFault.STORAGE_FAILED: HTTPStatus.INTERNAL_SERVER_ERROR,
}
# Each upload holds a thread until its last byte; these are not the ones that pages run in.
_upload_threads = anyio.CapacityLimiter(4)


async def receive_upload(request: Request) -> Response:
    """The new document's number and name, or a sentence that says why the body was not kept."""
    if not is_same_origin(request):
        return _refuse_upload(NOT_AN_OWNER, HTTPStatus.FORBIDDEN)
    member = await run_in_threadpool(_read_asking_member, request)
    if member is None:
        return _refuse_upload(SIGNED_OUT, HTTPStatus.UNAUTHORIZED)
    try:
        document = await _store_body(request, member)
    except UploadRefused as refusal:
        return _refuse_upload(desk_sentence(refusal), _STATUS[refusal.fault])
    except NotPermitted as refusal:
        return _refuse_upload(desk_sentence(refusal), HTTPStatus.FORBIDDEN)
    except ClientDisconnect:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    return JSONResponse(
        {"document_id": document.document_id, "name": document.name},
        status_code=HTTPStatus.CREATED,
        headers=_PRIVATE,
    )


async def send_kept_document(request: Request) -> Response:
    """A document's bytes to a signed-in member; 404 to anyone else."""
    found = await run_in_threadpool(_find_kept, request)
    if found is None:
        return PlainTextResponse("Not found", status_code=HTTPStatus.NOT_FOUND, headers=_PRIVATE)
    path = get_runtime().documents / found.storage_name
    if not path.is_file():
        return PlainTextResponse(LOST, status_code=HTTPStatus.GONE, headers=_PRIVATE)
    is_shown = view_kind(found.content_type) is not ViewKind.DOWNLOAD
    return FileResponse(
        path,
        media_type=found.content_type,
        filename=make_file_name(found.name),
        content_disposition_type="inline" if is_shown else "attachment",
        headers={
            **_PRIVATE,
            "Content-Encoding": "identity",
            "Content-Security-Policy": _FILE_POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _store_body(request: Request, member: Member) -> Document:
    runtime = get_runtime()
    upload = Upload(
        workspace_id=_read_workspace_id(request),
        file_name=request.query_params.get("name", ""),
        chunks=_pull_chunks(request.stream()),
    )
    store = partial(
        store_upload,
        runtime.db,
        make_document_store(runtime),
        upload,
        member=member,
        now=runtime.clock(),
    )
    return await anyio.to_thread.run_sync(store, limiter=_upload_threads)


def make_document_store(runtime: Runtime) -> DocumentStore:
    """Where this process keeps documents, and the largest that it takes."""
    return DocumentStore(runtime.documents, runtime.settings.upload_limit_mb * MEBIBYTE)


def _read_workspace_id(request: Request) -> int:
    # A number that no workspace has is refused by the gate in its own words.
    return read_row_number(request.query_params.get("workspace", ""))


def _pull_chunks(stream: AsyncIterator[bytes]) -> Iterator[bytes]:
    """The body's chunks, for the thread that writes them; the next is read when it asks."""
    while (chunk := anyio.from_thread.run(_next_chunk, stream)) is not None:
        yield chunk


async def _next_chunk(stream: AsyncIterator[bytes]) -> bytes | None:
    with anyio.fail_after(STALL_SECONDS):
        return await anext(stream, None)


def _read_asking_member(request: Request) -> Member | None:
    runtime = get_runtime()
    browser_hash = request.headers.get(BROWSER_HEADER, "")
    return read_member(runtime.db, browser_hash, runtime.clock())


def _find_kept(request: Request) -> Document | None:
    if _read_asking_member(request) is None:
        return None
    return get_document(get_runtime().db, read_row_number(request.path_params["document_id"]))


def _refuse_upload(sentence: str, status: HTTPStatus) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status, headers=_PRIVATE)


upload_routes = [
    Route("/documents/upload", receive_upload, methods=["POST"]),
    Route("/documents/{document_id}/file", send_kept_document),
]
