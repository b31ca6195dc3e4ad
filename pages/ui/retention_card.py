"""What is kept and for how long, from the numbers by which it is deleted."""

from datetime import timedelta

import streamlit as st

from gate.limits import (
    ATTEMPTS_KEPT,
    CHALLENGES_KEPT,
    CODE_LIFE,
    ENTRY_LIFE,
    HISTORY_KEPT,
    LONGEST_PASS,
    MEMBER_LONGEST,
    REMAINS_KEPT,
    WEBHOOK_LOG_KEPT,
)
from gate.settings import Settings
from pages.ui.facts import show_facts
from pages.ui.retention_period import period_words

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def show_retention(settings: Settings, contact_months: int | None) -> None:
    """Each kind of thing that is kept, with its time; what can be set is set elsewhere."""
    backups = f"{settings.backups_kept_days} days"
    st.text("What is no longer needed is deleted by itself, each kind at its own age.")
    show_facts(
        [
            ("Contacts, their visits and consents", period_words(contact_months), ""),
            ("Documents and share links", "For good", "Archived, never deleted"),
            ("Passes of viewers", f"Up to {say_span(LONGEST_PASS)}", "As the link's rules say"),
            ("The hash of a code", say_span(CODE_LIFE), "Sooner if it is used. No code is stored"),
            (
                "Addresses typed and never proved",
                say_span(ENTRY_LIFE + REMAINS_KEPT),
                "An hour for the code to arrive, then deleted",
            ),
            ("That a code was asked for", say_span(CHALLENGES_KEPT), ""),
            ("What limits count", say_span(ATTEMPTS_KEPT), "Masks and keyed hashes only"),
            (
                "Audit trail, Activity, what became of codes",
                say_span(HISTORY_KEPT),
                "Masks and keyed hashes in place of addresses",
            ),
            (
                "What webhooks were told",
                say_span(WEBHOOK_LOG_KEPT),
                "Sooner if its contact is erased or the webhook removed",
            ),
            ("A member's sign-in", f"At most {say_span(MEMBER_LONGEST)}", ""),
            (
                "Backups",
                backups if settings.backup_hours else "As long as the operator keeps them",
                "Whoever is erased is in those made before",
            ),
            ("Of erased people", "A keyed hash", "So that consent is not taken for given again"),
        ]
    )


def say_span(span: timedelta) -> str:
    """A length of time in its largest whole unit: `12 months` for a year, `25 hours`."""
    if span >= 360 * _DAY:
        return f"{round(span / (30.4 * _DAY))} months"
    if span >= 2 * _DAY:
        return f"{span // _DAY} days"
    if span >= 2 * _HOUR:
        return f"{span // _HOUR} hours"
    return f"{span // _MINUTE} minutes"
