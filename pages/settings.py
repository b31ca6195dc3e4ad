"""The account's settings, which its owner changes here, and the server's, which are only shown."""

from datetime import datetime

import streamlit as st
from pydantic import SecretStr

from data.accounts import get_account
from data.database import Database
from data.records import Account, Member, Plan
from data.retention import get_retention_months
from gate.accounts import AccountChange, change_account, find_time_zones
from gate.entitlements import Feature, is_entitled
from gate.settings import PREFIX, Settings
from pages.ui.asking import require_owner
from pages.ui.delivery_card import show_delivery_card
from pages.ui.facts import show_facts
from pages.ui.forms import Outcome, carry_out, show_notice
from pages.ui.plan_words import FEATURE_WORDS, plan_words
from pages.ui.retention_card import show_retention
from pages.ui.retention_period import show_retention_period
from pages.ui.runtime import get_runtime
from pages.ui.session import get_widget_value
from pages.ui.webhooks_card import show_webhooks

PAGE = "settings"
NAME = "settings_name"
PLAN = "settings_plan"
TIME_ZONE = "settings_time_zone"


def save_account() -> None:
    """Save the form as it stands; saving the same again changes nothing. For its callback."""
    wanted = AccountChange(
        name=get_widget_value(NAME, ""),
        plan=get_widget_value(PLAN, Plan.FREE),
        time_zone=get_widget_value(TIME_ZONE, ""),
    )

    def save(db: Database, member: Member, now: datetime) -> Outcome:
        change_account(db, wanted, member, now)
        return Outcome("Saved.")

    carry_out(PAGE, save)


def show_account_form(account: Account) -> None:
    """The account's name, plan and time zone, with the page's one main button."""
    zones = find_time_zones()
    with st.form("settings_account"):
        st.markdown("**Account**")
        st.text_input("Name", account.name, key=NAME, max_chars=120)
        st.radio(
            "Plan",
            list(Plan),
            index=list(Plan).index(account.plan),
            format_func=plan_words,
            key=PLAN,
        )
        st.selectbox(
            "Time zone",
            zones,
            index=zones.index(account.time_zone) if account.time_zone in zones else None,
            key=TIME_ZONE,
            help="Days and hours are cut, and all times shown, in this zone.",
        )
        st.form_submit_button("Save", type="primary", on_click=save_account)


def show_plans(current: Plan) -> None:
    """What each plan includes, from the one table that decides it."""
    st.markdown("**What each plan includes**")
    show_facts(
        (
            plan.capitalize() + (" (yours)" if plan is current else ""),
            ", ".join(["Everything on screen", *map(FEATURE_WORDS.__getitem__, included)]),
            "",
        )
        for plan, included in (
            (plan, [one for one in Feature if is_entitled(plan, one)]) for plan in Plan
        )
    )


def show_ways() -> None:
    """The pages that belong to the account and stand on their own."""
    ways = {
        "/members": "Members and invitations",
        "/profile": "Your password and second factor",
        "/audit": "Audit trail",
    }
    links = "".join(
        f'<a class="quiet-link" href="{path}" target="_self">{words}</a>'
        for path, words in ways.items()
    )
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:.5rem">{links}</div>')


def show_server_settings(settings: Settings) -> None:
    """Every setting of the server, its value and where it comes from; secrets are never shown."""
    st.text("Set in the environment or on the command line; a restart reads them again.")
    show_facts(
        (
            f"{PREFIX}{name.upper()}",
            setting_words(getattr(settings, name))
            + (", set by the operator" if name in settings.model_fields_set else ", default"),
            field.description or "",
        )
        for name, field in Settings.model_fields.items()
    )


def setting_words(value: object) -> str:
    """A setting's value for the owner's eyes; of a secret only that there is one."""
    if value in (None, "", ()):
        return "Not set"
    return "Set, not shown" if isinstance(value, SecretStr) else str(value)


require_owner()
runtime = get_runtime()
st.title("Settings")
show_notice(PAGE)
account = get_account(runtime.db)
# Whoever goes to another tab has done with what was told of the one before.
tabs = st.tabs(
    ["Account", "Delivery", "Webhooks", "What is kept", "Server"],
    key="settings_tab",
    on_change="rerun",
)
with tabs[0]:
    left, right = st.columns([3, 2])
    with left:
        show_account_form(account)
    with right:
        show_plans(account.plan)
        show_ways()
with tabs[1]:
    show_delivery_card(runtime)
with tabs[2]:
    show_webhooks(runtime.clock())
with tabs[3]:
    show_retention_period()
    show_retention(runtime.settings, get_retention_months(runtime.db))
with tabs[4]:
    show_server_settings(runtime.settings)
