"""A home with one document and two links, one of which verifies; a server that can be killed."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.database import Database
from data.documents import NewDocument, insert_document
from data.links import NewShareLink, insert_share_link
from data.workspaces import insert_workspace
from gate.members import create_account
from gate.settings import Settings
from pages.ui.runtime import read_wall_clock
from tests.browser.running import PROGRAM, ROOT, Server, clean_environment, find_free_port
from tests.crash.ledger import DATABASE

MARK = "The figures of the third quarter"
VERIFIED, UNVERIFIED = f"{'verified':-<22}", f"{'unverified':-<22}"
RAISED = dict.fromkeys(("link_sends_10_min", "link_sends_1_h", "workspace_emails_24_h"), 1_000_000)
LIMITS = ",".join(f"{name}={most}" for name, most in RAISED.items())
START_SECONDS = 90


def furnish(home: Path) -> None:
    """Make the home that viewers come to."""
    (home / "documents").mkdir(mode=0o700, parents=True)
    home.chmod(0o700)
    (home / "documents" / "figures").write_text(MARK)
    now = read_wall_clock()
    db = Database(home / DATABASE)
    create_account(db, Settings(account_name="Northwind"), now)
    with db.transaction() as tx:
        workspace = insert_workspace(tx, "Fundraising", now)
        new = NewDocument(
            workspace_id=workspace.workspace_id,
            name="figures.txt",
            content_type="text/plain",
            byte_count=len(MARK),
            storage_name="figures",
        )
        document = insert_document(tx, new, now)
        for slug in (VERIFIED, UNVERIFIED):
            link = NewShareLink(
                slug=slug,
                name="Figures",
                workspace_id=workspace.workspace_id,
                document_id=document.document_id,
                requires_email=True,
                verifies_email=slug == VERIFIED,
                pass_seconds=86_400,
            )
            insert_share_link(tx, link, now)
    db.close()


@dataclass(frozen=True)
class Running:
    """A server process, and how to reach it."""

    process: subprocess.Popen[bytes]
    server: Server

    def kill(self) -> None:
        """End it at once, as a crash or the kernel does."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it as an operator does; its exit code."""
        self.process.terminate()
        return self.process.wait(60)

    def wait_until_ready(self) -> None:
        """Return once it answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.server.log.read_text()
            try:
                urllib.request.urlopen(f"{self.server.address}/healthz", timeout=5).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.server.log.read_text())


def start_server(home: Path, environment: Mapping[str, str]) -> Running:
    """A server on a free port, which may not answer yet. Its log is appended to."""
    port, log = find_free_port(), home.with_name(f"{home.name}.log")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *PROGRAM, "serve", "--quiet", f"--home={home}", f"--port={port}"],
            cwd=ROOT,
            env=clean_environment({"GATEBOOK_LIMITS": LIMITS, **environment}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Running(process, Server(home, f"http://127.0.0.1:{port}", "", None, log))
