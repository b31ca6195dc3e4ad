"""A link's rules that somebody changes while an owner's form of them is open."""

from dataclasses import replace
from datetime import datetime

import pytest

from data.links import get_share_link_by_id, raise_policy_epoch
from data.list_entries import EntryForm, ListEntry, ListSide, find_list_entries, insert_list_entry
from data.records import Member, Role, ShareLink
from gate.links import LinkChange, change_share_link
from pages.ui.runtime import Runtime
from tests.factories import add_document, add_share_link, add_workspace
from tests.pages.test_link_rules import newest, open_links, press


@pytest.fixture
def link(signed_in: None, runtime: Runtime) -> ShareLink:
    workspace = add_workspace(runtime.db)
    return add_share_link(runtime.db, workspace, document=add_document(runtime.db, workspace))


def change_behind(runtime: Runtime, link: ShareLink, **rules: object) -> None:
    """Have another owner change the link's rules while the page is open."""
    member = Member(7, "other@example.com", "Olive", Role.OWNER)
    now = runtime.clock()
    entries = tuple(find_list_entries(runtime.db, link.share_link_id))
    stored = get_share_link_by_id(runtime.db, link.share_link_id)
    assert stored is not None
    extra = rules.pop("entries", entries)
    assert isinstance(extra, tuple)
    wanted = replace(stored, **rules)  # type: ignore[arg-type]
    assert change_share_link(runtime.db, LinkChange(wanted, extra), member, now)


def test_rules_that_changed_meanwhile_are_told_of_and_nothing_typed_is_lost(
    link: ShareLink, runtime: Runtime
) -> None:
    page = open_links()
    page.text_input(key="links_1_1_name").set_value("Second round")
    page.toggle(key="links_1_1_fresh").set_value(True)
    page.text_input(key="links_1_1_password").set_value("open sesame")
    page.number_input(key="links_1_1_views").set_value(7)
    change_behind(runtime, link, allows_download=False, asks_consent=True)
    press(page, "Save rules")
    assert "were changed meanwhile" in page.error[0].value
    assert newest(runtime).name == link.name
    shown = {
        "name": page.text_input(key="links_1_2_name").value,
        "password": page.text_input(key="links_1_2_password").value,
        "views": page.number_input(key="links_1_2_views").value,
        "fresh": page.toggle(key="links_1_2_fresh").value,
        "download": page.toggle(key="links_1_2_download").value,
        "consent": page.toggle(key="links_1_2_consent").value,
    }
    assert shown == {
        "name": "Second round",
        "password": "open sesame",
        "views": 7,
        "fresh": True,
        "download": False,
        "consent": True,
    }
    press(page, "Save rules")
    saved = newest(runtime)
    assert (saved.name, saved.view_limit, saved.demands_fresh_code) == ("Second round", 7, True)
    assert (saved.allows_download, saved.asks_consent) == (False, True)
    assert saved.password_hash is not None


def test_lists_that_changed_meanwhile_hold_what_both_owners_wrote(
    link: ShareLink, runtime: Runtime
) -> None:
    ada, bob, eve = (
        ListEntry(ListSide.ALLOW, EntryForm.ADDRESS, name, name)
        for name in ("ada@example.com", "bob@example.org", "eve@example.net")
    )
    change_behind(runtime, link, entries=(ada, bob))
    page = open_links()
    page.text_area(key="links_1_2_allow").set_value("ada@example.com\nbob@example.org\nwho knows")
    file = ("people.csv", b"carl@example.com\n", "text/csv")
    page.file_uploader(key="links_1_2_file").set_value(file)
    change_behind(runtime, link, entries=(ada, eve))
    press(page, "Save rules")
    text = page.text_area(key="links_1_3_allow").value
    assert text == "ada@example.com\nwho knows\ncarl@example.com\neve@example.net"


def test_what_was_typed_stays_when_the_rules_change_twice_and_is_gone_when_saved(
    link: ShareLink, runtime: Runtime
) -> None:
    page = open_links()
    page.text_input(key="links_1_1_name").set_value("Second round")
    change_behind(runtime, link, allows_download=False)
    page.run()
    change_behind(runtime, link, allows_download=True)
    page.run()
    assert page.text_input(key="links_1_3_name").value == "Second round"
    assert page.toggle(key="links_1_3_download").value
    press(page, "Save rules")
    change_behind(runtime, link, name="Third round")
    page.run()
    assert page.text_input(key="links_1_5_name").value == "Third round"


def test_who_was_taken_out_stays_out_when_the_rules_change_meanwhile(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    eve, ed = (
        ListEntry(ListSide.DENY, EntryForm.ADDRESS_HASH, f"hash-of-{name}", "e***@e***.com")
        for name in ("eve", "ed")
    )
    with runtime.db.transaction() as tx:
        insert_list_entry(tx, 1, eve, now)
    page = open_links()
    page.multiselect(key="links_1_1_kept").set_value([])
    with runtime.db.transaction() as tx:
        insert_list_entry(tx, 1, ed, now)
        raise_policy_epoch(tx, 1)
    press(page, "Save rules")
    assert page.multiselect(key="links_1_2_kept").value == ["deny:hash-of-ed"]
    press(page, "Save rules")
    assert find_list_entries(runtime.db, 1) == [ed]
