"""Who becomes a member and stops being one: invitations, roles, passwords, sessions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

import pytest

from data.database import Database
from data.invitations import find_open_invitations
from data.members import find_members, insert_member
from data.records import Member, Role
from data.second_factors import count_recovery_codes, get_totp
from gate.browser_names import guess_browser_name
from gate.codes import Pepper, secret_hash
from gate.desk_errors import MemberFault, MemberRefused
from gate.errors import WrongCode, WrongPassword
from gate.invitations import Acceptance, accept_invitation, read_invitation
from gate.members import complete_sign_in, create_account, read_member, start_sign_in
from gate.membership import (
    change_role,
    invite_member,
    make_password_link,
    remove_member,
    reset_second_factor,
    withdraw_invitation,
)
from gate.profile import (
    change_own_name,
    change_own_password,
    end_other_sessions,
    end_own_session,
    find_own_sessions,
    renew_recovery_codes,
    turn_second_factor_off,
)
from gate.second_factor import start_totp
from gate.settings import Settings
from gate.sign_in import CodeNeeded, find_half_signed_in, give_member_password
from gate.upkeep import forget_what_is_over
from gate.visits import Gate
from tests.gate.conftest import later
from tests.gate.members_at_work import (
    AGENT,
    OTHER,
    PASSWORD,
    desk_visit,
    first_owner,
    join,
    sign_in,
    turn_totp_on,
)

ANN = "ann@example.com"


@pytest.fixture
def gate(db: Database, now: datetime) -> Gate:
    create_account(db, Settings(), now)
    return Gate(db, Pepper(b"p" * 32), {})


def refused(act: Callable[[], object]) -> MemberFault:
    with pytest.raises(MemberRefused) as refusal:
        act()
    return refusal.value.fault


def test_an_invitation_makes_one_member_once(gate: Gate, now: datetime) -> None:
    made = invite_member(gate.db, ANN, Role.ANALYST, first_owner(gate.db), now)
    acceptance = Acceptance(made.token, PASSWORD, " Ann ", AGENT)

    def accept(browser: str) -> str | None:
        try:
            return accept_invitation(gate.db, desk_visit(browser, now), acceptance)
        except (WrongCode, MemberRefused):
            return None

    with ThreadPoolExecutor(4) as threads:
        cookies = [one for one in threads.map(accept, "abcd") if one]
    assert len(cookies) == 1
    found = read_member(gate.db, secret_hash(cookies[0]), now)
    assert found is not None
    assert (found.email, found.name, found.role) == (ANN, "Ann", Role.ANALYST)
    assert find_open_invitations(gate.db, now) == []


def test_only_the_hash_of_a_link_is_kept(gate: Gate, now: datetime) -> None:
    made = invite_member(gate.db, ANN, Role.ANALYST, first_owner(gate.db), now)
    assert made.token not in str(gate.db.rows("select * from invitation"))
    assert made.token not in str(gate.db.rows("select * from audit"))
    assert made.token not in repr(made)


def test_an_invitation_ends_after_seven_days_or_when_it_is_withdrawn(
    gate: Gate, now: datetime
) -> None:
    owner = first_owner(gate.db)
    made = invite_member(gate.db, ANN, Role.ANALYST, owner, now)
    assert read_invitation(gate.db, desk_visit("ann", later(now, days=7)), made.token) is None
    withdraw_invitation(gate.db, made.invitation.invitation_id, owner, now)
    with pytest.raises(WrongCode):
        accept_invitation(gate.db, desk_visit("ann", now), Acceptance(made.token, PASSWORD, "Ann"))
    assert len(find_members(gate.db)) == 1
    number = made.invitation.invitation_id
    assert refused(lambda: withdraw_invitation(gate.db, number, owner, now)) is MemberFault.GONE


def test_a_second_invitation_takes_the_place_of_the_first(gate: Gate, now: datetime) -> None:
    owner = first_owner(gate.db)
    first = invite_member(gate.db, ANN, Role.OWNER, owner, now)
    second = invite_member(gate.db, "Ann@Example.com", Role.ANALYST, owner, now)
    assert [one.invitation_id for one in find_open_invitations(gate.db, now)] == [
        second.invitation.invitation_id
    ]
    assert read_invitation(gate.db, desk_visit("ann", now), first.token) is None


def test_two_members_never_have_one_email(gate: Gate, now: datetime) -> None:
    owner = first_owner(gate.db)
    made = invite_member(gate.db, ANN, Role.ANALYST, owner, now)
    with gate.db.transaction() as tx:
        insert_member(tx, email="ANN@example.com", name="Ann", role=Role.ANALYST, now=now)
    acceptance = Acceptance(made.token, PASSWORD, "Ann")
    visit = desk_visit("ann", now)
    taken = MemberFault.EMAIL_TAKEN
    assert refused(lambda: accept_invitation(gate.db, visit, acceptance)) is taken
    assert refused(lambda: invite_member(gate.db, ANN, Role.OWNER, owner, now)) is taken
    malformed = refused(lambda: invite_member(gate.db, "ann", Role.OWNER, owner, now))
    assert malformed is MemberFault.EMAIL_MALFORMED


@pytest.mark.parametrize(
    ("name", "password", "fault"),
    [
        ("\u200b", PASSWORD, MemberFault.NAME_MISSING),
        ("Ann", "elevenchars", MemberFault.PASSWORD_TOO_SHORT),
        ("Ann", "x1" * 129, MemberFault.PASSWORD_TOO_LONG),
        ("Ann", "PasswordPassword", MemberFault.PASSWORD_COMMON),
        ("Ann", "aaaaaaaaaaaaaaaa", MemberFault.PASSWORD_COMMON),
        ("Ann", "Ann@example.com", MemberFault.PASSWORD_IS_EMAIL),
    ],
)
def test_a_bad_password_leaves_the_invitation_unused(
    gate: Gate, now: datetime, name: str, password: str, fault: MemberFault
) -> None:
    made = invite_member(gate.db, ANN, Role.ANALYST, first_owner(gate.db), now)
    acceptance = Acceptance(made.token, password, name)
    assert refused(lambda: accept_invitation(gate.db, desk_visit("ann", now), acceptance)) is fault
    assert read_invitation(gate.db, desk_visit("ann", now), made.token) is not None


def test_a_password_is_one_however_its_letters_are_made_up(gate: Gate, now: datetime) -> None:
    member, _ = join(gate.db, ANN, now)
    visit = desk_visit("joined", now)
    change_own_password(gate, visit, member, PASSWORD, "cafe\u0301 au lait svp")
    assert sign_in(gate, ANN, "ann", now, password="café au lait svp")


def test_a_password_link_sets_another_and_signs_out_everywhere(gate: Gate, now: datetime) -> None:
    member, cookie = join(gate.db, ANN, now)
    made = make_password_link(gate.db, member.member_id, first_owner(gate.db), now)
    fresh = accept_invitation(gate.db, desk_visit("new", now), Acceptance(made.token, OTHER))
    assert fresh is not None
    assert read_member(gate.db, secret_hash(cookie), now) is None
    assert read_member(gate.db, secret_hash(fresh), now) == member
    with pytest.raises(WrongPassword):
        sign_in(gate, ANN, "ann", now)
    assert sign_in(gate, ANN, "ann", now, password=OTHER)


def test_a_password_link_does_not_get_round_the_second_factor(gate: Gate, now: datetime) -> None:
    member, _ = join(gate.db, ANN, now)
    turn_totp_on(gate, member, now)
    made = make_password_link(gate.db, member.member_id, first_owner(gate.db), now)
    visit = desk_visit("new", now)
    assert accept_invitation(gate.db, visit, Acceptance(made.token, OTHER)) is None
    assert read_member(gate.db, secret_hash("new"), now) is None
    assert find_half_signed_in(gate.db, visit) == member


@pytest.mark.parametrize("ending", ["removed", "made an analyst"])
def test_links_that_a_former_owner_made_let_nobody_in(
    gate: Gate, now: datetime, ending: str
) -> None:
    db, visit = gate.db, desk_visit("stranger", now)
    owner = first_owner(db)
    other, _ = join(db, "eve@example.com", now, role=Role.OWNER)
    invited = invite_member(db, "eve2@example.com", Role.OWNER, other, now)
    password = make_password_link(db, owner.member_id, other, now)
    kept = invite_member(db, ANN, Role.ANALYST, owner, now)
    if ending == "removed":
        remove_member(db, other.member_id, owner, now)
    else:
        change_role(db, other.member_id, Role.ANALYST, owner, now)
    assert read_invitation(db, visit, invited.token) is None
    assert read_invitation(db, visit, password.token) is None
    assert find_open_invitations(db, now) == [kept.invitation]


def test_the_last_owner_stays(gate: Gate, now: datetime) -> None:
    owner = first_owner(gate.db)
    number, last = owner.member_id, MemberFault.LAST_OWNER
    assert refused(lambda: remove_member(gate.db, number, owner, now)) is last
    assert refused(lambda: change_role(gate.db, number, Role.ANALYST, owner, now)) is last
    assert refused(lambda: remove_member(gate.db, 99, owner, now)) is MemberFault.GONE


def test_two_owners_who_remove_each_other_leave_one(gate: Gate, now: datetime) -> None:
    owner = first_owner(gate.db)
    other, _ = join(gate.db, ANN, now, role=Role.OWNER)

    def remove(pair: tuple[Member, Member]) -> None:
        with suppress(MemberRefused):
            remove_member(gate.db, pair[0].member_id, pair[1], now)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(remove, [(owner, other), (other, owner)]))
    assert len(find_members(gate.db)) == 1


@pytest.mark.parametrize("act", ["remove", "role", "password"])
def test_open_sessions_end_with_what_they_were_begun_by(
    gate: Gate, now: datetime, act: str
) -> None:
    member, cookie = join(gate.db, ANN, now)
    other = sign_in(gate, ANN, "other", now)
    owner = first_owner(gate.db)
    if act == "remove":
        remove_member(gate.db, member.member_id, owner, now)
    elif act == "role":
        change_role(gate.db, member.member_id, Role.OWNER, owner, now)
    else:
        visit = desk_visit(cookie, now)
        assert change_own_password(gate, visit, member, PASSWORD, OTHER) == 1
    assert read_member(gate.db, secret_hash(other), now) is None
    is_kept = read_member(gate.db, secret_hash(cookie), now) is not None
    assert is_kept is (act == "password")


def test_the_first_owner_sets_a_password_without_one_before(gate: Gate, now: datetime) -> None:
    cookie = complete_sign_in(gate.db, start_sign_in(gate.db, now), secret_hash("owner"), now)
    owner = first_owner(gate.db)
    visit = desk_visit(cookie, now)
    assert refused(lambda: start_totp(gate.db, owner, now)) is MemberFault.PASSWORD_MISSING
    change_own_password(gate, visit, owner, "", PASSWORD)
    assert sign_in(gate, "Owner@localhost", "elsewhere", now)
    wrong = refused(lambda: change_own_password(gate, visit, owner, "not mine at all", OTHER))
    assert wrong is MemberFault.WRONG_PASSWORD


def test_a_present_password_has_the_limits_of_signing_in(gate: Gate, now: datetime) -> None:
    member, cookie = join(gate.db, ANN, now)
    visit = desk_visit(cookie, now)
    for _ in range(10):
        refused(lambda: change_own_password(gate, visit, member, "wrong", OTHER))
    fault = refused(lambda: turn_second_factor_off(gate, visit, member, PASSWORD))
    assert fault is MemberFault.TOO_MANY_TRIES


def test_new_recovery_codes_replace_the_old_and_off_forgets_all(gate: Gate, now: datetime) -> None:
    member, cookie = join(gate.db, ANN, now)
    _, old = turn_totp_on(gate, member, now)
    visit = desk_visit(cookie, now)
    new = renew_recovery_codes(gate, visit, member, PASSWORD)
    assert set(new).isdisjoint(old)
    assert not any(code.replace("-", "") in str(gate.db.rows("from recovery_code")) for code in new)
    assert count_recovery_codes(gate.db, member.member_id) == 10
    wrong = refused(lambda: turn_second_factor_off(gate, visit, member, OTHER))
    assert wrong is MemberFault.WRONG_PASSWORD
    turn_second_factor_off(gate, visit, member, PASSWORD)
    assert get_totp(gate.db, member.member_id) is None
    assert count_recovery_codes(gate.db, member.member_id) == 0


def test_an_owner_resets_a_lost_second_factor(gate: Gate, now: datetime) -> None:
    member, _ = join(gate.db, ANN, now)
    turn_totp_on(gate, member, now)
    visit = desk_visit("one", now)
    assert give_member_password(gate, visit, ANN, PASSWORD) == CodeNeeded()
    reset_second_factor(gate.db, member.member_id, first_owner(gate.db), now)
    assert sign_in(gate, ANN, "two", now)


def test_sessions_are_listed_and_ended_one_by_one(gate: Gate, now: datetime) -> None:
    member, cookie = join(gate.db, ANN, now)
    others = [sign_in(gate, ANN, name, later(now, minutes=1)) for name in ("b", "c")]
    soon = later(now, minutes=2)
    listed = find_own_sessions(gate.db, member, soon)
    assert [one.browser_name for one in listed] == [AGENT] * 3
    end_own_session(gate.db, listed[0].member_session_id, first_owner(gate.db), soon)
    assert len(find_own_sessions(gate.db, member, soon)) == 3
    end_own_session(gate.db, listed[0].member_session_id, member, soon)
    assert read_member(gate.db, secret_hash(others[1]), soon) is None
    assert end_other_sessions(gate.db, desk_visit(cookie, soon), member) == 1
    assert read_member(gate.db, secret_hash(others[0]), soon) is None
    assert read_member(gate.db, secret_hash(cookie), soon) is not None


def test_a_member_changes_their_name(gate: Gate, now: datetime) -> None:
    member, _ = join(gate.db, ANN, now)
    change_own_name(gate.db, member, " Ann\nLyst-Berg ", now)
    assert find_members(gate.db)[1].name == "Ann Lyst-Berg"
    assert refused(lambda: change_own_name(gate.db, member, " ", now)) is MemberFault.NAME_MISSING


def test_links_that_ran_out_are_forgotten(gate: Gate, now: datetime) -> None:
    invite_member(gate.db, ANN, Role.ANALYST, first_owner(gate.db), now)
    forget_what_is_over(gate, later(now, days=7))
    assert gate.db.rows("select 1 from invitation")
    forget_what_is_over(gate, later(now, days=8, seconds=1))
    assert not gate.db.rows("select 1 from invitation")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("<script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_our_words(agent: str, name: str) -> None:
    assert guess_browser_name(agent) == name
