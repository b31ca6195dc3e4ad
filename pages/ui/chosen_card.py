"""A list whose lines are chosen by a click on their names, and the card of the one that was chosen.

The card may stand where a click in a long list or form does not see it: it is brought in sight.
"""

from collections.abc import Sequence
from typing import Literal

import streamlit as st
from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

from pages.ui.session import get_clicked_row, recall, remember, set_widget_value

NAME_PIXELS = 240

# What is scrolled to may be drawn a moment later than this, and the page may still grow above it.
_SCRIPT = """
const PATIENCE = 15, PAUSE = 100
let timer

function isInSight(found, edge) {
  const { top, bottom } = found.getBoundingClientRect()
  if (edge === "nearest") return top >= 0 && bottom <= window.innerHeight
  return top >= 0 && top < window.innerHeight / 2
}

export default function (component) {
  const { target, call, edge } = component.data
  const root = document.documentElement
  const isNew = root.dataset.revealed !== `${target} ${call}`
  root.dataset.revealed = `${target} ${call}`
  if (!isNew) return
  let round = 0
  clearInterval(timer)
  timer = setInterval(() => {
    const found = document.querySelector(target)
    if (found && !isInSight(found, edge)) found.scrollIntoView({ block: edge })
    if (++round > PATIENCE) clearInterval(timer)
  }, PAUSE)
  return () => clearInterval(timer)
}
"""

_reveal = st.components.v2.component("gatebook_reveal", html="<span></span>", js=_SCRIPT)


def name_column(
    title: str, numbers: Sequence[int], *, chooser: str, card: str, can_choose: bool
) -> ColumnConfig | ButtonColumnResult:
    """The column of names: a click on one gives `chooser` its number, and shows the card.

    `numbers` are those of the grid's lines, `chooser` and `card` the keys of a widget and a
    container. Who may not choose gets plain names.
    """
    if not can_choose:
        return st.column_config.TextColumn(title, width=NAME_PIXELS)
    clicked = f"{chooser}_clicked"
    return st.column_config.ButtonColumn(
        title,
        width=NAME_PIXELS,
        type="tertiary",
        alignment="left",
        key=clicked,
        on_click=_choose_clicked,
        args=(clicked, numbers, chooser, card),
    )


def show_chosen(card: str, edge: Literal["start", "nearest"] = "start") -> None:
    """Bring the card of this key in sight if it was asked for since. Call it before the card.

    It comes to the `start` of what is in sight, or no farther than its `nearest` edge.
    """
    # Its place is kept, so that nothing below it moves and closes when it comes.
    with st.container():
        if calls := recall(_name_calls(card), 0):
            st.html(f"<style>.st-key-{card} {{ scroll-margin: 5rem 0 1rem; }}</style>")
            target = f".st-key-{card}"
            _reveal(key=f"{card}_reveal", data={"target": target, "call": calls, "edge": edge})


def bring_in_sight(card: str) -> None:
    """Have `show_chosen` bring the card of this key in sight, once for each call."""
    remember(_name_calls(card), recall(_name_calls(card), 0) + 1)


def _choose_clicked(clicked: str, numbers: Sequence[int], chooser: str, card: str) -> None:
    row = get_clicked_row(clicked)
    if row is not None and row < len(numbers):
        set_widget_value(chooser, numbers[row])
        bring_in_sight(card)


def _name_calls(card: str) -> str:
    return f"{card}_calls"
