"""A document on the viewer's page: by the address of our own route, never by its bytes."""

from html import escape
from urllib.parse import urlsplit

import streamlit as st

from data.records import Document, ShareLink
from gate.documents import ViewKind, view_kind
from pages.ui.components import fit_pdf_in_browser
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime
from pages.ui.viewer import tell

# More text than this makes a page that no phone scrolls well.
TEXT_BYTES_SHOWN = 512 * 1024
PDF_HEIGHT = 800


def show_document(link: ShareLink, document: Document) -> None:
    """Show the document in the page, or offer it as a download where a page can't show it."""
    if not (get_runtime().documents / document.storage_name).is_file():
        # A lost file is the owner's to restore; the viewer can only ask for it.
        st.text(tell("page.no_documents"))
        return
    address = f"/d/{link.share_link_id}/{document.document_id}"
    kind = view_kind(document.content_type)
    match kind:
        case ViewKind.PDF:
            with st.container(key="shared_pdf"):
                st.pdf(_origin() + address, height=PDF_HEIGHT, alt=document.name)
            fit_pdf_in_browser()
        case ViewKind.IMAGE:
            alt = escape(document.name, quote=True)
            st.html(f'<img class="shared-image" src="{address}" alt="{alt}">')
        case ViewKind.MARKDOWN:
            st.markdown(_read_beginning(document))
        case ViewKind.TEXT:
            st.code(_read_beginning(document), language=None, wrap_lines=True)
        case ViewKind.DOWNLOAD:
            st.text(tell("page.download_only" if link.allows_download else "page.not_downloadable"))
    if link.allows_download:
        label = escape(tell("page.download", name=document.name))
        look = "primary-link" if kind is ViewKind.DOWNLOAD else "quiet-link"
        st.html(f'<a class="{look}" href="{address}?download" download>{label}</a>')


def _read_beginning(document: Document) -> str:
    path = get_runtime().documents / document.storage_name
    with path.open("rb") as file:
        text = file.read(TEXT_BYTES_SHOWN).decode("utf-8", errors="replace")
    if document.byte_count > TEXT_BYTES_SHOWN:
        st.caption(as_plain(tell("page.text_cut")))
    return text


def _origin() -> str:
    """The address under which this browser reaches us, so that the fetch carries its cookie."""
    parts = urlsplit(st.context.url or get_runtime().origin)
    return f"{parts.scheme}://{parts.netloc}"
