"""The line that says which sessions are counted, and what it opens."""

from datetime import datetime

import pytest

from data.contact_filter import ContactFilter
from data.database import Database
from data.left_out import LeftOut
from data.records import SessionKind
from pages.ui.left_out import say_left_out
from tests.factories import add_session
from tests.pages.test_contacts_page import open_page
from tests.pages.visits import add_visits

TYPED = ContactFilter(search="ada")


@pytest.mark.parametrize(
    ("left_out", "counted", "chosen", "line"),
    [
        (
            LeftOut(internal=96, bots=31),
            1204,
            ContactFilter(),
            "1,204 of 1,331 sessions: 96 internal, 31 bots.",
        ),
        (
            LeftOut(1, 1, 1, 1),
            0,
            ContactFilter(),
            "0 of 4 sessions: 1 internal, 1 bot, 1 on an open link, 1 of an archived contact.",
        ),
        (LeftOut(), 3, ContactFilter(), "3 sessions, none left out."),
        (
            LeftOut(bots=2),
            1,
            TYPED,
            "1 session of these contacts. Left out, whoever came: 2 bots.",
        ),
        (LeftOut(), 2, TYPED, "2 sessions of these contacts. Left out, whoever came: none."),
    ],
)
def test_the_line_adds_up_or_says_that_it_cannot(
    left_out: LeftOut, counted: int, chosen: ContactFilter, line: str
) -> None:
    assert say_left_out(left_out, counted, chosen) == line


def test_the_line_opens_the_sessions(db: Database, signed_in: None, now: datetime) -> None:
    visits = add_visits(db, now)
    add_session(db, None, visits.investors, now, kind=SessionKind.INTERNAL)
    page = open_page()
    line = next(one for one in page.expander if "internal" in one.label)
    assert line.label == "4 of 6 sessions: 1 internal, 1 bot."
    assert not line.dataframe

    page.session_state["contacts_left_out"] = True
    page.run()

    line = next(one for one in page.expander if "internal" in one.label)
    shown = line.dataframe[0].value
    assert list(shown["Why it is left out"]) == ["Internal", "Bot"]
