"""What every page of the owner's desk shares: who is signed in, and the way out."""

from html import escape

import streamlit as st

from data.records import Member


def show_member_corner(member: Member) -> None:
    """Who is signed in here, and a button that signs out, at the foot of the sidebar.

    It is drawn before what the page puts there; the style moves it below.
    """
    name = escape(member.email)
    st.sidebar.container(key="member_corner").html(
        '<p style="margin:0 0 .5rem;overflow-wrap:anywhere">'
        f'<a href="/profile" target="_self" style="color:inherit">{name}</a></p>'
        '<form method="post" action="/sign-out">'
        '<button class="quiet-link">Sign out</button></form>'
    )
