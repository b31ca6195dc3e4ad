"""How long contacts are kept: an owner chooses, and sees whom that removes before it is saved."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from data.database import Database
from data.records import Member
from data.retention import get_retention_months
from gate.limits import LONGEST_RETENTION_MONTHS
from gate.retention import RetentionPreview, change_retention, preview_retention
from pages.ui.facts import show_facts
from pages.ui.forms import Outcome, carry_out
from pages.ui.runtime import get_runtime
from pages.ui.session import get_widget_value
from pages.ui.table import say_instant

SETTINGS_PAGE = "settings"
PERIOD = "settings_retention"
MOST_SHOWN = 10
# In the list that an owner chooses from, 0 is no period.
_FOREVER = 0


def show_retention_period() -> None:
    """The period that contacts are kept for, another to choose, and whom that would remove."""
    runtime = get_runtime()
    db, now = runtime.db, runtime.clock()
    current = get_retention_months(db)
    with st.container(border=True, key="retention_period"):
        st.markdown("**Contacts**")
        chosen = st.selectbox(
            "Keep contacts",
            range(LONGEST_RETENTION_MONTHS + 1),
            index=current or _FOREVER,
            format_func=period_words,
            key=PERIOD,
            help="Counted from a contact's last visit. Whoever returns is a new contact.",
        )
        wanted = chosen or None
        preview = preview_retention(db, wanted, now, most=MOST_SHOWN)
        if wanted == current:
            st.text(_saved_words(current))
        else:
            _show_preview(preview, ZoneInfo(get_account(db).time_zone))
        label = (
            "Save"
            if wanted == current or not preview.count
            else f"Save and remove {_people(preview.count)}"
        )
        st.button(
            label,
            key="settings_retention_save",
            disabled=wanted == current,
            on_click=save_retention,
        )


def save_retention() -> None:
    """Keep contacts as long as was chosen. For the button's callback."""
    months = get_widget_value(PERIOD, _FOREVER) or None

    def save(db: Database, member: Member, now: datetime) -> Outcome:
        change_retention(db, months, member, now)
        if months is None:
            return Outcome("Saved. Contacts stay until you erase them.")
        told = period_words(months)
        return Outcome(f"Saved. Contacts are kept {told[0].lower()}{told[1:]}.")

    carry_out(SETTINGS_PAGE, save)


def period_words(months: int | None) -> str:
    """How long contacts are kept, for the owner's eyes."""
    if not months:
        return "Until you erase them"
    return f"{months} month{'s' if months > 1 else ''} after their last visit"


def _saved_words(months: int | None) -> str:
    if months is None:
        return "Nobody goes by themselves. Choose a period to see whom it would remove."
    return "Whose time is over goes within minutes, with all their visits."


def _show_preview(preview: RetentionPreview, zone: ZoneInfo) -> None:
    if not preview.count:
        st.text("Nobody's time is over by this period now.")
        return
    st.text(
        f"This removes {_people(preview.count)} within minutes, with all their visits, and cannot "
        "be undone. Longest away first:"
    )
    show_facts(
        (one.address, f"Last visit {say_instant(one.last_came_at, zone)}", "")
        for one in preview.first
    )
    if preview.count > len(preview.first):
        st.text(f"And {preview.count - len(preview.first):,} more.")


def _people(count: int) -> str:
    return "1 contact" if count == 1 else f"{count:,} contacts"
