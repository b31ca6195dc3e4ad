"""Members at the owner's desk: the first owner, the one-time sign-in address, who is signed in."""

from datetime import datetime

from data.accounts import has_account, insert_account
from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.browsers import replace_browser_key
from data.database import Database, Transaction
from data.member_sessions import (
    close_member_sessions,
    get_member_session,
    insert_member_session,
    touch_member_session,
)
from data.members import (
    get_first_owner,
    insert_member,
    insert_sign_in_link,
    spend_sign_in_link,
)
from data.records import Account, Member, Role
from gate.codes import make_secret, secret_hash
from gate.errors import WrongCode
from gate.limits import HEARTBEAT_WRITE, MEMBER_IDLE, MEMBER_LONGEST, SIGN_IN_LINK_LIFE
from gate.settings import Settings
from gate.visits import find_browser_id, require_browser


class NoOwner(Exception):
    """The account has no owner who could sign in."""


def create_account(db: Database, settings: Settings, now: datetime) -> None:
    """Make the account of the settings with its first owner, if there is none yet."""
    if has_account(db):
        return
    account = Account(settings.account_name, settings.plan, settings.time_zone, now)
    with db.transaction() as tx:
        if not has_account(tx):
            insert_account(tx, account)
            insert_member(tx, email=settings.owner_email, name="Owner", role=Role.OWNER, now=now)


def start_sign_in(db: Database, now: datetime) -> str:
    """The token of a one-time sign-in address for the first owner; good for ten minutes.

    Raises:
        NoOwner: there is nobody to sign in.
    """
    token = make_secret()
    with db.transaction() as tx:
        owner = get_first_owner(tx)
        if owner is not None:
            insert_sign_in_link(
                tx,
                secret_hash(token),
                member_id=owner.member_id,
                now=now,
                expires_at=now + SIGN_IN_LINK_LIFE,
            )
    if owner is None:
        raise NoOwner
    return token


def complete_sign_in(
    db: Database, token: str, browser_hash: str, now: datetime, *, browser_name: str = ""
) -> str:
    """The fresh cookie value of a browser where the token's member is now signed in.

    Raises:
        WrongCode: the token is unknown, used or late.
    """
    cookie = None
    with db.transaction() as tx:
        member = spend_sign_in_link(tx, secret_hash(token), now)
        if member is not None:
            browser_id = require_browser(tx, browser_hash, now)
            cookie = begin_session(tx, member, browser_id, now, browser_name=browser_name)
    if cookie is None:
        raise WrongCode
    return cookie


def begin_session(
    tx: Transaction, member: Member, browser_id: int, now: datetime, *, browser_name: str
) -> str:
    """The fresh cookie value of this browser, where the member is signed in from now on."""
    cookie = make_secret()
    replace_browser_key(tx, browser_id, secret_hash(cookie), now)
    insert_member_session(
        tx,
        member_id=member.member_id,
        browser_id=browser_id,
        browser_name=browser_name,
        now=now,
        expires_at=now + MEMBER_LONGEST,
    )
    insert_audit(tx, _sign_in_entry(AuditEvent.SIGNED_IN, member, now))
    return cookie


def read_member(db: Database, browser_hash: str, now: datetime) -> Member | None:
    """The member signed in at this browser; None when signed out, idle too long or removed."""
    browser_id = find_browser_id(db, browser_hash) if browser_hash else None
    if browser_id is None:
        return None
    found = get_member_session(db, browser_id, now=now, seen_after=now - MEMBER_IDLE)
    if found is None:
        return None
    member, _ = found
    return member


def note_presence(db: Database, browser_hash: str, now: datetime) -> Member | None:
    """As `read_member`, and noted that the member did something; written once a minute at most.

    A page that refreshes itself is nobody's doing, and must not ask for this.
    """
    browser_id = find_browser_id(db, browser_hash) if browser_hash else None
    if browser_id is None:
        return None
    found = get_member_session(db, browser_id, now=now, seen_after=now - MEMBER_IDLE)
    if found is None:
        return None
    member, seen_at = found
    if now - seen_at >= HEARTBEAT_WRITE:
        with db.transaction() as tx:
            touch_member_session(tx, browser_id, now=now, written_before=now - HEARTBEAT_WRITE)
    return member


def sign_out(db: Database, browser_hash: str, now: datetime) -> None:
    """Sign out whoever is signed in at this browser."""
    member = read_member(db, browser_hash, now)
    browser_id = find_browser_id(db, browser_hash)
    if member is None or browser_id is None:
        return
    with db.transaction() as tx:
        close_member_sessions(tx, browser_id, now)
        insert_audit(tx, _sign_in_entry(AuditEvent.SIGNED_OUT, member, now))


def _sign_in_entry(event: AuditEvent, member: Member, now: datetime) -> AuditEntry:
    return AuditEntry(
        created_at=now,
        event=event,
        actor_kind=ActorKind.MEMBER,
        actor_id=member.member_id,
    )
