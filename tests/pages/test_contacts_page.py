"""The owner's contacts page, run as a file over a real database."""

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Multiselect, TextInput

from data.accounts import update_account
from data.database import Database
from data.records import Plan
from pages.ui.runtime import Runtime
from tests.factories import add_contact, add_share_link, add_workspace, store_tags
from tests.pages.visits import Visits, add_crowd, add_visits

PAGE = Path(__file__).parents[2] / "pages" / "contacts.py"


def open_page(**words: str) -> AppTest:
    """The page as a new browser opens it, with these words in its URL."""
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    for name, word in words.items():
        page.query_params[name.removesuffix("_")] = word
    page.run()
    assert not page.exception
    return page


def identifiers(page: AppTest) -> list[str]:
    return [str(cell).split("  ")[0] for cell in page.dataframe[0].value["identifier"]]


def type_field(page: AppTest) -> Multiselect[str]:
    # Its key is another one whenever the view has changed from outside.
    return next(field for field in page.multiselect if field.label == "Type")


def search_field(page: AppTest) -> TextInput:
    return next(field for field in page.text_input if field.label == "Search")


def url_words(page: AppTest) -> dict[str, str]:
    # What the page wrote comes back as a text, what a test wrote as a list.
    return {
        name: words if isinstance(words, str) else ",".join(words)
        for name, words in page.query_params.items()
    }


def everything_said(page: AppTest) -> str:
    texts = [*page.text, *page.markdown, *page.header, *page.title]
    return "\n".join([str(text.value) for text in texts] + [str(html.body) for html in page.html])


@pytest.fixture
def visits(db: Database, signed_in: None, now: datetime) -> Visits:
    return add_visits(db, now)


def test_a_stranger_is_shown_nobody(
    runtime: Runtime, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_visits(runtime.db, now)
    monkeypatch.setattr("pages.ui.asking.get_browser_hash", lambda: "eve")

    page = open_page()

    assert "Sign in" in everything_said(page)
    assert not page.dataframe
    assert not page.metric
    assert "ada@example.com" not in str(page)


def test_whoever_came_last_is_first(visits: Visits) -> None:
    page = open_page()

    assert identifiers(page) == ["+447700900123", "ada@example.com", "carol@example.com"]
    assert list(page.dataframe[0].value["last"]) == ["2 hours ago", "1 day ago", "—"]
    assert list(page.dataframe[0].value["count"]) == [1, 3, 0]
    assert [metric.value for metric in page.metric] == ["3", "4", "2", "33%"]


def test_each_number_says_what_it_is_compared_with(visits: Visits) -> None:
    month, all_time = open_page(period="30d"), open_page()
    told = [metric.proto.delta_description for metric in month.metric]
    assert told == ["vs 30 days before"] * 4
    assert [metric.proto.delta_description for metric in all_time.metric] == [""] * 4


def test_instants_are_shown_in_the_accounts_time_zone(visits: Visits) -> None:
    page = open_page()

    assert page.dataframe[0].value["last_exact"][0] == "2026-03-18 15:30"
    assert "times in Asia/Kolkata" in everything_said(page)


def test_a_contact_with_more_identifiers_says_how_many(visits: Visits) -> None:
    assert open_page().dataframe[0].value["identifier"][1] == "ada@example.com  +1"


def test_look_alike_letters_are_marked(db: Database, visits: Visits) -> None:
    add_contact(db, "аda@example.com")

    shown = list(open_page(q="аda@").dataframe[0].value["identifier"])

    assert shown == ["аda@example.com  ⚠ mixed scripts"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"type_": "whatsapp"}, ["+447700900123", "+447700900001"]),
        ({"link": "1"}, ["ada@example.com", "carol@example.com"]),
        ({"document": "2"}, ["+447700900123"]),
        ({"workspace": "1"}, ["ada@example.com"]),
        ({"verified": "yes"}, ["ada@example.com"]),
        ({"period": "7d"}, ["+447700900123", "ada@example.com"]),
        ({"from_": "2026-01-01", "to": "2026-02-10"}, ["ada@example.com"]),
        ({"q": "0123"}, ["+447700900123"]),
        ({"sort": "identifier", "dir": "asc"}, ["+447700900123", "ada@example.com"]),
        ({"sort": "access_count"}, ["ada@example.com", "+447700900123"]),
    ],
)
def test_each_word_of_the_url_restores_the_view(
    visits: Visits, words: dict[str, str], expected: list[str]
) -> None:
    assert identifiers(open_page(**words))[:2] == expected


def test_a_chosen_filter_is_written_into_the_url(visits: Visits) -> None:
    page = open_page()

    type_field(page).select("WhatsApp").run()
    page.selectbox(key="contacts_period").select("Last 7 days").run()

    assert url_words(page) == {"type": "whatsapp", "period": "7d"}
    assert identifiers(page) == ["+447700900123", "+447700900001"]


def test_the_back_button_takes_a_filter_back(visits: Visits) -> None:
    page = open_page()
    type_field(page).select("Email").run()

    page.query_params.clear()
    page.run()

    assert len(identifiers(page)) == 3
    assert type_field(page).value == []


def test_unknown_words_fall_back_and_leave_the_url(visits: Visits) -> None:
    page = open_page(type_="fax", link="99", sort="password", page="-3", period="soon")

    assert url_words(page) == {}
    assert len(identifiers(page)) == 3


def test_a_filter_of_the_address_that_is_not_there_is_told_until_the_view_changes(
    visits: Visits,
) -> None:
    page = open_page(link="99", verified="no", utm_source="news")
    assert [told.value for told in page.info] == [
        "The address asked for what is not here: link\\=99. This list is without that filter."
    ]

    page.run()
    assert len(page.info) == 1

    type_field(page).select("Email").run()
    assert not page.info


def test_the_filter_is_said_in_words(visits: Visits) -> None:
    page = open_page(type_="email", link="1", period="30d")

    said = everything_said(page)
    assert "Type is email and share link is To investors · l1, last 30 days." in said
    assert "within this filter" in said


def test_names_are_never_markup(db: Database, signed_in: None, now: datetime) -> None:
    link = add_share_link(db, add_workspace(db), name="<img src=x onerror=alert(1)>")
    add_crowd(db, link, now, size=1)

    assert "<img" not in "".join(str(html.body) for html in open_page(link="1").html)


def test_one_page_is_sent_and_the_next_is_asked_for(
    db: Database, visits: Visits, now: datetime
) -> None:
    add_crowd(db, visits.investors, now, size=60)
    page = open_page()
    assert len(identifiers(page)) == 50
    assert "1–50 of 63 contacts" in everything_said(page)

    page.pagination[0].select(2).run()

    assert len(identifiers(page)) == 13
    assert url_words(page) == {"page": "2"}


def test_a_page_beyond_the_last_is_the_last(db: Database, visits: Visits, now: datetime) -> None:
    add_crowd(db, visits.investors, now, size=60)

    page = open_page(page="9999")

    assert url_words(page) == {"page": "2"}
    assert len(identifiers(page)) == 13


def test_a_moved_filter_goes_back_to_the_first_page(
    db: Database, visits: Visits, now: datetime
) -> None:
    add_crowd(db, visits.investors, now, size=120)
    page = open_page(page="3")

    search_field(page).set_value("person").run()

    assert url_words(page) == {"q": "person"}
    assert "1–50 of 120 contacts" in everything_said(page)


def test_a_click_on_a_header_sorts_and_a_second_one_turns(visits: Visits) -> None:
    page = open_page()
    for expected in ({"sort": "identifier", "dir": "asc"}, {"sort": "identifier"}):
        key = next(name for name in page.session_state if "contacts_table" in str(name))
        page.session_state[key] = {"selection": {"rows": [], "columns": ["identifier"]}}
        page.run()
        assert url_words(page) == expected
    assert identifiers(page)[0] == "carol@example.com"


def test_clear_takes_every_filter_away_and_keeps_the_order(visits: Visits) -> None:
    page = open_page(type_="email", q="ada", period="custom", from_="2026-01-01", sort="type")

    page.button(key="contacts_clear").click().run()

    assert url_words(page) == {"sort": "type"}
    assert len(identifiers(page)) == 3


def test_no_match_says_why_and_offers_to_clear(visits: Visits) -> None:
    page = open_page(q="nobody@example.net")
    assert "The search is “nobody@example.net”" in everything_said(page)
    assert not page.dataframe

    page.button(key="contacts_clear_all").click().run()

    assert len(identifiers(page)) == 3


def test_a_search_that_only_archived_contacts_match_says_so_and_offers_them(
    db: Database, visits: Visits, now: datetime
) -> None:
    with db.transaction() as tx:
        tx.run(
            "update contact set archived_at = $now where contact_id = 1",
            now=now,
        )
    page = open_page(q="ada@")
    assert "1 archived contact matches" in everything_said(page)
    next(one for one in page.button if one.label == "Include archived contacts").click().run()
    assert identifiers(page) == ["ada@example.com"]
    assert url_words(page)["q"] == "ada@"
    assert url_words(page)["archived"] == "yes"


def test_a_search_that_nobody_matches_offers_no_archived_contacts(visits: Visits) -> None:
    page = open_page(q="nobody@")
    assert "archived contact" not in everything_said(page)
    assert [one.label for one in page.button if "archived" in one.label] == []


def test_what_the_numbers_of_a_narrowed_list_count_stands_above_it(visits: Visits) -> None:
    narrowed, whole = open_page(period="30d"), open_page()
    [said] = [str(one.body) for one in narrowed.html if "times in Asia/Kolkata" in str(one.body)]
    assert "access counts, first and last accessed within this filter" in said
    assert "within this filter" not in everything_said(whole)


def test_an_empty_account_says_how_to_begin(signed_in: None) -> None:
    page = open_page()

    assert "No contacts yet" in everything_said(page)
    assert "Create workspace" in [button.label for button in page.button]


def test_the_download_has_the_views_words_and_its_count(visits: Visits) -> None:
    said = everything_said(open_page(type_="email", sort="access_count"))

    assert 'href="/export/contacts.csv?type=email&amp;sort=access_count"' in said
    assert "Download CSV (2 contacts)" in said


def test_other_plans_see_the_download_locked(db: Database, visits: Visits) -> None:
    with db.transaction() as tx:
        update_account(tx, name="Northwind", plan=Plan.PRO, time_zone="Asia/Kolkata")

    said = everything_said(open_page())

    assert "/export/contacts.csv" not in said
    assert "Download CSV (3 contacts)" in said
    assert "Business plan" in said


def test_who_opened_nothing_has_no_charts(visits: Visits) -> None:
    page = open_page(q="carol")

    assert "1 of 1 contact ·" in everything_said(page)
    assert "nothing to chart" in everything_said(page)
    assert not [toggle for toggle in page.toggle if toggle.label == "Show as table"]


def test_a_chart_can_be_read_as_a_table(visits: Visits) -> None:
    page = open_page()

    page.toggle(key="contacts_rows_activity").set_value(True).run()

    rows = page.dataframe[1].value
    assert sum(rows["Viewing sessions"]) == 4


def columns(page: AppTest) -> list[str]:
    return [str(name) for name in page.dataframe[0].value.columns]


def test_the_columns_are_chosen_and_the_url_keeps_them(db: Database, visits: Visits) -> None:
    with db.transaction() as tx:
        store_tags(tx, 1, ["investor", "Berlin"])
    page = open_page(q="ada")
    assert columns(page)[:3] == ["identifier", "type", "verified"]
    assert len(columns(page)) == 7

    page.session_state["contacts_columns_open"] = True
    page.run()
    page.button_group(key="contacts_columns").set_value(["tags", "name", "access_count"]).run()

    assert url_words(page) == {"q": "ada", "columns": "name,access_count,tags"}
    assert columns(page) == ["identifier", "name", "count", "tags"]
    assert list(page.dataframe[0].value["tags"]) == ["Berlin, investor"]
    page.button(key="contacts_usual_columns").click().run()
    assert url_words(page) == {"q": "ada"}
    assert len(columns(page)) == 7


def test_columns_stay_on_the_page_that_was_turned_to(
    db: Database, visits: Visits, now: datetime
) -> None:
    add_crowd(db, visits.investors, now, size=60)
    page = open_page(page="2", columns="type")

    page.session_state["contacts_columns_open"] = True
    page.run()
    page.button_group(key="contacts_columns").set_value([]).run()

    assert url_words(page) == {"columns": "identifier", "page": "2"}
    assert columns(page) == ["identifier"]
    assert len(identifiers(page)) == 13


def test_a_chosen_columns_header_sorts_by_it(db: Database, visits: Visits) -> None:
    add_contact(db, "zoe@example.com", name="abe")
    add_contact(db, "yan@example.com", name="Zed")
    page = open_page(columns="name,tags")
    for words in ({"sort": "name", "dir": "asc"}, {"sort": "name"}):
        key = next(name for name in page.session_state if "contacts_table" in str(name))
        page.session_state[key] = {"selection": {"rows": [], "columns": ["name"]}}
        page.run()
        assert url_words(page) == {"columns": "name,tags"} | words
    assert identifiers(page)[:2] == ["yan@example.com", "zoe@example.com"]
