"""The account's settings, which its owner changes here, and the server's, which are only shown."""

from datetime import datetime

import streamlit as st
from pydantic import SecretStr

from data.accounts import get_account
from data.database import Database
from data.records import Account, Member, Plan
from gate.accounts import AccountChange, change_account, find_time_zones
from gate.settings import PREFIX, Settings
from pages.ui.asking import require_owner
from pages.ui.delivery_card import show_delivery_card
from pages.ui.desk_words import plan_words
from pages.ui.forms import Outcome, carry_out, show_notice
from pages.ui.runtime import get_runtime
from pages.ui.session import get_widget_value

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


def show_server_settings(settings: Settings) -> None:
    """Every setting of the server, its value and where it comes from; secrets are never shown."""
    st.markdown("**Server settings**")
    st.text("Set in the environment or on the command line; a restart reads them again.")
    fields = Settings.model_fields
    st.dataframe(
        {
            "Setting": [f"{PREFIX}{name.upper()}" for name in fields],
            "Value": [setting_words(getattr(settings, name)) for name in fields],
            "Set by": [
                "Operator" if name in settings.model_fields_set else "Default" for name in fields
            ],
            "What it is": [field.description or "" for field in fields.values()],
        },
        column_config={"What it is": st.column_config.TextColumn(width="large")},
        hide_index=True,
        alt="Every server setting with its value and meaning",
    )


def setting_words(value: object) -> str:
    """A setting's value for the owner's eyes; of a secret only that there is one."""
    if value is None:
        return "Not set"
    return "Set, not shown" if isinstance(value, SecretStr) else str(value)


require_owner()
runtime = get_runtime()
st.title("Settings")
show_notice(PAGE)
left, right = st.columns([3, 2])
with left:
    show_account_form(get_account(runtime.db))
with right:
    show_delivery_card(runtime)
show_server_settings(runtime.settings)
