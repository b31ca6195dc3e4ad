"""The description of the export for programs (OpenAPI 3.1), for members and their scripts."""

from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data.database import StorageFailed
from gate.access_tokens import BearerRefused
from gate.members import read_member
from pages.routes.export_access import carries_token, read_token, refuse_bearer
from pages.routes.problems import OPENAPI_PATH
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import get_runtime

DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.json"


async def show_openapi(request: Request) -> Response:
    """The description, to whoever could download; a stranger is told to sign in."""
    return await run_in_threadpool(_describe, request)


def _describe(request: Request) -> Response:
    runtime = get_runtime()
    now = runtime.clock()
    headers = {"Cache-Control": "private, no-store"}
    if carries_token(request):
        try:
            read_token(request, runtime, now)
        except BearerRefused as refusal:
            return refuse_bearer(refusal, runtime.origin)
        except StorageFailed:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
    elif read_member(runtime.db, request.headers.get(BROWSER_HEADER, ""), now) is None:
        sentence = "Sign in to read this, then open this address again.\n"
        return PlainTextResponse(sentence, HTTPStatus.UNAUTHORIZED, headers=headers)
    return Response(DESCRIPTION.read_bytes(), media_type="application/json", headers=headers)


openapi_routes = [Route(OPENAPI_PATH, show_openapi, methods=["GET"])]
