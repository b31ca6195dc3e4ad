"""The download of the owner's contacts: every page of the view that the URL names, streamed."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote
from zoneinfo import ZoneInfo

from anyio import CancelScope, fail_after
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from data.accounts import get_account
from data.database import Reader, StorageFailed
from data.export_kinds import ExportWanted
from gate.errors import NotPermitted
from gate.exports import Exporter, OpenedExport, open_export
from gate.members import note_presence
from pages.ui.asking import BROWSER_HEADER
from pages.ui.choices import find_choices
from pages.ui.download import LOCKED_WORDS
from pages.ui.export_words import EXPORT_PATHS, parse_export
from pages.ui.filter_words import say_scope, say_view
from pages.ui.running_exports import note_export
from pages.ui.runtime import get_runtime
from pages.ui.url_view import ContactView, make_filter, parse_view
from pages.ui.url_words import Words

STALLED_SECONDS = 120
MADE_AT = "Made at"
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
_FULL_DISK = Refusal(
    HTTPStatus.INSUFFICIENT_STORAGE,
    "The disk is full, so the download could not be noted in the audit trail. Free some space.",
)
_UNKNOWN = Refusal(
    HTTPStatus.NOT_FOUND, "There is no such file. Choose one under Export on the contacts page."
)


async def send_export(request: Request) -> Response:
    """Every contact of the URL's view as the file it names, or one sentence on why not."""
    if request.method == "HEAD":
        # An export leaves a line in the trail, so nothing but a real download may start one.
        return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET"})
    opened = await run_in_threadpool(_open_asked, request)
    if isinstance(opened, Refusal):
        return PlainTextResponse(opened.sentence + "\n", opened.status, headers=_PRIVATE)
    return PatientStream(
        _chunks(opened),
        media_type=opened.media_type,
        headers=export_headers(opened),
    )


class PatientStream(StreamingResponse):
    """A stream that waits for a slow reader, but not for ever: it holds a moment of the database.

    While it does, the file cannot be written anew, and its log grows.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, and break off once nothing was taken for `STALLED_SECONDS`."""

        async def send_in_time(message: Message) -> None:
            with fail_after(STALLED_SECONDS):
                await send(message)

        # Nobody is there to be told: the download breaks off, as one whose reader has left.
        try:
            with suppress(TimeoutError, ClientDisconnect):
                await super().__call__(scope, receive, send_in_time)
        finally:
            if isinstance(self.body_iterator, AsyncGenerator):
                with CancelScope(shield=True):
                    await self.body_iterator.aclose()


def export_headers(opened: OpenedExport) -> dict[str, str]:
    """What goes before the bytes of an export."""
    return {
        **_PRIVATE,
        "Content-Disposition": attachment_named(opened.file_name),
        # Streamlit would gzip it otherwise: seconds of CPU for a large account.
        "Content-Encoding": "identity",
        "X-Row-Count": str(opened.row_count),
    }


def attachment_named(name: str) -> str:
    """A Content-Disposition for a file of any name, as RFC 6266 has it.

    The plain form is for old programs: what it cannot hold becomes an underscore.
    """
    plain = "".join(
        char if char.isascii() and char.isprintable() and char not in '"\\%/' else "_"
        for char in name
    )
    marked = f'attachment; filename="{plain}"'
    return marked if plain == name else f"{marked}; filename*=UTF-8''{quote(name, safe='')}"


def find_exporter(request: Request) -> Exporter | Refusal:
    """Who asks for the file; it is noted that they are there.

    Raises:
        StorageFailed: the disk refused to note it.
    """
    runtime = get_runtime()
    member = note_presence(runtime.db, request.headers.get(BROWSER_HEADER, ""), runtime.clock())
    return _STRANGER if member is None else Exporter(member)


def describe_export(
    wanted: ExportWanted, view: ContactView, reader: Reader, now: datetime
) -> ExportWanted:
    """The same file, with what a workbook says of itself: whose it is, from when, and of whom."""
    account = get_account(reader)
    notes = [
        ("Account", account.name),
        (MADE_AT, f"{now.astimezone(ZoneInfo(account.time_zone)):%Y-%m-%d %H:%M}"),
        ("Contacts", say_view(view, find_choices(reader))),
    ]
    if scope := say_scope(make_filter(view, account.time_zone, now)):
        notes.append(("Numbers", scope))
    return replace(wanted, notes=tuple(notes))


def open_wanted(who: Exporter, wanted: ExportWanted, words: Words) -> OpenedExport:
    """The file of the view that these words name.

    Raises:
        NotPermitted: see `open_export`.
    """
    runtime = get_runtime()
    now = runtime.clock()
    choices, account = find_choices(runtime.db), get_account(runtime.db)
    view = parse_view(words, choices.known)
    return open_export(
        runtime.db,
        who,
        describe_export(wanted, view, runtime.db, now),
        make_filter(view, account.time_zone, now),
        view.sort,
        now,
        pepper=runtime.pepper,
    )


def _open_asked(request: Request) -> OpenedExport | Refusal:
    words = {name: request.query_params.getlist(name) for name in request.query_params}
    wanted = parse_export(request.path_params["extension"], words)
    try:
        who = find_exporter(request)
        if isinstance(who, Refusal):
            return who
        if wanted is None:
            return _UNKNOWN
        return open_wanted(who, wanted, words)
    except NotPermitted:
        return _LOCKED
    except StorageFailed:
        return _FULL_DISK


async def _chunks(opened: OpenedExport) -> AsyncIterator[bytes]:
    # Whoever closes the download ends it: the database is let go of at once.
    try:
        with note_export(opened):
            async for piece in iterate_in_threadpool(opened.chunks):
                yield piece
    finally:
        opened.close()


export_routes = [Route(EXPORT_PATHS + "{extension}", send_export, methods=["GET"])]
