"""The way that signing in keeps open: on to the page that was asked for, and to no other place."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette

from pages.routes.cookies import cookie_routes
from pages.routes.index import index_routes
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import Runtime
from pages.ui.way_back import BACK, DESK_PATHS, read_way_back
from tests.pages.asking_routes import Answer, ask_route

APP = Starlette(routes=[*index_routes, *cookie_routes])
SAVED = "/contacts?view=3&type=email&period=30d&q=a%26b"


def ask(address: str, browser: str) -> Answer:
    return ask_route(APP, address, headers={BROWSER_HEADER: browser})


@pytest.mark.parametrize("path", [*DESK_PATHS, SAVED, "/links?link=2"])
def test_whoever_is_not_signed_in_is_led_to_it_and_from_there_back(
    runtime: Runtime, path: str
) -> None:
    answer = ask(path, "eve")
    assert (answer.status, answer.headers["cache-control"]) == (303, "private, no-store")
    way_in = urlsplit(answer.headers["location"])
    assert (way_in.netloc, way_in.path) == ("", "/")
    assert read_way_back(parse_qs(way_in.query).get(BACK, [""])[0]) == path


@pytest.mark.parametrize("path", [*DESK_PATHS, SAVED])
def test_a_member_is_shown_the_page_and_it_does_not_begin_as_streamlits(
    owner_browser: str, path: str
) -> None:
    answer = ask(path, owner_browser)
    assert answer.status == 200
    assert re.findall(r"Streamlit</title>|favicon|agent|Source ?Sans", answer.text) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/contacts",
        "//evil.example",
        "/contacts@evil.example",
        "/contacts/../sign-out",
        r"/\evil.example",
        "javascript:alert(1)",
        "/gate?link=x",
        "",
    ],
)
def test_no_other_place_is_gone_to(text: str) -> None:
    assert read_way_back(text) == "/contacts"
