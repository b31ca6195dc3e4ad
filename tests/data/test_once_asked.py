"""The reader that asks a question once."""

from data.database import Database
from data.once_asked import OnceAsked
from tests.factories import add_contact

COUNT = "select count(*) from identifier where channel = any($channels)"
EMAILS = ["email"]


def test_a_question_asked_again_has_the_same_answer_whatever_happened_since(db: Database) -> None:
    reader = OnceAsked(db)
    add_contact(db, "ada@example.com")
    before = reader.row(COUNT, channels=EMAILS)
    add_contact(db, "bob@example.com")

    assert before == reader.row(COUNT, channels=EMAILS) == (1,)
    assert OnceAsked(db).row(COUNT, channels=EMAILS) == (2,)


def test_another_value_is_another_question(db: Database) -> None:
    reader = OnceAsked(db)
    add_contact(db, "ada@example.com")

    assert reader.row(COUNT, channels=EMAILS) == (1,)
    assert reader.row(COUNT, channels=["whatsapp"]) == (0,)
    assert reader.row(f"{COUNT} and key = $key", channels=EMAILS, key="x") == (0,)


def test_whoever_changes_an_answer_changes_only_their_own(db: Database) -> None:
    reader = OnceAsked(db)
    reader.rows(COUNT, channels=EMAILS).clear()

    assert reader.rows(COUNT, channels=EMAILS) == [(0,)]
