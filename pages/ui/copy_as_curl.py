"""The command that downloads a view from a script, to be copied; it names no token."""

import shlex

import streamlit as st

from data.export_kinds import ExportWanted
from pages.ui.copying import show_to_copy
from pages.ui.export_words import export_address
from pages.ui.runtime import get_runtime
from pages.ui.url_view import ContactView

# The shell puts the token in, so that it stands in no history of commands.
_HEADER = '"Authorization: Bearer $GATEBOOK_TOKEN"'


def show_copy_as_curl(view: ContactView, wanted: ExportWanted | None = None) -> None:
    """A fold with the command for this view, as CSV unless another file is wanted."""
    with st.expander("Copy as curl"):
        show_to_copy(
            write_curl(get_runtime().origin, view, wanted), "Copy command", key="contacts_curl"
        )
        st.text("It gets what you see now, all pages of it.")
        st.html(
            '<p style="margin:0">Set GATEBOOK_TOKEN to an access token, which you make under '
            '<a href="/profile" target="_self">Your sign-in</a>.</p>'
        )


def write_curl(origin: str, view: ContactView, wanted: ExportWanted | None = None) -> str:
    """The command, which breaks off with the reason when it is refused."""
    wanted = wanted or ExportWanted()
    address = shlex.quote(origin + export_address(view, wanted))
    name = f"contacts.{wanted.file_format.extension}"
    return f"curl --fail-with-body --header {_HEADER} \\\n  --output {name} \\\n  {address}"
