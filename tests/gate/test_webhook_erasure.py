"""Who is erased leaves what webhooks were and are to be told, and what they answered."""

from datetime import datetime, timedelta

from data.check import check_database
from data.records import ShareLink
from gate.erasure import erase_person
from gate.identifiers import parse_email, parse_whatsapp
from gate.limits import WEBHOOK_LOG_KEPT
from gate.upkeep import forget_what_is_over
from tests.gate.conftest import LinkMaker, pass_unverified
from tests.gate.hooked import Hooked
from tests.gate.test_erasure import find_traces

BOB, NUMBER = parse_email("bob@example.com"), parse_whatsapp("+5491123456789", None)


def erase_bob(hooked: Hooked) -> None:
    assert erase_person(hooked.gate, BOB, hooked.owner, hooked.now, outbox=hooked.desk.outbox)


def test_past_and_pending_messages_about_them_go_and_others_stay(
    hooked: Hooked, link: ShareLink
) -> None:
    hooked.receiver.answer = b"Thanks for bob@example.com"
    hooked.visit(link)
    hooked.send_after()
    hooked.receiver.answer = b"ok"
    hooked.receiver.statuses = [500]
    hooked.visit(link, "carol@example.com")
    hooked.send_after()
    pass_unverified(hooked.desk, "again", link, hooked.now, BOB.typed)
    assert {"webhook_event.payload", "webhook_delivery.told"} <= find_traces(hooked.db, BOB)
    erase_bob(hooked)
    assert find_traces(hooked.db, BOB) == {"suppression.identifier_hash"}
    assert [one for one in check_database(hooked.db) if "webhook" in one] == []
    hooked.send_after(minutes=10)
    names = [one.told["data"]["identifier"] for one in hooked.receiver.received[2:]]
    assert set(names) == {"carol@example.com"}


def test_a_message_about_two_addresses_goes_with_either(
    hooked: Hooked, add_link: LinkMaker
) -> None:
    both = add_link("both", requires_email=True, requires_whatsapp=True)
    pass_unverified(hooked.desk, "bob", both, hooked.now, BOB.typed, NUMBER.typed)
    erase_person(hooked.gate, NUMBER, hooked.owner, hooked.now, outbox=hooked.desk.outbox)
    hooked.send_after()
    assert hooked.receiver.received == []
    assert find_traces(hooked.db, BOB, NUMBER) == {"suppression.identifier_hash"}


def test_what_was_told_is_forgotten_after_thirty_days(
    hooked: Hooked, link: ShareLink, now: datetime
) -> None:
    hooked.visit(link)
    hooked.send_after()
    for after, count in ((timedelta(seconds=-1), 2), (timedelta(seconds=1), 0)):
        forget_what_is_over(hooked.gate, now + WEBHOOK_LOG_KEPT + after)
        assert len(hooked.log) == count
        assert hooked.db.rows("select count(*) from webhook_event") == [(count,)]
