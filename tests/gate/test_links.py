"""Making and revoking share links, workspaces and the account's settings: owners only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.accounts import get_account, insert_account
from data.database import Database
from data.documents import NewDocument, insert_document
from data.links import NewShareLink, find_share_links, get_share_link
from data.list_entries import EntryForm, ListEntry, ListSide, find_list_entries
from data.records import Account, LinkState, Member, Plan, Role, ShareLink
from data.workspaces import find_workspaces, insert_workspace
from gate.accounts import AccountChange, change_account, find_time_zones
from gate.codes import Pepper
from gate.desk_errors import (
    AccountFault,
    AccountRefused,
    LinkFault,
    LinkRefused,
    WorkspaceFault,
    WorkspaceRefused,
)
from gate.errors import NotPermitted
from gate.identifiers import parse_email
from gate.links import (
    LinkChange,
    build_share_address,
    change_share_link,
    create_share_link,
    judge_at_link,
    parse_share_address_tail,
    revoke_link,
)
from gate.lists import is_admitted
from gate.visits import Gate
from gate.workspaces import create_workspace
from tests.factories import conceal_identifier

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
OWNER = Member(1, "owner@example.com", "Olga", Role.OWNER)
ANALYST = Member(2, "analyst@example.com", "Ann", Role.ANALYST)
DAY = 86_400
WHOLE = NewShareLink(workspace_id=1, pass_seconds=DAY)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "gatebook.duckdb")
    with database.transaction() as tx:
        insert_account(tx, Account("Gatebook", Plan.FREE, "UTC", NOW))
        for workspace_id, name in ((1, "Sales"), (2, "Board")):
            insert_workspace(tx, name, NOW)
            deck = NewDocument(
                workspace_id=workspace_id,
                name="Deck.pdf",
                content_type="application/pdf",
                byte_count=1,
                storage_name=f"{workspace_id}",
            )
            insert_document(tx, deck, NOW)
    yield database
    database.close()


def test_a_link_is_named_after_what_it_opens(db: Database) -> None:
    assert create_share_link(db, WHOLE, OWNER, NOW).name == "Sales"
    assert create_share_link(db, replace(WHOLE, document_id=1), OWNER, NOW).name == "Deck.pdf"
    named = replace(WHOLE, name=" For\u202e\nAda ")
    assert create_share_link(db, named, OWNER, NOW).name == "For Ada"


def test_each_slug_is_new_and_has_128_bits(db: Database) -> None:
    slugs = {create_share_link(db, replace(WHOLE, slug="mine"), OWNER, NOW).slug for _ in "abc"}
    assert len(slugs) == 3
    assert all(len(slug) == 22 for slug in slugs)


def test_a_share_address_leads_back_to_its_link(db: Database) -> None:
    link = create_share_link(db, WHOLE, OWNER, NOW)
    address = build_share_address("https://share.example.com", link)
    start = "https://share.example.com/v/"
    slug = parse_share_address_tail(address.removeprefix(start))
    assert address.startswith(start)
    assert slug is not None
    assert get_share_link(db, slug) == link


@pytest.mark.parametrize(
    "tail", ["", "12", "12-", "x-aaaaaaaaaaaaaaaaaaaaaa", "12-a", "12-../" * 9]
)
def test_a_malformed_address_has_no_slug(tail: str) -> None:
    assert parse_share_address_tail(tail) is None


def test_a_slug_keeps_its_own_hyphens() -> None:
    assert parse_share_address_tail("12--a-bcdefghijklmnop_-") == "-a-bcdefghijklmnop_-"


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        (replace(WHOLE, workspace_id=99), LinkFault.UNKNOWN_WORKSPACE),
        (replace(WHOLE, document_id=2), LinkFault.DOCUMENT_ELSEWHERE),
        (replace(WHOLE, document_id=99), LinkFault.DOCUMENT_ELSEWHERE),
        (replace(WHOLE, verifies_email=True), LinkFault.VERIFIES_UNASKED),
        (replace(WHOLE, verifies_whatsapp=True), LinkFault.VERIFIES_UNASKED),
        (replace(WHOLE, expires_at=NOW), LinkFault.EXPIRES_IN_THE_PAST),
        (replace(WHOLE, pass_seconds=3_599), LinkFault.PASS_LIFE),
        (replace(WHOLE, pass_seconds=30 * DAY + 1), LinkFault.PASS_LIFE),
    ],
)
def test_rules_that_contradict_make_no_link(
    db: Database, new: NewShareLink, fault: LinkFault
) -> None:
    with pytest.raises(LinkRefused) as refusal:
        create_share_link(db, new, OWNER, NOW)
    assert refusal.value.fault is fault
    assert find_share_links(db) == []


def test_a_link_is_revoked_once_and_written_down_once(db: Database) -> None:
    link = create_share_link(db, WHOLE, OWNER, NOW)
    answers = [revoke_link(db, link.share_link_id, OWNER, NOW) for _ in range(2)]
    events = db.rows("select event from audit where share_link_id = 1 order by audit_id")
    assert answers == [True, False]
    assert events == [("link_added",), ("link_revoked",)]
    assert find_share_links(db)[0].state(NOW) is LinkState.REVOKED
    assert not revoke_link(db, 99, OWNER, NOW)


EVE = parse_email("eve@example.org")
ON_LISTS = (
    ListEntry(ListSide.ALLOW, EntryForm.ADDRESS, "ada@example.com", "ada@example.com"),
    ListEntry(ListSide.DENY, EntryForm.DOMAIN, "example.org", "@example.org"),
    ListEntry(ListSide.DENY, EntryForm.ADDRESS, EVE.key, EVE.address),
)


def test_whom_the_owner_judges_is_let_in_or_kept_out_from_then_on(db: Database) -> None:
    link = create_share_link(db, replace(WHOLE, requires_email=True), OWNER, NOW, entries=ON_LISTS)
    gate = Gate(db, Pepper(b"p" * 32), {})
    for side in (ListSide.LET_IN, ListSide.DENY, ListSide.LET_IN):
        entry = conceal_identifier(gate.pepper, EVE, side)
        assert judge_at_link(gate, link.share_link_id, entry, OWNER, NOW) == link
        listed = find_list_entries(db, link.share_link_id)
        assert listed == [*ON_LISTS[:2], entry]
        assert is_admitted(gate.pepper, listed, [EVE]) is (side is ListSide.LET_IN)
        link = find_share_links(db)[0]
    assert link.policy_epoch == 4


def test_nobody_is_judged_on_a_link_that_is_not_there_or_by_an_analyst(db: Database) -> None:
    gate = Gate(db, Pepper(b"p" * 32), {})
    entry = conceal_identifier(gate.pepper, EVE, ListSide.LET_IN)
    assert judge_at_link(gate, 99, entry, OWNER, NOW) is None
    with pytest.raises(NotPermitted):
        judge_at_link(gate, 1, entry, ANALYST, NOW)


def test_the_trail_never_holds_a_slug(db: Database) -> None:
    link = create_share_link(db, WHOLE, OWNER, NOW)
    assert link.slug not in str(db.rows("select * from audit"))


def test_an_expiry_in_the_future_is_kept(db: Database) -> None:
    later = NOW + timedelta(days=1)
    assert create_share_link(db, replace(WHOLE, expires_at=later), OWNER, NOW).expires_at == later


def test_a_workspace_name_is_unique_whatever_its_case(db: Database) -> None:
    assert create_workspace(db, " Legal ", OWNER, NOW).name == "Legal"
    with pytest.raises(WorkspaceRefused) as refusal:
        create_workspace(db, "LEGAL", OWNER, NOW)
    assert refusal.value.fault is WorkspaceFault.NAME_TAKEN
    assert len(find_workspaces(db)) == 3


def test_a_workspace_needs_a_visible_name(db: Database) -> None:
    with pytest.raises(WorkspaceRefused) as refusal:
        create_workspace(db, " \u200b ", OWNER, NOW)
    assert refusal.value.fault is WorkspaceFault.NAME_MISSING


def test_the_account_changes_as_a_whole(db: Database) -> None:
    change_account(db, AccountChange(" Ada & Co ", Plan.PRO, "Asia/Kolkata"), OWNER, NOW)
    assert get_account(db) == Account("Ada & Co", Plan.PRO, "Asia/Kolkata", NOW)


@pytest.mark.parametrize(
    ("name", "zone", "fault"),
    [
        (" ", "UTC", AccountFault.NAME_MISSING),
        ("Ada", "Mars/Olympus", AccountFault.UNKNOWN_TIME_ZONE),
        ("Ada", "localtime", AccountFault.UNKNOWN_TIME_ZONE),
    ],
)
def test_an_impossible_account_is_refused(
    db: Database, name: str, zone: str, fault: AccountFault
) -> None:
    with pytest.raises(AccountRefused) as refusal:
        change_account(db, AccountChange(name, Plan.PRO, zone), OWNER, NOW)
    assert refusal.value.fault is fault
    assert get_account(db).name == "Gatebook"


def test_the_database_can_cut_days_in_every_offered_time_zone(db: Database) -> None:
    for zone in find_time_zones():
        assert db.row("select timezone($zone, $now)", zone=zone, now=NOW) is not None


def test_an_analyst_changes_nothing(db: Database) -> None:
    change = AccountChange("Mine", Plan.PRO, "UTC")
    with pytest.raises(NotPermitted):
        create_share_link(db, WHOLE, ANALYST, NOW)
    with pytest.raises(NotPermitted):
        revoke_link(db, 1, ANALYST, NOW)
    with pytest.raises(NotPermitted):
        create_workspace(db, "Legal", ANALYST, NOW)
    with pytest.raises(NotPermitted):
        change_account(db, change, ANALYST, NOW)


def block(db: Database, link: ShareLink, now: datetime = NOW) -> ListEntry:
    """Keep Eve out of the link, as an owner does on the Activity page."""
    gate = Gate(db, Pepper(b"p" * 32), {})
    entry = conceal_identifier(gate.pepper, EVE, ListSide.DENY)
    judge_at_link(gate, link.share_link_id, entry, OWNER, now)
    return entry


def test_rules_that_were_changed_meanwhile_are_not_overwritten(db: Database) -> None:
    link = create_share_link(db, replace(WHOLE, requires_email=True), OWNER, NOW)
    entry = block(db, link)
    with pytest.raises(LinkRefused) as refusal:
        change_share_link(db, LinkChange(replace(link, name="Mine"), ()), OWNER, NOW)
    assert refusal.value.fault is LinkFault.CHANGED_MEANWHILE
    assert find_list_entries(db, link.share_link_id) == [entry]
    assert find_share_links(db)[0].name == "Sales"


def test_a_password_stays_when_rules_are_saved_without_a_new_one(db: Database) -> None:
    link = create_share_link(db, WHOLE, OWNER, NOW)
    protected = change_share_link(db, LinkChange(link, (), "open sesame"), OWNER, NOW)
    assert protected is not None
    forgetful = replace(protected, password_hash=None)
    changed = change_share_link(db, LinkChange(forgetful, ()), OWNER, NOW)
    assert changed is not None
    assert changed.password_hash == protected.password_hash
    assert changed.password_epoch == protected.password_epoch
    opened = change_share_link(db, LinkChange(changed, (), ""), OWNER, NOW)
    assert opened is not None
    assert opened.password_hash is None


def test_whom_an_owner_judged_stays_on_the_lists_until_taken_out(db: Database) -> None:
    link = create_share_link(db, replace(WHOLE, requires_email=True), OWNER, NOW)
    entry = block(db, link)
    link = find_share_links(db)[0]
    change_share_link(db, LinkChange(link, ON_LISTS[:1]), OWNER, NOW)
    assert find_list_entries(db, link.share_link_id) == [ON_LISTS[0], entry]
    link = find_share_links(db)[0]
    change_share_link(db, LinkChange(link, (), taken_out=(entry,)), OWNER, NOW)
    assert find_list_entries(db, link.share_link_id) == []


def test_a_link_that_was_revoked_meanwhile_keeps_its_rules(db: Database) -> None:
    link = create_share_link(db, WHOLE, OWNER, NOW)
    revoke_link(db, link.share_link_id, OWNER, NOW)
    assert change_share_link(db, LinkChange(replace(link, name="x"), ()), OWNER, NOW) is None
    assert find_share_links(db)[0].name == "Sales"
