"""Saved views: every member keeps their own, and only owners share them and change shared ones."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from data.audit import AuditEvent
from data.database import Database, Transaction
from data.records import Member, Role
from data.saved_views import (
    SavedView,
    Words,
    delete_saved_view,
    find_saved_views,
    get_saved_view,
    insert_saved_view,
    update_saved_view,
)
from gate.desk_errors import ViewFault, ViewRefused
from gate.errors import NotPermitted
from gate.names import clean_name
from gate.roles import require_owner_role
from gate.trail import record_member_act

MAX_VIEW_NAME_LENGTH = 80
MAX_VIEWS = 100

Change = Callable[[Transaction, SavedView], ViewFault | None]


@dataclass(frozen=True, slots=True)
class ViewDraft:
    """What is to be saved: the words of the contacts page's address, under a name."""

    name: str
    words: Words
    is_shared: bool = False


def save_view(db: Database, draft: ViewDraft, member: Member, now: datetime) -> SavedView:
    """Keep a new view; only its member sees it, unless an owner shares it.

    Raises:
        NotPermitted: it is to be shared, and the member is no owner.
        ViewRefused: its name is missing, too long or taken, or the member has 100 already.
    """
    if draft.is_shared:
        require_owner_role(member, "view")
    name = _read_name(draft.name)
    with db.transaction() as tx:
        seen = find_saved_views(tx, member.member_id)
        fault = _find_fault(seen, name, member)
        if fault is None:
            new = SavedView(0, member.member_id, name, draft.words, draft.is_shared)
            made = insert_saved_view(tx, new, now)
            _record_if_shared(tx, AuditEvent.VIEW_SHARED, made, member, now)
    if fault is not None:
        raise ViewRefused(fault)
    return made


def change_saved_view(
    db: Database, saved_view_id: int, words: Words, member: Member, now: datetime
) -> None:
    """Let a view hold these words instead; the same twice is one change.

    Raises:
        NotPermitted: it is shared, and the member is no owner.
        ViewRefused: it is not there, or another member's own.
    """

    def change(tx: Transaction, view: SavedView) -> None:
        changed = replace(view, words={name: list(texts) for name, texts in words.items()})
        if changed != view:
            update_saved_view(tx, changed, now)
            _record_if_shared(tx, AuditEvent.VIEW_CHANGED, view, member, now)

    _change(db, saved_view_id, member, change)


def rename_saved_view(
    db: Database, saved_view_id: int, name: str, member: Member, now: datetime
) -> None:
    """Call a view otherwise.

    Raises:
        NotPermitted: it is shared, and the member is no owner.
        ViewRefused: it is not there, or its name is missing, too long or taken.
    """
    cleaned = _read_name(name)

    def rename(tx: Transaction, view: SavedView) -> ViewFault | None:
        seen = find_saved_views(tx, member.member_id)
        if _is_taken(seen, cleaned, view.saved_view_id):
            return ViewFault.NAME_TAKEN
        if cleaned != view.name:
            update_saved_view(tx, replace(view, name=cleaned), now)
            _record_if_shared(tx, AuditEvent.VIEW_CHANGED, view, member, now)
        return None

    _change(db, saved_view_id, member, rename)


def share_saved_view(db: Database, saved_view_id: int, member: Member, now: datetime) -> None:
    """Show one's own view to every member.

    Raises:
        NotPermitted: the member is no owner.
        ViewRefused: it is not there, or another member's own.
    """
    require_owner_role(member, "view")

    def share(tx: Transaction, view: SavedView) -> None:
        if not view.is_shared:
            update_saved_view(tx, replace(view, is_shared=True), now)
            _record_on_view(tx, AuditEvent.VIEW_SHARED, view, member, now)

    _change(db, saved_view_id, member, share)


def unshare_saved_view(db: Database, saved_view_id: int, member: Member, now: datetime) -> None:
    """Take a shared view from the others; it is this owner's own from now on.

    Raises:
        NotPermitted: the member is no owner.
        ViewRefused: it is not there, or the owner has 100 views besides.
    """
    require_owner_role(member, "view")

    def unshare(tx: Transaction, view: SavedView) -> ViewFault | None:
        if not view.is_shared:
            return None
        others = [one for one in find_saved_views(tx, member.member_id) if one != view]
        if _count_own(others, member) >= MAX_VIEWS:
            return ViewFault.TOO_MANY
        update_saved_view(tx, replace(view, is_shared=False, member_id=member.member_id), now)
        _record_on_view(tx, AuditEvent.VIEW_UNSHARED, view, member, now)
        return None

    _change(db, saved_view_id, member, unshare)


def remove_saved_view(db: Database, saved_view_id: int, member: Member, now: datetime) -> None:
    """Delete a view; who has its address open is shown every contact.

    Raises:
        NotPermitted: it is shared, and the member is no owner.
        ViewRefused: it is not there, or another member's own.
    """

    def remove(tx: Transaction, view: SavedView) -> None:
        delete_saved_view(tx, view.saved_view_id)
        _record_if_shared(tx, AuditEvent.VIEW_DELETED, view, member, now)

    _change(db, saved_view_id, member, remove)


def may_change_view(view: SavedView, member: Member) -> bool:
    """Whether this member may change a view that they see: their own, and owners a shared one."""
    if view.is_shared:
        return member.role is Role.OWNER
    return view.member_id == member.member_id


def _change(db: Database, saved_view_id: int, member: Member, change: Change) -> None:
    fault: ViewFault | None = ViewFault.GONE
    is_permitted = True
    with db.transaction() as tx:
        view = get_saved_view(tx, saved_view_id, member_id=member.member_id)
        if view is not None:
            is_permitted = may_change_view(view, member)
            fault = change(tx, view) if is_permitted else None
    if not is_permitted:
        raise NotPermitted("view")
    if fault is not None:
        raise ViewRefused(fault)


def _read_name(text: str) -> str:
    name = clean_name(text)
    if not name:
        raise ViewRefused(ViewFault.NAME_MISSING)
    if len(name) > MAX_VIEW_NAME_LENGTH:
        raise ViewRefused(ViewFault.NAME_TOO_LONG)
    return name


def _find_fault(seen: list[SavedView], name: str, member: Member) -> ViewFault | None:
    if _count_own(seen, member) >= MAX_VIEWS:
        return ViewFault.TOO_MANY
    return ViewFault.NAME_TAKEN if _is_taken(seen, name, 0) else None


def _count_own(seen: list[SavedView], member: Member) -> int:
    return sum(one.member_id == member.member_id for one in seen)


def _is_taken(seen: list[SavedView], name: str, but_of: int) -> bool:
    wanted = name.casefold()
    return any(one.name.casefold() == wanted and one.saved_view_id != but_of for one in seen)


def _record_if_shared(
    tx: Transaction, event: AuditEvent, view: SavedView, member: Member, now: datetime
) -> None:
    """A member's own views are their own business; of shared ones the trail knows."""
    if view.is_shared:
        _record_on_view(tx, event, view, member, now)


def _record_on_view(
    tx: Transaction, event: AuditEvent, view: SavedView, member: Member, now: datetime
) -> None:
    record_member_act(tx, event, member, now, detail=f"view {view.saved_view_id}")
