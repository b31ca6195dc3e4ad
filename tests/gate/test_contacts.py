"""Who a person at the gate is: joined only by proof, never by typing someone's address."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from data.database import Database
from data.records import Channel, SessionKind, ShareLink
from gate.challenges import answer_challenge
from gate.codes import Pepper, secret_hash
from gate.delivery.outbox import find_outbox_messages
from gate.entries import submit_entry
from gate.identifiers import parse_email, parse_whatsapp
from gate.passes import read_pass
from gate.sessions import Opening, open_viewing_session
from tests.gate.conftest import Desk, LinkMaker, awaited, pass_unverified, visit_of

ADA, BOB = "ada@example.com", "bob@example.com"
ADAS_NUMBER, MALLORYS_NUMBER = "+5511987654321", "+447400123456"


def _people(db: Database) -> dict[str, int]:
    return dict(db.rows("select address, contact_id from identifier order by identifier_id"))


def _both(add_link: LinkMaker, slug: str, *, verifies: bool) -> ShareLink:
    return add_link(
        slug,
        requires_email=True,
        requires_whatsapp=True,
        verifies_email=verifies,
        verifies_whatsapp=verifies,
    )


def _pass_verified(desk: Desk, browser: str, link: ShareLink, now: datetime, *texts: str) -> None:
    visit = visit_of(browser, link, now)
    given = [parse_email(text) if "@" in text else parse_whatsapp(text, None) for text in texts]
    submit_entry(desk.gate, visit, given)
    for one in given:
        code = _code_for(desk, one.channel, now)
        answer_challenge(desk.gate, visit, awaited(desk, visit), code)


def _code_for(desk: Desk, channel: Channel, now: datetime) -> str:
    desk.send()
    messages = find_outbox_messages(desk.outbox, now)
    return next(one.code for one in messages if one.channel == channel)


def test_two_new_identifiers_of_one_pass_are_one_contact(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    pass_unverified(desk, "ada", _both(add_link, "s", verifies=False), now, ADA, ADAS_NUMBER)
    assert len(set(_people(desk.gate.db).values())) == 1


def test_mallory_gains_nothing_by_typing_adas_address(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    email_only = add_link("email", requires_email=True, verifies_email=True)
    _pass_verified(desk, "ada", email_only, now, ADA)
    open_link = _both(add_link, "unverified", verifies=False)
    pass_unverified(desk, "mallory", open_link, now, ADA, MALLORYS_NUMBER)
    people = _people(desk.gate.db)
    assert people[ADA] != people[MALLORYS_NUMBER]
    assert len(people) == 2


def test_an_unverified_entry_does_not_change_what_a_verified_contact_says(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    _pass_verified(
        desk, "ada", add_link("v", requires_email=True, verifies_email=True), now, "Ada@example.com"
    )
    pass_unverified(desk, "eve", add_link("u", requires_email=True), now, "ADA@EXAMPLE.com")
    assert desk.gate.db.rows("select address, typed, verified_at from identifier") == [
        ("Ada@example.com", "Ada@example.com", now)
    ]


def test_a_new_identifier_joins_when_both_are_verified_in_the_pass(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    _pass_verified(desk, "ada", add_link("v", requires_email=True, verifies_email=True), now, ADA)
    _pass_verified(desk, "ada-phone", _both(add_link, "b", verifies=True), now, ADA, ADAS_NUMBER)
    people = _people(desk.gate.db)
    assert people[ADA] == people[ADAS_NUMBER]


def test_a_new_identifier_stays_apart_when_only_one_is_verified(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    _pass_verified(desk, "ada", add_link("v", requires_email=True, verifies_email=True), now, ADA)
    half = add_link("half", requires_email=True, requires_whatsapp=True, verifies_whatsapp=True)
    visit = visit_of("mallory", half, now)
    submit_entry(desk.gate, visit, [parse_email(ADA), parse_whatsapp(MALLORYS_NUMBER, None)])
    code = _code_for(desk, Channel.WHATSAPP, now)
    answer_challenge(desk.gate, visit, awaited(desk, visit), code)
    people = _people(desk.gate.db)
    assert people[ADA] != people[MALLORYS_NUMBER]
    passes = desk.gate.db.rows("select contact_id, is_verified from pass order by pass_id")
    assert passes[-1] == (people[MALLORYS_NUMBER], True)


def test_two_contacts_are_never_merged_by_a_pass_and_the_emails_gets_the_session(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    pass_unverified(desk, "a", add_link("e", requires_email=True), now, ADA)
    pass_unverified(desk, "b", add_link("w", requires_whatsapp=True), now, ADAS_NUMBER)
    _pass_verified(desk, "c", _both(add_link, "b", verifies=True), now, ADA, ADAS_NUMBER)
    people = _people(desk.gate.db)
    assert people[ADA] != people[ADAS_NUMBER]
    passes = desk.gate.db.rows("select contact_id from pass order by pass_id")
    assert passes[-1] == (people[ADA],)


def test_both_contacts_of_one_pass_are_linked_to_the_share_link(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    pass_unverified(desk, "a", add_link("e", requires_email=True), now, ADA)
    both = _both(add_link, "b", verifies=False)
    pass_unverified(desk, "b", both, now, ADA, MALLORYS_NUMBER)
    linked = desk.gate.db.rows(
        "select contact_id, access_count from contact_link where share_link_id = $link",
        link=both.share_link_id,
    )
    assert sorted(linked) == sorted((one, 0) for one in _people(desk.gate.db).values())


def test_argentine_numbers_with_and_without_the_9_are_one_identifier(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("w", requires_whatsapp=True)
    pass_unverified(desk, "a", link, now, "+5491158749895")
    pass_unverified(desk, "b", link, now, "+541158749895")
    assert desk.gate.db.rows("select count(*) from identifier") == [(1,)]


def test_64_browsers_at_once_with_one_new_address_are_one_contact_with_64_sessions(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("open", requires_email=True)
    db = desk.gate.db

    def come(number: int) -> None:
        cookie = pass_unverified(desk, f"browser-{number}", link, now, BOB)
        live = read_pass(db, Pepper(b"p" * 32), secret_hash(cookie), link, now)
        assert live is not None
        open_viewing_session(desk.gate, Opening(link, live, SessionKind.VIEWER, 1), now)

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(come, range(64)))
    assert db.rows("select count(*), max(access_count) from contact") == [(1, 64)]
    assert db.rows("select count(*) from viewing_session") == [(64,)]
