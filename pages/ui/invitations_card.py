"""Inviting: the form, the link that is shown once, and the invitations that wait."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from data.database import Database
from data.invitations import Invitation, find_open_invitations
from data.records import Member, Role
from gate.delivery.post import InvitationLetter
from gate.membership import INVITATION_PATH, MadeInvitation, invite_member, withdraw_invitation
from pages.ui.copying import show_to_copy
from pages.ui.forms import Change, Outcome, carry_out_once
from pages.ui.member_words import ROLE_NAMES, ROLE_WORDS, mail_words
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime
from pages.ui.session import (
    forget,
    get_nonce,
    get_widget_value,
    recall,
    remember,
    set_widget_value,
)
from pages.ui.table import say_instant

MEMBERS_PAGE = "members"
EMAIL, ROLE = "members_email", "members_role"
_MADE = "members:made"


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link that was just made, for its owner to pass on, and until when it works."""

    address: str
    email: str
    expires_at: datetime


_NOTHING = ShownLink("", "", datetime.min.replace(tzinfo=UTC))


def show_invitation_form() -> None:
    """Whom to invite, and as what."""
    with st.form("members_invite"):
        st.markdown("**Invite a member**")
        # What is no email is told by our own check, as wherever an address is asked for.
        st.text_input("Email", key=EMAIL, type="email", icon="", autocomplete="off", validate="")
        st.radio(
            "Role",
            [Role.ANALYST, Role.OWNER],
            format_func=ROLE_WORDS.__getitem__,
            key=ROLE,
        )
        st.form_submit_button(
            "Invite", type="primary", on_click=_invite_typed, args=(get_nonce(MEMBERS_PAGE),)
        )
    if get_runtime().post is None:
        st.text("No mail server is set up, so you pass the link on yourself.")


def show_made_link(zone: ZoneInfo) -> None:
    """The link that was just made: it is shown until the owner has it, and never again."""
    made = recall(_MADE, _NOTHING)
    if not made.address:
        return
    with st.container(border=True):
        st.markdown(f"**The link for {as_plain(made.email)}**")
        show_to_copy(made.address, "Copy link", key="members_made")
        st.text(
            f"Copy it now: it is not shown again. It works once, until "
            f"{say_instant(made.expires_at, zone)}, for whoever has it."
        )
        st.button("I have copied it", key="members_copied", on_click=forget, args=(_MADE,))


def show_pending(zone: ZoneInfo, now: datetime) -> None:
    """The links that nobody has used yet, each with a way to withdraw it."""
    runtime = get_runtime()
    waiting = find_open_invitations(runtime.db, now)
    if not waiting:
        return
    st.markdown("**Links that nobody has used yet**")
    for one in waiting:
        with st.container(border=True):
            left, right = st.columns([3, 1], vertical_alignment="center")
            parts = (
                _say_kind(one),
                f"until {say_instant(one.expires_at, zone)}",
                mail_words(one, can_mail=runtime.post is not None),
            )
            left.text(f"{one.email}\n{' · '.join(parts)}")
            right.button(
                "Withdraw",
                key=f"members_withdraw_{one.invitation_id}",
                on_click=_withdraw_link,
                args=(one.invitation_id, get_nonce(MEMBERS_PAGE)),
            )


def make_member_link(nonce: str, make: Change) -> None:
    """Carry out an act that makes a link, and keep the link to be shown. For a callback."""
    outcome = carry_out_once(MEMBERS_PAGE, nonce, make)
    if outcome.shown_once:
        address, email, expires_at = outcome.shown_once
        remember(_MADE, ShownLink(address, email, datetime.fromisoformat(expires_at)))
        set_widget_value(EMAIL, "")


def tell_made(made: MadeInvitation, sentence: str) -> Outcome:
    """The outcome of a new link, which is on its way by mail where there is a mail server."""
    runtime, invitation = get_runtime(), made.invitation
    address = f"{runtime.origin}{INVITATION_PATH}{made.token}"
    if runtime.post is not None:
        account = get_account(runtime.db).name
        runtime.post.put(InvitationLetter(invitation, address, account))
        sentence += " It is mailed too."
    shown = (address, invitation.email, invitation.expires_at.isoformat())
    return Outcome(sentence, made_id=invitation.invitation_id, shown_once=shown)


def _invite_typed(nonce: str) -> None:
    email, role = get_widget_value(EMAIL, ""), get_widget_value(ROLE, Role.ANALYST)

    def invite(db: Database, member: Member, now: datetime) -> Outcome:
        made = invite_member(db, email, role, member, now)
        return tell_made(made, f"The link for {made.invitation.email} is ready.")

    make_member_link(nonce, invite)


def _withdraw_link(invitation_id: int, nonce: str) -> None:
    def withdraw(db: Database, member: Member, now: datetime) -> Outcome:
        withdraw_invitation(db, invitation_id, member, now)
        return Outcome("Withdrawn. The link opens nothing any more.")

    carry_out_once(MEMBERS_PAGE, nonce, withdraw)


def _say_kind(invitation: Invitation) -> str:
    if invitation.member_id is not None:
        return "New password"
    return f"Invited as {ROLE_NAMES[invitation.role].lower()}"
