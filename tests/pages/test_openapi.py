"""The description of the export says what the export does."""

import json
from datetime import datetime
from typing import Any

from starlette.applications import Starlette

from data.contact_filter import ConsentChoice, SortColumn
from data.export_kinds import ExportTool, FileFormat, RowKind
from data.records import Channel
from gate.access_tokens import BearerFault, make_access_token
from pages.routes.export_access import UNKNOWN_FILE, UNREAD, script_routes
from pages.routes.openapi import DESCRIPTION, openapi_routes
from pages.routes.script_words import FILE_WORDS
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import Runtime
from pages.ui.unread_words import FILTER_WORDS
from pages.ui.url_view import Period
from tests.gate.members_at_work import first_owner
from tests.pages.asking_routes import ask_route

DOCUMENT: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
PARTS: dict[str, Any] = DOCUMENT["components"]
PATH = "/export/openapi.json"


def find_references(part: object) -> set[str]:
    if isinstance(part, dict):
        found = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return found.union(*(find_references(one) for one in part.values()))
    return set().union(*(find_references(one) for one in part)) if isinstance(part, list) else set()


def words_of(name: str) -> set[str]:
    schema = PARTS["parameters"][name]["schema"]
    return set(schema.get("items", schema)["enum"])


def test_every_reference_leads_somewhere() -> None:
    for reference in find_references(DOCUMENT):
        place: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_every_word_is_described_for_every_file() -> None:
    for path in DOCUMENT["paths"].values():
        named = {one["$ref"].rpartition("/")[2] for one in path["get"]["parameters"]}
        assert named == {*FILTER_WORDS, *FILE_WORDS, "IfNoneMatch"}


def test_every_choice_is_described() -> None:
    assert words_of("type") == set(Channel)
    assert words_of("period") == set(Period)
    assert words_of("sort") == set(SortColumn)
    assert words_of("consent") == set(ConsentChoice)
    assert words_of("rows") == set(RowKind)
    assert words_of("as") == set(FileFormat)
    assert words_of("tool") == set(ExportTool)


def test_every_problem_has_an_example() -> None:
    codes = {*BearerFault, UNREAD, UNKNOWN_FILE, "storage_failed"}
    assert (
        set(PARTS["examples"])
        == codes
        == set(PARTS["schemas"]["Problem"]["properties"]["code"]["enum"])
    )
    for code, example in PARTS["examples"].items():
        assert example["value"]["code"] == code
        assert f"Problem{example['value']['status']}" in PARTS["responses"]


def test_every_file_that_is_described_is_offered() -> None:
    described = {path.rpartition(".")[2] for path in DOCUMENT["paths"]}
    assert described == {one.extension for one in FileFormat}


def test_members_and_their_scripts_read_it_and_nobody_else(
    runtime: Runtime, owner_browser: str, now: datetime
) -> None:
    made = make_access_token(runtime.db, "Script", 7, first_owner(runtime.db), now)
    app = Starlette(routes=[*script_routes, *openapi_routes])
    allowed = {BROWSER_HEADER: owner_browser}, {"Authorization": f"Bearer {made.text}"}
    for headers in allowed:
        assert json.loads(ask_route(app, PATH, headers=headers).body) == DOCUMENT
    for refused in ({}, {"Authorization": "Bearer guess"}, {BROWSER_HEADER: "eve"}):
        answer = ask_route(app, PATH, headers=refused)
        assert answer.status == 401
        assert b"parameters" not in answer.body
