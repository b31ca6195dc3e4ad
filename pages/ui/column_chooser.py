"""Which columns the contact list shows, for its owner to choose."""

import streamlit as st

from pages.ui.list_columns import DEFAULT_COLUMNS, ListColumn
from pages.ui.session import get_widget_value
from pages.ui.url_view import ContactView
from pages.ui.view_binding import seed_widgets, show_columns

LIST_COLUMN_WORDS = {
    ListColumn.NAME: "Name",
    ListColumn.COMPANY: "Company",
    ListColumn.TYPE: "Type",
    ListColumn.VERIFIED: "Verified",
    ListColumn.LAST_ACCESSED: "Last accessed",
    ListColumn.LAST_ACCESSED_AT: "Last accessed at",
    ListColumn.ACCESS_COUNT: "Access count",
    ListColumn.FIRST_ACCESSED: "First accessed",
    ListColumn.TAGS: "Tags",
}
_COLUMNS_SHOWN = "contacts_columns"


def show_column_chooser(view: ContactView) -> None:
    """A popover with all columns, those of the view chosen."""
    popover = st.popover(
        "Columns",
        icon=":material/view_column:",
        key="contacts_columns_open",
        on_change="rerun",
        width="stretch",
    )
    # A value that is put into a widget behind a closed popover never reaches it.
    if not popover.open:
        return
    seed_widgets({_COLUMNS_SHOWN: [one for one in ListColumn if one in view.columns]})
    with popover:
        st.pills(
            "Shown beside the identifier",
            list(ListColumn),
            selection_mode="multi",
            format_func=LIST_COLUMN_WORDS.__getitem__,
            key=_COLUMNS_SHOWN,
            on_change=_choose_columns,
        )
        st.button(
            "Show the usual columns",
            key="contacts_usual_columns",
            on_click=show_columns,
            args=(DEFAULT_COLUMNS,),
            disabled=view.columns == DEFAULT_COLUMNS,
        )


def _choose_columns() -> None:
    chosen: list[ListColumn] = get_widget_value(_COLUMNS_SHOWN, [])
    show_columns(frozenset(chosen))
