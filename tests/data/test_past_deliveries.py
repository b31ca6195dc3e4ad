"""The list of codes and their fate: it follows the filter, page by page, and knows its total."""

from datetime import datetime, timedelta

import pytest

from data.database import Database
from data.deliveries import insert_delivery
from data.gate_history import HistoryFilter
from data.past_deliveries import count_past_deliveries, find_past_deliveries
from data.records import Channel

BEGIN = datetime.fromisoformat("2026-03-01T00:00:00+00:00")


@pytest.fixture
def sent(db: Database) -> None:
    """Twelve codes, a day apart: by turns to two links, the last three by WhatsApp."""
    with db.transaction() as tx:
        for number in range(12):
            insert_delivery(
                tx,
                challenge_id=number,
                share_link_id=1 + number % 2,
                channel=Channel.WHATSAPP if number > 8 else Channel.EMAIL,
                identifier_hash=f"hash of {number}",
                identifier_mask=f"m{number}",
                now=BEGIN + timedelta(days=number),
            )


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (HistoryFilter(since=BEGIN), range(12)),
        (HistoryFilter(since=BEGIN + timedelta(days=9, seconds=1)), (10, 11)),
        (HistoryFilter(since=BEGIN, share_link_id=2), (1, 3, 5, 7, 9, 11)),
        (HistoryFilter(since=BEGIN, channel=Channel.WHATSAPP), (9, 10, 11)),
        (HistoryFilter(since=BEGIN, share_link_id=1, channel=Channel.WHATSAPP), (10,)),
    ],
)
def test_all_pages_together_are_what_was_asked_for(
    db: Database, sent: None, wanted: HistoryFilter, numbers: tuple[int, ...]
) -> None:
    pages = [find_past_deliveries(db, wanted, most=5, skipped=n) for n in (0, 5, 10)]
    listed = [one.identifier_mask for page in pages for one in page]
    assert listed == [f"m{number}" for number in reversed(numbers)]
    assert count_past_deliveries(db, wanted) == len(numbers)
