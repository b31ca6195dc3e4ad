"""An owner and an analyst with passwords, and their steps through the desk's door, for tests."""

from datetime import datetime

import pyotp

from data.database import Database
from data.members import find_members, get_first_owner
from data.records import Member, Role
from data.second_factors import get_totp
from gate.codes import secret_hash
from gate.invitations import Acceptance, accept_invitation
from gate.member_tries import DeskVisit
from gate.membership import invite_member
from gate.second_factor import confirm_totp, start_totp
from gate.sign_in import SignInGrant, claim_sign_in, give_member_password
from gate.visits import Gate

PASSWORD = "four words that stay"
OTHER = "another four words here"
AGENT = "Firefox on Linux"


def desk_visit(browser: str, now: datetime, network: str = "") -> DeskVisit:
    """A visit of the browser with this cookie."""
    return DeskVisit(secret_hash(browser), now, network)


def first_owner(db: Database) -> Member:
    owner = get_first_owner(db)
    assert owner is not None
    return owner


def join(
    db: Database, email: str, now: datetime, *, role: Role = Role.ANALYST, browser: str = "joined"
) -> tuple[Member, str]:
    """A member who followed an invitation, and the cookie of their browser."""
    made = invite_member(db, email, role, first_owner(db), now)
    acceptance = Acceptance(made.token, PASSWORD, "Ann Lyst", AGENT)
    cookie = accept_invitation(db, desk_visit(browser, now), acceptance)
    assert cookie is not None
    return next(one for one in find_members(db) if one.email == email), cookie


def sign_in(gate: Gate, email: str, browser: str, now: datetime, password: str = PASSWORD) -> str:
    """The cookie of a browser where this member is signed in by the password alone."""
    visit = desk_visit(browser, now)
    step = give_member_password(gate, visit, email, password)
    assert isinstance(step, SignInGrant)
    return claim_sign_in(gate.db, visit, step.token, browser_name=AGENT)


def turn_totp_on(gate: Gate, member: Member, now: datetime) -> tuple[pyotp.TOTP, list[str]]:
    """The member's app, and their recovery codes."""
    start_totp(gate.db, member, now)
    totp = get_totp(gate.db, member.member_id)
    assert totp is not None
    app = pyotp.TOTP(totp.secret)
    codes = confirm_totp(gate, desk_visit("joined", now), member, app.at(now))
    return app, codes
