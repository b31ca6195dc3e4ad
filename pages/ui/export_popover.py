"""The export beside the list: which file, who is in it, and the way to have it."""

from collections.abc import Callable

import streamlit as st

from data.contact_filter import ContactFilter
from data.database import Database
from data.export_kinds import ExportTool, ExportWanted, RowKind
from data.records import Member, Role
from gate.mailings import MailingCounts, count_export, count_mailing
from pages.ui.copy_as_curl import show_copy_as_curl
from pages.ui.desk_words import say_count
from pages.ui.export_choice import TOOL_WORDS, choose_export
from pages.ui.export_words import export_address
from pages.ui.filter_words import say_scope
from pages.ui.running_exports import show_running_exports
from pages.ui.unsubscribed_form import show_unsubscribed
from pages.ui.url_view import ContactView

# Makes the HTML of a link of its address, label and look.
DownloadLink = Callable[[str, str, str], str]
_LOG_LINK = '<a href="/audit?what=export_made" target="_self">Who downloaded what</a>'
_ADDRESSES = ("address", "addresses")
_ROW_NOUNS = {
    RowKind.CONTACTS: ("contact", "contacts"),
    RowKind.IDENTIFIERS: _ADDRESSES,
    RowKind.SESSIONS: ("viewing session", "viewing sessions"),
}


def show_export_popover(
    db: Database,
    member: Member,
    view: ContactView,
    contact_filter: ContactFilter,
    link_html: DownloadLink,
) -> None:
    """A button that opens the choice of a file; nothing is counted before it does."""
    popover = st.popover(
        "Export…",
        key="contacts_export",
        on_change="rerun",
        width="stretch",
    )
    if not popover.open:
        return
    with popover:
        wanted = choose_export()
        if scope := say_scope(contact_filter):
            st.text(scope)
        if wanted.tool is not None and wanted.tool.mailing_channels:
            counts = count_mailing(db, contact_filter, wanted.tool)
            _show_mailing(view, wanted.tool, counts, link_html)
        else:
            total = count_export(db, contact_filter, wanted)
            words = f"Download ({say_count(total, *_ROW_NOUNS[wanted.rows])})"
            st.html(link_html(export_address(view, wanted), words, "primary-link"))
        show_running_exports(member.member_id)
        show_copy_as_curl(view, wanted)
        if member.role is Role.OWNER:
            show_unsubscribed()
            st.html(_LOG_LINK)


def _show_mailing(
    view: ContactView, tool: ExportTool, counts: MailingCounts, link_html: DownloadLink
) -> None:
    st.text(mailing_words(tool, counts))
    if counts.consenting:
        words = f"Download ({say_count(counts.consenting, 'contact', 'contacts')})"
        address = export_address(view, ExportWanted(tool=tool))
        st.html(link_html(address, words, "primary-link"))
    if counts.opted_out:
        words = f"Download who opted out ({say_count(counts.opted_out, *_ADDRESSES)})"
        address = export_address(view, ExportWanted(tool=tool, is_opted_out=True))
        st.html(link_html(address, words, "quiet-link"))


def mailing_words(tool: ExportTool, counts: MailingCounts) -> str:
    """Who is in the file for a tool that writes to people, and who is in the one beside it."""
    if not counts.consenting and not counts.opted_out:
        return (
            "Nobody of this list consented to be written to, so there is no file for "
            f"{TOOL_WORDS[tool]}. A share link can ask for consent."
        )
    consented = say_count(counts.consenting, "contact", "contacts") + " consented"
    opted_out = say_count(counts.opted_out, *_ADDRESSES) + " opted out"
    words = (
        f"{consented} to be written to, {opted_out}. {TOOL_WORDS[tool]} gets those addresses "
        "only that consented; who opted out is a file of its own, to be suppressed there."
    )
    if counts.unverified:
        shown = say_count(counts.unverified, "contact", "contacts")
        words += (
            f" Nobody proved the address of {shown} in it, so anybody may have typed it: "
            "choose Verified in the filters to leave them out."
        )
    return words
