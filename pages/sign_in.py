"""The way in to the owner's desk, for whoever is not signed in. Public."""

from urllib.parse import parse_qs, urlsplit

import streamlit as st

from gate.sign_in import find_half_signed_in
from pages.ui.asking import get_desk_visit, get_member, reload_if_replaced
from pages.ui.runtime import get_runtime, is_started
from pages.ui.sign_in_forms import show_claim, show_code_form, show_password_form, show_ways_in
from pages.ui.way_back import BACK, read_way_back

back = read_way_back(st.query_params.get(BACK, ""))
if get_member() is not None:
    asked = urlsplit(back)
    st.switch_page(f"{asked.path.strip('/')}.py", query_params=parse_qs(asked.query))
reload_if_replaced()
with st.container(key="gate_step"):
    st.title("Sign in")
    if not is_started():
        st.stop()
    if show_claim(back):
        st.stop()
    if find_half_signed_in(get_runtime().db, get_desk_visit()) is not None:
        show_code_form()
    else:
        show_password_form()
        show_ways_in()
