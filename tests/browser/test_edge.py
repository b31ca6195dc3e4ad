"""What every answer carries, and what a phone has to load: asked of a real server."""

import gzip
import http.client
import re
from urllib.parse import urlsplit

import pytest

from tests.browser.running import Server

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
