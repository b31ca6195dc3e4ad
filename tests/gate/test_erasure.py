"""Taking a person's access away, and erasing them: dead at once, and gone from every table."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from data.attempts import Scope
from data.audit import AuditEvent
from data.blocks import BlockKind, GateBlock, insert_block
from data.check import check_database
from data.database import Database
from data.deliveries import (
    ProviderStatus,
    get_last_delivery,
    insert_delivery_status,
    update_delivery,
)
from data.expected_viewers import ExpectedPerson, insert_expected_viewers
from data.list_entries import EntryForm, ListEntry, ListSide, find_list_entries, insert_list_entry
from data.records import Channel, Identifier, Member, Role, SessionKind, ShareLink
from gate.challenges import answer_challenge
from gate.codes import Pepper, keyed_hash, keyed_hashes, secret_hash
from gate.delivery.deliverer import CodeMessage
from gate.entries import submit_entry
from gate.erasure import erase_person, revoke_person
from gate.errors import NotListed, NotPermitted, WrongCode
from gate.identifiers import mask_identifier, parse_email, parse_whatsapp
from gate.limited import HeldUp, lift_limit
from gate.passes import Grant, read_pass
from gate.sessions import Opening, open_viewing_session
from gate.trail import record_member_act
from gate.trial_sendings import send_trial
from tests.factories import conceal_identifier
from tests.gate.conftest import (
    Desk,
    LinkMaker,
    ask_for_code,
    awaited,
    later,
    pass_unverified,
    visit_of,
    wrong,
)

BOB, CAROL = parse_email("Bob@example.com"), parse_email("carol@example.com")
NUMBER = parse_whatsapp("+54 9 11 2345 6789", None)
OWNER = Member(1, "owner@example.com", "Owner", Role.OWNER)
# The second pepper that a gate may know is the one before.
BOTH_PEPPERS = Pepper(b"q" * 32, previous=b"p" * 32)
# Every column that can come to know a viewer.
EVERYWHERE = {
    "attempt.identifier_hash",
    "attempt.identifier_mask",
    "audit.identifier_hash",
    "audit.identifier_mask",
    "challenge.identifier_key",
    "delivery.identifier_hash",
    "delivery.identifier_mask",
    "expected_viewer.address",
    "expected_viewer.key",
    "failure_streak.identifier_hash",
    "gate_block.label",
    "gate_block.subject",
    "gate_entry_identifier.address",
    "gate_entry_identifier.key",
    "gate_entry_identifier.typed",
    "gate_event.identifier_hash",
    "gate_event.identifier_mask",
    "identifier.address",
    "identifier.key",
    "identifier.lookup",
    "identifier.searched",
    "identifier.typed",
    "limit_lift.subject",
    "list_entry.label",
    "list_entry.value",
}
# What may go on to hold a keyed hash of somebody erased.
KEPT_HASHES = {"suppression.identifier_hash", "list_entry.value"}


def visit(desk: Desk, link: ShareLink, now: datetime, address: str) -> str:
    """The hash of the cookie with which somebody has the document open."""
    cookie = secret_hash(pass_unverified(desk, address, link, now, address))
    live = read_pass(desk.gate.db, desk.gate.pepper, cookie, link, now)
    assert live is not None
    open_viewing_session(desk.gate, Opening(link, live, SessionKind.VIEWER, 1), now)
    return cookie


def find_traces(db: Database, *people: Identifier) -> set[str]:
    """The text columns, of all that there are, which hold an address, mask or hash of theirs."""
    wanted = {text.lower() for one in people for text in (one.key, one.address, one.typed)}
    wanted |= {mask_identifier(one.channel, one.address).lower() for one in people}
    wanted |= {hashed for one in people for hashed in keyed_hashes(BOTH_PEPPERS, one.lookup)}
    columns = db.rows(
        """
        select
            table_name,
            column_name
        from information_schema.columns
        where data_type = 'VARCHAR'
        """
    )
    return {
        f"{table}.{column}"
        for table, column in columns
        for (value,) in db.rows(f"select lower({column}) from {table} where {column} is not null")
        if any(text in value for text in wanted)
    }


def ask_and_fail(desk: Desk, link: ShareLink, now: datetime) -> None:
    """Bob's address is typed where codes are sent, and somebody guesses."""
    visit = visit_of(f"guess under {desk.gate.pepper.current[:1]!r}", link, now)
    number, code = ask_for_code(desk, visit, BOB.typed)
    with pytest.raises(WrongCode):
        answer_challenge(desk.gate, visit, number, wrong(code))
    sent = get_last_delivery(desk.gate.db, number)
    assert sent is not None
    name = f"wamid.{number}"
    with desk.gate.db.transaction() as tx:
        update_delivery(tx, sent.delivery_id, sent.state, provider_message_id=name, now=now)
        insert_delivery_status(tx, ProviderStatus(name, "delivered", None, now), now)


def hold_up(desk: Desk, link: ShareLink, now: datetime) -> None:
    """Bob is disabled, let through and allowed, all without his address in clear."""
    db, pepper = desk.gate.db, desk.gate.pepper
    hashed, mask = keyed_hash(pepper, BOB.lookup), mask_identifier(BOB.channel, BOB.address)
    entries = (
        conceal_identifier(pepper, BOB, ListSide.ALLOW),
        ListEntry(ListSide.ALLOW, EntryForm.ADDRESS, BOB.key, BOB.address),
    )
    with db.transaction() as tx:
        insert_expected_viewers(tx, link.share_link_id, [ExpectedPerson(BOB)], now)
        insert_block(tx, GateBlock(0, BlockKind.IDENTIFIER, hashed, mask, now, now))
        for entry in entries:
            insert_list_entry(tx, link.share_link_id, entry, now)
    lift_limit(db, HeldUp("identifier_sends_1_h", Scope.IDENTIFIER, hashed, mask, now), OWNER, now)


def erase(desk: Desk, identifier: Identifier, now: datetime) -> bool:
    return erase_person(desk.gate, identifier, OWNER, now, outbox=desk.outbox)


@pytest.fixture
def link(add_link: LinkMaker, db: Database, now: datetime) -> ShareLink:
    made = add_link("open", requires_email=True)
    with db.transaction() as tx:
        tx.run(
            """
            insert into document
            values (nextval('document_id_seq'), 1, 'Deck', 'application/pdf', 1, 'x', $now, null)
            """,
            now=now,
        )
    return made


def test_a_revoked_persons_tabs_and_files_are_dead_at_once(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    bob, carol = (visit(desk, link, now, one.address) for one in (BOB, CAROL))
    assert revoke_person(desk.gate, BOB, OWNER, now)
    db, pepper = desk.gate.db, desk.gate.pepper
    assert read_pass(db, pepper, bob, link, now) is None
    assert read_pass(db, pepper, carol, link, now) is not None
    running = db.rows("select count(*) from viewing_session where ended_at is null")
    assert running == [(1,)]
    told = db.rows("select detail from audit where event = 'contact_revoked'")
    assert told == [("contact 1",)]


def test_an_erased_person_leaves_every_number(desk: Desk, link: ShareLink, now: datetime) -> None:
    bob, carol = (visit(desk, link, now, one.address) for one in (BOB, CAROL))
    assert erase(desk, BOB, now)
    db, pepper = desk.gate.db, desk.gate.pepper
    assert check_database(db) == []
    assert read_pass(db, pepper, bob, link, now) is None
    assert read_pass(db, pepper, carol, link, now) is not None
    assert db.rows("select count(*), max(access_count) from contact") == [(1, 1)]
    assert db.rows("select sum(session_count) from activity_slot") == [(1,)]


def test_an_erased_person_is_in_no_column_of_any_table_under_any_pepper(
    desk: Desk, add_link: LinkMaker, link: ShareLink, verified_link: ShareLink, now: datetime
) -> None:
    both = add_link("both", requires_email=True, requires_whatsapp=True)
    pass_unverified(desk, "bob", both, now, BOB.typed, NUMBER.typed)
    newer_desk = replace(desk, gate=replace(desk.gate, pepper=BOTH_PEPPERS))
    visit(desk, link, now, BOB.typed)
    for one in (desk, newer_desk):
        ask_and_fail(one, verified_link, now)
        hold_up(one, verified_link, now)
    assert find_traces(desk.gate.db, BOB, NUMBER) == EVERYWHERE
    assert erase(newer_desk, NUMBER, now)
    assert find_traces(desk.gate.db, BOB, NUMBER) == KEPT_HASHES
    assert desk.gate.db.rows("select * from delivery_status") == []
    assert check_database(desk.gate.db) == []
    current = {(keyed_hash(BOTH_PEPPERS, one.lookup),) for one in (BOB, NUMBER)}
    assert set(desk.gate.db.rows("select identifier_hash from suppression")) == current


def test_who_only_typed_an_address_is_erased_once(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    ask_for_code(desk, visit_of("bob", verified_link, now), BOB.typed)
    assert not erase(desk, CAROL, now)
    assert desk.gate.db.rows("select * from suppression") == []
    assert erase(desk, BOB, now)
    assert find_traces(desk.gate.db, BOB) == {"suppression.identifier_hash"}
    assert not erase(desk, BOB, now)


def test_who_was_only_expected_and_never_came_can_be_erased(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    with desk.gate.db.transaction() as tx:
        insert_expected_viewers(tx, link.share_link_id, map(ExpectedPerson, (BOB, CAROL)), now)
    assert erase(desk, BOB, now)
    assert find_traces(desk.gate.db, BOB) == {"suppression.identifier_hash"}
    assert desk.gate.db.rows("select key from expected_viewer") == [(CAROL.key,)]


def test_what_was_searched_for_leaves_the_earlier_downloads_in_the_trail(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    visit(desk, link, now, BOB.typed)
    searched = keyed_hash(desk.gate.pepper, "BOB@example")
    words = {"has_search": True, "search_hash": searched, "format": "csv", "row_count": 1}
    with desk.gate.db.transaction() as tx:
        record_member_act(tx, AuditEvent.EXPORT_MADE, OWNER, now, detail=json.dumps(words))
    assert erase(desk, BOB, now)
    [(detail,)] = desk.gate.db.rows("select detail from audit where event = 'export_made'")
    assert json.loads(detail) == {"has_search": True, "format": "csv", "row_count": 1}


@pytest.mark.parametrize("table", ["delivery", "attempt", "gate_event", "audit", "challenge"])
def test_any_one_trace_is_enough_to_be_erased(
    desk: Desk, verified_link: ShareLink, now: datetime, table: str
) -> None:
    ask_for_code(desk, visit_of("bob", verified_link, now), BOB.typed)
    others = {"delivery", "attempt", "gate_event", "audit", "challenge", "gate_entry_identifier"}
    with desk.gate.db.transaction() as tx:
        for other in others - {table}:
            tx.run(f"delete from {other}")
    assert erase(desk, BOB, now)
    assert find_traces(desk.gate.db, BOB) == {"suppression.identifier_hash"}


def test_codes_in_the_outbox_go_with_whom_they_were_for(
    desk: Desk, link: ShareLink, verified_link: ShareLink, now: datetime
) -> None:
    visit(desk, link, now, BOB.typed)
    for one in (BOB, CAROL):
        ask_for_code(desk, visit_of(one.key, verified_link, now), one.address)
        send_trial(desk.gate, one, OWNER, now)
    first = next(path for path in desk.outbox.iterdir() if BOB.address in path.read_text())
    first.rename(first.with_suffix(".part"))
    assert erase(desk, BOB, now)
    assert [BOB.address in path.read_text() for path in desk.outbox.iterdir()] == [False] * 2
    assert find_traces(desk.gate.db, BOB) == {"suppression.identifier_hash"}


def test_a_code_in_the_outbox_is_trace_enough(desk: Desk, now: datetime) -> None:
    deliverer = desk.gate.queues[Channel.WHATSAPP].deliverer
    deliverer.deliver(
        CodeMessage(
            recipient=NUMBER,
            code="012345",
            share_link_name="Deck",
            account_name="Northwind",
            sent_at=now,
            expires_at=now,
            message_id="m1",
        )
    )
    assert erase(desk, NUMBER, now)
    assert list(desk.outbox.iterdir()) == []
    assert not erase(desk, NUMBER, now)


def test_a_code_that_still_waits_is_not_sent_to_who_was_erased(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    submit_entry(desk.gate, visit_of("bob", verified_link, now), [BOB])
    assert erase(desk, BOB, now)
    desk.send()
    assert list(desk.outbox.iterdir()) == []
    assert find_traces(desk.gate.db, BOB) == {"suppression.identifier_hash"}


def test_a_pass_outlives_the_other_person_whose_address_it_was_given_with(
    desk: Desk, add_link: LinkMaker, link: ShareLink, now: datetime
) -> None:
    both = add_link("both", requires_email=True, requires_whatsapp=True)
    asks_number = add_link("number", requires_whatsapp=True)
    pass_unverified(desk, "bob", link, now, BOB.typed)
    pass_unverified(desk, "carol", asks_number, now, NUMBER.typed)
    bob = secret_hash(pass_unverified(desk, "both", both, now, BOB.typed, NUMBER.typed))
    assert erase(desk, NUMBER, now)
    assert check_database(desk.gate.db) == []
    assert read_pass(desk.gate.db, desk.gate.pepper, bob, both, now) is not None


def test_who_was_kept_out_stays_out_when_erased(desk: Desk, link: ShareLink, now: datetime) -> None:
    visit(desk, link, now, BOB.address)
    entry = ListEntry(ListSide.DENY, EntryForm.ADDRESS, BOB.key, BOB.address)
    with desk.gate.db.transaction() as tx:
        insert_list_entry(tx, link.share_link_id, entry, now)
    erase(desk, BOB, now)
    [kept] = find_list_entries(desk.gate.db, link.share_link_id)
    assert kept.form is EntryForm.ADDRESS_HASH
    with pytest.raises(NotListed):
        submit_entry(desk.gate, visit_of("bob again", link, now), [BOB])


def test_nobody_is_erased_by_an_analyst_or_twice(
    desk: Desk, link: ShareLink, now: datetime
) -> None:
    visit(desk, link, now, BOB.address)
    analyst = Member(2, "a@example.com", "Analyst", Role.ANALYST)
    with pytest.raises(NotPermitted):
        erase_person(desk.gate, BOB, analyst, now, outbox=desk.outbox)
    assert erase(desk, BOB, now)
    assert not erase(desk, BOB, now)
    assert not revoke_person(desk.gate, BOB, OWNER, now)


def consents(db: Database) -> list[tuple[object, ...]]:
    """Of each consent whether a code stood behind it, and when it was withdrawn."""
    return db.rows("select is_verified, withdrawn_at from consent order by given_at")


@pytest.mark.parametrize("pepper", [Pepper(b"p" * 32), BOTH_PEPPERS])
def test_who_returns_unproved_has_no_consent_whoever_ticks_the_box(
    desk: Desk, link: ShareLink, now: datetime, pepper: Pepper
) -> None:
    visit(desk, link, now, BOB.typed)
    assert erase(desk, BOB, now)
    gate = replace(desk.gate, pepper=pepper)
    for minutes, one in enumerate((BOB, CAROL)):
        at = later(now, minutes=minutes)
        submit_entry(gate, visit_of(one.key, link, at), [one], consent_wording="I agree.")
    assert consents(gate.db) == [(False, now), (False, None)]
    told = gate.db.rows("select detail from audit where event = 'consent_given' order by audit_id")
    assert told == [("withdrawn, as it is unproved and was erased before",), (None,)]


def test_one_erased_address_of_two_unproved_is_enough(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    both = add_link("both", requires_email=True, requires_whatsapp=True)
    pass_unverified(desk, "bob", both, now, CAROL.typed, NUMBER.typed)
    erase(desk, NUMBER, now)
    submit_entry(desk.gate, visit_of("eve", both, now), [BOB, NUMBER], consent_wording="I agree.")
    assert consents(desk.gate.db) == [(False, now)]


def test_who_proves_to_be_back_consents_anew_and_nobody_undoes_it(
    desk: Desk, link: ShareLink, verified_link: ShareLink, now: datetime
) -> None:
    visit(desk, link, now, BOB.typed)
    assert erase(desk, BOB, now)
    back = visit_of("bob again", verified_link, now)
    submit_entry(desk.gate, back, [BOB], consent_wording="I agree.")
    challenge_id, code = awaited(desk, back), desk.newest_code(now)
    assert isinstance(answer_challenge(desk.gate, back, challenge_id, code), Grant)
    at = later(now, minutes=1)
    submit_entry(desk.gate, visit_of("eve", link, at), [BOB], consent_wording="I agree.")
    assert consents(desk.gate.db) == [(True, None)]
