"""A click on a grid's header sorts everything that the grid is one page of, not that page alone.

The grid's own sorting knows the rows in sight only. So the header's click chooses the column in the
fields beside the grid, which a keyboard reaches too.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.session import (
    forget,
    get_widget_value,
    recall,
    remember,
    seed_widget_value,
    set_widget_value,
)

Column = TypeVar("Column", bound=StrEnum)

_ORDERS = {"desc": "Descending", "asc": "Ascending"}


@dataclass(frozen=True, slots=True)
class Sort(Generic[Column]):
    """By which column, and whether the largest or last comes first."""

    column: Column
    is_descending: bool

    @property
    def key(self) -> str:
        """Part of the key of a grid, which remembers what is selected while it keeps its key."""
        return f"{self.column}_{'desc' if self.is_descending else 'asc'}"


@dataclass(frozen=True, slots=True)
class HeaderSort(Generic[Column]):
    """How the list of this name is sorted: its fields, and what a click on a header means.

    `words` are the columns that it is sorted by, in the order of the field, the first being the
    default. Those that are `upward` begin with the smallest, such as names from A to Z.
    """

    name: str
    words: Mapping[Column, str]
    upward: Collection[Column] = ()

    def seed(self, sort: Sort[Column]) -> None:
        """Begin with this order; what was chosen before stays."""
        seed_widget_value(self._column_key, sort.column)
        seed_widget_value(self._order_key, "desc" if sort.is_descending else "asc")

    def show_fields(self, column_at: DeltaGenerator, order_at: DeltaGenerator) -> Sort[Column]:
        """The two fields in these places, after a header that was clicked."""
        first = next(iter(self.words))
        self.seed(Sort(first, is_descending=first not in self.upward))
        self._follow_click()
        column = column_at.selectbox(
            "Sort by",
            list(self.words),
            format_func=self.words.__getitem__,
            key=self._column_key,
            on_change=self._begin_column,
        )
        order = order_at.selectbox(
            "Order", list(_ORDERS), format_func=_ORDERS.__getitem__, key=self._order_key
        )
        return Sort(column, order == "desc")

    def follow(self, headers: Sequence[str], columns: Mapping[str, Column]) -> None:
        """Begin the page again in the order of the header that was clicked, if one was.

        `headers` are the grid's chosen columns, `columns` what they are called here.
        """
        if headers and headers[0] in columns:
            remember(self._clicked_key, columns[headers[0]])
            st.rerun()

    def _follow_click(self) -> None:
        clicked = recall(self._clicked_key, "")
        if not clicked:
            return
        forget(self._clicked_key)
        column = next(one for one in self.words if one == clicked)
        if column == get_widget_value(self._column_key, ""):
            was_descending = get_widget_value(self._order_key, "desc") == "desc"
            set_widget_value(self._order_key, "asc" if was_descending else "desc")
        else:
            set_widget_value(self._column_key, column)
            self._begin_column()

    def _begin_column(self) -> None:
        is_upward = get_widget_value(self._column_key, "") in self.upward
        set_widget_value(self._order_key, "asc" if is_upward else "desc")

    @property
    def _column_key(self) -> str:
        return f"{self.name}_sort"

    @property
    def _order_key(self) -> str:
        return f"{self.name}_order"

    @property
    def _clicked_key(self) -> str:
        return f"{self.name}_header"
