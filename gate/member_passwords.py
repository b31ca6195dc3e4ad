"""Members' passwords: which may be chosen, and whether a typed one is right.

NIST SP 800-63B-4 §3.1.1.2: long ones, no rules of composition, none of those that are tried first,
compared in one Unicode form. We ask for 12 characters, and take 256.
"""

import secrets
import unicodedata
from functools import cache

from gate.desk_errors import MemberFault, MemberRefused
from gate.errors import InvalidIdentifier
from gate.identifiers import MAX_TYPED_LENGTH, parse_email
from gate.limits import LONGEST_MEMBER_PASSWORD, SHORTEST_MEMBER_PASSWORD
from gate.passwords import hash_password, is_right_password

# Of 12 characters and more, those that lead the lists of breached ones, and our own name.
_COMMON = frozenset(
    {
        "123456789012",
        "1234567890123",
        "12345678901234",
        "123456789abc",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "abcdefghijkl",
        "administrator",
        "adminadminadmin",
        "changemechangeme",
        "correcthorsebatterystaple",
        "gatebookgatebook",
        "iloveyouiloveyou",
        "letmeinletmein",
        "passw0rdpassw0rd",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "q1w2e3r4t5y6",
        "qazwsxedcrfv",
        "qwerty123456",
        "qwertyuiop123",
        "qwertyuiopas",
        "qwertyqwerty",
        "welcome12345",
        "zaq12wsxcde3",
    }
)
_FEWEST_DIFFERENT = 4


def hash_new_password(typed: str, email: str) -> str:
    """What is stored in place of a password that a member of this email chose.

    Raises:
        MemberRefused: it is too short or long, their email, or one of those that are tried first.
    """
    password = _in_one_form(typed)
    if len(password) < SHORTEST_MEMBER_PASSWORD:
        raise MemberRefused(MemberFault.PASSWORD_TOO_SHORT)
    if len(password) > LONGEST_MEMBER_PASSWORD:
        raise MemberRefused(MemberFault.PASSWORD_TOO_LONG)
    folded = password.casefold()
    if folded == email.casefold():
        raise MemberRefused(MemberFault.PASSWORD_IS_EMAIL)
    if folded in _COMMON or len(set(folded)) < _FEWEST_DIFFERENT:
        raise MemberRefused(MemberFault.PASSWORD_COMMON)
    return hash_password(password)


def is_members_password(stored: str | None, typed: str) -> bool:
    """Whether this is the password; the same work where there is none to compare it with."""
    password = _in_one_form(typed)
    if len(password) > LONGEST_MEMBER_PASSWORD:
        password = ""
    is_right = is_right_password(stored or _nobodys_password(), password or "-")
    return is_right and bool(password) and stored is not None


def email_key(typed: str) -> str:
    """What two spellings of one email have in common; any text has one."""
    try:
        return parse_email(typed).key
    except InvalidIdentifier:
        # A first owner may be called `owner@localhost`, which nobody could write to.
        return typed.strip().casefold()[:MAX_TYPED_LENGTH]


def _in_one_form(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed)


@cache
def _nobodys_password() -> str:
    return hash_password(secrets.token_urlsafe(32))
