"""Refusals for programs: one JSON answer each, as RFC 9457 (problem details) writes them."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

OPENAPI_PATH = "/export/openapi.json"
PROBLEM_TYPE = "application/problem+json"


def answer_problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    origin: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The refusal as JSON: `code` is for programs to decide by, `detail` says what to do.

    `type` leads to the example of this problem in the description that a member can read.
    """
    told = {
        "type": f"{origin}{OPENAPI_PATH}#/components/examples/{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
    }
    return Response(
        json.dumps(told, ensure_ascii=False) + "\n",
        status_code=status,
        media_type=PROBLEM_TYPE,
        headers={"Cache-Control": "private, no-store", **(headers or {})},
    )
