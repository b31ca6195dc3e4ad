"""Meta's webhook: it asks once whether the address is ours, then tells what became of messages."""

from http import HTTPStatus

from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data.database import StorageFailed
from data.deliveries import insert_delivery_status
from gate.delivery.whatsapp_status import is_signed_by, is_verify_token, parse_statuses
from pages.ui.runtime import get_runtime

MOST_BYTES = 1024 * 1024


async def confirm_hook(request: Request) -> Response:
    """Meta's challenge, given back to whoever knows the token that was agreed on."""
    expected = _secret(get_runtime().settings.whatsapp_verify_token)
    if not expected:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    words = request.query_params
    is_asked = words.get("hub.mode") == "subscribe"
    if not is_asked or not is_verify_token(expected, words.get("hub.verify_token", "")):
        return Response(status_code=HTTPStatus.FORBIDDEN)
    return PlainTextResponse(words.get("hub.challenge", "")[:200])


async def take_statuses(request: Request) -> Response:
    """Keep the statuses of a body that Meta signed. A full disk asks Meta to tell it again."""
    secret = _secret(get_runtime().settings.whatsapp_app_secret)
    if not secret:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except ClientDisconnect:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    if not is_signed_by(secret, body, request.headers.get("x-hub-signature-256", "")):
        return Response(status_code=HTTPStatus.FORBIDDEN)
    try:
        await run_in_threadpool(_keep_statuses, body)
    except StorageFailed:
        return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
    return Response()


def _keep_statuses(body: bytes) -> None:
    runtime = get_runtime()
    statuses = parse_statuses(body)
    if not statuses:
        return
    with runtime.db.transaction() as tx:
        for told in statuses:
            insert_delivery_status(tx, told, runtime.clock())


def _secret(setting: SecretStr | None) -> str:
    return setting.get_secret_value() if setting is not None else ""


hook_routes = [
    Route("/hooks/whatsapp", confirm_hook, methods=["GET"]),
    Route("/hooks/whatsapp", take_statuses, methods=["POST"]),
]
