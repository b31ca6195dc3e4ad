"""The owner's contacts by company: one line for each business domain, and through to its people."""

from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from data.companies import FreeMail, count_companies, find_companies, get_company_totals
from data.contact_queries import match_contacts
from gate.companies import FREE_MAIL_NAMES, SECOND_LEVEL_NAMES
from pages.ui.activity_grid import PAGE_SIZE, ask_page
from pages.ui.asking import require_member
from pages.ui.choices import find_choices
from pages.ui.company_list import (
    ask_company_view,
    companies_finding,
    go_to_people,
    show_companies,
    totals_words,
)
from pages.ui.desk_words import say_count
from pages.ui.forms import show_empty
from pages.ui.runtime import get_reader, get_runtime
from pages.ui.url_view import make_filter

FREE_MAIL = FreeMail(FREE_MAIL_NAMES, SECOND_LEVEL_NAMES)

require_member()
db, now = get_reader(), get_runtime().clock()
time_zone = get_account(db).time_zone

st.title("Companies")
view = ask_company_view(find_choices(db))
go_to_people(view)
matched = match_contacts(make_filter(view.contacts, time_zone, now))
totals = get_company_totals(db, matched, FREE_MAIL)
st.markdown(f"**{companies_finding(totals)}**")
st.text(totals_words(totals))
count = count_companies(db, matched, FREE_MAIL, view.sought) if view.sought else totals.companies
if count == 0:
    show_empty(
        "No company here",
        "A company appears once somebody passes a gate with an address of its domain. "
        "Free mail, such as Gmail, names none.",
    )
    st.stop()
skipped = ask_page(count, "companies")
rows = find_companies(
    db,
    matched,
    FREE_MAIL,
    column=view.sort.column,
    is_descending=view.sort.is_descending,
    sought=view.sought,
    most=PAGE_SIZE,
    skipped=skipped,
)
show_companies(rows, view, ZoneInfo(time_zone), now)
shown = f"{skipped + 1:,}–{skipped + len(rows):,} of " if count > PAGE_SIZE else ""
st.text(f"{shown}{say_count(count, 'company', 'companies')}. Times in {time_zone}.")
