"""What every answer carries, and what a phone has to load: asked of a real server."""

import base64
import gzip
import hashlib
import http.client
import re
from urllib.parse import urlsplit

import pytest

from gate.links import parse_share_address_tail
from pages.routes import index
from tests.browser.running import Server
from tests.reading import read_text

PATHS = [
    "/",
    "/gate?link=nonsense",
    "/v/1-nonsense",
    "/v/",
    "/contacts",
    "/d/1/1",
    "/healthz",
    "/sign-in/nonsense",
    "/export/contacts.csv",
    "/hooks/whatsapp",
    "/_stcore/health",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/media/0000.pdf",
    "/static/js/none.js",
    "/app/static/icon.svg",
    "/no/such/page",
]
Answer = tuple[int, http.client.HTTPMessage, bytes]


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=30)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=sent)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_safety_headers(
    demo_server: Server, path: str, method: str
) -> None:
    _, headers, _ = ask(demo_server, path, method)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers
    is_open = path.startswith(("/static/", "/app/static/", "/healthz"))
    assert is_open or "noindex" in headers["X-Robots-Tag"]


def test_streamlits_files_come_compressed_once_and_whole(demo_server: Server) -> None:
    _, _, page = ask(demo_server, "/")
    script = re.search(rb'src="\.?(/static/js/[^"]+)"', page)
    assert script is not None
    path = script[1].decode()
    _, plain_headers, plain = ask(demo_server, path)
    status, headers, packed = ask(demo_server, path, Accept_Encoding="gzip, br")
    assert (status, headers["Content-Encoding"], headers["Vary"]) == (
        200,
        "gzip",
        "Accept-Encoding",
    )
    assert "Content-Encoding" not in plain_headers
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 2


@pytest.mark.parametrize("path", ["/static/../../../config.toml", "/static/js/%2e%2e/index.html"])
def test_the_compressed_files_are_the_bundles_only(demo_server: Server, path: str) -> None:
    _, headers, _ = ask(demo_server, path, Accept_Encoding="gzip")
    assert headers.get("Cache-Control", "") != "public, max-age=31536000, immutable"


def test_a_share_address_previews_well_and_tells_no_secret(demo_server: Server) -> None:
    assert demo_server.sample_address is not None
    path = urlsplit(demo_server.sample_address).path
    _, _, page = ask(demo_server, path, Accept_Language="de-DE,de;q=0.9")
    text = page.decode()
    assert '<html lang="de" dir="ltr">' in text
    for tag in ("og:title", "og:description", "og:site_name", "og:image"):
        assert f'property="{tag}" content="' in text
    assert "hat dies mit Ihnen geteilt" in text


def find_slug(server: Server) -> str:
    assert server.sample_address is not None
    slug = parse_share_address_tail(urlsplit(server.sample_address).path.removeprefix("/v/"))
    assert slug is not None
    return slug


def test_the_gates_page_is_the_links_before_any_script_runs(demo_server: Server) -> None:
    path = f"/gate?link={find_slug(demo_server)}"
    _, headers, page = ask(demo_server, path, Accept_Language="ja,de;q=0.9")
    text = page.decode()
    assert '<html lang="de" dir="ltr">' in text
    assert "hat dies mit Ihnen geteilt</title>" in text
    assert 'property="og:title" content="' in text
    assert '<meta name="robots" content="noindex">' in text
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"sha256-{digest}" in headers["Content-Security-Policy"]


def test_a_dead_links_page_names_nobody(demo_server: Server) -> None:
    _, _, page = ask(demo_server, "/gate?link=nonsense")
    assert b"<title>Gatebook</title>" in page
    assert b"og:" not in page


@pytest.mark.parametrize("path", ["/", "/home", "/gate"])
def test_no_page_begins_as_streamlits(demo_server: Server, path: str) -> None:
    status, _, page = ask(demo_server, path)
    assert status == 200
    assert re.findall(rb"Streamlit</title>|favicon|agent|Source ?Sans", page) == []


@pytest.mark.parametrize(
    "path", ["/nonsense", "/contacts/12", "/no/such/page", "/index.html", "/v/"]
)
def test_where_nothing_is_nothing_is_shown(demo_server: Server, path: str) -> None:
    status, _, page = ask(demo_server, path, Accept_Language="de")
    assert status == 404
    assert "Hier gibt es keine Seite." in page.decode()


@pytest.mark.parametrize("path", ["/contacts/", "/_stcore/health", "/favicon.png"])
def test_what_streamlits_page_asks_for_is_still_answered(demo_server: Server, path: str) -> None:
    assert ask(demo_server, path)[0] < 400


def test_every_page_is_served_in_our_name() -> None:
    main = read_text("pages/main.py")
    named = {f"/{path}" for path in re.findall(r'url_path="([a-z_]+)"', main)}
    assert named == {*index.PATHS} - {"/"}


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_streamlits_doors_for_programs_are_shut(demo_server: Server, path: str) -> None:
    assert ask(demo_server, path)[0] == 404
