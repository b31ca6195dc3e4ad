"""Members, at their own browsers: invited, signed in by password and code, and shut out again."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.database import Database
from data.members import insert_member
from data.records import Role
from pages.ui.runtime import read_wall_clock
from tests.browser.conftest import NewPerson, NewServer
from tests.browser.forked import forked_server
from tests.browser.furnish import furnish_home
from tests.browser.membership import (
    give_member_code,
    give_password,
    invite_on_page,
    join_by_link,
    remove_on_page,
    set_totp_up,
    sign_out_on_page,
    type_password,
)
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.road import expect_notice
from tests.browser.running import Server
from tests.browser.wire import Wire, open_wire, run_page

ANN = "ann@example.com"
PASSWORD = "four words that stay"
ADDRESS_PART = b".example"
# The owner's buttons on the pages that an analyst reads.
CHANGING = re.compile(
    r"^(Create .*|Save(?! view).*|Upload.*|Let through|Block.*|Allow.*|Revoke.*|Archive|Put back"
    r"|Erase.*)$"
)
READABLE = ("contacts", "activity", "links", "documents")
OWNERS_ONLY = ("outbox", "settings", "members")


@pytest.fixture(scope="module")
def server(start_server: NewServer) -> Server:
    """A demo account of this file's own, whose members come and go."""
    return start_server(demo=True)


def test_an_invited_analyst_signs_in_by_code_sees_everything_and_changes_nothing(
    server: Server, owner: Person, new_person: NewPerson
) -> None:
    ann = new_person()
    sign_in_owner(owner.page, server)
    link = invite_on_page(owner.page, server, ANN)
    join_by_link(ann.page, link, "Ann Lyst")
    app, recovery, used = set_totp_up(ann.page, server)
    sign_out_on_page(ann.page)

    give_password(ann.page, server, ANN, "not the right password")
    expect(ann.page.get_by_role("alert")).to_have_text("The email or password is not right.")
    give_password(ann.page, server, ANN)
    give_member_code(ann.page, used)
    expect(ann.page.get_by_role("alert")).to_contain_text("was used before")
    # The next step's code is good already, and spares the test its wait.
    give_member_code(ann.page, app.at(datetime.now(UTC) + timedelta(seconds=30)))
    ann.page.wait_for_url("**/contacts**")
    wait_until_settled(ann.page)
    _expect_to_see_and_change_nothing(ann.page, server)

    sign_out_on_page(ann.page)
    give_password(ann.page, server, ANN)
    give_member_code(ann.page, recovery[0])
    ann.page.wait_for_url("**/contacts**")
    sign_out_on_page(ann.page)
    give_password(ann.page, server, ANN)
    give_member_code(ann.page, recovery[0])
    expect(ann.page.get_by_role("alert")).to_contain_text("not right")
    give_member_code(ann.page, recovery[1])
    ann.page.wait_for_url("**/contacts**")
    wait_until_settled(ann.page)

    remove_on_page(owner.page, server, ANN)
    ann.page.get_by_role("searchbox").first.fill("king")
    ann.page.keyboard.press("Enter")
    expect(ann.page.get_by_text("Sign in to see this page.")).to_be_visible()
    expect(ann.page.get_by_test_id("stDataFrame")).to_have_count(0)
    ann.page.goto(link)
    expect(ann.page.get_by_text("This invitation can't be used")).to_be_visible()
    ann.troubles.clear()  # that page is a 410, which the browser writes to its console


def test_the_owner_whom_a_start_without_settings_makes_signs_in_by_password(
    server: Server, owner: Person, new_person: NewPerson
) -> None:
    elsewhere = new_person().page
    sign_in_owner(owner.page, server)
    owner.page.goto(f"{server.address}/profile")
    owner.page.get_by_role("textbox", name="New password").fill(PASSWORD)
    owner.page.get_by_role("button", name="Set password").click()
    expect_notice(owner.page, "counts from now on")

    give_password(elsewhere, server, "Owner@localhost", PASSWORD)
    elsewhere.wait_for_url("**/contacts**")


def test_signing_in_leads_on_to_the_page_and_the_words_that_were_asked_for(
    server: Server, owner: Person, new_person: NewPerson
) -> None:
    cleo, asked = new_person(), f"{server.address}/contacts?type=email&period=30d"
    sign_in_owner(owner.page, server)
    join_by_link(cleo.page, invite_on_page(owner.page, server, "cleo@example.com"), "Cleo Lyst")
    wait_until_settled(cleo.page)
    sign_out_on_page(cleo.page)
    cleo.page.goto(asked)
    type_password(cleo.page, "cleo@example.com")
    cleo.page.wait_for_url(asked)
    expect(cleo.page.get_by_role("combobox", name="Period")).to_have_value("Last 30 days")

    left_open = cleo.open_tab()
    left_open.goto(asked)
    wait_until_settled(left_open)
    sign_out_on_page(cleo.page)
    left_open.get_by_text("Include archived contacts").click()
    left_open.get_by_role("link", name="Sign in").click()
    type_password(left_open, "cleo@example.com")
    left_open.wait_for_url(re.compile(r"/contacts\?type=email&period=30d"))


def test_no_link_is_made_for_an_address_that_nobody_could_be_written_to_at(
    server: Server, owner: Person
) -> None:
    page = owner.page
    sign_in_owner(page, server)
    page.goto(f"{server.address}/members")
    wait_until_settled(page)
    page.get_by_role("textbox", name="Email").fill("ann@localhost")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect_notice(page, "Enter an email like name@example.com.")
    expect(page.get_by_test_id("stCode")).to_have_count(0)


def _expect_to_see_and_change_nothing(page: Page, server: Server) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert ADDRESS_PART in download.value.path().read_bytes()
    for name in READABLE:
        page.goto(f"{server.address}/{name}")
        wait_until_settled(page)
        expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
        expect(page.get_by_role("button", name=CHANGING)).to_have_count(0)
    for name in OWNERS_ONLY:
        expect(page.get_by_test_id("stSidebarNav").get_by_text(name, exact=False)).to_have_count(0)
        page.goto(f"{server.address}/{name}")
        expect(page.get_by_text("Only an owner can open this page.")).to_be_visible()


def _cookie_of(person: Person) -> dict[str, str]:
    [cookie] = [one for one in person.context.cookies() if one.get("name") == "gatebook"]
    return {"Cookie": f"gatebook={cookie.get('value')}"}


def _ask_routes(person: Person, server: Server) -> list[int]:
    request = person.context.request
    headers = {"Sec-Fetch-Site": "same-origin"}
    return [
        request.get(f"{server.address}/export/contacts.csv").status,
        request.get(f"{server.address}/documents/1/file").status,
        request.post(
            f"{server.address}/documents/upload?workspace=1&name=x.pdf", data=b"x", headers=headers
        ).status,
    ]


@pytest.fixture
def open_tab(server: Server) -> Iterator[Callable[[Person], Wire]]:
    """Open one more websocket of this person's browser, until the test ends."""
    with ExitStack() as wires:
        yield lambda person: wires.enter_context(open_wire(server, _cookie_of(person)))


def test_round_the_pages_own_buttons_an_analyst_changes_nothing(
    server: Server, owner: Person, new_person: NewPerson, open_tab: Callable[[Person], Wire]
) -> None:
    ann = new_person()
    sign_in_owner(owner.page, server)
    join_by_link(ann.page, invite_on_page(owner.page, server, "bea@example.com"), "Bea Lyst")
    theirs, hers = open_tab(owner), open_tab(ann)
    for page in (*READABLE, *OWNERS_ONLY):
        theirs.run(page)
        sent = hers.run(page) + hers.run(page, pressed=theirs.buttons)
        assert (b"Only an owner" in sent) is (page in OWNERS_ONLY)
    assert ADDRESS_PART in hers.run("contacts")
    assert _ask_routes(ann, server) == [200, 200, 403]
    assert _read_acts(server, "Bea Lyst") == {"member_joined", "signed_in", "export_made"}
    ann.troubles.clear()  # a refused route is written to the console


def test_a_removed_owners_open_tabs_show_nothing_and_change_nothing(
    server: Server, owner: Person, new_person: NewPerson, open_tab: Callable[[Person], Wire]
) -> None:
    olga, pages = new_person(), (*READABLE, *OWNERS_ONLY, "profile")
    sign_in_owner(owner.page, server)
    join_by_link(
        olga.page, invite_on_page(owner.page, server, "olga@example.com", "Owner"), "Olga Berg"
    )
    tabs = {page: open_tab(olga) for page in pages}
    shown = b"".join(tab.run(page) for page, tab in tabs.items())
    assert ADDRESS_PART in shown
    assert tabs["links"].buttons
    assert tabs["members"].buttons
    remove_on_page(owner.page, server, "olga@example.com")

    for page, tab in tabs.items():
        sent = tab.run(page, pressed=tab.buttons) + tab.run(page)
        sent += run_page(server, page, headers=_cookie_of(olga))
        assert ADDRESS_PART not in sent
        assert b"olga@" not in sent
        assert b"Sign in to see this page." in sent
    assert _ask_routes(olga, server) == [401, 404, 401]
    assert _read_acts(server, "Olga Berg") <= {"member_joined", "signed_in", "outbox_read"}
    olga.page.reload()
    expect(olga.page.get_by_role("heading", name="Sign in")).to_be_visible()
    olga.troubles.clear()  # refused routes are written to the console


def test_of_several_members_the_named_one_is_removed(tmp_path: Path, owner: Person) -> None:
    home, emails = tmp_path / "home", [f"{name}@example.com" for name in ("ann", "joann", "zoe")]
    furnish_home(home)
    db, now = Database(home / "gatebook.duckdb"), read_wall_clock()
    with db.transaction() as tx:
        for email in emails:
            insert_member(tx, email=email, name="Ann Lyst", role=Role.ANALYST, now=now)
    db.close()
    with forked_server(home, demo=False) as server:
        sign_in_owner(owner.page, server)
        for email in emails:
            remove_on_page(owner.page, server, email)
            left = emails[emails.index(email) + 1 :]
            changes = owner.page.get_by_role("button", name="Change")
            expect(changes).to_have_count(1 + len(left))
            for other in left:
                expect(owner.page.get_by_text(other)).to_be_visible()
        owner.page.close()


def _read_acts(server: Server, name: str) -> set[str]:
    """What the trail says that the member of this name did, read in a copy of the database."""
    copy = server.home.with_name("copy.duckdb")
    shutil.copy(server.home / "gatebook.duckdb", copy)
    log = server.home / "gatebook.duckdb.wal"
    if log.exists():
        shutil.copy(log, copy.with_name("copy.duckdb.wal"))
    db = Database(copy)
    rows = db.rows(
        """
        select event
        from audit
        join member on member.member_id = audit.actor_id
        where
            actor_kind = 'member'
            and member.name = $name
        """,
        name=name,
    )
    db.close()
    copy.unlink()
    return {row[0] for row in rows}
