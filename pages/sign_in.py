"""The way in to the owner's desk, for whoever is not signed in. Public."""

import streamlit as st

from pages.ui.asking import get_member

if get_member() is not None:
    st.switch_page("contacts.py")
st.title("Sign in")
with st.container(border=True):
    st.text("Run this where Gatebook is running:")
    st.code("./run sign-in", language=None)
    st.text("It prints an address that signs you in once, within 10 minutes.")
st.text("Were you sent a document? Open the whole address that you were given.")
