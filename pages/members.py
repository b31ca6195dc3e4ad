"""Who may sign in to the desk: an owner invites, changes roles, removes."""

from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from pages.ui.asking import require_owner
from pages.ui.forms import show_notice
from pages.ui.invitations_card import (
    MEMBERS_PAGE,
    show_invitation_form,
    show_made_link,
    show_pending,
)
from pages.ui.members_card import show_members
from pages.ui.runtime import get_runtime
from pages.ui.tokens_card import show_members_tokens

member = require_owner()
db, now = get_runtime().db, get_runtime().clock()
zone = ZoneInfo(get_account(db).time_zone)
st.title("Members")
show_notice(MEMBERS_PAGE)
show_made_link(zone)
left, right = st.columns([3, 2])
with right:
    show_invitation_form()
with left:
    show_members(member, now)
    show_pending(zone, now)
    show_members_tokens(zone, now)
