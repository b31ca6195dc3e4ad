"""What every member may do about their own sign-in: name, password, second factor, sessions."""

from datetime import datetime

from data.attempts import Act, delete_attempt
from data.audit import AuditEvent, insert_audit
from data.database import Database
from data.member_sessions import (
    MemberSession,
    close_session_of,
    close_sessions_elsewhere,
    find_member_sessions,
)
from data.members import get_member_password, update_member_name, update_member_password
from data.records import Member
from data.second_factors import delete_second_factor
from data.sign_ins import end_sign_ins_of
from gate.desk_errors import MemberFault, MemberRefused
from gate.errors import TooManyRequests
from gate.limits import MEMBER_IDLE
from gate.member_passwords import email_key, hash_new_password, is_members_password
from gate.member_tries import DeskVisit, count_member_try, failed_try_entry, find_own_browser
from gate.names import clean_name
from gate.second_factor import make_recovery_codes, store_recovery_codes
from gate.trail import record_member_act
from gate.visits import Gate


def change_own_name(db: Database, member: Member, typed: str, now: datetime) -> None:
    """Call the member so from now on.

    Raises:
        MemberRefused: nothing visible was typed.
    """
    name = clean_name(typed)
    if not name:
        raise MemberRefused(MemberFault.NAME_MISSING)
    if name == member.name:
        return
    with db.transaction() as tx:
        update_member_name(tx, member.member_id, name)
        record_member_act(tx, AuditEvent.MEMBER_CHANGED, member, now, detail="own name")


def change_own_password(
    gate: Gate, visit: DeskVisit, member: Member, present: str, new: str
) -> int:
    """How many other browsers were signed out: the member has another password from now on.

    Raises:
        MemberRefused: the present one is not right, or the new one can't be chosen.
    """
    if has_password(gate.db, member):
        require_own_password(gate, visit, member, present)
    password_hash = hash_new_password(new, member.email)
    with gate.db.transaction() as tx:
        update_member_password(tx, member.member_id, password_hash)
        kept = find_own_browser(tx, visit.browser_hash)
        closed = close_sessions_elsewhere(tx, member.member_id, kept_browser_id=kept, now=visit.now)
        end_sign_ins_of(tx, member.member_id, visit.now)
        record_member_act(tx, AuditEvent.PASSWORD_CHANGED, member, visit.now)
    return closed


def has_password(db: Database, member: Member) -> bool:
    """Whether this member can sign in by a password."""
    return get_member_password(db, member.member_id) is not None


def require_own_password(gate: Gate, visit: DeskVisit, member: Member, typed: str) -> None:
    """Let a member on who gave their password again, with the limits of signing in.

    Raises:
        MemberRefused: it is not right, or too many were not.
    """
    try:
        attempt = count_member_try(gate, visit, Act.SIGN_IN, email_key(member.email))
    except TooManyRequests as refusal:
        raise MemberRefused(MemberFault.TOO_MANY_TRIES, refusal.wait) from refusal
    is_right = is_members_password(get_member_password(gate.db, member.member_id), typed)
    with gate.db.transaction() as tx:
        if is_right:
            delete_attempt(tx, attempt)
        else:
            insert_audit(tx, failed_try_entry(attempt, "password, signed in"))
    if not is_right:
        raise MemberRefused(MemberFault.WRONG_PASSWORD)


def renew_recovery_codes(gate: Gate, visit: DeskVisit, member: Member, password: str) -> list[str]:
    """Ten new recovery codes; those from before open nothing any more.

    Raises:
        MemberRefused: the password is not right.
    """
    require_own_password(gate, visit, member, password)
    codes = make_recovery_codes()
    with gate.db.transaction() as tx:
        store_recovery_codes(tx, gate.pepper, member, codes, visit.now)
    return codes


def turn_second_factor_off(gate: Gate, visit: DeskVisit, member: Member, password: str) -> None:
    """Sign in by the password alone again.

    Raises:
        MemberRefused: the password is not right.
    """
    require_own_password(gate, visit, member, password)
    with gate.db.transaction() as tx:
        delete_second_factor(tx, member.member_id)
        record_member_act(tx, AuditEvent.SECOND_FACTOR_OFF, member, visit.now)


def find_own_sessions(db: Database, member: Member, now: datetime) -> list[MemberSession]:
    """Where the member is signed in now, last seen first."""
    return find_member_sessions(db, member.member_id, now=now, seen_after=now - MEMBER_IDLE)


def end_own_session(db: Database, member_session_id: int, member: Member, now: datetime) -> None:
    """Sign the member out at one browser; at another member's, nothing happens."""
    with db.transaction() as tx:
        if close_session_of(tx, member_session_id, member_id=member.member_id, now=now):
            detail = f"session {member_session_id}"
            record_member_act(tx, AuditEvent.SIGNED_OUT_ELSEWHERE, member, now, detail=detail)


def end_other_sessions(db: Database, visit: DeskVisit, member: Member) -> int:
    """How many other browsers the member was signed out at."""
    with db.transaction() as tx:
        kept = find_own_browser(tx, visit.browser_hash)
        closed = close_sessions_elsewhere(tx, member.member_id, kept_browser_id=kept, now=visit.now)
        if closed:
            detail = f"{closed} sessions"
            record_member_act(tx, AuditEvent.SIGNED_OUT_ELSEWHERE, member, visit.now, detail=detail)
    return closed
