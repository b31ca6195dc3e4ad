"""Which country a number is of, and noting it where a number was stored without."""

from data.database import Database
from gate.countries import find_country, note_missing_countries
from tests.factories import add_contact, make_identifier


def countries(db: Database) -> dict[str, str | None]:
    return dict(db.rows("select address, country from identifier"))


def forget_countries(db: Database) -> None:
    with db.transaction() as tx:
        tx.run("update identifier set country = null")


def test_two_countries_of_one_calling_code_are_told_apart() -> None:
    assert find_country(make_identifier("+14165550123")) == "CA"
    assert find_country(make_identifier("+14155550123")) == "US"
    assert find_country(make_identifier("ada@example.com")) is None


def test_missing_countries_are_noted_once_and_for_numbers_only(db: Database) -> None:
    add_contact(db, "ada@example.com", "+442079460123", "+819012345678")
    # A satellite phone is of no country.
    add_contact(db, "+870773111632")
    forget_countries(db)

    for _ in range(2):
        note_missing_countries(db)
        assert countries(db) == {
            "ada@example.com": None,
            "+442079460123": "GB",
            "+819012345678": "JP",
            "+870773111632": None,
        }


def test_a_country_that_is_known_stays(db: Database) -> None:
    add_contact(db, "+442079460123")
    with db.transaction() as tx:
        tx.run("update identifier set country = 'JE'")

    note_missing_countries(db)

    assert countries(db) == {"+442079460123": "JE"}
