"""Crawlers fetch links all day: none makes a counted session, a send or a contact."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from data.database import Database
from gate.crawlers import is_crawler_agent
from tests.browser.forked import forked_server
from tests.browser.furnish import furnish_home
from tests.browser.people import PERSONS_AGENT
from tests.browser.running import Server
from tests.browser.wire import run_page

CORPUS = Path(__file__).parents[1] / "corpora/crawler_user_agents.jsonl"
AGENTS = [json.loads(line)["ua"] for line in CORPUS.read_text("utf-8").splitlines()]
PEOPLE = [
    PERSONS_AGENT,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/137.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0",
]


def test_every_agent_of_the_corpus_is_known() -> None:
    assert [agent for agent in AGENTS if not is_crawler_agent(agent)] == []


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_are_not_taken_for_crawlers(agent: str) -> None:
    assert not is_crawler_agent(agent)


def visit_everything(server: Server, tails: dict[str, str], agent: str) -> None:
    """Fetch share and gate addresses, and run the gate's script, as this agent."""
    for link in ("open", "email"):
        gate = f"/gate?link={tails[link].partition('-')[2]}"
        cookies = [
            _fetch(server, method, path, agent)
            for path in (tails[link], gate)
            for method in ("HEAD", "GET")
        ]
        headers = {"User-Agent": agent, "Cookie": cookies[-1]}
        run_page(server, "gate", query=gate.partition("?")[2], headers=headers)


def _fetch(server: Server, method: str, path: str, agent: str) -> str:
    """The cookie that the answer gives."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=30)
    try:
        connection.request(method, path, headers={"User-Agent": agent})
        answer = connection.getresponse()
        answer.read()
        return (answer.headers["Set-Cookie"] or "").partition(";")[0]
    finally:
        connection.close()


def test_no_crawler_leaves_a_trace_in_any_number(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tails = furnish_home(home)
    with forked_server(home, demo=False) as server, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda agent: visit_everything(server, tails, agent), AGENTS))
        visit_everything(server, tails, PEOPLE[0])
    db = Database(home / "gatebook.duckdb")
    try:
        # The one person's visit to the open link, which proves that the others could have made one.
        counted = db.rows("select count(*) from viewing_session where kind = 'viewer'")
        assert counted == [(1,)]
        for table in ("challenge", "contact", "contact_link", "activity_slot", "delivery"):
            assert db.rows(f"select count(*) from {table}") == [(0,)], table
        opened = db.rows("select count(*) from gate_event where event = 'opened'")
        assert opened == [(2,)]
    finally:
        db.close()
