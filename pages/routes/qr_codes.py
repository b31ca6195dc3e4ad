"""QR codes of share addresses, for owners: in the page, or to print. Never by Streamlit's media."""

from http import HTTPStatus
from io import BytesIO

import segno
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data.links import get_share_link_by_id
from data.records import Role, ShareLink
from gate.links import build_share_address
from gate.members import read_member
from pages.routes.row_numbers import read_row_number
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import get_runtime

_PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
# A code of an address has about 40 modules with its border: 10 cm wide at 300 dots an inch.
_PNG_SCALE = 30
_PNG_DOTS_PER_INCH = 300


def draw_address(address: str, kind: str) -> bytes:
    """The QR code of an address, black on white with its quiet border, as `svg` or `png`."""
    drawn = BytesIO()
    code = segno.make(address, micro=False, error="m")
    if kind == "svg":
        code.save(drawn, kind="svg", scale=4, light="#ffffff", xmldecl=False)
    else:
        code.save(drawn, kind="png", scale=_PNG_SCALE, dpi=_PNG_DOTS_PER_INCH)
    return drawn.getvalue()


async def send_qr_code(request: Request) -> Response:
    """A share link's code to a signed-in owner; 404 to anyone else."""
    kind = request.path_params["kind"]
    link = await run_in_threadpool(_find_owned, request)
    if link is None or kind not in _TYPES:
        return PlainTextResponse("Not found", status_code=HTTPStatus.NOT_FOUND, headers=_PRIVATE)
    headers = dict(_PRIVATE)
    if "download" in request.query_params:
        name = f"share-link-{link.share_link_id}.{kind}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    drawn = draw_address(build_share_address(get_runtime().origin, link), kind)
    return Response(drawn, media_type=_TYPES[kind], headers=headers)


def _find_owned(request: Request) -> ShareLink | None:
    runtime = get_runtime()
    browser_hash = request.headers.get(BROWSER_HEADER, "")
    member = read_member(runtime.db, browser_hash, runtime.clock())
    if member is None or member.role is not Role.OWNER:
        return None
    return get_share_link_by_id(runtime.db, read_row_number(request.path_params["share_link_id"]))


qr_routes = [Route("/links/{share_link_id}/qr.{kind}", send_qr_code)]
