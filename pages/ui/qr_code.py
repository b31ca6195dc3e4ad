"""A share link's QR code in a popover: black on white in either theme, to scan or to print."""

from html import escape

import streamlit as st

from data.records import ShareLink
from gate.links import build_share_address
from pages.ui.copying import show_to_copy
from pages.ui.runtime import get_runtime

_FRAME = "display:block;width:min(240px,100%);background:#fff;border-radius:8px;margin:0 auto"


def show_qr_code(link: ShareLink) -> None:
    """A button that shows the code, its address as text, and the files for print."""
    path = f"/links/{link.share_link_id}/qr"
    address = build_share_address(get_runtime().origin, link)
    with st.popover("QR code", icon=":material/qr_code_2:"):
        st.html(
            # Another password or rule leaves the address, and so the code, as it is.
            f'<img src="{path}.svg" width="240" height="240" style="{_FRAME}" '
            f'alt="QR code of {escape(address, quote=True)}">'
        )
        show_to_copy(address, "Copy link", key=f"links_qr_{link.share_link_id}")
        st.html(
            '<div style="display:flex;flex-wrap:wrap;gap:.5rem">'
            f'<a class="quiet-link" download href="{path}.png?download">PNG for print</a>'
            f'<a class="quiet-link" download href="{path}.svg?download">SVG</a></div>'
        )
