"""A link's other rules: password, views, either channel, known viewers, and changes in between."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from data.links import get_share_link, update_share_link
from data.list_entries import EntryForm, ListEntry, ListSide, insert_list_entry
from data.proofs import revoke_proofs
from data.records import Channel, Member, Pass, Role, SessionKind, ShareLink
from gate.challenges import answer_challenge
from gate.codes import secret_hash
from gate.entries import submit_entry
from gate.errors import (
    GateRefusal,
    InvalidIdentifier,
    LinkUnavailable,
    NotListed,
    TooManyRequests,
    WrongCode,
    WrongPassword,
)
from gate.identifiers import parse_email, parse_whatsapp
from gate.mailings import withdraw_consents
from gate.passes import Grant, claim_grant, open_unasked, read_pass
from gate.passwords import answer_password, hash_password, is_unlocked
from gate.remembered import confirm_viewer, find_known_viewer
from gate.sessions import Opening, open_viewing_session
from gate.visits import Visit
from tests.gate.conftest import (
    Desk,
    LinkMaker,
    ask_for_code,
    awaited,
    later,
    pass_unverified,
    visit_of,
)

ADA = parse_email("ada@example.com")
OWNER = Member(1, "owner@example.com", "Owner", Role.OWNER)
BOTH = {f"{verb}_{channel}": True for verb in ("requires", "verifies") for channel in Channel}


def change(desk: Desk, link: ShareLink, *, password: bool = False, **rules: object) -> ShareLink:
    wanted = replace(link, **rules)  # type: ignore[arg-type]
    with desk.gate.db.transaction() as tx:
        update_share_link(tx, wanted, has_new_password=password)
    changed = get_share_link(desk.gate.db, link.slug)
    assert changed is not None
    return changed


def pass_verified(desk: Desk, browser: str, link: ShareLink, now: datetime) -> str:
    """The hash of the cookie with which Ada has passed a gate that verifies."""
    visit = visit_of(browser, link, now)
    challenge_id, code = ask_for_code(desk, visit)
    grant = answer_challenge(desk.gate, visit, challenge_id, code)
    assert isinstance(grant, Grant)
    return secret_hash(claim_grant(desk.gate.db, visit.browser_hash, grant.token, now))


def read(desk: Desk, browser_hash: str, link: ShareLink, now: datetime) -> Pass | None:
    return read_pass(desk.gate.db, desk.gate.pepper, browser_hash, link, now)


def test_a_password_comes_before_everything(desk: Desk, add_link: LinkMaker, now: datetime) -> None:
    link = add_link("word", requires_email=True, password_hash=hash_password("open sesame"))
    visit = visit_of("bob", link, now)
    with pytest.raises(WrongPassword):
        submit_entry(desk.gate, visit, [ADA])
    with pytest.raises(WrongPassword):
        answer_password(desk.gate, visit, "open barley")
    answer_password(desk.gate, visit, "open sesame")
    assert isinstance(submit_entry(desk.gate, visit, [ADA]), Grant)
    with pytest.raises(WrongPassword):
        submit_entry(desk.gate, visit_of("eve", link, now), [ADA])


def test_an_open_link_with_a_password_opens_for_who_knows_it(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("word", password_hash=hash_password("open sesame"))
    visit = visit_of("bob", link, now)
    with pytest.raises(WrongPassword):
        open_unasked(desk.gate, visit)
    answer_password(desk.gate, visit, "open sesame")
    assert open_unasked(desk.gate, visit).contact_id is None


def test_passwords_are_tried_ten_times_by_one_browser(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("word", password_hash=hash_password("open sesame"))
    visit = visit_of("eve", link, now)
    for _ in range(10):
        with pytest.raises(WrongPassword):
            answer_password(desk.gate, visit, "x" * 200)
    with pytest.raises(TooManyRequests):
        answer_password(desk.gate, visit, "open sesame")
    assert not is_unlocked(desk.gate.db, link, 1, now)


def test_a_new_password_ends_passes_and_unlocks(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("word", password_hash=hash_password("open sesame"))
    visit = visit_of("bob", link, now)
    answer_password(desk.gate, visit, "open sesame")
    open_unasked(desk.gate, visit)
    changed = change(desk, link, password=True, password_hash=hash_password("another one"))
    assert read(desk, visit.browser_hash, changed, now) is None
    with pytest.raises(WrongPassword):
        open_unasked(desk.gate, visit)


def view(desk: Desk, link: ShareLink, browser: str, now: datetime) -> bool:
    try:
        live = open_unasked(desk.gate, visit_of(browser, link, now))
        opening = Opening(link, live, SessionKind.VIEWER, 1)
        open_viewing_session(desk.gate, opening, now)
    except LinkUnavailable:
        return False
    return True


def test_32_viewers_at_once_take_exactly_the_views_there_are(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("few", view_limit=5)
    with ThreadPoolExecutor(32) as pool:
        taken = sum(pool.map(lambda n: view(desk, link, f"b{n}", now), range(32)))
    assert taken == 5
    assert desk.gate.db.rows("select count(*) from viewing_session") == [(5,)]


def test_whoever_took_the_last_view_may_finish_it(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("one", view_limit=1)
    assert view(desk, link, "bob", now)
    used_up = get_share_link(desk.gate.db, link.slug)
    assert used_up is not None
    bob = secret_hash("bob")
    assert read(desk, bob, used_up, later(now, minutes=29)) is not None
    assert read(desk, bob, used_up, later(now, minutes=31)) is None
    assert not view(desk, used_up, "eve", now)


def test_either_channel_is_enough_where_the_viewer_may_choose(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("either", requires_email=True, requires_whatsapp=True, accepts_either=True)
    for browser, given in (("ada", ADA), ("bob", parse_whatsapp("+447400123456", None))):
        assert isinstance(submit_entry(desk.gate, visit_of(browser, link, now), [given]), Grant)


def test_what_a_link_asks_for_by_now_is_asked_of_who_stands_at_its_older_page(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    number = parse_whatsapp("+447400123456", None)
    strict = add_link("both", requires_email=True, requires_whatsapp=True)
    with pytest.raises(InvalidIdentifier) as refusal:
        submit_entry(desk.gate, visit_of("ada", strict, now), [ADA])
    assert refusal.value.channel is Channel.WHATSAPP
    lenient = change(desk, strict, requires_whatsapp=False)
    grant = submit_entry(desk.gate, visit_of("ada", lenient, now), [ADA, number])
    assert isinstance(grant, Grant)
    assert desk.gate.db.rows("select channel from identifier") == [("email",)]


def test_a_pass_ends_when_its_link_verifies_what_nobody_proved(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("half", **{**BOTH, "verifies_whatsapp": False})
    visit = visit_of("ada", link, now)
    submit_entry(desk.gate, visit, [ADA, parse_whatsapp("+447400123456", None)])
    grant = answer_challenge(desk.gate, visit, awaited(desk, visit), desk.newest_code(now))
    assert isinstance(grant, Grant)
    ada = secret_hash(claim_grant(desk.gate.db, visit.browser_hash, grant.token, now))
    assert read(desk, ada, change(desk, link, allows_download=False), now) is not None
    assert read(desk, ada, change(desk, link, verifies_whatsapp=True), now) is None


def test_a_link_that_verifies_nothing_says_who_is_not_on_its_list(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("listed", requires_email=True)
    entry = ListEntry(ListSide.ALLOW, EntryForm.DOMAIN, "example.org", "@example.org")
    with desk.gate.db.transaction() as tx:
        insert_list_entry(tx, link.share_link_id, entry, now)
    with pytest.raises(NotListed):
        submit_entry(desk.gate, visit_of("ada", link, now), [ADA])
    assert desk.gate.db.rows("select count(*) from contact") == [(0,)]


def test_a_changed_rule_voids_open_codes_and_judges_passes_again(
    desk: Desk, verified_link: ShareLink, now: datetime
) -> None:
    ada = pass_verified(desk, "ada", verified_link, now)
    waiting = visit_of("bob", verified_link, now)
    challenge_id, code = ask_for_code(desk, waiting, "bob@example.com")
    changed = change(desk, verified_link, allows_download=False)
    assert read(desk, ada, changed, now) is not None
    with pytest.raises(GateRefusal):
        answer_challenge(desk.gate, waiting, challenge_id, code)
    shorter = change(desk, changed, pass_seconds=3_600)
    assert read(desk, ada, shorter, later(now, hours=2)) is None
    stricter = change(desk, changed, requires_whatsapp=True)
    assert read(desk, ada, stricter, now) is None


def known(desk: Desk, browser_hash: str, link: ShareLink, now: datetime) -> list[str]:
    found = find_known_viewer(desk.gate, Visit(browser_hash, link.slug, now), link)
    return [one.key for one in found]


def test_a_known_viewer_only_confirms_on_another_link(
    desk: Desk, add_link: LinkMaker, verified_link: ShareLink, now: datetime
) -> None:
    ada = pass_verified(desk, "ada", verified_link, now)
    other = add_link("other", requires_email=True, verifies_email=True)
    assert known(desk, ada, other, now) == ["ada@example.com"]
    visit = Visit(ada, other.slug, now)
    grant = confirm_viewer(desk.gate, visit, [ADA])
    cookie = claim_grant(desk.gate.db, ada, grant.token, now)
    live = read(desk, secret_hash(cookie), other, now)
    assert live is not None
    assert live.is_verified
    assert desk.gate.db.rows("select count(*) from contact") == [(1,)]


def test_confirming_does_not_renew_the_proof(
    desk: Desk, add_link: LinkMaker, verified_link: ShareLink, now: datetime
) -> None:
    ada = pass_verified(desk, "ada", verified_link, now)
    second, third = (
        add_link(name, requires_email=True, verifies_email=True) for name in ("second", "third")
    )
    evening = later(now, hours=23)
    grant = confirm_viewer(desk.gate, Visit(ada, second.slug, evening), [ADA])
    cookie = secret_hash(claim_grant(desk.gate.db, ada, grant.token, evening))
    assert known(desk, cookie, third, evening) == ["ada@example.com"]
    assert known(desk, cookie, third, later(now, hours=24)) == []


def test_a_confirmation_gives_no_more_time_than_a_code_would_have(
    desk: Desk, add_link: LinkMaker, verified_link: ShareLink, now: datetime
) -> None:
    ada = pass_verified(desk, "ada", verified_link, now)
    brief = add_link("brief", requires_email=True, verifies_email=True, pass_seconds=3_600)
    late = later(now, minutes=59)
    grant = confirm_viewer(desk.gate, Visit(ada, brief.slug, late), [ADA])
    cookie = secret_hash(claim_grant(desk.gate.db, ada, grant.token, late))
    assert read(desk, cookie, brief, later(now, seconds=3_599)) is not None
    assert read(desk, cookie, brief, later(now, seconds=3_600)) is None
    assert known(desk, cookie, brief, later(now, seconds=3_600)) == []


def test_who_proved_an_address_is_not_asked_to_type_it_where_none_is_verified(
    desk: Desk, add_link: LinkMaker, verified_link: ShareLink, now: datetime
) -> None:
    ada = pass_verified(desk, "ada", verified_link, now)
    other = add_link("other", requires_email=True)
    assert known(desk, ada, other, now) == ["ada@example.com"]


def test_who_only_confirms_can_consent_too(
    desk: Desk, add_link: LinkMaker, verified_link: ShareLink, now: datetime
) -> None:
    ada = pass_verified(desk, "ada", verified_link, now)
    other = add_link("other", requires_email=True, asks_consent=True)
    confirm_viewer(desk.gate, Visit(ada, other.slug, now), [ADA], consent_wording="I agree.")
    rows = desk.gate.db.rows("select wording, is_verified from consent")
    assert rows == [("I agree.", True)]


@pytest.mark.parametrize("rules", [{"demands_fresh_code": True}, {**BOTH}])
def test_a_known_viewer_is_asked_all_the_same_where_the_link_wants_more(
    desk: Desk,
    add_link: LinkMaker,
    verified_link: ShareLink,
    now: datetime,
    rules: dict[str, bool],
) -> None:
    ada = pass_verified(desk, "ada", verified_link, now)
    other = add_link("other", **{"requires_email": True, "verifies_email": True, **rules})
    assert known(desk, ada, other, now) == []
    with pytest.raises(WrongCode):
        confirm_viewer(desk.gate, Visit(ada, other.slug, now), [ADA])


def test_nobody_is_known_who_typed_only_or_whose_proof_is_over(
    desk: Desk, add_link: LinkMaker, verified_link: ShareLink, now: datetime
) -> None:
    typed = add_link("typed", requires_email=True)
    bob = secret_hash(pass_unverified(desk, "bob", typed, now, "bob@example.com"))
    assert known(desk, bob, verified_link, now) == []
    ada = pass_verified(desk, "ada", verified_link, now)
    assert known(desk, ada, verified_link, now) == ["ada@example.com"]
    assert known(desk, ada, verified_link, later(now, hours=24)) == []
    with desk.gate.db.transaction() as tx:
        revoke_proofs(tx, 2, now)
    assert known(desk, ada, verified_link, now) == []


def test_consent_is_kept_word_by_word_and_only_when_given(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("typed", requires_email=True, asks_consent=True)
    submit_entry(desk.gate, visit_of("bob", link, now), [parse_email("bob@example.com")])
    assert desk.gate.db.rows("select * from consent") == []
    visit = visit_of("ada", link, now)
    submit_entry(desk.gate, visit, [ADA], consent_wording="Northwind may write to me.")
    rows = desk.gate.db.rows("select wording, is_verified, given_at from consent")
    assert rows == [("Northwind may write to me.", False, now)]


def test_whoever_types_a_proved_address_consents_for_nobody(
    desk: Desk, add_link: LinkMaker, verified_link: ShareLink, now: datetime
) -> None:
    pass_verified(desk, "ada", verified_link, now)
    link = add_link("typed", requires_email=True, asks_consent=True)
    submit_entry(desk.gate, visit_of("eve", link, now), [ADA], consent_wording="I agree.")
    assert desk.gate.db.rows("select * from consent") == []
    told = desk.gate.db.rows("select detail from audit where event = 'consent_given'")
    assert told == [
        ("not kept: nobody proved it, and the address had been proved or had unsubscribed",)
    ]


def test_whoever_types_an_address_brings_no_withdrawn_consent_back(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("typed", requires_email=True, asks_consent=True)
    for minutes, browser in enumerate(("ada", "eve")):
        at = later(now, minutes=minutes)
        submit_entry(desk.gate, visit_of(browser, link, at), [ADA], consent_wording="I agree.")
        withdraw_consents(desk.gate.db, [ADA], OWNER, later(at, seconds=30))
    withdrawn = later(now, seconds=30)
    assert desk.gate.db.rows("select withdrawn_at from consent") == [(withdrawn,)]


def test_who_proves_an_address_consents_anew_after_withdrawing(
    desk: Desk, add_link: LinkMaker, now: datetime
) -> None:
    link = add_link("proved", requires_email=True, verifies_email=True, asks_consent=True)
    for minutes in (0, 5):
        at = later(now, minutes=minutes)
        visit = visit_of(f"ada{minutes}", link, at)
        submit_entry(desk.gate, visit, [ADA], consent_wording="I agree.")
        answer_challenge(desk.gate, visit, awaited(desk, visit), desk.newest_code(at))
        if minutes == 0:
            withdraw_consents(desk.gate.db, [ADA], OWNER, later(at, minutes=1))
    rows = desk.gate.db.rows("select withdrawn_at is null from consent order by given_at")
    assert rows == [(False,), (True,)]
