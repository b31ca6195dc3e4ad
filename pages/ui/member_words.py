"""The words about members, invitations and signing in: why not, and what a role may do."""

from datetime import timedelta

from data.database import StorageFailed
from data.invitations import Invitation
from data.records import Role
from gate.desk_errors import MemberFault
from gate.errors import (
    ChallengeClosed,
    GateRefusal,
    LinkUnavailable,
    TooManyRequests,
    WrongCode,
)
from gate.limits import LONGEST_MEMBER_PASSWORD, SHORTEST_MEMBER_PASSWORD
from pages.ui.words import say_wait

MEMBER_WORDS = {
    MemberFault.GONE: "It isn't here any more: it was used, withdrawn, removed or too old. "
    "Load the page.",
    MemberFault.EMAIL_MALFORMED: "Enter an email like name@example.com.",
    MemberFault.EMAIL_TAKEN: "A member has this email already. Make them a new password link "
    "instead.",
    MemberFault.LAST_OWNER: "This is the last owner. Make somebody else an owner first.",
    MemberFault.NAME_MISSING: "Type a name.",
    MemberFault.PASSWORD_TOO_SHORT: f"The password needs at least {SHORTEST_MEMBER_PASSWORD} "
    "characters. Add a word or two.",
    MemberFault.PASSWORD_TOO_LONG: f"A password has at most {LONGEST_MEMBER_PASSWORD} characters. "
    "Make it shorter.",
    MemberFault.PASSWORD_COMMON: "This password is among the first that are tried. Choose another.",
    MemberFault.PASSWORD_IS_EMAIL: "The password can't be the email. Choose another.",
    MemberFault.PASSWORD_MISSING: "Set a password first.",
    MemberFault.WRONG_PASSWORD: "Your current password is not right. Type it again.",
    MemberFault.WRONG_CODE: "The code is not right. Type the one that the app shows now.",
    MemberFault.TOO_MANY_TRIES: "Too many tries. Wait {wait}.",
}
ROLE_NAMES = {Role.OWNER: "Owner", Role.ANALYST: "Analyst"}
ROLE_WORDS = {
    Role.OWNER: "Owner: sees and changes everything",
    Role.ANALYST: "Analyst: sees and downloads, changes nothing",
}
PASSWORD_RULE = (
    f"At least {SHORTEST_MEMBER_PASSWORD} characters. Four words are easier to keep in mind than "
    "one with signs in it."
)


def member_fault_words(fault: MemberFault, wait: timedelta) -> str:
    """What to do about a change that was not made; `wait` is told where there is one."""
    return MEMBER_WORDS[fault].format(wait=say_wait(wait))


def signed_out_words(closed: int) -> str:
    """At how many other browsers a member was signed out."""
    if not closed:
        return "No other browser was signed in."
    return f"Signed out: {closed:,} other {'browser' if closed == 1 else 'browsers'}."


def sign_in_sentence(refusal: GateRefusal | StorageFailed) -> str:
    """Why nobody was signed in: the same for an unknown email and for a wrong password."""
    match refusal:
        case TooManyRequests(wait=wait):
            return f"Too many tries. Wait {say_wait(wait)}."
        case WrongCode():
            return "The code is not right, or was used before. Wait for the next one."
        case ChallengeClosed():
            return "That took too long. Type your password again."
        case LinkUnavailable():
            return "This page is out of date. Load it again, then sign in."
        case StorageFailed():
            return str(refusal)
        case _:
            return "The email or password is not right."


def mail_words(invitation: Invitation, *, can_mail: bool) -> str:
    """Whether the invitation was mailed, or has to be passed on by hand."""
    if invitation.mailed_at is not None:
        return "mailed"
    if invitation.mail_failure is not None:
        return f"not mailed ({invitation.mail_failure})"
    return "not mailed yet" if can_mail else "not mailed: pass the link on yourself"
