"""What someone without rights reaches: nothing, by page, route, old address or hand-made client."""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import NewPerson, NewServer
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.running import ROOT, Server, start_python
from tests.browser.wire import run_page

OWNER_PAGES = [
    "contacts",
    "companies",
    "same_person",
    "activity",
    "links",
    "expected",
    "documents",
    "outbox",
    "settings",
    "members",
    "audit",
    "profile",
]
# Every address of the demo's contacts ends so, and every number of its links begins so.
ADDRESS_PART = b".example"
SAMPLE_NAME = b"Seed investors"


@pytest.mark.parametrize("page", ["contacts", "outbox"])
def test_the_first_visitor_of_a_cold_server_is_shown_nothing(
    start_server: NewServer, page: str
) -> None:
    sent = run_page(start_server(demo=True, start=start_python), page)
    assert ADDRESS_PART not in sent
    assert SAMPLE_NAME not in sent


@pytest.mark.parametrize("page", ["", *OWNER_PAGES, "gate", "sign_in", "gate_page", "nowhere"])
def test_a_stranger_is_shown_nothing_on_any_page(demo_server: Server, page: str) -> None:
    sent = run_page(demo_server, page)
    assert ADDRESS_PART not in sent
    assert SAMPLE_NAME not in sent


@pytest.mark.parametrize("page", OWNER_PAGES)
def test_headers_and_cookies_that_a_client_makes_up_open_nothing(
    demo_server: Server, page: str
) -> None:
    forged = {"X-Gatebook-Browser": "0" * 64, "Cookie": "gatebook=" + "A" * 43}
    assert ADDRESS_PART not in run_page(demo_server, page, headers=forged)


def test_every_page_file_is_among_the_pages_tested_here() -> None:
    files = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__", "main"}
    assert files == {*OWNER_PAGES, "gate_page", "sign_in"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/export/contacts.csv", 401),
        ("GET", "/export/contacts.jsonl", 401),
        ("GET", "/export/openapi.json", 401),
        ("GET", "/d/1/1", 404),
        ("GET", "/d/1/1?download", 404),
        ("GET", "/documents/1/file", 404),
        ("POST", "/documents/upload?workspace=1&name=x.pdf", 403),
        ("POST", "/gate/claim", 403),
        ("POST", "/sign-in/guess", 403),
        ("POST", "/sign-out", 403),
        ("POST", "/control/sign-in", 403),
        ("POST", "/control/backup", 403),
        ("POST", "/control/rewrite", 403),
        ("GET", "/metrics", 404),
        ("GET", "/export/contacts.parquet", 401),
        ("GET", "/export/contacts.xlsx", 401),
        ("GET", "/media/0123456789abcdef.pdf", 404),
        ("GET", "/_stcore/metrics", 404),
        ("GET", "/v/1-guess", 404),
    ],
)
def test_a_stranger_gets_nothing_from_any_route(
    demo_server: Server, method: str, path: str, status: int
) -> None:
    request = urllib.request.Request(demo_server.address + path, method=method)
    if method == "POST":
        request.data = b"x"
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=20)
    with refusal.value as answer:
        assert answer.status == status
        assert ADDRESS_PART not in answer.read()


def test_every_answer_carries_the_safety_headers(demo_server: Server) -> None:
    for path in ("/gate", "/healthz", "/v/1-guess"):
        try:
            answer = urllib.request.urlopen(demo_server.address + path, timeout=20)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_a_viewer_saw_can_be_fetched_by_another_browser(
    demo_server: Server, owner: Person, new_person: NewPerson
) -> None:
    fetched: list[str] = []
    owner.page.on("request", lambda request: fetched.append(request.url))
    sign_in_owner(owner.page, demo_server)
    owner.page.goto(f"{demo_server.address}/links")
    wait_until_settled(owner.page)
    eve = new_person()
    icon = (ROOT / "pages" / "static" / "icon.png").read_bytes()
    open_to_all = {url for url in fetched if urlsplit(url).path.startswith("/media/")}
    assert all(eve.context.request.get(url).body() == icon for url in open_to_all)
    answer = eve.context.request.get(f"{demo_server.address}/export/contacts.csv")
    assert answer.status == 401


def test_the_gate_loads_no_plotly_and_the_contacts_do(
    demo_server: Server, owner: Person, viewer: Person
) -> None:
    at_gate: list[str] = []
    viewer.page.on("request", lambda request: at_gate.append(request.url.lower()))
    assert demo_server.sample_address is not None
    viewer.page.goto(demo_server.sample_address)
    wait_until_settled(viewer.page)
    at_desk: list[str] = []
    owner.page.on("request", lambda request: at_desk.append(request.url.lower()))
    sign_in_owner(owner.page, demo_server)
    owner.page.mouse.wheel(0, 3_000)
    wait_until_settled(owner.page)
    assert not [url for url in at_gate if "plotly" in url]
    assert [url for url in at_desk if "plotly" in url]
