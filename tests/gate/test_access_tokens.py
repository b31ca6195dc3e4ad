"""Access tokens: made once, shown once, and dead in every way that something can end."""

from datetime import datetime, timedelta

import pytest

from data.access_tokens import find_all_tokens, find_member_tokens
from data.accounts import update_account
from data.audit import AuditEvent
from data.database import Database
from data.members import insert_member
from data.records import Member, Plan, Role
from gate.access_tokens import (
    TOKEN_PREFIX,
    Bearer,
    BearerFault,
    BearerRefused,
    MadeToken,
    make_access_token,
    read_bearer,
    revoke_members_token,
    revoke_own_token,
)
from gate.desk_errors import AccessTokenFault, AccessTokenRefused
from gate.errors import NotPermitted
from gate.limits import MOST_ACCESS_TOKENS
from gate.membership import remove_member
from gate.visits import Gate
from tests.gate.conftest import Desk, later

OFFICE, HOME = "198.51.100.7/32", "203.0.113.9/32"


@pytest.fixture
def gate(desk: Desk) -> Gate:
    return desk.gate


def add_member(db: Database, email: str, role: Role, now: datetime) -> Member:
    with db.transaction() as tx:
        return insert_member(tx, email=email, name="Somebody", role=role, now=now)


@pytest.fixture
def owner(gate: Gate, now: datetime) -> Member:
    return add_member(gate.db, "ada@example.com", Role.OWNER, now)


@pytest.fixture
def analyst(gate: Gate, now: datetime) -> Member:
    return add_member(gate.db, "ann@example.com", Role.ANALYST, now)


def make(gate: Gate, member: Member, now: datetime, days: int = 30) -> MadeToken:
    return make_access_token(gate.db, "Nightly script", days, member, now)


def fault_of(gate: Gate, text: str, now: datetime, network: str = OFFICE) -> BearerFault:
    with pytest.raises(BearerRefused) as refused:
        read_bearer(gate, text, network, now)
    return refused.value.fault


def trail(db: Database) -> list[tuple[object, ...]]:
    return db.rows("select event, actor_kind, actor_id, detail from audit order by audit_id")


def test_a_token_is_its_makers_and_its_use_is_noted(
    gate: Gate, analyst: Member, now: datetime
) -> None:
    made = make(gate, analyst, now)
    at = later(now, minutes=5)
    assert read_bearer(gate, made.text, OFFICE, at) == Bearer(analyst, made.token.access_token_id)
    [kept] = find_member_tokens(gate.db, analyst.member_id)
    assert (kept.name, kept.last_used_at) == ("Nightly script", at)
    assert kept.expires_at == now + timedelta(days=30)


def test_its_text_is_nowhere_but_with_who_made_it(gate: Gate, owner: Member, now: datetime) -> None:
    made = make(gate, owner, now)
    read_bearer(gate, made.text, OFFICE, now)
    revoke_own_token(gate.db, made.token.access_token_id, owner, now)
    fault_of(gate, made.text, now)
    gate.db.checkpoint()
    secret = made.text.removeprefix(TOKEN_PREFIX).encode()
    assert secret not in gate.db.path.read_bytes()
    assert made.text not in repr(made)


def test_every_way_that_a_token_ends_has_its_own_fault_and_its_line(
    gate: Gate, owner: Member, analyst: Member, now: datetime
) -> None:
    expired = make(gate, analyst, now, days=7)
    revoked, removed = make(gate, owner, now), make(gate, analyst, now)
    revoke_own_token(gate.db, revoked.token.access_token_id, owner, now)
    at = now + timedelta(days=7)
    assert read_bearer(gate, expired.text, OFFICE, later(at, seconds=-1))
    assert fault_of(gate, expired.text, at) is BearerFault.EXPIRED
    assert fault_of(gate, revoked.text, now) is BearerFault.REVOKED
    remove_member(gate.db, analyst.member_id, owner, now)
    assert fault_of(gate, removed.text, now) is BearerFault.MEMBER_REMOVED
    assert fault_of(gate, TOKEN_PREFIX + "x" * 43, now) is BearerFault.UNKNOWN
    assert fault_of(gate, "Basic", now) is BearerFault.MALFORMED
    refused = [line for line in trail(gate.db) if line[0] == AuditEvent.TOKEN_REFUSED]
    assert refused == [
        ("token_refused", "member", analyst.member_id, "token 1, token expired"),
        ("token_refused", "member", owner.member_id, "token 2, token revoked"),
        ("token_refused", "member", analyst.member_id, "token 3, member removed"),
        ("token_refused", "viewer", None, "token unknown"),
        ("token_refused", "viewer", None, "token malformed"),
    ]


def test_a_smaller_plan_ends_tokens_until_it_is_left_again(
    gate: Gate, owner: Member, now: datetime
) -> None:
    made = make(gate, owner, now)
    with gate.db.transaction() as tx:
        update_account(tx, name="Northwind", plan=Plan.PRO, time_zone="UTC")
    assert fault_of(gate, made.text, now) is BearerFault.PLAN
    line = ("token_refused", "member", owner.member_id, "token 1, plan without tokens")
    assert trail(gate.db)[-1] == line
    with pytest.raises(NotPermitted):
        make(gate, owner, now)
    with gate.db.transaction() as tx:
        update_account(tx, name="Northwind", plan=Plan.BUSINESS, time_zone="UTC")
    assert read_bearer(gate, made.text, OFFICE, now)


@pytest.mark.parametrize("network", [OFFICE, ""])
def test_wrong_tokens_are_limited_and_right_ones_are_not(
    gate: Gate, owner: Member, now: datetime, network: str
) -> None:
    made = make(gate, owner, now)
    wrong = TOKEN_PREFIX + "x" * 43
    for _ in range(60):
        assert fault_of(gate, wrong, now, network) is BearerFault.UNKNOWN
    with pytest.raises(BearerRefused) as refused:
        read_bearer(gate, wrong, network, later(now, minutes=1))
    assert refused.value.fault is BearerFault.TOO_MANY
    assert refused.value.wait == timedelta(minutes=9)
    assert read_bearer(gate, made.text, network, now)
    assert fault_of(gate, wrong, now, HOME) is BearerFault.UNKNOWN
    assert fault_of(gate, wrong, later(now, minutes=10), network) is BearerFault.UNKNOWN
    assert trail(gate.db)[61][3] == "network_tokens_10_min"


def test_each_member_revokes_their_own_and_an_owner_everybodys(
    gate: Gate, owner: Member, analyst: Member, now: datetime
) -> None:
    owners, anns = make(gate, owner, now).token, make(gate, analyst, now).token
    assert find_all_tokens(gate.db) == [anns, owners]
    with pytest.raises(AccessTokenRefused):
        revoke_own_token(gate.db, owners.access_token_id, analyst, now)
    with pytest.raises(NotPermitted):
        revoke_members_token(gate.db, anns.access_token_id, analyst, now)
    revoke_members_token(gate.db, anns.access_token_id, owner, now)
    with pytest.raises(AccessTokenRefused):
        revoke_own_token(gate.db, anns.access_token_id, analyst, now)
    assert find_all_tokens(gate.db) == [owners]
    assert trail(gate.db)[-1] == (
        "token_revoked", "member", owner.member_id, f"token 2 of member {analyst.member_id}"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "days", "fault"),
    [
        (" \u200b", 30, AccessTokenFault.NAME_MISSING),
        ("Script", 3650, AccessTokenFault.LIFE),
    ],
)
def test_a_token_needs_a_name_and_an_end(
    gate: Gate, owner: Member, now: datetime, name: str, days: int, fault: AccessTokenFault
) -> None:
    with pytest.raises(AccessTokenRefused) as refused:
        make_access_token(gate.db, name, days, owner, now)
    assert refused.value.fault is fault


def test_nobody_has_more_than_twenty(gate: Gate, owner: Member, now: datetime) -> None:
    made = [make(gate, owner, now) for _ in range(MOST_ACCESS_TOKENS)]
    with pytest.raises(AccessTokenRefused) as refused:
        make(gate, owner, now)
    assert refused.value.fault is AccessTokenFault.TOO_MANY
    revoke_own_token(gate.db, made[0].token.access_token_id, owner, now)
    assert make(gate, owner, now).token.name == "Nightly script"
