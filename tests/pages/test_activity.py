"""The Activity page over a real database: what it says, and what its buttons change."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.attempts import Act, Attempt
from data.deliveries import DeliveryState, insert_delivery
from data.gate_events import GateEvent, GateStep, insert_gate_event
from data.list_entries import ListSide, find_list_entries
from data.records import Channel, Role, ShareLink
from gate.attempts import spend_limit
from gate.codes import keyed_hash
from gate.deliveries import open_queues
from gate.delivery.deliverer import CodeMessage, FailureKind
from gate.delivery.outbox import OutboxDeliverer
from gate.delivery.queue import Trouble
from gate.identifiers import parse_email
from gate.limited import find_held_up
from gate.limits import LIMITS
from gate.lists import is_admitted
from pages.ui.activity_words import DELIVERY_WORDS, LIMIT_WORDS, STEP_WORDS
from pages.ui.plain import as_plain
from pages.ui.runtime import Runtime, set_runtime
from tests.factories import add_contact, add_share_link, add_workspace, conceal_identifier

PAGE = str(Path(__file__).parents[2] / "pages/activity.py")


def open_activity() -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=30).run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    parts = [*page.title, *page.markdown, *page.text, *page.error, *page.success]
    return "\n".join(str(part.value) for part in parts)


@pytest.fixture
def refused(signed_in: None, runtime: Runtime, now: datetime) -> ShareLink:
    link = add_share_link(runtime.db, add_workspace(runtime.db))
    with runtime.db.transaction() as tx:
        for browser, step in ((1, GateStep.OPENED), (2, GateStep.OPENED), (2, GateStep.VIEWED)):
            insert_gate_event(
                tx,
                GateEvent(
                    created_at=now,
                    share_link_id=link.share_link_id,
                    browser_id=browser,
                    step=step,
                ),
            )
        insert_gate_event(
            tx,
            GateEvent(
                created_at=now,
                share_link_id=link.share_link_id,
                browser_id=1,
                step=GateStep.DENIED,
                channel=Channel.EMAIL,
                identifier_hash=keyed_hash(runtime.pepper, "email:eve@example.com"),
                identifier_mask="e***@e***.com",
            ),
        )
    return link


def test_everything_that_can_happen_has_its_words() -> None:
    assert set(STEP_WORDS) | {GateStep.ADMITTED} == set(GateStep)
    assert set(DELIVERY_WORDS) == set(DeliveryState)
    assert {limit.name for limit in LIMITS} <= set(LIMIT_WORDS)


def test_a_new_account_is_told_what_will_be_here(signed_in: None) -> None:
    text = said(open_activity())
    assert "Nobody has opened a link" in text
    assert "Nobody was refused" in text
    assert "Nobody is held up" in text


def test_where_nobody_opened_a_link_there_is_no_chart(signed_in: None) -> None:
    page = open_activity()
    assert page.get("plotly_chart") == []
    assert [one.label for one in page.toggle] == []


def test_the_funnel_does_not_say_that_a_code_was_sent_which_was_only_asked_for() -> None:
    assert STEP_WORDS[GateStep.CODE_SENT] == "Code asked for"


def test_the_funnel_says_its_finding(refused: ShareLink) -> None:
    assert "1 of 2 browsers that opened a link went on to view" in said(open_activity())


def select_first(page: AppTest) -> AppTest:
    key = next(frame.proto.id for frame in page.dataframe if "activity_refused" in frame.proto.id)
    name = key[key.index("activity_refused") :]
    page.session_state[name] = {"selection": {"rows": [], "columns": [], "cells": [(0, "What")]}}
    return page.run()


def test_who_is_refused_again_and_again_is_one_line(
    refused: ShareLink, runtime: Runtime, now: datetime
) -> None:
    denied = GateEvent(
        created_at=now,
        share_link_id=refused.share_link_id,
        browser_id=1,
        step=GateStep.DENIED,
        channel=Channel.EMAIL,
        identifier_hash=keyed_hash(runtime.pepper, parse_email("eve@example.com").lookup),
        identifier_mask="e***@e***.com",
    )
    with runtime.db.transaction() as tx:
        insert_gate_event(tx, denied)
    page = select_first(open_activity())
    assert list(page.dataframe[0].value["What"]) == ["Not allowed ×2"]
    assert "Not allowed, 2 times, last at 2026-" in said(page)
    assert "1 line" in said(page)


def panel(page: AppTest) -> str:
    return said(page) + "\n".join(str(one.proto.body) for one in page.get("html"))


def test_a_selected_line_leads_to_the_contact_that_it_is_about(
    refused: ShareLink, runtime: Runtime
) -> None:
    add_contact(runtime.db, "edith@example.com")
    eve = add_contact(runtime.db, "+447700900001", "eve@example.com")
    text = panel(select_first(open_activity()))
    assert f'href="/contacts?contact={eve.contact_id}"' in text
    assert ">eve@example.com</a>" in text
    assert "Only part of the address" not in text


def test_of_a_stranger_it_is_said_that_the_address_is_not_kept(
    refused: ShareLink, runtime: Runtime
) -> None:
    add_contact(runtime.db, "edith@example.com")
    text = panel(select_first(open_activity()))
    assert "Only part of the address is kept of who did not get in." in text
    assert "edith@" not in text


def test_a_selected_line_is_told_in_full(refused: ShareLink) -> None:
    text = said(select_first(open_activity()))
    assert f"e***@e***.com, on To investors · l{refused.share_link_id}" in text
    assert "Kept out by the link's lists" in text


def add_code(runtime: Runtime, link: ShareLink, at: datetime, mask: str) -> None:
    with runtime.db.transaction() as tx:
        insert_delivery(
            tx,
            challenge_id=1,
            share_link_id=link.share_link_id,
            channel=Channel.EMAIL,
            identifier_hash=f"hash of {mask}",
            identifier_mask=mask,
            now=at,
        )


def test_the_codes_follow_period_link_and_channel_and_say_their_total(
    refused: ShareLink, runtime: Runtime, now: datetime
) -> None:
    for days in range(60):
        add_code(runtime, refused, now - timedelta(days=days), f"m{days}")
    page = open_activity()
    assert "1–50 of 60 codes" not in said(page)
    page.selectbox[0].set_value(90).run()
    assert "1–50 of 60 codes" in said(page)
    page.selectbox[2].set_value(Channel.WHATSAPP).run()
    assert "No codes in this time" in said(page)


def corner_copies(page: AppTest) -> list[str]:
    found = [one.proto for one in page.get("bidi_component")]
    return [str(one.json) for one in found if one.component_name == "gatebook_notice_copy"]


def test_an_outcome_is_told_on_the_page_and_where_the_owner_looks(refused: ShareLink) -> None:
    page = press(select_first(open_activity()), "Block on this link")
    assert len(page.success) == 1
    [copy] = corner_copies(page)
    assert "e***@e***.com is blocked on To investors" in copy
    page.run()
    assert corner_copies(page) == [copy]
    press(page, "Block on this link")
    assert corner_copies(page) != [copy]


def test_a_stopped_channel_says_where_it_is_resumed(signed_in: None, runtime: Runtime) -> None:
    queues = open_queues(
        runtime.db, {Channel.EMAIL: OutboxDeliverer(runtime.outbox)}, runtime.clock, workers=0
    )
    reason = "The mail server refuses the password"
    queues[Channel.EMAIL].trouble = Trouble(FailureKind.STOPPED, reason)
    set_runtime(replace(runtime, queues=queues))
    [error] = open_activity().error
    assert "refuses the password" in error.value
    assert "(/settings)" in error.value


def test_a_notice_moves_nothing_that_stands_below_it(refused: ShareLink) -> None:
    page = select_first(open_activity())
    before = [type(one).__name__ for one in page.main.children.values()]
    press(page, "Block on this link")
    assert [type(one).__name__ for one in page.main.children.values()] == before


@pytest.mark.parametrize("side", [ListSide.DENY, ListSide.LET_IN])
def test_one_click_allows_or_blocks_without_an_address(
    refused: ShareLink, runtime: Runtime, side: ListSide
) -> None:
    label, verb = ("Block", "blocked") if side is ListSide.DENY else ("Allow", "allowed")
    eve = parse_email("eve@example.com")
    page = press(select_first(open_activity()), f"{label} on this link")
    assert f"e***@e***.com is {verb} on To investors" in said(page).replace("\\", "")
    entries = find_list_entries(runtime.db, refused.share_link_id)
    assert entries == [conceal_identifier(runtime.pepper, eve, side)]
    assert is_admitted(runtime.pepper, entries, [eve]) is (side is ListSide.LET_IN)


def test_an_analyst_sees_and_changes_nothing(refused: ShareLink, runtime: Runtime) -> None:
    with runtime.db.transaction() as tx:
        tx.run("update member set role = $role", role=Role.ANALYST)
    page = open_activity()
    assert "1 of 2 browsers" in said(page)
    assert [button.label for button in page.button] == []


def test_the_owner_lets_somebody_through(
    refused: ShareLink, runtime: Runtime, now: datetime
) -> None:
    attempt = Attempt(
        act=Act.SEND,
        browser_id=7,
        share_link_id=refused.share_link_id,
        workspace_id=refused.workspace_id,
        channel=Channel.EMAIL,
        identifier_hash="hash-of-ada",
        identifier_mask="a***@e***.com",
        created_at=now,
    )
    with runtime.db.transaction() as tx:
        for _ in range(3):
            assert spend_limit(tx, LIMITS, attempt) is None
    page = open_activity()
    assert "a***@e***.com" in said(page)
    press(page, "Let through")
    assert find_held_up(runtime.gate, now) == []


def test_a_network_held_up_at_one_link_is_shown_with_its_name_and_let_through(
    refused: ShareLink, runtime: Runtime, now: datetime
) -> None:
    attempt = Attempt(
        act=Act.PASSWORD,
        browser_id=7,
        share_link_id=refused.share_link_id,
        workspace_id=refused.workspace_id,
        network_hash="hash-of-a-network",
        network_mask="203.0.***",
        created_at=now,
    )
    with runtime.db.transaction() as tx:
        for _ in range(20):
            assert spend_limit(tx, LIMITS, attempt) is None
    page = open_activity()
    assert "203.0.*** at To investors" in said(page)
    press(page, "Let through")
    assert find_held_up(runtime.gate, now) == []


def test_the_owner_erases_who_asks_to_be_forgotten(refused: ShareLink, runtime: Runtime) -> None:
    add_contact(runtime.db, "ada@example.com")
    page = open_activity()
    page.text_input(key="activity_person").set_value("nobody@example.com")
    press(page, "Erase this person")
    assert "Nothing is known of this address" in page.error[0].value
    press(page, "Revoke access")
    assert "No contact has this address" in page.error[0].value
    assert page.text_input(key="activity_person").value == "nobody@example.com"
    page.text_input(key="activity_person").set_value("Ada@Example.com")
    press(page, "Revoke access")
    assert runtime.db.rows("select count(*) from contact") == [(1,)]
    page.text_input(key="activity_person").set_value("Ada@Example.com")
    press(page, "Erase this person")
    assert "Erased" in page.success[0].value
    assert runtime.db.rows("select count(*) from contact") == [(0,)]


def test_a_code_in_the_outbox_is_erased_with_whom_it_was_for(
    signed_in: None, runtime: Runtime, now: datetime
) -> None:
    message = CodeMessage(
        recipient=parse_email("bob@example.com"),
        code="012345",
        share_link_name="Deck",
        account_name="Northwind",
        sent_at=now,
        expires_at=now,
        message_id="m1",
    )
    OutboxDeliverer(runtime.outbox).deliver(message)
    page = open_activity()
    page.text_input(key="activity_person").set_value("bob@example.com")
    press(page, "Erase this person")
    assert "Erased" in page.success[0].value
    assert list(runtime.outbox.iterdir()) == []

    assert page.text_input(key="activity_person").value == ""


def test_erasing_names_whom_it_erases(signed_in: None) -> None:
    page = open_activity()
    assert "Write down first whom to erase" in said(page)
    page.text_input(key="activity_person").set_value("*ada*@example.com").run()
    assert "Erase *ada*@example.com?" in [one.value for one in page.text]


def test_a_number_without_its_country_is_told_what_to_add(signed_in: None) -> None:
    page = open_activity()
    page.text_input(key="activity_person").set_value("07400 123456")
    press(page, "Revoke access")
    assert page.error[0].value == as_plain("Enter the number with + and the country code.")
