"""Whether the server lives: for a supervisor, a proxy, and `./run`."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


async def show_health(request: Request) -> Response:
    """200 and `ok` while the process answers."""
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


health_routes = [Route("/healthz", show_health)]
