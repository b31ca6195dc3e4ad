"""Companies as a grid, with the way through to the people of one; and the view's words in a URL."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

from data.companies import CompanyColumn, CompanyRow, CompanyTotals
from gate.companies import guess_company
from pages.ui.choices import Choices
from pages.ui.desk_words import say_count
from pages.ui.filter_words import PERIOD_WORDS
from pages.ui.header_sort import HeaderSort, Sort
from pages.ui.session import (
    forget,
    get_clicked_row,
    get_widget_value,
    recall,
    remember,
    seed_widget_value,
    set_widget_value,
)
from pages.ui.table import MAX_ROWS_IN_SIGHT, NEVER, ROW_PIXELS, paged_grid, say_ago, say_instant
from pages.ui.url_view import ContactView, Period, format_view, parse_view

SORT_WORDS = {
    CompanyColumn.LAST_ACCESSED: "Last accessed",
    CompanyColumn.PEOPLE: "People",
    CompanyColumn.SESSIONS: "Sessions",
    CompanyColumn.VERIFIED: "Verified",
    CompanyColumn.FIRST_ACCESSED: "First accessed",
    CompanyColumn.DOMAIN: "Domain",
}
# The grid's columns, by the names that a click on a header sends back.
_HEADERS = {"domain": CompanyColumn.DOMAIN} | {
    words: column for column, words in SORT_WORDS.items()
}
_SORT = HeaderSort("companies", SORT_WORDS, upward=(CompanyColumn.DOMAIN,))
_CLICKED, _CHOSEN, _WANTED = "companies_clicked", "companies_chosen", "companies_wanted"


@dataclass(frozen=True, slots=True)
class CompanyView:
    """What is looked at: which sessions count, what is sought, and in which order."""

    contacts: ContactView
    sought: str
    sort: Sort[CompanyColumn]


def ask_company_view(choices: Choices) -> CompanyView:
    """The view that the URL asks for, until its widgets are moved; the URL then follows them."""
    words = {name: st.query_params.get_all(name) for name in st.query_params}
    asked = parse_view(words, choices.known)
    sort = next(iter(words.get("sort", [])), "")
    columns = list(CompanyColumn)
    seed_widget_value(
        "companies_period", Period.ALL if asked.period is Period.CUSTOM else asked.period
    )
    seed_widget_value("companies_workspace", sorted(asked.workspace_ids))
    seed_widget_value("companies_find", asked.search)
    column = CompanyColumn(sort) if sort in columns else columns[0]
    _SORT.seed(Sort(column, asked.sort.is_descending))
    view = _show_fields(choices)
    wanted = format_view(replace(view.contacts, search=view.sought))
    wanted |= {} if view.sort.column is columns[0] else {"sort": [str(view.sort.column)]}
    wanted |= {} if view.sort.is_descending else {"dir": ["asc"]}
    if words != wanted:
        st.query_params.from_dict(wanted)
    return view


def _show_fields(choices: Choices) -> CompanyView:
    first, second, third, fourth, fifth = st.columns([2, 3, 3, 2, 2])
    presets = [one for one in Period if one is not Period.CUSTOM]
    period = first.selectbox(
        "Period", presets, format_func=PERIOD_WORDS.__getitem__, key="companies_period"
    )
    workspaces = second.multiselect(
        "Workspace",
        list(choices.workspaces),
        format_func=choices.workspaces.__getitem__,
        key="companies_workspace",
        placeholder="Any",
        select_all=False,
    )
    sought = third.text_input(
        "Find", key="companies_find", type="search", placeholder="Part of a domain or company"
    )
    sort = _SORT.show_fields(fourth, fifth)
    contacts = ContactView(period=period, workspace_ids=frozenset(workspaces))
    return CompanyView(contacts, sought.strip(), sort)


def show_companies(
    rows: Sequence[CompanyRow], view: CompanyView, zone: ZoneInfo, now: datetime
) -> None:
    """One page of companies; a click on a domain, or a choice below, leads to its people.

    A click on a header sorts all companies, and a second one turns the order.
    """
    state = paged_grid("companies_list").dataframe(
        {
            "domain": [one.domain for one in rows],
            "Company": [one.company or _guess_name(one.domain) for one in rows],
            "People": [one.people for one in rows],
            "Sessions": [one.sessions for one in rows],
            "Last accessed": [say_ago(one.last_accessed_at, now) for one in rows],
            "Verified": [one.verified for one in rows],
            "First accessed": [say_instant(one.first_accessed_at, zone) for one in rows],
        },
        column_config=_configure_companies([one.domain for one in rows]),
        hide_index=True,
        height=(min(len(rows), MAX_ROWS_IN_SIGHT) + 1) * ROW_PIXELS + 2,
        row_height=ROW_PIXELS,
        # The grid remembers its selection: another page or order is another grid.
        key=f"companies_grid_{view.sort.key}_{rows[0].domain}",
        on_select="rerun",
        selection_mode="single-column",
        alt="Companies, by the domain of their people's addresses",
    )
    _SORT.follow(state["selection"]["columns"], _HEADERS)
    st.selectbox(
        "Open a company's people",
        [one.domain for one in rows],
        index=None,
        key=_CHOSEN,
        placeholder="Open a company's people: click its domain above, or choose it here",
        label_visibility="collapsed",
        on_change=_open_chosen_company,
    )


def go_to_people(view: CompanyView) -> None:
    """Leave for the contacts of the domain that was just clicked or chosen, if one was."""
    domain = recall(_WANTED, "")
    if domain:
        forget(_WANTED)
        words = format_view(replace(view.contacts, domains=frozenset({domain})))
        st.switch_page("contacts.py", query_params=words)


def totals_words(totals: CompanyTotals) -> str:
    """The contacts of no company, and how often somebody is counted more than once."""
    people = say_count(totals.other_people, "contact", "contacts")
    sessions = say_count(totals.other_sessions, "session", "sessions")
    words = f"Free mail and phone only: {people}, {sessions}."
    if totals.extra_people:
        again = say_count(totals.extra_people, "time", "times")
        words += f" Who has addresses at several companies is counted at each: {again} again."
    return words


def companies_finding(totals: CompanyTotals) -> str:
    """How many companies, with how many people and sessions; nobody counted twice."""
    companies = say_count(totals.companies, "company", "companies")
    people = say_count(totals.people, "contact", "contacts")
    return f"{companies} with {people} and {say_count(totals.sessions, 'session', 'sessions')}"


def _guess_name(domain: str) -> str:
    return guess_company(f"someone@{domain}") or NEVER


def _open_chosen_company() -> None:
    remember(_WANTED, get_widget_value(_CHOSEN, ""))
    set_widget_value(_CHOSEN, None)


def _open_clicked_company(domains: Sequence[str]) -> None:
    row = get_clicked_row(_CLICKED)
    if row is not None and row < len(domains):
        remember(_WANTED, domains[row])


def _configure_companies(domains: Sequence[str]) -> dict[str, ColumnConfig | ButtonColumnResult]:
    return {
        "domain": st.column_config.ButtonColumn(
            "Domain",
            width=230,
            type="tertiary",
            alignment="left",
            key=_CLICKED,
            on_click=_open_clicked_company,
            args=(domains,),
        ),
        "Company": st.column_config.TextColumn(width=190),
        "People": st.column_config.NumberColumn(width=80, format="localized"),
        "Sessions": st.column_config.NumberColumn(width=90, format="localized"),
        "Last accessed": st.column_config.TextColumn(width=120),
        "Verified": st.column_config.NumberColumn(width=90, format="localized"),
        "First accessed": st.column_config.TextColumn(width=128),
    }
