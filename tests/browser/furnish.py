"""A home that has an account, a document and links before its server starts."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from data.database import Database
from data.documents import NewDocument, insert_document
from data.links import NewShareLink, insert_share_link
from data.workspaces import insert_workspace
from gate.links import build_share_address
from gate.members import create_account
from gate.settings import Settings
from pages.ui.runtime import read_wall_clock
from tests.browser.road import PDF

RULES: dict[str, dict[str, bool]] = {
    "open": {},
    "email": {"requires_email": True, "verifies_email": True},
    "whatsapp": {"requires_whatsapp": True, "verifies_whatsapp": True},
    "both": {
        "requires_email": True,
        "verifies_email": True,
        "requires_whatsapp": True,
        "verifies_whatsapp": True,
    },
    "unverified": {"requires_email": True},
    "revoked": {"requires_email": True},
    "expired": {"requires_email": True},
}
FILES: dict[str, tuple[str, bytes]] = {
    "figures.pdf": ("application/pdf", PDF),
    "notes.md": ("text/markdown", b"# Notes\n\n<script>alert(1)</script> and **bold**\n"),
    "log.txt": ("text/plain", b"first line\n*not bold*\n"),
    "page.html": ("application/octet-stream", b"<script>alert(1)</script>"),
}


def furnish_home(home: Path) -> dict[str, str]:
    """The tail of each link's share address, by the name of its rules, in a new home."""
    now = read_wall_clock()
    (home / "documents").mkdir(mode=0o700, parents=True)
    home.chmod(0o700)
    db = Database(home / "gatebook.duckdb")
    try:
        create_account(db, Settings(account_name="Northwind"), now)
        return _add_links(db, _add_documents(db, home, now), now)
    finally:
        db.close()


def _add_documents(db: Database, home: Path, now: datetime) -> dict[str, int]:
    numbers: dict[str, int] = {}
    with db.transaction() as tx:
        workspace = insert_workspace(tx, "Fundraising", now)
        for name, (content_type, content) in FILES.items():
            (home / "documents" / name).write_bytes(content)
            new = NewDocument(
                workspace_id=workspace.workspace_id,
                name=name,
                content_type=content_type,
                byte_count=len(content),
                storage_name=name,
            )
            numbers[name] = insert_document(tx, new, now).document_id
    return numbers


def _add_links(db: Database, numbers: dict[str, int], now: datetime) -> dict[str, str]:
    plain = NewShareLink(
        slug="", name="", workspace_id=1, document_id=numbers["figures.pdf"], pass_seconds=86_400
    )
    tails: dict[str, str] = {}
    with db.transaction() as tx:
        for name, rules in RULES.items():
            new = replace(plain, slug=f"{name:-<22}", name=f"The {name} link", **rules)  # type: ignore[arg-type]
            if name == "expired":
                new = replace(new, expires_at=now)
            link = insert_share_link(tx, new, now)
            tails[name] = build_share_address("", link)
        everything = replace(plain, slug=f"{'all':-<22}", name="Everything", document_id=None)
        tails["everything"] = build_share_address("", insert_share_link(tx, everything, now))
        tx.run("update share_link set revoked_at = $now where slug like 'revoked-%'", now=now)
    return tails
