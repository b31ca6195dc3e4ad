"""What is wrong in the fields of a share link: all of it at once, told beside the form's button."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from data.list_entries import ListEntry
from gate.desk_errors import LinkFault
from gate.links import is_link_password
from gate.lists import MOST_ENTRIES
from pages.ui.desk_words import LINK_WORDS
from pages.ui.forms import Outcome
from pages.ui.link_basics import requires_any
from pages.ui.link_rules import RuleValues, read_rule_fields
from pages.ui.session import recall, remember

_MOST_NAMED = 5
_STAR_HINT = " The beginning of numbers ends in a star, as in +49*."


def find_faults(prefix: str, rules: RuleValues) -> list[str]:
    """A sentence for each thing that keeps the fields of this prefix from being saved.

    `rules` is what they hold. What only the database knows is refused later.
    """
    faults = [_say_unread(where, pieces) for where, pieces in rules.unread.items() if pieces]
    if len(rules.entries) > MOST_ENTRIES:
        faults.append(LINK_WORDS[LinkFault.LIST_TOO_LONG])
    if rules.entries and not requires_any(prefix):
        faults.append(LINK_WORDS[LinkFault.LIST_UNASKED])
    if rules.password and not is_link_password(rules.password):
        faults.append(LINK_WORDS[LinkFault.PASSWORD_LENGTH])
    return faults


def refuse_faults(prefix: str, opening: str, faults: Sequence[str]) -> Outcome:
    """The outcome of a form with faults, which `show_faults` tells from now on. For a callback."""
    remember(_refused(prefix), True)
    return Outcome(" ".join((opening, *faults)), is_refusal=True, is_told_at_form=True)


def show_faults(prefix: str, entries: list[ListEntry]) -> None:
    """What is still wrong in the fields of this prefix, once that they were refused for it.

    `entries` are those of the link's lists as they are stored.
    """
    # Its place is kept, so that the button below stays as it was.
    with st.container():
        if not recall(_refused(prefix), False):
            return
        faults = find_faults(prefix, read_rule_fields(prefix, entries))
        # The notice was read out; this is where the eyes are, so no other alert.
        lines = "".join(f"<li>{escape(fault)}</li>" for fault in faults)
        if lines:
            st.html(f'<ul class="refusal" aria-label="To put right">{lines}</ul>')


def _say_unread(where: str, pieces: Sequence[str]) -> str:
    named = ", ".join(f"“{piece}”" for piece in pieces[:_MOST_NAMED])
    more = len(pieces) - _MOST_NAMED
    rest = f" and {more:,} more" if more > 0 else ""
    what = (
        "is no email address, domain or phone number"
        if len(pieces) == 1
        else "are no email addresses, domains or phone numbers"
    )
    hint = _STAR_HINT if any(piece.startswith("+") for piece in pieces) else ""
    return f"{where}: {named}{rest} {what}.{hint}"


def _refused(prefix: str) -> str:
    return f"{prefix}_refused"
