"""A script with an access token, as it asks our routes, for tests."""

import json
from typing import Any

from starlette.applications import Starlette

from data.database import Database
from pages.routes.export_access import script_routes
from tests.pages.asking_routes import Answer, ask_route

PATH = "/export/contacts.csv"


def ask(text: str, address: str = PATH, *, method: str = "GET", **headers: str) -> Answer:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask_route(
        Starlette(routes=script_routes),
        address,
        headers={"Authorization": f"Bearer {text}"} | given,
        method=method,
    )


def exports_made(db: Database) -> list[dict[str, Any]]:
    rows = db.rows("select detail from audit where event = 'export_made' order by audit_id")
    return [json.loads(row[0]) for row in rows]
