"""The rules of a share link that few links need, with the same fields for new links and old."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import streamlit as st

from data.list_entries import ListEntry, ListSide, count_entries
from data.records import ShareLink
from gate.links import SHORTEST_PASSWORD
from gate.lists import ParsedList, join_lists, parse_list, parse_list_file
from pages.ui.desk_words import lists_words
from pages.ui.link_basics import requires_both
from pages.ui.session import get_widget_value, recall, remember, seed_widget_value

_LIST_HELP = (
    "One per line: name@example.com, @example.com, .example.com (with its subdomains), a full "
    "number like +5511987654321, or the beginning of numbers like +49*"
)
_DENY_HELP = (
    f"{_LIST_HELP}. This list beats the other. Only somebody whom you allow on the Activity page "
    "passes its domains and beginnings of numbers."
)
_LIST_LABELS = {
    ListSide.ALLOW: "Only these may open it",
    ListSide.DENY: "These may not open it",
}
_FILE = "The CSV file"
_PASSWORD_LENGTH = f"{SHORTEST_PASSWORD} characters or more"
_VERDICTS = {
    ListSide.ALLOW: "allowed",
    ListSide.LET_IN: "allowed",
    ListSide.DENY: "blocked",
}


@dataclass(frozen=True, slots=True)
class RuleValues:
    """What the fields hold. `password` None keeps the one there is, empty takes it away.

    `unread` is what nobody understood, by the label of its field.
    """

    accepts_either: bool
    allows_download: bool
    demands_fresh_code: bool
    asks_consent: bool
    view_limit: int | None
    password: str | None
    entries: tuple[ListEntry, ...]
    unread: Mapping[str, tuple[str, ...]]
    taken_out: tuple[ListEntry, ...] = ()

    def lists_sentence(self) -> str:
        """How many the lists hold, to be told when they are saved; empty without any."""
        return lists_words(count_entries(self.entries))


def show_rule_fields(prefix: str, link: ShareLink | None, entries: list[ListEntry]) -> None:
    """The fields, with the rules of `link` in them, or those of a new link.

    They stand below the basic fields of the same prefix, which decide what of them makes sense.
    """
    if requires_both(prefix):
        seed_widget_value(f"{prefix}_either", link.accepts_either if link else False)
        st.toggle(
            "Viewers choose one",
            key=f"{prefix}_either",
            help="Email or WhatsApp, as the viewer likes: one of them is enough.",
        )
    _show_list(prefix, ListSide.ALLOW, entries)
    st.file_uploader(
        # Its drop zone is a landmark, which needs a name that the other form's has not.
        "…and those of a CSV file" if link is None else "…and more from a CSV file",
        type=["csv", "txt"],
        key=f"{prefix}_file",
    )
    _show_list(prefix, ListSide.DENY, entries)
    _show_concealed(prefix, entries)
    _show_password(prefix, link)
    seed_widget_value(f"{prefix}_views", link.view_limit if link else None)
    st.number_input(
        "Most viewing sessions",
        min_value=1,
        value=None,
        step=1,
        key=f"{prefix}_views",
        placeholder="No limit",
        help=f"So far: {link.view_count:,}." if link and link.view_limit else None,
    )
    _show_switches(prefix, link)


def read_rule_fields(prefix: str, entries: list[ListEntry]) -> RuleValues:
    """What the fields of this prefix hold. For a callback."""
    typed_allowed = parse_list(get_widget_value(f"{prefix}_allow", ""), ListSide.ALLOW)
    in_file = read_allowed_file(prefix)
    allowed = join_lists(typed_allowed, in_file)
    denied = parse_list(get_widget_value(f"{prefix}_deny", ""), ListSide.DENY)
    taken_out = find_taken_out(prefix)
    concealed = find_concealed(entries)
    kept = [one for name, one in concealed.items() if name not in taken_out]
    typed = get_widget_value(f"{prefix}_password", "")
    is_taken_away = get_widget_value(f"{prefix}_open", False)
    views: int | None = get_widget_value(f"{prefix}_views", None)
    return RuleValues(
        accepts_either=requires_both(prefix) and get_widget_value(f"{prefix}_either", False),
        allows_download=get_widget_value(f"{prefix}_download", True),
        demands_fresh_code=get_widget_value(f"{prefix}_fresh", False),
        asks_consent=get_widget_value(f"{prefix}_consent", False),
        view_limit=views,
        password="" if is_taken_away else typed or None,
        entries=(*allowed.entries, *denied.entries, *kept),
        unread={
            _LIST_LABELS[ListSide.ALLOW]: typed_allowed.unread,
            _FILE: in_file.unread,
            _LIST_LABELS[ListSide.DENY]: denied.unread,
        },
        taken_out=tuple(one for name, one in concealed.items() if name in taken_out),
    )


def _show_password(prefix: str, link: ShareLink | None) -> None:
    has_password = link is not None and link.password_hash is not None
    st.text_input(
        f"{'New password' if has_password else 'Password'} ({_PASSWORD_LENGTH})",
        # In clear: it is made to be passed on. A masked field's own button for showing it also
        # swallows what was typed when the Tab key leaves the field.
        key=f"{prefix}_password",
        autocomplete="off",
        help="Viewers give it before anything else.",
    )
    if has_password:
        st.toggle("Take the password away", key=f"{prefix}_open")


def _show_list(prefix: str, side: ListSide, entries: list[ListEntry]) -> None:
    listed = [one for one in entries if one.side is side]
    nothing = "Anyone" if side is ListSide.ALLOW else "Nobody"
    seed_widget_value(f"{prefix}_{side}", "\n".join(list_lines(entries, side)))
    st.text_area(
        _LIST_LABELS[side],
        key=f"{prefix}_{side}",
        placeholder="" if listed else nothing,
        help=_LIST_HELP if side is ListSide.ALLOW else _DENY_HELP,
        height=110,
    )


def _show_concealed(prefix: str, entries: list[ListEntry]) -> None:
    concealed = find_concealed(entries)
    if concealed:
        names = list(concealed)
        seed_widget_value(f"{prefix}_kept", names)
        st.multiselect(
            "Allowed or blocked one by one",
            names,
            # Two people can have the same mask: the number keeps the choices apart.
            format_func=lambda name: (
                f"{concealed[name].label} · {names.index(name) + 1} "
                f"({_VERDICTS[concealed[name].side]})"
            ),
            key=f"{prefix}_kept",
            help="From the Activity page. Who is taken out is judged by the lists alone.",
        )
        remember(f"{prefix}_shown", names)


def list_lines(entries: Iterable[ListEntry], side: ListSide) -> list[str]:
    """What the field of this side shows of a link's lists."""
    return [one.label for one in entries if one.side is side and not one.is_concealed]


def find_taken_out(prefix: str) -> set[str]:
    """Whom the owner took out of those on the screen; others were judged in the meantime."""
    shown: list[str] = recall(f"{prefix}_shown", [])
    return set(shown) - set(get_widget_value(f"{prefix}_kept", shown))


def find_concealed(entries: Iterable[ListEntry]) -> dict[str, ListEntry]:
    """Whom the owner judged one by one, by the names that the field has for them."""
    return {f"{one.side}:{one.value}": one for one in entries if one.is_concealed}


def _show_switches(prefix: str, link: ShareLink | None) -> None:
    seed_widget_value(f"{prefix}_download", link.allows_download if link else True)
    seed_widget_value(f"{prefix}_fresh", link.demands_fresh_code if link else False)
    seed_widget_value(f"{prefix}_consent", link.asks_consent if link else False)
    st.toggle(
        "Downloads allowed",
        key=f"{prefix}_download",
    )
    st.toggle(
        "A fresh code every time",
        key=f"{prefix}_fresh",
        help="Otherwise a browser that proved the same address a while ago only confirms it.",
    )
    st.toggle(
        "Ask for consent to be written to",
        key=f"{prefix}_consent",
        help="Never a condition: the box is un-ticked, and the document opens without it.",
    )


def read_allowed_file(prefix: str) -> ParsedList:
    """What the file holds that was chosen beside the list; nothing without one."""
    file = get_widget_value(f"{prefix}_file", None)
    if file is None or not hasattr(file, "getvalue"):
        return ParsedList((), ())
    text = file.getvalue().decode("utf-8-sig", errors="replace")
    return parse_list_file(text, ListSide.ALLOW)
