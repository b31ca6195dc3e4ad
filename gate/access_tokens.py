"""Access tokens: a member makes one for a script, and the script downloads contacts with it.

A token may export and nothing else. It is a random text of 256 bits, so a wrong one costs a guesser
nothing less than all of them; wrong ones are counted all the same, as those at the desk's door are.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from data.access_tokens import (
    AccessToken,
    end_access_token,
    find_member_tokens,
    get_access_token,
    insert_access_token,
    update_token_use,
)
from data.accounts import get_account
from data.attempts import Act, Attempt
from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.database import Database, Transaction
from data.members import get_live_member
from data.records import Member
from gate.attempts import Overrun, mask_network, spend_limit
from gate.codes import Pepper, keyed_hash, make_secret, secret_hash
from gate.desk_errors import AccessTokenFault, AccessTokenRefused
from gate.entitlements import Feature, is_entitled, require_feature
from gate.limits import HEARTBEAT_WRITE, MOST_ACCESS_TOKENS, TOKEN_DAYS
from gate.names import clean_name
from gate.roles import require_owner_role
from gate.trail import record_member_act
from gate.visits import Gate

# By this a leaked token is known for what it is, to people and to programs that look for them.
TOKEN_PREFIX = "gatebook_"  # noqa: S105 - how each token begins
_TOKEN = re.compile(rf"{TOKEN_PREFIX}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token, and its text: nobody can be told it later."""

    token: AccessToken
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token a request carries, and which one."""

    member: Member
    access_token_id: int


class BearerFault(StrEnum):
    """Why a token opens nothing."""

    MALFORMED = "token_malformed"
    UNKNOWN = "token_unknown"
    EXPIRED = "token_expired"
    REVOKED = "token_revoked"
    MEMBER_REMOVED = "member_removed"
    PLAN = "plan_without_tokens"
    TOO_MANY = "too_many_tries"


class BearerRefused(Exception):
    """The token opens nothing; `wait` is how long until another try is heard, zero for now."""

    def __init__(self, fault: BearerFault, wait: timedelta = timedelta(0)) -> None:
        """Keep what was wrong, and how long to wait."""
        super().__init__(fault, wait)
        self.fault = fault
        self.wait = wait


def make_access_token(
    db: Database, typed_name: str, days: int, member: Member, now: datetime
) -> MadeToken:
    """A token of the member's own, under this name, for so many days.

    Raises:
        NotPermitted: the account's plan does not include tokens.
        AccessTokenRefused: it has no name, a life that is not offered, or is one too many.
    """
    require_feature(get_account(db).plan, Feature.ACCESS_TOKENS)
    name = clean_name(typed_name)
    if not name:
        raise AccessTokenRefused(AccessTokenFault.NAME_MISSING)
    if days not in TOKEN_DAYS:
        raise AccessTokenRefused(AccessTokenFault.LIFE)
    text = TOKEN_PREFIX + make_secret()
    wanted = AccessToken(0, member.member_id, name, now, now + timedelta(days=days))
    made = None
    with db.transaction() as tx:
        if len(find_member_tokens(tx, member.member_id)) < MOST_ACCESS_TOKENS:
            made = insert_access_token(tx, wanted, token_hash=secret_hash(text))
            detail = f"token {made.access_token_id}, {days} days"
            record_member_act(tx, AuditEvent.TOKEN_MADE, member, now, detail=detail)
    if made is None:
        raise AccessTokenRefused(AccessTokenFault.TOO_MANY)
    return MadeToken(made, text)


def revoke_own_token(db: Database, access_token_id: int, member: Member, now: datetime) -> None:
    """Let nobody download by this token of the member's own any more.

    Raises:
        AccessTokenRefused: it was revoked already, or is another member's.
    """
    _end_token(db, access_token_id, member, now, whose=member.member_id)


def revoke_members_token(db: Database, access_token_id: int, member: Member, now: datetime) -> None:
    """Let nobody download by this token any more, whoever made it.

    Raises:
        NotPermitted: the member is no owner.
        AccessTokenRefused: it was revoked already.
    """
    require_owner_role(member, "member")
    _end_token(db, access_token_id, member, now, whose=None)


def read_bearer(gate: Gate, text: str, network: str, now: datetime) -> Bearer:
    """Whose token this is, noted as used. Each one that opens nothing is in the trail.

    A right token is never refused for others' wrong ones. `network` is the client's address as
    limits count it; whoever comes from an unknown one is counted together.

    Raises:
        BearerRefused: it is none, is over, or its member or plan is.
    """
    token = get_access_token(gate.db, secret_hash(text)) if _TOKEN.fullmatch(text) else None
    if token is None:
        fault = BearerFault.UNKNOWN if text.startswith(TOKEN_PREFIX) else BearerFault.MALFORMED
        raise _turn_away(gate, network, fault, None, now)
    member = get_live_member(gate.db, token.member_id)
    if member is None:
        raise _turn_away(gate, network, BearerFault.MEMBER_REMOVED, token, now)
    fault_of_token = _find_token_fault(gate.db, token, now)
    if fault_of_token is not None:
        raise _turn_away(gate, network, fault_of_token, token, now)
    if token.last_used_at is None or now - token.last_used_at >= HEARTBEAT_WRITE:
        with gate.db.transaction() as tx:
            update_token_use(tx, token.access_token_id, now)
    return Bearer(member, token.access_token_id)


def _find_token_fault(db: Database, token: AccessToken, now: datetime) -> BearerFault | None:
    if token.revoked_at is not None:
        return BearerFault.REVOKED
    # One from the future was made by a clock that was wrong then or is wrong now.
    if now >= token.expires_at or now < token.created_at:
        return BearerFault.EXPIRED
    if not is_entitled(get_account(db).plan, Feature.ACCESS_TOKENS):
        return BearerFault.PLAN
    return None


def _turn_away(
    gate: Gate, network: str, fault: BearerFault, token: AccessToken | None, now: datetime
) -> BearerRefused:
    attempt = _make_wrong_try(gate.pepper, network, now)
    with gate.db.transaction() as tx:
        overrun = spend_limit(tx, gate.limits, attempt)
        insert_audit(tx, _refused_entry(fault, token, overrun, now))
    if overrun is not None:
        return BearerRefused(BearerFault.TOO_MANY, max(overrun.wait, timedelta(seconds=1)))
    return BearerRefused(fault)


def _make_wrong_try(pepper: Pepper, network: str, now: datetime) -> Attempt:
    return Attempt(
        act=Act.TOKEN,
        # A script has no browser, and stands at no link.
        browser_id=0,
        share_link_id=0,
        workspace_id=0,
        created_at=now,
        network_hash=keyed_hash(pepper, network or "unknown network"),
        network_mask=mask_network(network) if network else "an unknown network",
    )


def _refused_entry(
    fault: BearerFault, token: AccessToken | None, overrun: Overrun | None, now: datetime
) -> AuditEntry:
    return AuditEntry(
        created_at=now,
        event=AuditEvent.TOKEN_REFUSED if overrun is None else AuditEvent.LIMIT_HIT,
        actor_kind=ActorKind.VIEWER if token is None else ActorKind.MEMBER,
        actor_id=None if token is None else token.member_id,
        detail=overrun.name if overrun else _say_which(fault, token),
    )


def _say_which(fault: BearerFault, token: AccessToken | None) -> str:
    words = fault.replace("_", " ")
    return words if token is None else f"token {token.access_token_id}, {words}"


def _end_token(
    db: Database, access_token_id: int, member: Member, now: datetime, *, whose: int | None
) -> None:
    with db.transaction() as tx:
        revoked = end_access_token(tx, access_token_id, member_id=whose, now=now)
        if revoked is not None:
            _record_revoked(tx, revoked, member, now)
    if revoked is None:
        raise AccessTokenRefused(AccessTokenFault.GONE)


def _record_revoked(tx: Transaction, revoked: AccessToken, member: Member, now: datetime) -> None:
    detail = f"token {revoked.access_token_id}"
    if revoked.member_id != member.member_id:
        detail += f" of member {revoked.member_id}"
    record_member_act(tx, AuditEvent.TOKEN_REVOKED, member, now, detail=detail)
