"""Links, documents and workspaces in the owner's hands: found, renamed, put away and back."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from data.documents import find_documents, get_document
from data.links import find_share_links
from data.records import LinkState, Role, ShareLink
from data.workspaces import find_workspaces
from pages.routes.qr_codes import qr_routes
from pages.routes.uploads import upload_routes
from pages.ui.asking import BROWSER_HEADER
from pages.ui.runtime import Runtime
from tests.factories import add_document, add_share_link, add_workspace
from tests.pages.asking_routes import Answer, ask_route

PAGES = Path(__file__).parents[2] / "pages"


@pytest.fixture
def link(signed_in: None, runtime: Runtime) -> ShareLink:
    workspace = add_workspace(runtime.db, "Sales")
    return add_share_link(runtime.db, workspace, document=add_document(runtime.db, workspace))


def open_page(name: str) -> AppTest:
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=30).run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def click_header(page: AppTest, grid: str, header: str) -> None:
    key = next(name for name in page.session_state if grid in str(name))
    page.session_state[key] = {"selection": {"rows": [], "columns": [header]}}
    page.run()
    assert not page.exception


def listed(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["Share link"]) if page.dataframe else []


def test_an_archived_link_leaves_the_list_and_is_found_by_its_state(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    page = press(open_page("links"), "Archive this link")
    assert find_share_links(runtime.db)[0].state(now) is LinkState.ARCHIVED
    assert listed(page) == []
    page.selectbox(key="links_state").select(LinkState.ARCHIVED).run()
    assert listed(page) == ["To investors · l1"]
    press(page, "Put back")
    assert find_share_links(runtime.db)[0].state(now) is LinkState.ACTIVE


def test_a_click_on_a_header_sorts_all_links_and_a_second_one_turns(
    link: ShareLink, runtime: Runtime
) -> None:
    for name in ("beta", "Alpha"):
        add_share_link(runtime.db, add_workspace(runtime.db, name), name=name)
    page = open_page("links")
    for names in (["Alpha", "beta", "To investors"], ["To investors", "beta", "Alpha"]):
        click_header(page, "links_grid", "Share link")
        assert [name.split(" · ")[0] for name in listed(page)] == names
    # By keyboard, and the way back to the order it began with.
    page.selectbox(key="links_sort").select("created").run()
    assert page.selectbox(key="links_order").value == "desc"
    assert listed(page)[0].startswith("Alpha")


def test_links_are_searched_narrowed_and_put_in_order(link: ShareLink, runtime: Runtime) -> None:
    other = add_workspace(runtime.db, "Board")
    add_share_link(runtime.db, other, name="Annual report")
    page = open_page("links")
    assert listed(page) == ["Annual report · l2", "To investors · l1"]
    page.text_input(key="links_search").set_value("deck.PDF").run()
    assert listed(page) == ["To investors · l1"]
    page.text_input(key="links_search").set_value("").run()
    page.selectbox(key="links_shown_workspace").select(other.workspace_id).run()
    assert listed(page) == ["Annual report · l2"]
    page.text_input(key="links_search").set_value("nothing").run()
    assert "No link matches" in "".join(str(one.value) for one in page.markdown)


def test_the_address_of_the_links_page_keeps_what_is_listed_for_a_reload(
    link: ShareLink, runtime: Runtime
) -> None:
    other = add_workspace(runtime.db, "Press")
    named = [add_share_link(runtime.db, other, name=name) for name in ("Zebra deck", "Ape deck")]
    page = open_page("links")
    page.text_input(key="links_search").set_value("deck").run()
    page.selectbox(key="links_shown_workspace").select(other.workspace_id).run()
    page.selectbox(key="links_state").select(LinkState.ACTIVE).run()
    page.selectbox(key="links_sort").select("name").run()
    again = AppTest.from_file(str(PAGES / "links.py"), default_timeout=30)
    for name, words in page.query_params.items():
        again.query_params[name] = words
    again.query_params["link"] = str(named[0].share_link_id)
    again.run()
    assert (
        listed(again)
        == listed(page)
        == [f"{one.name} · l{one.share_link_id}" for one in named[::-1]]
    )
    assert again.query_params["link"] == str(named[0].share_link_id)
    assert again.text_input(key="links_search").value == "deck"
    again.text_input(key="links_search").set_value("").run()
    assert "q" not in again.query_params


def test_words_of_the_address_that_mean_nothing_leave_all_links_listed(link: ShareLink) -> None:
    page = AppTest.from_file(str(PAGES / "links.py"), default_timeout=30)
    for name in ("state", "workspace", "sort", "dir", "link"):
        page.query_params[name] = "999"
    page.run()
    assert not page.exception
    assert len(listed(page)) == 1


def test_a_document_is_renamed_and_put_away_and_its_link_says_so(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    page = open_page("documents")
    page.text_input(key="documents_document_1_name").set_value("Q1.pdf")
    next(one for one in page.button if one.key == "documents_document_1_rename").click().run()
    renamed = get_document(runtime.db, 1)
    assert renamed is not None
    assert renamed.name == "Q1.pdf"
    press(page, "Archive this document")
    assert find_documents(runtime.db) == []
    assert find_share_links(runtime.db)[0].state(now) is LinkState.EMPTY
    assert "Opens nothing" in list(open_page("links").dataframe[0].value["State"])


def test_an_empty_name_is_refused_and_stays_typed(link: ShareLink, runtime: Runtime) -> None:
    page = open_page("documents")
    page.text_input(key="documents_workspace_1_name").set_value(" ")
    next(one for one in page.button if one.key == "documents_workspace_1_rename").click().run()
    assert "Give the workspace a name" in page.error[0].value
    assert page.text_input(key="documents_workspace_1_name").value == " "
    assert find_workspaces(runtime.db)[0].name == "Sales"


def test_a_file_that_is_missing_on_the_disk_is_told(
    link: ShareLink, runtime: Runtime, owner_browser: str
) -> None:
    page = open_page("documents")
    assert list(page.dataframe[0].value["State"]) == ["File missing"]
    assert "Files are missing" in "".join(str(one.value) for one in page.markdown)
    answer = ask("/documents/1/file", owner_browser)
    assert answer.status == 410
    assert "missing" in answer.text


def ask(path: str, browser: str) -> Answer:
    app = Starlette(routes=[*qr_routes, *upload_routes])
    return ask_route(app, path, headers={BROWSER_HEADER: browser})


def test_a_qr_code_is_for_owners_only(
    link: ShareLink, runtime: Runtime, owner_browser: str
) -> None:
    svg, png = (ask(f"/links/1/qr.{kind}?download", owner_browser) for kind in ("svg", "png"))
    assert b"<svg" in svg.body
    assert png.body.startswith(b"\x89PNG")
    assert "attachment" in png.headers["content-disposition"]
    assert "no-store" in png.headers["cache-control"]
    for path, browser in (("1/qr.svg", "eve"), ("9/qr.svg", owner_browser), ("1/qr.gif", "eve")):
        assert ask(f"/links/{path}", browser).status == 404
    with runtime.db.transaction() as tx:
        tx.run("update member set role = $role", role=Role.ANALYST)
    assert ask("/links/1/qr.svg", owner_browser).status == 404


@pytest.mark.parametrize("number", ["0", "x", "9" * 12, "9" * 5_000])
def test_a_number_that_no_row_has_is_not_found(
    link: ShareLink, owner_browser: str, number: str
) -> None:
    for browser in ("eve", owner_browser):
        assert ask(f"/links/{number}/qr.png", browser).status == 404
        assert ask(f"/documents/{number}/file", browser).status == 404


def test_only_links_that_ask_tick_the_second_step(
    link: ShareLink, runtime: Runtime, now: datetime
) -> None:
    page = open_page("contacts")
    heads = "".join(str(one.value) for one in page.markdown)
    assert heads.count("done") == 2
    with runtime.db.transaction() as tx:
        tx.run("update share_link set requires_email = false")
    assert replace(link, requires_email=False).channels == ()
    heads = "".join(str(one.value) for one in open_page("contacts").markdown)
    assert heads.count("done") == 1
