"""The owner's contacts: filter, totals, list, charts, and the download of exactly that list."""

from dataclasses import replace

import streamlit as st

from data.accounts import get_account
from data.contact_choices import find_tags_of
from data.contact_queries import (
    find_contacts,
    get_contact_totals,
    match_contacts,
    previous_period,
)
from data.contacts import has_contact
from data.records import Role
from data.set_aside import SetAside
from pages.ui.alike_line import show_alike_line
from pages.ui.asking import require_member
from pages.ui.chart_tabs import show_charts
from pages.ui.choices import find_choices
from pages.ui.contact_drawer import show_contact_drawer
from pages.ui.contact_form import CONTACTS_PAGE
from pages.ui.download import show_download
from pages.ui.filter_words import say_list_scope, say_view
from pages.ui.filters import show_filters, show_pages
from pages.ui.first_steps import show_first_steps
from pages.ui.forms import show_notice
from pages.ui.left_out import show_left_out
from pages.ui.list_columns import ListColumn
from pages.ui.no_contacts import show_no_contacts
from pages.ui.runtime import get_reader, get_runtime
from pages.ui.saved_views import bind_saved_views, show_saved_views
from pages.ui.table import (
    PAGE_SIZE,
    count_pages,
    say_range,
    show_list_words,
    show_notes,
    show_opener,
    show_table,
)
from pages.ui.totals import show_totals
from pages.ui.url_view import make_filter
from pages.ui.view_binding import pick_column, write_url

member = require_member()
# The page's parts ask for what they need, and no question is asked twice for one run.
db, now = get_reader(), get_runtime().clock()
account = get_account(db)
choices = find_choices(db)

st.title("Contacts")
if not has_contact(db):
    show_first_steps(can_change=member.role is Role.OWNER)
    st.stop()

# Inputs
notice_slot, views_slot = st.container(), st.container()
totals_slot, toolbar = st.container(), st.container()
saved_views = bind_saved_views(db, member, choices.known)
view = show_filters(choices, toolbar, account.time_zone)
with views_slot:
    show_saved_views(saved_views, view, member)
contact_filter = make_filter(view, account.time_zone, now)

with notice_slot:
    if view.contact_id is None or not show_contact_drawer(view.contact_id):
        view = replace(view, contact_id=None)
        show_notice(CONTACTS_PAGE)

# Questions: all of one moment, and the contacts worked out once for them
with SetAside(get_runtime().db, db) as moment:
    matched = moment.set_aside(match_contacts(contact_filter))
    totals = get_contact_totals(moment, matched)
    if totals.contacts == 0:
        write_url(replace(view, page=1))
        show_no_contacts(db, view, contact_filter, say_view(view, choices))
        st.stop()
    earlier = previous_period(contact_filter)
    before = get_contact_totals(moment, match_contacts(earlier)) if earlier else None
    with totals_slot:
        show_totals(totals, before, view)

    # The list: words and download above, then one page of rows, then the way to the others
    words_side, download_side = st.columns(2, vertical_alignment="center")
    table_slot = st.container()
    pages_side, opener_side = st.columns([3, 2], vertical_alignment="center")
    with pages_side:
        view = replace(view, page=show_pages(view, count_pages(totals.contacts)))
    write_url(view)
    rows = find_contacts(moment, matched, view.sort, page=view.page, page_size=PAGE_SIZE)
    with words_side:
        show_list_words(
            say_view(view, choices),
            say_range(view.page, totals.contacts),
            f"times in {account.time_zone}",
            say_list_scope(contact_filter),
        )
    with download_side:
        show_download(member, view, contact_filter, totals.contacts, account.plan)
    with table_slot:
        picked = show_table(
            rows,
            view,
            find_tags_of(moment, rows) if ListColumn.TAGS in view.columns else {},
            time_zone=account.time_zone,
            now=now,
        )
    with opener_side:
        show_opener(rows)
    if picked is not None:
        pick_column(picked)
        st.rerun()
    show_left_out(moment, contact_filter, counted=totals.sessions)
    show_alike_line()

    if totals.sessions:
        show_charts(moment, view, matched, sessions=totals.sessions, now=now)
    else:
        show_notes(["None of them has opened anything yet, so there is nothing to chart."])
