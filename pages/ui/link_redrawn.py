"""A link's rules that change while an owner types: drawn anew, the fields keep what was typed.

`note_drawn` writes down what the fields began with, by which `keep_typed` knows what was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from data.list_entries import ListEntry, ListSide
from pages.ui.link_rules import find_concealed, find_taken_out, list_lines, read_allowed_file
from pages.ui.session import (
    forget,
    get_widget_value,
    holds_widget_value,
    recall,
    remember,
    set_widget_value,
)

_FIELDS = (
    "name",
    "require_email",
    "verify_email",
    "require_whatsapp",
    "verify_whatsapp",
    "last_day",
    "pass_life",
    "either",
    "password",
    "open",
    "views",
    "download",
    "fresh",
    "consent",
)
_TYPED_BEFORE = object()


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What the fields of a prefix began with, once it `is_noted`; until then what they were given.

    No field holds `_TYPED_BEFORE`: what was given goes on to count as typed.
    """

    prefix: str
    values: dict[str, object]
    entries: tuple[ListEntry, ...]
    is_noted: bool = False


_NOTHING = _Drawn("", {}, ())


def keep_typed(share_link_id: int, prefix: str, entries: Sequence[ListEntry]) -> None:
    """Put what was typed in the fields drawn last into those of this prefix, drawn next."""
    drawn = recall(_name_drawn(share_link_id), _NOTHING)
    # Fields that were out of sight in between are gone.
    if drawn.prefix in ("", prefix) or not holds_widget_value(f"{drawn.prefix}_name"):
        return
    typed = {
        field: value
        for field, value in _read_field_values(drawn.prefix).items()
        if value != drawn.values.get(field)
    }
    for field, value in typed.items():
        set_widget_value(f"{prefix}_{field}", value)
    for side in (ListSide.ALLOW, ListSide.DENY):
        before, lines = list_lines(drawn.entries, side), _typed_lines(drawn.prefix, side)
        if lines != before:
            merged = _merge_lines(lines, before, list_lines(entries, side))
            set_widget_value(f"{prefix}_{side}", "\n".join(merged))
    if taken_out := find_taken_out(drawn.prefix):
        kept = [name for name in find_concealed(entries) if name not in taken_out]
        set_widget_value(f"{prefix}_kept", kept)
    begun = _Drawn(prefix, dict.fromkeys(typed, _TYPED_BEFORE), tuple(entries))
    remember(_name_drawn(share_link_id), begun)


def note_drawn(share_link_id: int, prefix: str, entries: Sequence[ListEntry]) -> None:
    """Write down what the fields of this prefix hold, when they were drawn for the first time."""
    drawn = recall(_name_drawn(share_link_id), _NOTHING)
    if drawn.prefix == prefix and drawn.is_noted:
        return
    carried = drawn.values if drawn.prefix == prefix else {}
    values = _read_field_values(prefix) | carried
    remember(_name_drawn(share_link_id), _Drawn(prefix, values, tuple(entries), is_noted=True))


def forget_typed(share_link_id: int) -> None:
    """Let the next fields begin with the rules as they are stored: what was typed is saved."""
    forget(_name_drawn(share_link_id))


def _name_drawn(share_link_id: int) -> str:
    return f"links_{share_link_id}_drawn"


def _read_field_values(prefix: str) -> dict[str, object]:
    return {
        field: get_widget_value(f"{prefix}_{field}", None)
        for field in _FIELDS
        if holds_widget_value(f"{prefix}_{field}")
    }


def _typed_lines(prefix: str, side: ListSide) -> list[str]:
    """The lines of a list, and those of its file, which no other field can hold."""
    lines = get_widget_value(f"{prefix}_{side}", "").splitlines()
    if side is ListSide.ALLOW:
        labels = [one.label for one in read_allowed_file(prefix).entries]
        lines += [label for label in labels if label not in lines]
    return lines


def _merge_lines(typed: list[str], before: list[str], held: list[str]) -> list[str]:
    """The typed lines, without those that were taken away meanwhile, and those that came."""
    gone = set(before) - set(held)
    known = {*before, *typed}
    return [one for one in typed if one not in gone] + [one for one in held if one not in known]
