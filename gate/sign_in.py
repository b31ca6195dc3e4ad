"""Signing in by email and password, with a second factor where the member has one.

Each step ends in a grant, which the browser exchanges for a fresh cookie. An unknown email costs
the same work and gets the same words as a wrong password.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from data.attempts import Act, delete_attempt
from data.audit import insert_audit
from data.database import Database, Reader, Transaction
from data.members import find_members, get_live_member, get_member_password
from data.records import Member
from data.sign_ins import (
    end_half_sign_in,
    get_half_sign_in,
    insert_half_sign_in,
    insert_sign_in_grant,
    spend_sign_in_grant,
)
from gate.codes import make_secret, secret_hash
from gate.errors import ChallengeClosed, WrongCode, WrongPassword
from gate.limits import GRANT_LIFE, HALF_SIGN_IN_LIFE
from gate.member_passwords import email_key, is_members_password
from gate.member_tries import DeskVisit, count_member_try, failed_try_entry
from gate.members import begin_session
from gate.second_factor import has_second_factor, spend_second_factor
from gate.visits import Gate, find_browser_id, find_recent_browser_id


@dataclass(frozen=True, slots=True)
class SignInGrant:
    """The sign-in is complete; `token` is exchanged once, within 30 s, by the same browser."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """The password was right, and the member's second factor is asked for."""


SignInStep = SignInGrant | CodeNeeded


def find_member_by_email(reader: Reader, typed: str) -> Member | None:
    """The member who has this email, however it is spelled."""
    key = email_key(typed)
    return next((one for one in find_members(reader) if email_key(one.email) == key), None)


def give_member_password(gate: Gate, visit: DeskVisit, email: str, password: str) -> SignInStep:
    """What the right password of a member leads to. The try is counted before it is compared.

    Raises:
        WrongPassword: it is not, or nobody has this email: the same for both.
        TooManyRequests: too many wrong ones.
        LinkUnavailable: the browser's id is one of the past.
    """
    attempt = count_member_try(gate, visit, Act.SIGN_IN, email_key(email))
    member = find_member_by_email(gate.db, email)
    stored = None if member is None else get_member_password(gate.db, member.member_id)
    is_right = is_members_password(stored, password)
    step: SignInStep | None = None
    with gate.db.transaction() as tx:
        # It may have been changed, or its member removed, while it was compared.
        if is_right and member is not None and _has_password(tx, member, stored):
            delete_attempt(tx, attempt)
            step = admit_member(tx, member, attempt.browser_id, visit)
        else:
            insert_audit(tx, failed_try_entry(attempt, "password"))
    if step is None:
        raise WrongPassword
    return step


def admit_member(tx: Transaction, member: Member, browser_id: int, visit: DeskVisit) -> SignInStep:
    """What somebody who proved the password comes to: the second factor, or a grant."""
    if has_second_factor(tx, member):
        insert_half_sign_in(
            tx,
            browser_id,
            member.member_id,
            now=visit.now,
            expires_at=visit.now + HALF_SIGN_IN_LIFE,
        )
        return CodeNeeded()
    return _grant_sign_in(tx, member, browser_id, visit)


def find_half_signed_in(reader: Reader, visit: DeskVisit) -> Member | None:
    """The member whose password this browser has given, and whose code is asked for now."""
    browser_id = find_recent_browser_id(reader, visit.browser_hash, visit.now)
    number = None if browser_id is None else get_half_sign_in(reader, browser_id, visit.now)
    return None if number is None else get_live_member(reader, number)


def give_second_factor(gate: Gate, visit: DeskVisit, typed: str) -> SignInGrant:
    """The grant of a sign-in whose code, or recovery code, is right; neither is right again.

    Raises:
        WrongCode: it is not, or was used.
        TooManyRequests: too many wrong ones.
        ChallengeClosed: it took too long; the password has to be given again.
    """
    member = find_half_signed_in(gate.db, visit)
    if member is None:
        raise ChallengeClosed(timedelta(0))
    attempt = count_member_try(gate, visit, Act.SECOND_FACTOR, email_key(member.email))
    grant = None
    with gate.db.transaction() as tx:
        is_asked = get_half_sign_in(tx, attempt.browser_id, visit.now) == member.member_id
        if is_asked and spend_second_factor(tx, gate.pepper, member, typed, visit.now):
            delete_attempt(tx, attempt)
            end_half_sign_in(tx, attempt.browser_id, visit.now)
            grant = _grant_sign_in(tx, member, attempt.browser_id, visit)
        else:
            insert_audit(tx, failed_try_entry(attempt, "second factor"))
    if grant is None:
        raise WrongCode
    return grant


def give_sign_in_up(gate: Gate, visit: DeskVisit) -> None:
    """Ask this browser for no code any more: somebody else wants to sign in."""
    browser_id = find_recent_browser_id(gate.db, visit.browser_hash, visit.now)
    if browser_id is not None:
        with gate.db.transaction() as tx:
            end_half_sign_in(tx, browser_id, visit.now)


def claim_sign_in(db: Database, visit: DeskVisit, token: str, *, browser_name: str) -> str:
    """The browser's fresh cookie value, in exchange for a grant; its member is signed in.

    Raises:
        WrongCode: used before, late, another browser's, or its member was removed.
    """
    cookie = None
    with db.transaction() as tx:
        browser_id = find_browser_id(tx, visit.browser_hash)
        number = (
            None
            if browser_id is None
            else spend_sign_in_grant(tx, secret_hash(token), browser_id=browser_id, now=visit.now)
        )
        member = None if number is None else get_live_member(tx, number)
        if browser_id is not None and member is not None:
            cookie = begin_session(tx, member, browser_id, visit.now, browser_name=browser_name)
    if cookie is None:
        raise WrongCode
    return cookie


def _has_password(tx: Transaction, member: Member, stored: str | None) -> bool:
    is_there = get_live_member(tx, member.member_id) is not None
    return is_there and get_member_password(tx, member.member_id) == stored


def _grant_sign_in(
    tx: Transaction, member: Member, browser_id: int, visit: DeskVisit
) -> SignInGrant:
    token = make_secret()
    insert_sign_in_grant(
        tx,
        secret_hash(token),
        browser_id=browser_id,
        member_id=member.member_id,
        now=visit.now,
        expires_at=visit.now + GRANT_LIFE,
    )
    return SignInGrant(token)
