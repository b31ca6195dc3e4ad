"""Who the demo's owner expects at one link: most of those who came, and some who have not."""

from datetime import timedelta

from data.database import Transaction
from data.demo.history import History
from data.demo.people import DemoPerson
from data.demo.stage import OpenLink
from data.expected_viewers import ExpectedPerson, insert_expected_viewers
from data.records import Channel, Identifier

_PUT_DOWN_AFTER = timedelta(hours=1)
_NOT_YET = 9
# Of so many who came, the last of each round came without being expected.
_ROUND = 8


def insert_expected(
    tx: Transaction, place: OpenLink, history: History, strangers: list[DemoPerson]
) -> None:
    """Expect people at this link, without any chance in it: everything else stays as it was."""
    passed = [
        history.links_passed[key].contact_id
        for key in history.links_passed
        if key[1] == place.link.share_link_id
    ]
    came = [number for place_in, number in enumerate(passed) if place_in % _ROUND]
    names = {one.contact_id: one.name for one in history.contacts.values()}
    people = [
        _expect(history.identifiers[number, Channel.EMAIL].address, names[number])
        for number in came
        if (number, Channel.EMAIL) in history.identifiers
    ]
    people += [_expect(one.email, one.name) for one in strangers if one.email][:_NOT_YET]
    insert_expected_viewers(
        tx, place.link.share_link_id, people, place.link.created_at + _PUT_DOWN_AFTER
    )


def _expect(email: str, name: str | None) -> ExpectedPerson:
    return ExpectedPerson(Identifier(Channel.EMAIL, email, email, email), name)
