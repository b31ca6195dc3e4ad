"""One contact beside the list: what the drawer says, and what it lets whom do."""

from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from data.consents import insert_consent
from data.contacts import get_contact
from data.database import Database
from data.gate_events import GateStep
from data.identifiers import find_contact_identifiers
from data.records import ContactIdentifier, Member, Role
from gate.contact_details import archive_contact
from gate.trail import record_step
from gate.visits import Doorstep
from pages.ui import asking
from pages.ui.contact_acts import erase_whoever, revoke_whoever, set_archived
from pages.ui.runtime import Runtime
from tests.factories import add_contact, make_identifier
from tests.pages.test_contacts_page import everything_said, identifiers, open_page, url_words
from tests.pages.visits import Visits, add_visits

ADA, BOB, CAROL = 1, 2, 3
TIMELINE, OPENED, SAME_PERSON = "Timeline", "What they opened", "Same person?"


@pytest.fixture
def visits(db: Database, signed_in: None, now: datetime) -> Visits:
    return add_visits(db, now)


def open_drawer(contact_id: int, tab: str = "", **words: str) -> AppTest:
    page = open_page(contact=str(contact_id), **words)
    return look_at(page, contact_id, tab) if tab else page


def look_at(page: AppTest, contact_id: int, tab: str) -> AppTest:
    page.session_state[f"contact_tabs_{contact_id}"] = tab
    return page.run()


def test_the_url_opens_the_contact_beside_the_same_list(visits: Visits) -> None:
    page = open_drawer(ADA, type_="email")

    said = everything_said(page)
    assert "ada@example.com" in said
    assert "+447700900001" in said
    assert "WhatsApp · verified by a code on 2026-01-01 05:30" in said
    assert identifiers(page) == ["ada@example.com", "carol@example.com"]
    assert url_words(page) == {"type": "email", "contact": str(ADA)}


def test_a_contact_is_chosen_below_the_list_and_the_choice_is_empty_again(visits: Visits) -> None:
    page = open_page(sort="access_count")

    page.selectbox(key="contacts_chosen").set_value(BOB).run()

    assert url_words(page) == {"sort": "access_count", "contact": str(BOB)}
    assert page.selectbox(key="contacts_chosen").value is None


def test_its_numbers_are_those_of_the_list(visits: Visits) -> None:
    page = open_drawer(ADA)

    said = everything_said(page)
    assert "<dt>Viewing sessions</dt><dd>3</dd>" in said
    assert "<dt>First accessed</dt><dd>3 months ago</dd>" in said
    assert "<dt>Last accessed</dt><dd>1 day ago</dd>" in said
    assert said.count("Opened Deck.pdf") == 3
    assert "Through To investors · as ada@example.com (verified)" in said
    assert "Documents, by viewing sessions" not in said
    assert "Documents, by viewing sessions" in everything_said(open_drawer(ADA, OPENED))


def test_who_opened_nothing_is_said_to_have_opened_nothing(visits: Visits) -> None:
    for tab in ("Timeline", OPENED):
        assert "has opened nothing yet" in everything_said(open_drawer(CAROL, tab))


def test_what_the_gate_refused_stands_between_the_visits(
    runtime: Runtime, visits: Visits, now: datetime
) -> None:
    place = Doorstep(visits.investors, 1, now)
    bob = make_identifier("+447700900123")
    with runtime.db.transaction() as tx:
        for step in (GateStep.WRONG_CODE, GateStep.OPENED):
            record_step(tx, runtime.pepper, place, step, identifier=bob)

    said = everything_said(open_drawer(BOB))

    assert "At To investors · by WhatsApp" in said
    assert said.index("Wrong code") < said.index("Opened Terms.pdf")


def test_consent_is_told_word_by_word(visits: Visits, db: Database, now: datetime) -> None:
    (given,) = find_contact_identifiers(db, CAROL)
    with db.transaction() as tx:
        insert_consent(
            tx,
            identifier_id=given.identifier_id,
            contact_id=CAROL,
            share_link_id=visits.investors.share_link_id,
            wording="Northwind may <b>write</b> to me.",
            language="en",
            is_verified=False,
            now=now,
        )

    said = everything_said(open_drawer(CAROL))

    assert "“Northwind may &lt;b&gt;write&lt;/b&gt; to me.”" in said
    assert "as carol@example.com (not verified)" in said


def test_an_owner_writes_down_who_it_is(visits: Visits, db: Database) -> None:
    page = open_drawer(ADA)

    page.text_input(key=f"contact_{ADA}_name").set_value("  Ada   Lovelace ")
    page.text_area(key=f"contact_{ADA}_notes").set_value("Met in Turin.")
    _button(page, "Save").click().run()

    found = get_contact(db, ADA)
    assert found is not None
    assert (found.name, found.notes) == ("Ada Lovelace", "Met in Turin.")
    assert "Saved" in str([alert.value for alert in page.success])


def test_a_company_is_proposed_and_not_written_down(db: Database, signed_in: None) -> None:
    contact = add_contact(db, "dora@acme.co.uk")

    page = open_drawer(contact.contact_id)

    field = page.text_input(key=f"contact_{contact.contact_id}_company")
    assert (field.value, field.placeholder) == ("", "Acme?")


def test_an_archived_contact_leaves_the_list_until_it_is_put_back(visits: Visits) -> None:
    page = open_drawer(ADA)

    page.button(key="contact_archive").click().run()

    assert "It left the list, the charts and the exports." in str(
        [alert.value for alert in page.success]
    ).replace("\\", "")
    assert "ada@example.com" not in identifiers(page)
    assert "Archived on 2026-03-18 17:30" in str([note.value for note in page.info])
    assert "ada@example.com" in identifiers(open_page(archived="yes"))
    assert "archived ones too" in everything_said(open_page(archived="yes"))

    page.button(key="contact_restore").click().run()
    assert "ada@example.com" in identifiers(open_page())


def test_an_erased_contact_closes_its_drawer(visits: Visits, db: Database) -> None:
    page = open_drawer(ADA)

    page.button(key="contact_erase").click().run()

    assert get_contact(db, ADA) is None
    assert url_words(page) == {}
    assert identifiers(page) == ["+447700900123", "carol@example.com"]
    assert "Erased" in str([alert.value for alert in page.success])


def test_a_contact_that_is_not_there_is_said_to_be_gone(visits: Visits) -> None:
    page = open_drawer(99)

    assert "There is no such contact" in str([note.value for note in page.info])
    assert url_words(page) == {}
    assert len(identifiers(page)) == 3


@pytest.mark.parametrize("word", ["-1", "1e3", "one", "99999999999999999999", ""])
def test_a_malformed_number_opens_nobody(visits: Visits, word: str) -> None:
    page = open_page(contact=word)
    assert "Timeline" not in [tab.label for tab in page.tabs]
    assert url_words(page) == {}


def test_names_and_notes_are_never_markup(db: Database, signed_in: None) -> None:
    evil = "<img src=x onerror=alert(1)>"
    contact = add_contact(db, "eve@example.com", name=evil, company=evil)

    page = open_drawer(contact.contact_id)

    assert "<img" not in "".join(str(html.body) for html in page.html)


@pytest.fixture
def analyst(monkeypatch: pytest.MonkeyPatch, signed_in: None) -> Member:
    member = Member(2, "ann@example.com", "Ann", Role.ANALYST)
    monkeypatch.setattr(asking, "get_member", lambda: member)
    monkeypatch.setattr("pages.ui.forms.get_member", lambda: member)
    return member


def test_an_analyst_reads_everything_and_is_offered_no_change(
    analyst: Member, visits: Visits
) -> None:
    page = open_drawer(ADA)

    assert "Opened Deck.pdf" in everything_said(page)
    assert all(field.disabled for field in page.text_input if "contact_" in str(field.key))
    assert _button(page, "Save").disabled
    assert not [button for button in page.button if str(button.key).startswith("contact_")]


@pytest.mark.parametrize("asker", ["analyst", "stranger"])
def test_no_change_is_made_round_the_pages_own_buttons(
    request: pytest.FixtureRequest,
    db: Database,
    visits: Visits,
    asker: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (address, _) = find_contact_identifiers(db, ADA)
    before = get_contact(db, ADA)
    page = open_drawer(ADA)
    if asker == "analyst":
        request.getfixturevalue("analyst")
    else:
        monkeypatch.setattr("pages.ui.asking.get_browser_hash", lambda: "eve")

    page.text_input(key=f"contact_{ADA}_name").set_value("Mallory")
    _button(page, "Save").click().run()
    page = open_drawer(ADA) if asker == "analyst" else page
    _go_round(address, db, monkeypatch)

    assert get_contact(db, ADA) == before
    assert "Mallory" not in str(db.rows("select name from contact"))


def _go_round(address: ContactIdentifier, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, object] = {}
    monkeypatch.setattr("pages.ui.forms.remember", kept.__setitem__)
    set_archived(address.contact_id, archive_contact, "done")
    erase_whoever(address.identifier_id)
    revoke_whoever(address.identifier_id)
    assert len(kept) == 1
    assert all("done" not in str(notice) for notice in kept.values())


def _button(page: AppTest, label: str) -> Button:
    return next(button for button in page.button if button.label == label)
