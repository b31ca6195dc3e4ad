"""The way in to the owner's desk, for whoever is not signed in. Public."""

import streamlit as st

from gate.sign_in import find_half_signed_in
from pages.ui.asking import get_desk_visit, get_member, reload_if_replaced
from pages.ui.runtime import get_runtime, is_started
from pages.ui.sign_in_forms import show_claim, show_code_form, show_password_form, show_ways_in

if get_member() is not None:
    st.switch_page("contacts.py")
reload_if_replaced()
with st.container(key="gate_step"):
    st.title("Sign in")
    if not is_started():
        st.stop()
    if show_claim():
        st.stop()
    if find_half_signed_in(get_runtime().db, get_desk_visit()) is not None:
        show_code_form()
    else:
        show_password_form()
        show_ways_in()
