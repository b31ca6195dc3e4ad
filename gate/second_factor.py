"""The second factor: a member's authenticator app (RFC 6238), and codes for when it is lost."""

import hmac
import re
import secrets
from datetime import datetime

import pyotp

from data.attempts import Act, Attempt, delete_attempt
from data.audit import AuditEvent, insert_audit
from data.database import Database, Transaction
from data.members import get_live_member, get_member_password
from data.records import Member
from data.second_factors import (
    confirm_totp_at,
    delete_second_factor,
    get_totp,
    insert_totp,
    replace_recovery_codes,
    spend_recovery_code,
    spend_totp_step,
)
from gate.codes import Pepper, keyed_hash, keyed_hashes, parse_code
from gate.desk_errors import MemberFault, MemberRefused
from gate.errors import MalformedCode, TooManyRequests
from gate.limits import CODE_DIGITS, RECOVERY_CODES, TOTP_SECONDS, TOTP_STEPS_ASIDE
from gate.member_passwords import email_key
from gate.member_tries import DeskVisit, count_member_try, failed_try_entry
from gate.trail import record_member_act
from gate.visits import Gate

# No letter or digit that is taken for another: 10 of them are 50 bits.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_LENGTH = 10
_NOT_IN_A_CODE = re.compile(r"[\s-]+")
_RECOVERY_CODE = re.compile(f"[{_ALPHABET}]{{{_RECOVERY_LENGTH}}}")


def start_totp(db: Database, member: Member, now: datetime) -> None:
    """Make a key for the member's app, which counts once a code of it was given.

    Raises:
        MemberRefused: they have no password yet, beside which it could stand.
    """
    with db.transaction() as tx:
        has_password = get_member_password(tx, member.member_id) is not None
        found = get_totp(tx, member.member_id)
        if has_password and (found is None or found.confirmed_at is None):
            delete_second_factor(tx, member.member_id)
            insert_totp(tx, member.member_id, pyotp.random_base32(), now)
    if not has_password:
        raise MemberRefused(MemberFault.PASSWORD_MISSING)


def cancel_totp(db: Database, member: Member) -> None:
    """Forget a key that was never confirmed."""
    with db.transaction() as tx:
        found = get_totp(tx, member.member_id)
        if found is not None and found.confirmed_at is None:
            delete_second_factor(tx, member.member_id)


def totp_address(secret: str, member: Member, account_name: str) -> str:
    """The `otpauth://` address of a key, which an app reads from its QR code."""
    return pyotp.TOTP(secret, interval=TOTP_SECONDS).provisioning_uri(
        name=member.email, issuer_name=account_name or "Gatebook"
    )


def confirm_totp(gate: Gate, visit: DeskVisit, member: Member, typed: str) -> list[str]:
    """The recovery codes of a second factor that is on from now: its app gave the right code.

    Raises:
        MemberRefused: the code is another one, or there is nothing to confirm.
    """
    found = get_totp(gate.db, member.member_id)
    if found is None or found.confirmed_at is not None:
        raise MemberRefused(MemberFault.GONE)
    attempt = count_code(gate, visit, member)
    step = find_totp_step(found.secret, typed, visit.now)
    codes = make_recovery_codes()
    with gate.db.transaction() as tx:
        is_on = step is not None and confirm_totp_at(
            tx, member.member_id, found.secret, step=step, now=visit.now
        )
        if is_on:
            delete_attempt(tx, attempt)
            store_recovery_codes(tx, gate.pepper, member, codes, visit.now)
            record_member_act(tx, AuditEvent.SECOND_FACTOR_ON, member, visit.now)
        else:
            insert_audit(tx, failed_try_entry(attempt, "second factor, set up"))
    if not is_on:
        raise MemberRefused(MemberFault.WRONG_CODE)
    return codes


def count_code(gate: Gate, visit: DeskVisit, member: Member) -> Attempt:
    """One try more at a member's code, for someone who is signed in.

    Raises:
        MemberRefused: too many wrong ones.
    """
    try:
        return count_member_try(gate, visit, Act.SECOND_FACTOR, email_key(member.email))
    except TooManyRequests as refusal:
        raise MemberRefused(MemberFault.TOO_MANY_TRIES, refusal.wait) from refusal


def spend_second_factor(
    tx: Transaction, pepper: Pepper, member: Member, typed: str, now: datetime
) -> bool:
    """Whether this is the member's code of now, or a recovery code; neither is right again."""
    found = get_totp(tx, member.member_id)
    if found is None or found.confirmed_at is None:
        return False
    code = _NOT_IN_A_CODE.sub("", typed).casefold()
    if _RECOVERY_CODE.fullmatch(code):
        hashes = sorted(keyed_hashes(pepper, _bound_code(member, code)))
        is_right = spend_recovery_code(tx, member.member_id, hashes, now)
        if is_right:
            record_member_act(tx, AuditEvent.RECOVERY_CODE_USED, member, now)
        return is_right
    step = find_totp_step(found.secret, typed, now)
    return step is not None and spend_totp_step(tx, member.member_id, step)


def find_totp_step(secret: str, typed: str, now: datetime) -> int | None:
    """The time step, 30 seconds around now, whose code this is; None for any other text."""
    try:
        code = parse_code(typed, CODE_DIGITS)
    except MalformedCode:
        return None
    totp = pyotp.TOTP(secret, interval=TOTP_SECONDS)
    present = int(now.timestamp()) // TOTP_SECONDS
    near = range(present - TOTP_STEPS_ASIDE, present + TOTP_STEPS_ASIDE + 1)
    right = [step for step in near if hmac.compare_digest(totp.generate_otp(step), code)]
    return max(right, default=None)


def make_recovery_codes() -> list[str]:
    """Ten fresh codes, each in two groups that are easy to copy."""
    half = _RECOVERY_LENGTH // 2
    plain = [
        "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    return [f"{code[:half]}-{code[half:]}" for code in plain]


def store_recovery_codes(
    tx: Transaction, pepper: Pepper, member: Member, codes: list[str], now: datetime
) -> None:
    """Keep the hashes of these codes in place of all from before."""
    plain = [_NOT_IN_A_CODE.sub("", code) for code in codes]
    hashes = [keyed_hash(pepper, _bound_code(member, code)) for code in plain]
    replace_recovery_codes(tx, member.member_id, hashes, now)
    record_member_act(tx, AuditEvent.RECOVERY_CODES_MADE, member, now)


def has_second_factor(tx: Transaction, member: Member) -> bool:
    """Whether this member is asked for a code after the password."""
    found = get_totp(tx, member.member_id)
    is_there = get_live_member(tx, member.member_id) is not None
    return is_there and found is not None and found.confirmed_at is not None


def _bound_code(member: Member, code: str) -> str:
    return f"recovery|{member.member_id}|{code}"
