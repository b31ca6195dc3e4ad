"""The download of the whole filtered list: a link to our own route, styled as the button it is.

Streamlit's download button would hold the file in memory and serve it to anyone who has its
address; the route asks who you are and streams.
"""

from html import escape

import streamlit as st

from data.contact_filter import ContactFilter
from data.records import Member, Plan
from gate.entitlements import Feature, is_entitled
from pages.ui.export_popover import show_export_popover
from pages.ui.export_words import export_address
from pages.ui.runtime import get_runtime
from pages.ui.url_view import ContactView

# An open one has the look of `primary-link` (pages/ui/style.py); these make a button of either.
_SHAPE = (
    "display:flex;align-items:center;justify-content:center;gap:.5rem;box-sizing:border-box;"
    "min-height:2.5rem;padding-inline:.5rem;text-align:center;"
)
_LOCKED = (
    "padding:.5rem 1rem;border-radius:8px;font-weight:500;cursor:not-allowed;"
    "background:light-dark(#F6F8FB,#1B2640);color:light-dark(#475569,#B6C2D4);"
    "border:1px solid light-dark(#CBD5E1,#3B4A63);"
)
LOCKED_WORDS = "Export comes with the Business plan. An owner changes the plan in Settings."


def show_download(
    member: Member, view: ContactView, contact_filter: ContactFilter, total: int, plan: Plan
) -> None:
    """The button that downloads every contact of the view, and the other files beside it.

    Locked on plans without exports.
    """
    label = f"Download CSV ({total:,} {'contact' if total == 1 else 'contacts'})"
    if not is_entitled(plan, Feature.EXPORT_CSV):
        st.html(_locked_button(label))
        return
    left, right = st.columns([5, 2], gap="small", vertical_alignment="center")
    with left:
        st.html(download_link(export_address(view), label))
    with right:
        show_export_popover(get_runtime().db, member, view, contact_filter, download_link)


def download_link(address: str, label: str, look: str = "primary-link") -> str:
    """The link's HTML, with everything in it escaped; `look` is a class of ours."""
    return (
        f'<a class="{look}" download href="{escape(address)}" style="{_SHAPE}">{escape(label)}</a>'
    )


def _locked_button(label: str) -> str:
    return (
        f'<span role="button" aria-disabled="true" style="{_SHAPE}{_LOCKED}">'
        f'<span aria-hidden="true">🔒</span>{escape(label)}</span>'
        f'<p style="margin:.375rem 0 0;font-size:.875rem">{escape(LOCKED_WORDS)}</p>'
    )
