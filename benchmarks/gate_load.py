"""Viewers at once at the gate, end to end over real WebSockets, while an owner filters contacts.

    ./run bench gate_load [viewers]

Each viewer loads the gate, gives an address, reads the code from a real mail server, answers it,
claims the pass and opens the document. Prints passes a minute, the median and 95th percentile of
each step, memory, and the server's count of sessions beside the viewers' own; ends with 1 if one
is lost or doubled. Viewers are spread over links and the limits of a link are raised to fit them.
"""

import http.client
import json
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from data.database import Database
from data.documents import find_documents
from data.links import NewShareLink, insert_share_link
from pages.ui.runtime import read_wall_clock
from tests.browser.mailbox import Mailbox, running_mailbox
from tests.browser.people import PERSONS_AGENT
from tests.browser.running import Server, ask_sign_in_address, running_server

VIEWERS = 50
LINKS = 5
ANSWER_SECONDS = 120
# What every link may send, instead of 60 in 10 minutes and 300 in an hour.
LEAST_RAISED = 300
RAISED = ("link_sends_10_min", "link_sends_1_h")
OWNER_VIEWS = ("", "type=email", "type=whatsapp", "q=an", "period=90d", "period=365d")

Times = dict[str, list[float]]


@dataclass
class Tally:
    """Seconds by step, and what the owner met meanwhile."""

    steps: Times = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, step: str, begun: float) -> None:
        """Count a step that began then and ends now."""
        with self.lock:
            self.steps[step].append(time.perf_counter() - begun)


class Page:
    """One open page of one browser: what a script run sent, by kind of element."""

    def __init__(self, server: Server, cookie: str, path: str, query: str) -> None:
        """Open the page's connection."""
        self._path, self._query = path, query
        headers = {"Cookie": cookie, "User-Agent": PERSONS_AGENT}
        self._socket: ClientConnection = connect(
            server.address.replace("http://", "ws://") + "/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(server.address),
            additional_headers=headers,
            user_agent_header=None,
            max_size=None,
            open_timeout=ANSWER_SECONDS,
            legacy=True,
        )
        self.elements: list[Any] = []

    def run(self, values: dict[str, str] | None = None, pressed: str | None = None) -> None:
        """Run the page's script with these texts in its fields, and a button pressed."""
        message = BackMsg()
        message.rerun_script.page_name = self._path
        message.rerun_script.query_string = self._query
        for name, text in (values or {}).items():
            message.rerun_script.widget_states.widgets.add(id=name, string_value=text)
        if pressed is not None:
            message.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        self._socket.send(message.SerializeToString())
        self.elements = list(self._read())

    def find(self, kind: str, wanted: str = "") -> Any:
        """The element of this kind whose identity has this text in it."""
        for element in self.elements:
            if element.WhichOneof("type") == kind:
                found = getattr(element, kind)
                if wanted in getattr(found, "id", ""):
                    return found
        kinds = [element.WhichOneof("type") for element in self.elements]
        raise AssertionError(f"no {kind} {wanted} among {kinds}")

    def close(self) -> None:
        """Leave the page."""
        self._socket.close()

    def _read(self) -> list[Any]:
        found = []
        while True:
            data = self._socket.recv(timeout=ANSWER_SECONDS)
            answer = ForwardMsg()
            answer.ParseFromString(data if isinstance(data, bytes) else data.encode())
            kind = answer.WhichOneof("type")
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                found.append(answer.delta.new_element)
            if kind == "script_finished":
                return found


def ask(
    server: Server, method: str, path: str, cookie: str = "", form: dict[str, str] | None = None
) -> str:
    """The cookie that a plain request gives, or the one that it came with."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=ANSWER_SECONDS)
    headers = {"Cookie": cookie, "User-Agent": PERSONS_AGENT, "Sec-Fetch-Site": "same-origin"}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, urlencode(form) if form is not None else None, headers)
    answer = connection.getresponse()
    answer.read()
    given = answer.headers["Set-Cookie"]
    connection.close()
    return given.partition(";")[0] if given else cookie


def pass_gate(server: Server, mailbox: Mailbox, slug: str, number: int, tally: Tally) -> None:
    """One viewer's whole way."""
    address, query = f"viewer{number}@example.com", f"link={quote(slug)}"
    whole = begun = time.perf_counter()
    cookie = ask(server, "GET", f"/gate?{query}")
    page = Page(server, cookie, "gate", query)
    page.run()
    tally.add("load the gate", begun)
    begun = time.perf_counter()
    field_id = page.find("text_input", "gate_email").id
    page.run({field_id: address}, page.find("button", "gate_address").id)
    tally.add("give an address", begun)
    begun = time.perf_counter()
    code = mailbox.wait_for_code(address)
    tally.add("wait for the mail", begun)
    begun = time.perf_counter()
    field_id = page.find("text_input", "gate_code").id
    page.run({field_id: code}, page.find("button", "gate_code").id)
    tally.add("answer the code", begun)
    begun = time.perf_counter()
    claim = next(
        found
        for element in page.elements
        if element.WhichOneof("type") == "bidi_component"
        and (found := element.bidi_component).component_name.endswith("gatebook_claim")
    )
    grant = json.loads(claim.json)["grant"]
    page.close()
    cookie = ask(server, "POST", "/gate/claim", cookie, {"grant": grant, "link": slug})
    page = Page(server, cookie, "gate", query)
    page.run()
    tally.add("open the document", begun)
    tally.add("the whole way", whole)
    page.close()


def filter_contacts(server: Server, tally: Tally, is_over: threading.Event) -> None:
    """An owner who looks at one view of the contacts after another."""
    address = urlsplit(ask_sign_in_address(server)).path
    cookie = ask(server, "POST", address, ask(server, "GET", address))
    while not is_over.is_set():
        for query in OWNER_VIEWS:
            begun = time.perf_counter()
            page = Page(server, cookie, "contacts", query)
            page.run()
            page.close()
            tally.add("owner's view", begun)


def add_links(home: Path) -> list[str]:
    """The slugs of fresh verifying links to a document of the demo account."""
    db = Database(home / "gatebook.duckdb")
    document = next(one for one in find_documents(db) if one.name.endswith(".pdf"))
    slugs = [f"load-{number:-<20}" for number in range(LINKS)]
    with db.transaction() as tx:
        for slug in slugs:
            new = NewShareLink(
                slug=slug,
                name="Load",
                workspace_id=document.workspace_id,
                document_id=document.document_id,
                requires_email=True,
                verifies_email=True,
                pass_seconds=86_400,
            )
            insert_share_link(tx, new, read_wall_clock())
    db.close()
    return slugs


def count_outcome(home: Path) -> dict[str, int]:
    """What the server has written down of the run."""
    db = Database(home / "gatebook.duckdb")
    counted = {
        name: db.rows(sql)[0][0]
        for name, sql in {
            "sessions": """
                select count(*) from viewing_session
                where share_link_id in (select share_link_id from share_link where name = 'Load')
            """,
            "contacts": """
                select count(distinct contact_id) from viewing_session
                where share_link_id in (select share_link_id from share_link where name = 'Load')
            """,
            "challenges": "select count(*) from challenge",
        }.items()
    }
    db.close()
    return counted


def read_memory(port: int) -> float:
    """Resident megabytes of the process that serves this port."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if f"--port\0{port}".encode() in command and b"app.py" in command:
                found = re.search(r"VmRSS:\s+(\d+)", (folder / "status").read_text())
                return int(found[1]) / 1024 if found else 0.0
        except OSError:
            continue
    return 0.0


def main() -> int:
    """Run the load and report; 1 if the server's count is not the viewers' own."""
    viewers = int(sys.argv[1]) if len(sys.argv) > 1 else VIEWERS
    most = max(viewers, LEAST_RAISED)
    print(
        f"{viewers:,} viewers at once over {LINKS} links, whose limits are set to {most:,} codes; "
        "the limits of a network do not count at this machine's own address"
    )
    tally, is_over = Tally(), threading.Event()
    with tempfile.TemporaryDirectory() as folder, running_mailbox() as mailbox:
        home = Path(folder) / "home"
        with running_server(home, demo=True):
            pass
        slugs = add_links(home)
        raised = ",".join(f"{name}={most}" for name in RAISED)
        environment = mailbox.settings | {"GATEBOOK_LIMITS": raised}
        with running_server(home, demo=False, environment=environment) as server:
            port = urlsplit(server.address).port or 0
            idle = read_memory(port)
            owner = threading.Thread(target=filter_contacts, args=(server, tally, is_over))
            owner.start()
            begun = time.perf_counter()
            with ThreadPoolExecutor(viewers) as pool:
                done = [
                    pool.submit(pass_gate, server, mailbox, slugs[n % LINKS], n, tally)
                    for n in range(viewers)
                ]
                failures = [one.exception() for one in done if one.exception() is not None]
            seconds = time.perf_counter() - begun
            memory = read_memory(port)
            is_over.set()
            owner.join()
        report(tally, viewers - len(failures), seconds)
        print(f"memory {idle:,.0f} MB idle, {memory:,.0f} MB after the run")
        counted = count_outcome(home)
    for failure in failures:
        print("failed:", repr(failure))
    return judge(counted, viewers - len(failures), viewers)


def judge(counted: dict[str, int], passed: int, viewers: int) -> int:
    """0 if each viewer who passed is one session and one contact, and every viewer passed."""
    for name, number in counted.items():
        lost, doubled = max(0, passed - number), max(0, number - passed)
        print(f"{name:10} {number:,} counted by the server, {lost:,} lost, {doubled:,} doubled")
    is_exact = passed == viewers and set(counted.values()) == {viewers}
    print("Every viewer is there once." if is_exact else "NOT every viewer is there once.")
    return 0 if is_exact else 1


def report(tally: Tally, passed: int, seconds: float) -> None:
    """Each step's median and 95th percentile, and the passes in a minute."""
    print(f"{'step':20} {'times':>6} {'p50 s':>8} {'p95 s':>8}")
    for step, times in tally.steps.items():
        high = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        print(f"{step:20} {len(times):6} {statistics.median(times):8.2f} {high:8.2f}")
    print(f"{passed:,} passes in {seconds:.1f} s, {passed / seconds * 60:,.0f} a minute")


if __name__ == "__main__":
    raise SystemExit(main())
