"""Saved views: everybody keeps their own, owners share, and nobody sees another's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from data.check import find_orphans
from data.database import Database
from data.records import Identifier, Member, Role
from data.saved_views import SavedView, find_saved_views, forget_searched_address, get_saved_view
from gate.desk_errors import ViewFault, ViewRefused
from gate.errors import NotPermitted
from gate.members import create_account
from gate.membership import remove_member
from gate.saved_views import (
    MAX_VIEWS,
    ViewDraft,
    change_saved_view,
    remove_saved_view,
    rename_saved_view,
    save_view,
    share_saved_view,
    unshare_saved_view,
)
from gate.settings import Settings
from tests.factories import make_identifier

OWNER = Member(1, "ada@example.com", "Ada", Role.OWNER)
OTHER_OWNER = replace(OWNER, member_id=3)
ANALYST = Member(2, "ann@example.com", "Ann", Role.ANALYST)
WORDS = {"type": ["email"], "period": ["30d"], "quiet": ["14"], "sort": ["access_count"]}
OWN, SHARED = ViewDraft("Quiet", WORDS), ViewDraft("Quiet", WORDS, is_shared=True)


def names(db: Database, member: Member) -> list[str]:
    return [view.name for view in find_saved_views(db, member.member_id)]


def fault_of(act: Callable[[], object]) -> ViewFault:
    with pytest.raises(ViewRefused) as refusal:
        act()
    return refusal.value.fault


def trail(db: Database) -> list[tuple[str, int, str]]:
    return [tuple(row) for row in db.rows("select event, actor_id, detail from audit")]


def test_a_personal_view_is_seen_by_its_member_alone(db: Database, now: datetime) -> None:
    made = save_view(db, OWN, ANALYST, now)

    assert get_saved_view(db, made.saved_view_id, member_id=2) == SavedView(
        1, 2, "Quiet", WORDS, is_shared=False
    )
    assert names(db, OWNER) == []
    assert get_saved_view(db, made.saved_view_id, member_id=1) is None
    assert trail(db) == []


def test_a_shared_view_is_everybodys_until_it_is_shared_no_more(
    db: Database, now: datetime
) -> None:
    number = save_view(db, OWN, OWNER, now).saved_view_id
    for _ in range(2):
        share_saved_view(db, number, OWNER, now)
    assert names(db, ANALYST) == ["Quiet"]

    for _ in range(2):
        unshare_saved_view(db, number, OWNER, now)

    assert names(db, ANALYST) == []
    assert trail(db) == [("view_shared", 1, "view 1"), ("view_unshared", 1, "view 1")]


def test_any_owner_changes_and_deletes_a_shared_view(db: Database, now: datetime) -> None:
    number = save_view(db, SHARED, OWNER, now).saved_view_id

    change_saved_view(db, number, {"q": ["acme"]}, OTHER_OWNER, now)
    change_saved_view(db, number, {"q": ["acme"]}, OTHER_OWNER, now)
    rename_saved_view(db, number, "Acme", OTHER_OWNER, now)
    found = get_saved_view(db, number, member_id=2)
    assert found == SavedView(number, 1, "Acme", {"q": ["acme"]}, is_shared=True)
    remove_saved_view(db, number, OTHER_OWNER, now)

    assert names(db, OWNER) == []
    events = ["view_shared", "view_changed", "view_changed", "view_deleted"]
    assert [line[0] for line in trail(db)] == events


def test_an_owner_who_stops_sharing_has_the_view_for_themselves(
    db: Database, now: datetime
) -> None:
    number = save_view(db, SHARED, OWNER, now).saved_view_id
    unshare_saved_view(db, number, OTHER_OWNER, now)
    assert (names(db, OWNER), names(db, OTHER_OWNER)) == ([], ["Quiet"])


Act = Callable[[Database, int, Member, datetime], object]


def empty_saved_view(db: Database, number: int, member: Member, now: datetime) -> None:
    change_saved_view(db, number, {}, member, now)


def call_it_mine(db: Database, number: int, member: Member, now: datetime) -> None:
    rename_saved_view(db, number, "Mine", member, now)


ACTS: list[Act] = [empty_saved_view, call_it_mine, remove_saved_view]


@pytest.mark.parametrize("act", ACTS)
def test_an_analyst_changes_their_own_views_and_no_shared_one(
    db: Database, now: datetime, act: Act
) -> None:
    shared = save_view(db, SHARED, OWNER, now)
    with pytest.raises(NotPermitted):
        act(db, shared.saved_view_id, ANALYST, now)
    assert find_saved_views(db, 1) == [shared]

    own = save_view(db, replace(OWN, name="Own"), ANALYST, now)
    act(db, own.saved_view_id, ANALYST, now)
    assert own not in find_saved_views(db, 2)


@pytest.mark.parametrize("act", [*ACTS, share_saved_view, unshare_saved_view])
def test_another_members_own_view_is_not_there(db: Database, now: datetime, act: Act) -> None:
    own = save_view(db, OWN, ANALYST, now)
    assert fault_of(lambda: act(db, own.saved_view_id, OWNER, now)) is ViewFault.GONE
    assert fault_of(lambda: act(db, 99, OWNER, now)) is ViewFault.GONE
    assert find_saved_views(db, 2) == [own]


def test_an_analyst_shares_nothing(db: Database, now: datetime) -> None:
    own = save_view(db, OWN, ANALYST, now)
    with pytest.raises(NotPermitted):
        save_view(db, replace(SHARED, name="Ours"), ANALYST, now)
    with pytest.raises(NotPermitted):
        share_saved_view(db, own.saved_view_id, ANALYST, now)
    assert find_saved_views(db, 2) == [own]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (" \u200b ", ViewFault.NAME_MISSING),
        ("x" * 81, ViewFault.NAME_TOO_LONG),
        ("  qUIET ", ViewFault.NAME_TAKEN),
    ],
)
def test_a_name_is_there_short_and_unlike_the_others(
    db: Database, now: datetime, name: str, fault: ViewFault
) -> None:
    save_view(db, SHARED, OWNER, now)
    own = save_view(db, replace(OWN, name="x" * 80), ANALYST, now)

    assert fault_of(lambda: save_view(db, ViewDraft(name, {}), ANALYST, now)) is fault
    number = own.saved_view_id
    assert fault_of(lambda: rename_saved_view(db, number, name, ANALYST, now)) is fault
    rename_saved_view(db, own.saved_view_id, "X" * 80, ANALYST, now)
    assert names(db, ANALYST) == ["Quiet", "X" * 80]


def test_a_member_has_at_most_a_hundred(db: Database, now: datetime) -> None:
    shared = save_view(db, SHARED, OTHER_OWNER, now)
    for number in range(MAX_VIEWS):
        save_view(db, replace(OWN, name=f"View {number}"), OWNER, now)
    assert fault_of(lambda: save_view(db, ViewDraft("More", {}), OWNER, now)) is ViewFault.TOO_MANY
    number = shared.saved_view_id
    assert fault_of(lambda: unshare_saved_view(db, number, OWNER, now)) is ViewFault.TOO_MANY


def test_two_at_once_do_not_get_one_name(db: Database, now: datetime) -> None:
    def save(member: Member) -> bool:
        try:
            save_view(db, SHARED, member, now)
        except ViewRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(save, [OWNER, OTHER_OWNER] * 4)) == 1
    assert names(db, ANALYST) == ["Quiet"]


def test_who_is_removed_leaves_only_what_they_shared(db: Database, now: datetime) -> None:
    create_account(db, Settings(), now)
    with db.transaction() as tx:
        tx.run(
            "insert into member (member_id, email, name, role, created_at) "
            "values (2, 'ann@example.com', 'Ann', 'owner', $now)",
            now=now,
        )
    ann = replace(ANALYST, role=Role.OWNER)
    save_view(db, SHARED, ann, now)
    save_view(db, replace(OWN, name="Own"), ann, now)

    remove_member(db, 2, OWNER, now)

    assert names(db, ann) == names(db, OWNER) == ["Quiet"]
    assert find_orphans(db) == []


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Ada@Example.com", "ada@example.com"),
        ("ada@exam", "ada@example.com"),
        ("020 7946 0018", "+442079460018"),
        ("0044 (0)20 7946-0018", "+442079460018"),
    ],
)
def test_an_erased_address_leaves_the_searches_of_saved_views(
    db: Database, now: datetime, typed: str, address: str
) -> None:
    words = {"q": [typed], "company": [f"{typed}", "Acme"], "seen_from": ["2026-01-18"]}
    save_view(db, ViewDraft("Them", words), ANALYST, now)

    assert forget(db, make_identifier(address)) == 1

    (view,) = find_saved_views(db, 2)
    assert view.words == {"company": ["Acme"], "seen_from": ["2026-01-18"]}
    assert typed not in str(db.rows("select * from saved_view"))


@pytest.mark.parametrize("typed", ["ada", "@example.com", "0018", "Bob@example.com", "example"])
def test_what_names_nobody_stays(db: Database, now: datetime, typed: str) -> None:
    save_view(db, ViewDraft("Them", {"q": [typed]}), ANALYST, now)
    for address in ("ada@example.com", "+442079460018"):
        assert forget(db, make_identifier(address)) == 0


def forget(db: Database, one: Identifier) -> int:
    with db.transaction() as tx:
        return forget_searched_address(tx, one.key)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Visits of Ada@Example.COM.", "ada@example.com"),
        ("<ADA@EXAMPLE.COM> & Co", "ada@example.com"),
        ("ada@exam", "ada@example.com"),
        ("Ada +44 20 7946 0018", "+442079460018"),
        ("Ada (020 7946-0018), 2026", "+442079460018"),
    ],
)
def test_an_erased_address_leaves_the_names_of_saved_views(
    db: Database, now: datetime, name: str, address: str
) -> None:
    number = save_view(db, ViewDraft(name, {"tag": ["VIP"]}), ANALYST, now).saved_view_id
    assert forget(db, make_identifier(address)) == 1
    assert names(db, ANALYST) == [f"A view {number}"]
    assert forget(db, make_identifier(address)) == 0


def test_a_view_whose_name_is_forgotten_takes_no_other_ones(db: Database, now: datetime) -> None:
    made = save_view(db, ViewDraft("ada@example.com", {}), ANALYST, now)
    save_view(db, ViewDraft(f"a VIEW {made.saved_view_id}", {}, is_shared=True), OWNER, now)
    assert forget(db, make_identifier("ada@example.com")) == 1
    assert f"A view {made.saved_view_id + 1}" in names(db, ANALYST)


@pytest.mark.parametrize(
    "name", ["Ada", "Bada@example.com", "ada@example.community", "@example.com", "1 – 18 January"]
)
def test_a_name_that_names_somebody_else_stays(db: Database, now: datetime, name: str) -> None:
    save_view(db, ViewDraft(name, {}), ANALYST, now)
    for address in ("ada@example.com", "+442079460018"):
        assert forget(db, make_identifier(address)) == 0
    assert names(db, ANALYST) == [name]
