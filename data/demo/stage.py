"""The demo account itself: its members, workspaces, documents with their files, share links."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from data.accounts import insert_account
from data.database import Transaction
from data.demo.contents import DocumentPlan, LinkPlan, read_document_plans, read_link_plans
from data.demo.files import content_type_of, make_file, write_document_file
from data.documents import NewDocument, insert_document
from data.links import NewShareLink, insert_share_link, revoke_share_link
from data.list_entries import EntryForm, ListEntry, ListSide, insert_list_entry
from data.members import insert_member
from data.records import Account, Channel, Document, Plan, Role, ShareLink, Workspace
from data.workspaces import insert_workspace

ACCOUNT_NAME = "Larkmere"
TIME_ZONE = "Europe/Berlin"
ANALYST, ANALYST_EMAIL = "Mara Lindqvist", "mara.lindqvist@larkmere.example"
_DAY_SECONDS = 86_400
_SLUG_BYTES = 16
# Everything of a day is set up by eight in the morning, UTC; nobody opens it before the next day.
_SET_UP_AT = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A share link of the demo, with how many it draws and when it ends, if it does.

    `asks` are the channels of its link, looked up once. `denies` is the domain of email addresses
    that its list keeps out; empty for none.
    """

    link: ShareLink
    documents: tuple[Document, ...]
    pull: int
    day: int
    denies: str
    asks: frozenset[Channel]

    @property
    def ends_at(self) -> datetime | None:
        """When it expired or was revoked, or will."""
        return self.link.revoked_at or self.link.expires_at


def write_document_files(folder: Path) -> list[tuple[DocumentPlan, NewDocument]]:
    """Every document of the plan, its file now in the folder; its workspace is still to be set."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for plan in read_document_plans():
        content = make_file(plan)
        new = NewDocument(
            workspace_id=0,
            name=plan.name,
            content_type=content_type_of(plan),
            byte_count=len(content),
            storage_name=write_document_file(folder, content),
        )
        written.append((plan, new))
    return written


def insert_stage(
    tx: Transaction,
    files: Sequence[tuple[DocumentPlan, NewDocument]],
    *,
    begun_at: datetime,
    owner_email: str,
) -> list[OpenLink]:
    """The share links of the account, which now exists with all that they open."""
    insert_account(tx, Account(ACCOUNT_NAME, Plan.BUSINESS, TIME_ZONE, begun_at))
    insert_member(tx, email=owner_email, name="Owner", role=Role.OWNER, now=begun_at)
    # Who has no password yet: an owner makes a link by which she chooses one.
    insert_member(tx, email=ANALYST_EMAIL, name=ANALYST, role=Role.ANALYST, now=begun_at)
    names = dict.fromkeys(plan.workspace for plan, _ in files)
    workspaces = {name: insert_workspace(tx, name, begun_at) for name in names}
    documents = {
        plan.name: insert_document(
            tx,
            replace(new, workspace_id=workspaces[plan.workspace].workspace_id),
            _morning_of(begun_at, plan.day),
        )
        for plan, new in files
    }
    return [_insert_link(tx, plan, workspaces, documents, begun_at) for plan in read_link_plans()]


def is_demo_link(account: Account, link: ShareLink) -> bool:
    """Whether the demo made this share link, whatever its owner has called it since.

    No owner makes one at such an instant, to the microsecond.
    """
    return any(link.created_at == _made_at(plan, account.created_at) for plan in read_link_plans())


def _insert_link(
    tx: Transaction,
    plan: LinkPlan,
    workspaces: Mapping[str, Workspace],
    documents: Mapping[str, Document],
    begun_at: datetime,
) -> OpenLink:
    document = documents.get(plan.opens)
    workspace_id = document.workspace_id if document else workspaces[plan.opens].workspace_id
    created_at = _made_at(plan, begun_at)
    link = insert_share_link(
        tx,
        NewShareLink(
            slug=secrets.token_urlsafe(_SLUG_BYTES),
            name=plan.name,
            workspace_id=workspace_id,
            document_id=document.document_id if document else None,
            requires_email=bool(plan.email),
            verifies_email=plan.email == "verified",
            requires_whatsapp=bool(plan.whatsapp),
            verifies_whatsapp=plan.whatsapp == "verified",
            pass_seconds=_DAY_SECONDS if document else 7 * _DAY_SECONDS,
            expires_at=created_at + timedelta(days=plan.lasts_days) if plan.lasts_days else None,
            asks_consent=plan.asks_consent,
        ),
        created_at,
    )
    if plan.denies:
        _insert_list(tx, link, plan.denies)
    if plan.revoked_day:
        revoked_at = _morning_of(begun_at, plan.revoked_day)
        revoke_share_link(tx, link.share_link_id, revoked_at)
        link = replace(link, revoked_at=revoked_at)
    shelf = [document] if document else documents.values()
    opened = tuple(one for one in shelf if one.workspace_id == workspace_id)
    return OpenLink(link, opened, plan.pull, plan.day, plan.denies, frozenset(link.channels))


def _insert_list(tx: Transaction, link: ShareLink, domain: str) -> None:
    entry = ListEntry(ListSide.DENY, EntryForm.DOMAIN, domain, f"@{domain}")
    insert_list_entry(tx, link.share_link_id, entry, link.created_at)


def _made_at(plan: LinkPlan, begun_at: datetime) -> datetime:
    return _morning_of(begun_at, plan.day) + timedelta(minutes=20)


def _morning_of(begun_at: datetime, day: int) -> datetime:
    return begun_at + timedelta(days=day) + _SET_UP_AT
