"""A link's rules in the owner's hands: made, changed, refused, and what stays out of sight."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.links import (
    NewShareLink,
    find_share_links,
)
from data.list_entries import EntryForm, ListEntry, ListSide, find_list_entries, insert_list_entry
from data.records import Channel, LinkState, ShareLink
from pages.ui.runtime import Runtime
from tests.factories import add_document, add_share_link, add_workspace

PAGE = str(Path(__file__).parents[2] / "pages/links.py")


@pytest.fixture
def link(signed_in: None, runtime: Runtime) -> ShareLink:
    workspace = add_workspace(runtime.db)
    return add_share_link(runtime.db, workspace, document=add_document(runtime.db, workspace))


def open_links() -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=30).run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def expire(runtime: Runtime, at: datetime) -> None:
    with runtime.db.transaction() as tx:
        tx.run("update share_link set expires_at = $at", at=at)


def newest(runtime: Runtime) -> ShareLink:
    return find_share_links(runtime.db)[0]


def test_a_changed_password_is_kept_as_a_hash_and_never_shown(
    link: ShareLink, runtime: Runtime
) -> None:
    page = open_links()
    prefix = f"links_{link.share_link_id}_{link.policy_epoch}"
    page.text_input(key=f"{prefix}_password").set_value("open sesame")
    press(page, "Save rules")
    changed = newest(runtime)
    assert changed.password_hash is not None
    assert changed.password_hash.startswith("$argon2id$")
    assert changed.password_epoch == changed.policy_epoch == 2
    shown = "\n".join(str(field.value) for field in page.text_input)
    assert "sesame" not in shown


def test_a_password_can_be_taken_away(link: ShareLink, runtime: Runtime) -> None:
    page = open_links()
    page.text_input(key="links_1_1_password").set_value("open sesame")
    press(page, "Save rules")
    page.toggle(key="links_1_2_open").set_value(True)
    press(page, "Save rules")
    assert newest(runtime).password_hash is None


def test_what_a_link_asks_for_and_how_long_it_lasts_can_be_changed(
    link: ShareLink, runtime: Runtime
) -> None:
    page = open_links()
    page.text_input(key="links_1_1_name").set_value("Second round")
    page.toggle(key="links_1_1_verify_whatsapp").set_value(True).run()
    assert page.toggle(key="links_1_1_require_whatsapp").value
    page.date_input(key="links_1_1_last_day").set_value(date(2026, 3, 20))
    page.selectbox(key="links_1_1_pass_life").select(3_600)
    press(page, "Save rules")
    changed = newest(runtime)
    assert changed.name == "Second round"
    assert (changed.requires_email, changed.verifies_email) == (
        link.requires_email,
        link.verifies_email,
    )
    assert changed.requires_whatsapp
    assert changed.verifies_whatsapp
    # The account is in Kolkata, where this day ends at 18:30 UTC.
    assert changed.expires_at == datetime(2026, 3, 20, 18, 30, tzinfo=UTC)
    assert changed.pass_seconds == 3_600


def test_an_expired_link_opens_again_with_a_later_last_day(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    expire(runtime, now - timedelta(days=2))
    page = open_links()
    assert page.date_input(key="links_1_1_last_day").value == date(2026, 3, 16)
    page.date_input(key="links_1_1_last_day").set_value(date(2026, 3, 17))
    press(page, "Save rules")
    assert "over already" in page.error[0].value
    page.date_input(key="links_1_1_last_day").set_value(date(2026, 3, 19))
    press(page, "Save rules")
    assert newest(runtime).state(now) is LinkState.ACTIVE


def test_a_last_day_that_is_left_alone_ends_when_it_did(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    expire(runtime, now + timedelta(hours=1))
    press(open_links(), "Save rules")
    assert newest(runtime).expires_at == now + timedelta(hours=1)


def test_pasted_lists_are_kept_and_what_is_not_understood_is_told(
    link: ShareLink, runtime: Runtime
) -> None:
    page = open_links()
    page.text_area(key="links_1_1_allow").set_value("ada@example.com, +49\nwho knows")
    press(page, "Save rules")
    assert "as in +49*" in page.error[0].value.replace("\\", "")
    assert "“who knows”" in "".join(str(one.value) for one in page.error).replace("\\", "")
    assert find_list_entries(runtime.db, 1) == []
    assert "who knows" in str(page.text_area(key="links_1_1_allow").value)
    page.text_area(key="links_1_1_allow").set_value("ada@example.com\n@example.org")
    page.text_area(key="links_1_1_deny").set_value("+49*")
    press(page, "Save rules")
    assert (
        page.success[0]
        .value.replace("\\", "")
        .startswith("Saved. 1 address and 1 domain may open it, 1 prefix may not.")
    )
    labels = [(one.side, one.label) for one in find_list_entries(runtime.db, 1)]
    assert labels == [
        (ListSide.ALLOW, "ada@example.com"),
        (ListSide.ALLOW, "@example.org"),
        (ListSide.DENY, "+49*"),
    ]


def test_a_file_with_a_header_joins_what_is_typed(link: ShareLink, runtime: Runtime) -> None:
    page = open_links()
    file = b'\xef\xbb\xbfname,email\n"Lovelace, Ada",ada@example.com\nBob,bob@example.org\n'
    page.text_area(key="links_1_1_allow").set_value("@example.net\nbob@example.org")
    page.file_uploader(key="links_1_1_file").set_value(("people.csv", file, "text/csv"))
    press(page, "Save rules")
    assert "Saved" in page.success[0].value
    labels = [one.label for one in find_list_entries(runtime.db, 1)]
    assert labels == ["@example.net", "bob@example.org", "ada@example.com"]


def test_what_a_file_hides_is_told(link: ShareLink, runtime: Runtime) -> None:
    page = open_links()
    file = b"name,email\nAda,ada@example.com\nBob,bob@@example.org\n"
    page.file_uploader(key="links_1_1_file").set_value(("people.csv", file, "text/csv"))
    press(page, "Save rules")
    assert "“bob@@example.org”" in page.error[0].value.replace("\\", "")
    assert find_list_entries(runtime.db, 1) == []


def test_an_entry_from_the_activity_stays_until_it_is_taken_out(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    eve = ListEntry(ListSide.DENY, EntryForm.ADDRESS_HASH, "hash-of-eve", "e***@e***.com")
    with runtime.db.transaction() as tx:
        insert_list_entry(tx, 1, eve, now)
    page = press(open_links(), "Save rules")
    assert find_list_entries(runtime.db, 1) == [eve]
    page.multiselect(key="links_1_2_kept").set_value([])
    press(page, "Save rules")
    assert find_list_entries(runtime.db, 1) == []


def test_two_people_of_one_mask_are_kept_apart(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    sides = {"eve": ListSide.DENY, "ed": ListSide.DENY, "ella": ListSide.LET_IN}
    form, mask = EntryForm.ADDRESS_HASH, "e***@e***.com"
    masked = [ListEntry(side, form, f"hash-of-{name}", mask) for name, side in sides.items()]
    with runtime.db.transaction() as tx:
        for one in masked:
            insert_list_entry(tx, 1, one, now)
    page = open_links()
    chosen = page.multiselect(key="links_1_1_kept")
    shown = [one.removeprefix("e***@e***.com · ") for one in chosen.options]
    assert shown == ["1 (blocked)", "2 (blocked)", "3 (allowed)"]
    chosen.unselect("deny:hash-of-ed")
    press(page, "Save rules")
    assert find_list_entries(runtime.db, 1) == [masked[0], masked[2]]


def test_who_is_blocked_while_the_rules_are_on_the_screen_stays_blocked(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    eve, ed = (
        ListEntry(ListSide.DENY, EntryForm.ADDRESS_HASH, f"hash-of-{name}", "e***@e***.com")
        for name in ("eve", "ed")
    )
    with runtime.db.transaction() as tx:
        insert_list_entry(tx, 1, eve, now)
    page = open_links()
    with runtime.db.transaction() as tx:
        insert_list_entry(tx, 1, ed, now)
    press(page, "Save rules")
    assert find_list_entries(runtime.db, 1) == [eve, ed]


def set_rules(runtime: Runtime, **rules: object) -> None:
    """Give every link these rules, behind the page's back."""
    with runtime.db.transaction() as tx:
        for name, value in rules.items():
            tx.run(f"update share_link set {name} = $value", value=value)


@pytest.mark.parametrize(
    ("limit", "told"),
    [(1, "Used up: its only view was taken"), (3, "Used up: all 3 views were taken")],
)
def test_a_used_up_link_says_so(link: ShareLink, runtime: Runtime, limit: int, told: str) -> None:
    set_rules(runtime, view_limit=limit, view_count=limit)
    assert told in [one.value for one in open_links().text]


def test_the_summary_of_a_link_names_every_rule(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    set_rules(runtime, requires_whatsapp=True, accepts_either=True, asks_consent=True, view_limit=1)
    with runtime.db.transaction() as tx:
        for side, count in ((ListSide.ALLOW, 2), (ListSide.DENY, 1), (ListSide.LET_IN, 1)):
            for number in range(count):
                entry = ListEntry(side, EntryForm.ADDRESS, f"{number}@example.com", "")
                insert_list_entry(tx, 1, entry, now)
    page = open_links()
    words = "Email or WhatsApp, one of the two, only 2 addresses, 1 address denied, 1 view, consent"
    assert f"Asks for: {words}" in [one.value for one in page.text]
    assert list(page.dataframe[0].value["Asks for"]) == [words]


def test_viewers_choose_only_between_two_channels(link: ShareLink, runtime: Runtime) -> None:
    set_rules(runtime, requires_whatsapp=True, accepts_either=True)
    page = open_links()
    shown = [one.key for one in page.toggle if one.label == "Viewers choose one"]
    assert shown == ["links_1_1_either"]
    page.toggle(key="links_1_1_require_whatsapp").set_value(False).run()
    assert "Viewers choose one" not in [one.label for one in page.toggle]
    press(page, "Save rules")
    assert page.success
    assert not newest(runtime).accepts_either


def test_a_choice_whose_channel_is_taken_back_in_the_same_moment_counts_as_off(
    link: ShareLink, runtime: Runtime
) -> None:
    set_rules(runtime, requires_whatsapp=True, accepts_either=True)
    page = open_links()
    page.toggle(key="links_1_1_require_whatsapp").set_value(False)
    press(page, "Save rules")
    assert (newest(runtime).requires_whatsapp, newest(runtime).accepts_either) == (False, False)


def fill_new_link(page: AppTest, prefix: str) -> None:
    """Put something into every field of the new link's form that a link is made from."""
    page.text_input(key=f"{prefix}_name").set_value("Second round")
    for channel in Channel:
        page.toggle(key=f"{prefix}_require_{channel}").set_value(True)
    page.run()
    for name, value in (("either", True), ("download", False), ("fresh", True), ("consent", True)):
        page.toggle(key=f"{prefix}_{name}").set_value(value)
    page.number_input(key=f"{prefix}_views").set_value(7)
    page.text_input(key=f"{prefix}_password").set_value("open sesame")
    page.text_area(key=f"{prefix}_deny").set_value("+49*")
    file = ("people.csv", b"ada@example.com\n", "text/csv")
    page.file_uploader(key=f"{prefix}_file").set_value(file)


def test_a_new_link_has_all_its_rules_from_the_start(link: ShareLink, runtime: Runtime) -> None:
    page = open_links()
    fill_new_link(page, "links_new_0")
    press(page, "Create share link")
    made = newest(runtime)
    assert (made.accepts_either, made.allows_download, made.demands_fresh_code) == (
        True,
        False,
        True,
    )
    assert (made.view_limit, made.asks_consent) == (7, True)
    assert made.password_hash is not None
    assert "1 address may open it, 1 prefix may not" in page.success[0].value.replace("\\", "")
    entries = find_list_entries(runtime.db, made.share_link_id)
    assert [one.label for one in entries] == ["ada@example.com", "+49*"]


def test_nothing_of_a_link_is_carried_over_to_the_next(link: ShareLink, runtime: Runtime) -> None:
    page = open_links()
    fill_new_link(page, "links_new_0")
    press(page, "Create share link")
    assert len(find_list_entries(runtime.db, newest(runtime).share_link_id)) == 2
    press(page, "Create share link")
    second = newest(runtime)
    assert find_list_entries(runtime.db, second.share_link_id) == []
    bare = NewShareLink(
        name=second.name,
        slug=second.slug,
        workspace_id=1,
        requires_email=True,
        verifies_email=True,
        pass_seconds=86_400,
    )
    kept = {name: getattr(second, name) for name in asdict(bare)}
    assert NewShareLink(**kept) == bare
    assert second.name == "Fundraising"


def test_a_link_of_which_nothing_was_said_asks_for_a_proved_email(
    link: ShareLink, runtime: Runtime
) -> None:
    press(open_links(), "Create share link")
    made = newest(runtime)
    assert made != link
    assert (made.requires_email, made.verifies_email, made.channels) == (
        True,
        True,
        (Channel.EMAIL,),
    )


def test_a_link_asks_for_nothing_if_its_owner_says_so(link: ShareLink, runtime: Runtime) -> None:
    page = open_links()
    page.toggle(key="links_new_0_require_email").set_value(False).run()
    press(page, "Create share link")
    assert newest(runtime).channels == ()
    assert not newest(runtime).verifies_email


def test_everything_typed_stays_when_no_link_could_be_made(
    link: ShareLink, runtime: Runtime
) -> None:
    page = open_links()
    fill_new_link(page, "links_new_0")
    page.text_area(key="links_new_0_allow").set_value("who knows")
    press(page, "Create share link")
    assert "who knows" in page.error[0].value
    assert newest(runtime) == link
    page.text_area(key="links_new_0_allow").set_value("")
    press(page, "Create share link")
    made = newest(runtime)
    assert (made.name, made.view_limit, made.accepts_either) == ("Second round", 7, True)
    labels = [one.label for one in find_list_entries(runtime.db, made.share_link_id)]
    assert labels == ["ada@example.com", "+49*"]


def told_at_the_form(page: AppTest) -> str:
    bodies = [str(one.proto.body) for one in page.get("html")]
    return "\n".join(body for body in bodies if "To put right" in body)


@pytest.mark.parametrize(
    ("prefix", "button"), [("links_new_0", "Create share link"), ("links_1_1", "Save rules")]
)
def test_every_fault_is_told_at_once_at_the_form_until_it_is_put_right(
    link: ShareLink, runtime: Runtime, prefix: str, button: str
) -> None:
    page = open_links()
    page.text_area(key=f"{prefix}_allow").set_value("who knows")
    page.text_area(key=f"{prefix}_deny").set_value("nobody\n@x.example\nelse")
    page.text_input(key=f"{prefix}_password").set_value("ab")
    assert not told_at_the_form(page)
    press(page, button)
    assert "notice_copy" not in str([one.proto for one in page.get("bidi_component")])
    assert newest(runtime) == link
    unread = "Only these may open it: “who knows” is no email address, domain or phone number."
    for told in (page.error[0].value.replace("\\", ""), told_at_the_form(page)):
        assert unread in told
        assert "These may not open it: “nobody”, “else” are no email addresses" in told
        assert "8 to 128 characters" in told
    assert page.text_input(key=f"{prefix}_password").value == "ab"
    page.text_input(key=f"{prefix}_password").set_value("open sesame").run()
    assert "8 to 128 characters" not in told_at_the_form(page)
    assert unread in told_at_the_form(page)


def test_the_password_says_beforehand_how_long_it_has_to_be(link: ShareLink) -> None:
    assert "8 characters" in open_links().text_input(key="links_new_0_password").label


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("links_1_1_password", "short", "8 to 128 characters"),
        ("links_1_1_password", "x" * 129, "8 to 128 characters"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_changes_nothing(
    link: ShareLink, runtime: Runtime, key: str, value: str, told: str
) -> None:
    page = open_links()
    page.text_input(key=key).set_value(value)
    press(page, "Save rules")
    assert told in page.error[0].value
    assert newest(runtime) == link
