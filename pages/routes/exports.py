"""The download of the owner's contacts: every page of the view that the URL names, streamed."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from data.accounts import get_account
from gate.errors import NotPermitted
from gate.exports import ContactsCsv, open_contacts_csv
from gate.members import read_member
from pages.ui.asking import BROWSER_HEADER
from pages.ui.choices import find_choices
from pages.ui.download import LOCKED_WORDS
from pages.ui.runtime import get_runtime
from pages.ui.url_view import EXPORT_PATH, make_filter, parse_view

_PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no file."""

    status: HTTPStatus
    sentence: str


_STRANGER = Refusal(
    HTTPStatus.UNAUTHORIZED, "Sign in to download contacts, then open this address again."
)
_LOCKED = Refusal(HTTPStatus.FORBIDDEN, LOCKED_WORDS)


async def send_contacts_csv(request: Request) -> Response:
    """Every contact of the URL's view as CSV, or one sentence on why not."""
    if request.method == "HEAD":
        # An export leaves a line in the trail, so nothing but a real download may start one.
        return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET"})
    opened = await run_in_threadpool(
        _open_export, request.headers.get(BROWSER_HEADER, ""), request.query_params
    )
    if isinstance(opened, Refusal):
        return PlainTextResponse(opened.sentence + "\n", opened.status, headers=_PRIVATE)
    return StreamingResponse(
        _chunks(opened),
        media_type="text/csv; charset=utf-8",
        headers={
            **_PRIVATE,
            "Content-Disposition": f'attachment; filename="{opened.file_name}"',
            # Streamlit would gzip it otherwise: seconds of CPU for a large account.
            "Content-Encoding": "identity",
        },
    )


def _open_export(browser_hash: str, words: QueryParams) -> ContactsCsv | Refusal:
    runtime = get_runtime()
    now = runtime.clock()
    member = read_member(runtime.db, browser_hash, now)
    if member is None:
        return _STRANGER
    known = find_choices(runtime.db).known
    view = parse_view({name: words.getlist(name) for name in words}, known)
    try:
        return open_contacts_csv(
            runtime.db,
            member,
            make_filter(view, get_account(runtime.db).time_zone, now),
            view.sort,
            now,
            pepper=runtime.pepper,
        )
    except NotPermitted:
        return _LOCKED


def _chunks(opened: ContactsCsv) -> Iterator[bytes]:
    # A generator of our own: Starlette runs it in a thread, piece by piece.
    yield from opened.chunks


export_routes = [Route(EXPORT_PATH, send_contacts_csv, methods=["GET"])]
