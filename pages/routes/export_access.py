"""Downloads by scripts: an access token in place of a sign-in, and JSON in place of a page.

The rows are those that the contacts page would send for the same words of its address.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.accounts import get_account
from data.contact_filter import ContactFilter
from data.contact_fingerprint import find_contact_marks
from data.contact_queries import match_contacts
from data.database import StorageFailed
from data.export_kinds import ExportWanted, FileFormat, RowKind
from gate.access_tokens import Bearer, BearerFault, BearerRefused, read_bearer
from gate.errors import NotPermitted
from gate.exports import Exporter, OpenedExport, open_export
from pages.routes.exports import (
    MADE_AT,
    PatientStream,
    describe_export,
    export_headers,
    send_export,
)
from pages.routes.problems import answer_problem
from pages.routes.script_words import find_empty_words, find_unknown_words, find_unread_words
from pages.ui.asking import NETWORK_HEADER
from pages.ui.choices import find_choices
from pages.ui.export_words import EXPORT_PATHS, parse_export
from pages.ui.opened_view import VIEW
from pages.ui.runtime import Runtime, get_runtime
from pages.ui.url_view import ContactView, make_filter, parse_view
from pages.ui.words import say_wait

UNKNOWN_FILE = "file_unknown"
UNREAD = "filter_not_read"
_SCHEME = "bearer"
_OFFERED_WORDS = ", ".join(dict.fromkeys(f"contacts.{one.extension}" for one in FileFormat))
_REFUSALS = {
    BearerFault.MALFORMED: (
        HTTPStatus.UNAUTHORIZED,
        "This is no access token. Send the header Authorization: Bearer gatebook_….",
    ),
    BearerFault.UNKNOWN: (
        HTTPStatus.UNAUTHORIZED,
        "There is no such access token. Copy it again, or make another under Your sign-in.",
    ),
    BearerFault.EXPIRED: (
        HTTPStatus.UNAUTHORIZED,
        "This access token has run out. Make another under Your sign-in.",
    ),
    BearerFault.REVOKED: (
        HTTPStatus.UNAUTHORIZED,
        "This access token was revoked. Make another under Your sign-in.",
    ),
    BearerFault.MEMBER_REMOVED: (
        HTTPStatus.UNAUTHORIZED,
        "Whoever made this access token is no member any more. Ask an owner of the account.",
    ),
    BearerFault.PLAN: (
        HTTPStatus.FORBIDDEN,
        "Access tokens come with the Business plan. An owner changes the plan in Settings.",
    ),
    BearerFault.TOO_MANY: (
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many wrong access tokens. Wait {wait}, and check the token.",
    ),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which file a script asks for, of which contacts."""

    view: ContactView
    wanted: ExportWanted


class _Misread(Exception):
    """The address is not one of a file; the text says what of it."""


def carries_token(request: Request) -> bool:
    """Whether the request is a script's: a browser has a cookie, and sends no such header."""
    scheme, _, _ = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == _SCHEME


async def send_any_export(request: Request) -> Response:
    """The file for a script with a token, or a problem that says why not; else for a browser."""
    if carries_token(request):
        return await run_in_threadpool(_answer_script, request)
    return await send_export(request)


def refuse_bearer(refusal: BearerRefused, origin: str) -> Response:
    """The problem of a token that opens nothing."""
    status, sentence = _REFUSALS[refusal.fault]
    headers = {}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="gatebook", error="invalid_token"'
    if refusal.wait:
        headers["Retry-After"] = str(int(refusal.wait.total_seconds()) + 1)
    detail = sentence.format(wait=say_wait(refusal.wait))
    return answer_problem(status, str(refusal.fault), detail, origin=origin, headers=headers)


def read_token(request: Request, runtime: Runtime, now: datetime) -> Bearer:
    """Whose token the request carries.

    Raises:
        BearerRefused: it opens nothing.
    """
    text = request.headers.get("authorization", "").partition(" ")[2].strip()
    return read_bearer(runtime.gate, text, request.headers.get(NETWORK_HEADER, ""), now)


def _answer_script(request: Request) -> Response:
    runtime = get_runtime()
    now, origin = runtime.clock(), runtime.origin
    try:
        bearer = read_token(request, runtime, now)
        return _send_asked(request, runtime, bearer, now)
    except BearerRefused as refusal:
        return refuse_bearer(refusal, origin)
    except _Misread as misread:
        code, told = misread.args
        status = HTTPStatus.NOT_FOUND if code == UNKNOWN_FILE else HTTPStatus.BAD_REQUEST
        return answer_problem(status, code, told, origin=origin)
    except NotPermitted:
        return refuse_bearer(BearerRefused(BearerFault.PLAN), origin)
    except StorageFailed as failure:
        status, wait = HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "60"}
        return answer_problem(status, "storage_failed", str(failure), origin=origin, headers=wait)


def _send_asked(request: Request, runtime: Runtime, bearer: Bearer, now: datetime) -> Response:
    asked = _read_asked(request, runtime)
    chosen = make_filter(asked.view, get_account(runtime.db).time_zone, now)
    sort = asked.view.sort
    has_sessions = asked.wanted.rows is RowKind.SESSIONS
    marks = find_contact_marks(runtime.db, match_contacts(chosen), has_sessions=has_sessions)
    wanted = describe_export(asked.wanted, asked.view, runtime.db, now)
    said = [request.url.path, _say(chosen), repr(sort), repr(asked.wanted), _lasting_notes(wanted)]
    told = json.dumps([*said, marks])
    etag = f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'
    headers = {"Cache-Control": "private, no-store", "ETag": etag}
    if etag in _split_tags(request.headers.get("if-none-match", "")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if request.method == "HEAD":
        # Nothing leaves, so nothing is in the trail.
        return Response(headers=headers)
    who = Exporter(bearer.member, bearer.access_token_id)
    opened = open_export(runtime.db, who, wanted, chosen, sort, now, pepper=runtime.pepper)
    return PatientStream(
        _pieces(opened),
        media_type=opened.media_type,
        headers=export_headers(opened) | headers,
    )


def _read_asked(request: Request, runtime: Runtime) -> _Asked:
    words = {name: request.query_params.getlist(name) for name in request.query_params}
    wanted = parse_export(request.path_params["extension"], words)
    if wanted is None:
        raise _Misread(UNKNOWN_FILE, f"There is no such file. Ask for {_OFFERED_WORDS}.")
    unknown = find_unknown_words(words)
    if unknown:
        sentence = f"No filter is called {', '.join(unknown)}. The words are those of the page."
        if VIEW in unknown:
            sentence = (
                "A saved view is not read here, as it may change. Open it on the contacts page and "
                "take its words from Copy as curl, in Export."
            )
        raise _Misread(UNREAD, sentence)
    if empty := find_empty_words(words):
        named = ", ".join(f"{name}=" for name in empty)
        sentence = f"Nothing stands after {named}. Say what you want, or leave the word out."
        raise _Misread(UNREAD, sentence)
    view = parse_view(words, find_choices(runtime.db).known)
    unread = find_unread_words(words, view, wanted)
    if unread:
        sentence = f"Not understood: {'; '.join(unread)}. Without it you would get another file."
        raise _Misread(UNREAD, sentence)
    return _Asked(view, wanted)


def _say(chosen: ContactFilter) -> str:
    """The filter in words that are the same each time: a set has no order of its own."""
    return json.dumps(
        {
            name: sorted(map(str, value)) if isinstance(value, frozenset) else str(value)
            for name, value in asdict(chosen).items()
        }
    )


def _lasting_notes(wanted: ExportWanted) -> list[tuple[str, str]]:
    """What the file says of itself, but for when it was made; only a workbook says anything."""
    if wanted.file_format is not FileFormat.XLSX:
        return []
    return [note for note in wanted.notes if note[0] != MADE_AT]


def _split_tags(header: str) -> set[str]:
    return {tag.strip() for tag in header.split(",")}


async def _pieces(opened: OpenedExport) -> AsyncIterator[bytes]:
    try:
        async for piece in iterate_in_threadpool(opened.chunks):
            yield piece
    finally:
        opened.close()


script_routes = [Route(EXPORT_PATHS + "{extension}", send_any_export, methods=["GET"])]
