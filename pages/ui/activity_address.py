"""The Activity page's address: which days and which share link it begins with."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from data.contact_filter import ContactFilter

# No longer than the gate keeps its history.
PERIODS = {7: "Last 7 days", 30: "Last 30 days", 90: "Last 90 days", 365: "Last year"}
USUAL_DAYS = 30


def activity_address(contact_filter: ContactFilter, today: date) -> str:
    """Where the gate's side of a contact filter is told: the days that hold its period, its link.

    Several links are more than the Activity page can choose, so it shows all.
    """
    from_on = contact_filter.from_on
    length = (today - from_on).days + 1 if from_on else max(PERIODS)
    days = next((days for days in PERIODS if days >= length), max(PERIODS))
    words = {"days": days}
    if len(contact_filter.share_link_ids) == 1:
        (words["link"],) = contact_filter.share_link_ids
    return f"/activity?{urlencode(words)}"


def read_activity_words(words: Mapping[str, str]) -> tuple[int, int]:
    """The days and the share link's number that an address names; the usual days, 0 for none."""
    days, link = _read_whole(words.get("days", "")), _read_whole(words.get("link", ""))
    return days if days in PERIODS else USUAL_DAYS, link


def _read_whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
