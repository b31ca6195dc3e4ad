"""Pairs of contacts that may be one person: compared, merged, or told apart."""

import streamlit as st

from data.records import Role
from data.same_person import count_alike_pairs, find_alike_pairs, find_apart_pairs
from pages.ui.asking import require_member
from pages.ui.forms import show_empty, show_notice
from pages.ui.merge_acts import show_undo_offer
from pages.ui.pair_cards import (
    MOST_APART,
    PAGE_SIZE,
    SAME_PERSON_PAGE,
    show_apart,
    show_compared,
    show_pair,
)
from pages.ui.runtime import get_reader

member = require_member()
db = get_reader()
is_owner = member.role is Role.OWNER

st.title("Same person?")
st.html('<a class="quiet-link" href="/contacts" target="_self">Back to contacts</a>')
show_notice(SAME_PERSON_PAGE)
if is_owner:
    show_undo_offer(SAME_PERSON_PAGE)
    show_compared()

total = count_alike_pairs(db)
if not total:
    show_empty(
        "No two contacts look like the same person",
        "Pairs are shown here when two addresses were given together, differ only by a +tag or "
        "dots, or have the same name and company.",
    )
pages = max(1, -(-total // PAGE_SIZE))
page = st.pagination(pages, key="same_person_page") if pages > 1 else 1
for pair in find_alike_pairs(db, page=page, page_size=PAGE_SIZE):
    show_pair(pair, is_owner=is_owner)

apart = find_apart_pairs(db, most=MOST_APART)
if apart:
    show_apart(apart, is_owner=is_owner)
