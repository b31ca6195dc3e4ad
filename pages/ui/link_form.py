"""The form that makes a share link: what it opens, what its gate asks, how long it lasts."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from data.database import Database
from data.documents import find_documents
from data.links import NewShareLink
from data.records import Member, Workspace
from gate.links import create_share_link, end_of_day, hash_link_password
from pages.ui.forms import Outcome, carry_out_once
from pages.ui.link_rules import clear_rule_fields, read_rule_fields, show_rule_fields
from pages.ui.runtime import get_runtime
from pages.ui.session import get_nonce, get_widget_value, set_widget_value

LINKS_PAGE = "links"
WORKSPACE = "links_workspace"
DOCUMENT = "links_document"
NAME = "links_name"
REQUIRE_EMAIL = "links_require_email"
VERIFY_EMAIL = "links_verify_email"
REQUIRE_WHATSAPP = "links_require_whatsapp"
VERIFY_WHATSAPP = "links_verify_whatsapp"
LAST_DAY = "links_last_day"
PASS_LIFE = "links_pass_life"  # noqa: S105 - a widget's key
CHOSEN = "links_chosen"
PREFIX = "links_new"

WHOLE_WORKSPACE = 0
DAY_SECONDS = 86_400
PASS_LIVES = {
    3_600: "1 hour",
    8 * 3_600: "8 hours",
    DAY_SECONDS: "24 hours",
    7 * DAY_SECONDS: "7 days",
    30 * DAY_SECONDS: "30 days",
}
FARTHEST_EXPIRY = timedelta(days=3_650)
_NO_DAY = date.min


@dataclass(frozen=True, slots=True)
class _RuleKeys:
    require: str
    verify: str


_EMAIL = _RuleKeys(REQUIRE_EMAIL, VERIFY_EMAIL)
_WHATSAPP = _RuleKeys(REQUIRE_WHATSAPP, VERIFY_WHATSAPP)


def show_link_form(workspaces: list[Workspace], time_zone: str, now: datetime) -> None:
    """The form, in a card; its button makes one link however often it is clicked."""
    with st.container(border=True):
        st.markdown("**New share link**")
        _show_target(workspaces)
        st.text_input(
            "Name (optional)",
            key=NAME,
            max_chars=120,
            placeholder="Named after what it opens",
            help="Viewers see this name at the gate.",
        )
        email, whatsapp = st.columns(2)
        with email:
            _show_rule("email", _EMAIL)
        with whatsapp:
            _show_rule("WhatsApp", _WHATSAPP)
        _show_lifetimes(time_zone, now)
        with st.expander("More rules"):
            show_rule_fields(PREFIX, None, [])
        st.button(
            "Create share link",
            type="primary",
            on_click=make_link,
            args=(get_nonce(LINKS_PAGE), time_zone),
        )


def make_link(nonce: str, time_zone: str) -> None:
    """Make the link that the form describes, once, and choose it. For the button's callback."""
    new, rules = _read_form(time_zone), read_rule_fields(PREFIX, [])
    if complaint := rules.unread_sentence():
        carry_out_once(LINKS_PAGE, nonce, lambda *_: Outcome(complaint, is_refusal=True))
        return

    def make(db: Database, member: Member, now: datetime) -> Outcome:
        whole = replace(
            new,
            accepts_either=rules.accepts_either,
            allows_download=rules.allows_download,
            demands_fresh_code=rules.demands_fresh_code,
            asks_consent=rules.asks_consent,
            view_limit=rules.view_limit,
            password_hash=hash_link_password(rules.password or ""),
        )
        link = create_share_link(db, whole, member, now, entries=rules.entries)
        sentence = f"“{link.name}” is ready. Copy its address and send it."
        return Outcome(sentence, made_id=link.share_link_id)

    outcome = carry_out_once(LINKS_PAGE, nonce, make)
    if outcome.made_id:
        set_widget_value(NAME, "")
        clear_rule_fields(PREFIX)
        set_widget_value(CHOSEN, outcome.made_id)


def _read_form(time_zone: str) -> NewShareLink:
    last_day = get_widget_value(LAST_DAY, _NO_DAY)
    return NewShareLink(
        name=get_widget_value(NAME, ""),
        workspace_id=get_widget_value(WORKSPACE, 0),
        document_id=get_widget_value(DOCUMENT, WHOLE_WORKSPACE) or None,
        requires_email=get_widget_value(REQUIRE_EMAIL, False),
        verifies_email=get_widget_value(VERIFY_EMAIL, False),
        requires_whatsapp=get_widget_value(REQUIRE_WHATSAPP, False),
        verifies_whatsapp=get_widget_value(VERIFY_WHATSAPP, False),
        pass_seconds=get_widget_value(PASS_LIFE, DAY_SECONDS),
        expires_at=None if last_day == _NO_DAY else end_of_day(last_day, time_zone),
    )


def _show_target(workspaces: list[Workspace]) -> None:
    names = {workspace.workspace_id: workspace.name for workspace in workspaces}
    left, right = st.columns(2)
    workspace_id = left.selectbox(
        "Workspace", list(names), format_func=names.__getitem__, key=WORKSPACE
    )
    documents = find_documents(get_runtime().db, workspace_id=workspace_id)
    # Two documents can have the same name: the number keeps the choices apart.
    labels = {WHOLE_WORKSPACE: "The whole workspace"} | {
        document.document_id: f"{document.name} · d{document.document_id}" for document in documents
    }
    right.selectbox(
        "Opens", list(labels), format_func=lambda number: labels.get(number, ""), key=DOCUMENT
    )


def _show_rule(channel_name: str, keys: _RuleKeys) -> None:
    st.toggle(f"Require {channel_name}", key=keys.require, on_change=_drop_verify, args=(keys,))
    st.toggle(
        f"Verify {channel_name}",
        key=keys.verify,
        on_change=_imply_require,
        args=(keys,),
        help="A code proves that the viewer can read what is sent there now.",
    )


def _imply_require(keys: _RuleKeys) -> None:
    if get_widget_value(keys.verify, False):
        set_widget_value(keys.require, True)


def _drop_verify(keys: _RuleKeys) -> None:
    if not get_widget_value(keys.require, False):
        set_widget_value(keys.verify, False)


def _show_lifetimes(time_zone: str, now: datetime) -> None:
    left, right = st.columns(2)
    today = now.astimezone(ZoneInfo(time_zone)).date()
    left.date_input(
        "Last day (optional)",
        value=None,
        min_value=today,
        max_value=today + FARTHEST_EXPIRY,
        key=LAST_DAY,
        format="YYYY-MM-DD",
        help=f"The link works through this day, in {time_zone}.",
    )
    right.selectbox(
        "A pass lasts",
        list(PASS_LIVES),
        index=list(PASS_LIVES).index(DAY_SECONDS),
        format_func=PASS_LIVES.__getitem__,
        key=PASS_LIFE,
        help="After that the viewer passes the gate again.",
    )
