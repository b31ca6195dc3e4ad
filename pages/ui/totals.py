"""The row of sums above the list, each with its change against the previous period."""

import streamlit as st

from data.contact_filter import ContactTotals
from pages.ui.url_view import ContactView, Period


def show_totals(totals: ContactTotals, previous: ContactTotals | None, view: ContactView) -> None:
    """Contacts, viewing sessions, new contacts and verified share; all time has no change."""
    before = _say_before(view) if previous else None
    sums = (
        ("Contacts", totals.contacts, previous.contacts if previous else None),
        ("Viewing sessions", totals.sessions, previous.sessions if previous else None),
        ("New contacts", totals.new_contacts, previous.new_contacts if previous else None),
    )
    hints = {"New contacts": "Those whose first viewing session is among these sessions."}
    with st.grid(4, min_column_width=170):
        for label, count, earlier in sums:
            st.metric(
                label,
                f"{count:,}",
                say_change(count, earlier),
                delta_description=before,
                border=True,
                height="stretch",
                help=hints.get(label),
            )
        st.metric(
            "Verified",
            _say_share(verified_share(totals)),
            _say_share_change(totals, previous),
            delta_description=before,
            border=True,
            height="stretch",
        )


def say_change(count: int, earlier: int | None) -> str | None:
    """The change in percent, or as a number where there was nothing; None if not comparable."""
    if earlier is None:
        return None
    if count == earlier:
        return "0"
    if earlier == 0:
        return f"{count:+,}"
    return f"{(count - earlier) / earlier:+.0%}"


def verified_share(totals: ContactTotals) -> float | None:
    """How much of the contacts are verified, 0 to 1; None without contacts."""
    return totals.verified_contacts / totals.contacts if totals.contacts else None


def _say_share(share: float | None) -> str:
    return "—" if share is None else f"{share:.0%}"


def _say_share_change(totals: ContactTotals, previous: ContactTotals | None) -> str | None:
    share = verified_share(totals)
    earlier = verified_share(previous) if previous else None
    if share is None or earlier is None:
        return None
    points = round(100 * (share - earlier))
    return f"{points:+} {'point' if abs(points) == 1 else 'points'}" if points else "0"


def _say_before(view: ContactView) -> str:
    if view.period is Period.CUSTOM:
        return "vs before"
    return f"vs {view.period.days} days before"
