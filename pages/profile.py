"""How the signed-in member signs in: name, password, second factor, where, and their scripts."""

from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from pages.ui.asking import require_member
from pages.ui.forms import show_notice
from pages.ui.profile_card import PROFILE_PAGE, show_name, show_password
from pages.ui.runtime import get_runtime
from pages.ui.security_card import show_fresh_codes, show_second_factor
from pages.ui.sessions_card import show_sessions
from pages.ui.tokens_card import show_own_tokens

member = require_member()
db, now = get_runtime().db, get_runtime().clock()
zone = ZoneInfo(get_account(db).time_zone)
st.title("Your sign-in")
show_notice(PROFILE_PAGE)
show_fresh_codes()
left, right = st.columns(2)
with left:
    show_name(member)
    show_password(member)
with right:
    show_second_factor(member)
    show_sessions(member, zone, now)
    show_own_tokens(member, zone, now)
