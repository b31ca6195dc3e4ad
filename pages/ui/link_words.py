"""Share links in words: what they open, whether they open, and since or until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from data.records import LinkState, ShareLink
from pages.ui.desk_words import STATE_WORDS, say_count
from pages.ui.table import say_instant


@dataclass(frozen=True, slots=True)
class LinkPlaces:
    """What links open, by name, and the zone in which their times are shown."""

    workspaces: dict[int, str]
    documents: dict[int, str]
    time_zone: str

    def target(self, link: ShareLink) -> str:
        """What the link opens, in words."""
        workspace = self.workspaces.get(link.workspace_id, "")
        if link.document_id is None:
            return f"All of {workspace}"
        return f"{self.documents.get(link.document_id, '')} ({workspace})"


def link_label(link: ShareLink, now: datetime) -> str:
    """A link by name and number, with its state if it doesn't open."""
    state = link.state(now)
    note = "" if state is LinkState.ACTIVE else f" ({STATE_WORDS[state].lower()})"
    # Two links can have the same name: the number keeps the choices apart.
    return f"{link.name} · l{link.share_link_id}{note}"


def life_words(link: ShareLink, time_zone: str, now: datetime) -> str:
    """Whether the link opens now, since or until when, and why not."""
    zone = ZoneInfo(time_zone)
    if link.archived_at is not None:
        return f"Archived: {say_instant(link.archived_at, zone)} ({time_zone}). It opens nothing"
    if link.revoked_at is not None:
        return f"Revoked: {say_instant(link.revoked_at, zone)} ({time_zone})"
    if link.state(now) is LinkState.EMPTY:
        return "Opens nothing: what it leads to is archived, under Documents"
    if link.state(now) is LinkState.USED_UP:
        is_single = link.view_limit == 1
        taken = "its only view was" if is_single else f"all {link.view_limit:,} views were"
        return f"Used up: {taken} taken"
    if link.expires_at is None:
        return "Active: until you revoke it"
    verb = "Active until" if link.state(now) is LinkState.ACTIVE else "Expired"
    return f"{verb}: {say_instant(link.expires_at, zone)} ({time_zone})"


def state_words(link: ShareLink, now: datetime) -> str:
    """The link's state in a few words, with the days left of one that ends: `Active, 3 days`."""
    state = link.state(now)
    if state is not LinkState.ACTIVE or link.expires_at is None:
        return STATE_WORDS[state]
    left = link.expires_at - now
    if left >= timedelta(days=1):
        return f"Active, {say_count(left.days, 'day', 'days')} left"
    return f"Active, {say_count(max(1, left.seconds // 3_600), 'hour', 'hours')} left"
