"""Following an invitation: becoming a member, or setting a new password, once."""

from dataclasses import dataclass, field

from data.audit import AuditEvent
from data.database import Database, Reader, Transaction
from data.invitations import Invitation, get_open_invitation, spend_invitation
from data.member_sessions import close_sessions_elsewhere
from data.members import find_members, get_live_member, insert_member, update_member_password
from data.records import Member
from data.sign_ins import end_sign_ins_of
from gate.codes import secret_hash
from gate.desk_errors import MemberFault, MemberRefused
from gate.errors import WrongCode
from gate.member_passwords import email_key, hash_new_password
from gate.member_tries import DeskVisit
from gate.members import begin_session
from gate.names import clean_name
from gate.second_factor import has_second_factor
from gate.sign_in import admit_member
from gate.trail import record_member_act
from gate.visits import require_browser


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody with an invitation typed; the name is not asked where only a password is."""

    token: str = field(repr=False)
    password: str = field(repr=False)
    name: str = ""
    browser_name: str = ""


def read_invitation(reader: Reader, visit: DeskVisit, token: str) -> Invitation | None:
    """The invitation of this token while it can be used: not used, withdrawn or too old."""
    found = get_open_invitation(reader, secret_hash(token), visit.now)
    if found is not None and found.member_id is not None:
        return found if get_live_member(reader, found.member_id) is not None else None
    return found


def accept_invitation(db: Database, visit: DeskVisit, acceptance: Acceptance) -> str | None:
    """The fresh cookie of a browser where the new member is signed in, or who has a new password.

    None where their second factor is asked for before that.

    Raises:
        WrongCode: the invitation can't be used any more.
        MemberRefused: the name is missing, or the password is one that can't be chosen.
        LinkUnavailable: the browser's id is one of the past.
    """
    asked = read_invitation(db, visit, acceptance.token)
    if asked is None:
        raise WrongCode
    name = clean_name(acceptance.name)
    if asked.member_id is None and not name:
        raise MemberRefused(MemberFault.NAME_MISSING)
    password_hash = hash_new_password(acceptance.password, asked.email)
    cookie, is_taken, member = None, False, None
    with db.transaction() as tx:
        is_taken = asked.member_id is None and _has_member_of(tx, asked.email)
        if not is_taken and spend_invitation(tx, secret_hash(acceptance.token), visit.now):
            browser_id = require_browser(tx, visit.browser_hash, visit.now)
            member = _set_password(tx, asked, name, password_hash, visit)
        if member is not None and has_second_factor(tx, member):
            admit_member(tx, member, browser_id, visit)
        elif member is not None:
            cookie = begin_session(
                tx, member, browser_id, visit.now, browser_name=acceptance.browser_name
            )
    if is_taken:
        raise MemberRefused(MemberFault.EMAIL_TAKEN)
    if member is None:
        raise WrongCode
    return cookie


def _set_password(
    tx: Transaction, asked: Invitation, name: str, password_hash: str, visit: DeskVisit
) -> Member | None:
    """The member, made now or found, with this password and signed in nowhere."""
    now = visit.now
    if asked.member_id is None:
        member: Member | None = insert_member(
            tx, email=asked.email, name=name, role=asked.role, now=now
        )
        event = AuditEvent.MEMBER_JOINED
    else:
        member = get_live_member(tx, asked.member_id)
        event = AuditEvent.PASSWORD_CHANGED
    if member is not None:
        update_member_password(tx, member.member_id, password_hash)
        close_sessions_elsewhere(tx, member.member_id, kept_browser_id=None, now=now)
        end_sign_ins_of(tx, member.member_id, now)
        record_member_act(tx, event, member, now, detail=f"invitation {asked.invitation_id}")
    return member


def _has_member_of(tx: Transaction, email: str) -> bool:
    return any(email_key(one.email) == email_key(email) for one in find_members(tx))
