"""One browser at one share link's gate at one instant: what every decision here starts from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from data.browsers import BrowserKey, get_browser_key, insert_browser
from data.database import Database, Reader, Transaction
from data.links import get_share_link
from data.records import Channel, LinkState, ShareLink
from gate.codes import Pepper
from gate.delivery.queue import SendingQueue
from gate.errors import LinkUnavailable
from gate.limits import LIMITS, REPLACED_BROWSER_GRACE, REPLACED_BROWSER_PATIENCE, Limit


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate works with: the database, the key of its hashes, and the queues that send."""

    db: Database
    pepper: Pepper
    queues: Mapping[Channel, SendingQueue]
    limits: tuple[Limit, ...] = LIMITS


@dataclass(frozen=True, slots=True)
class Visit:
    """Who stands at which gate when. `browser_hash` is the SHA-256 of the browser's cookie.

    `network` is the client's address as limits count it (IPv4 /32, IPv6 /64), empty if unknown.
    `language` is the two letters of the words on the viewer's page.
    """

    browser_hash: str
    slug: str
    now: datetime
    network: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Doorstep:
    """Where a step at a gate happens, once link and browser are known: both, and when."""

    link: ShareLink
    browser_id: int
    now: datetime
    network: str = ""
    language: str = "en"

    @classmethod
    def of(cls, link: ShareLink, browser_id: int, visit: Visit) -> "Doorstep":
        """The doorstep of this visit."""
        return cls(link, browser_id, visit.now, visit.network, visit.language)


def require_live_link(reader: Reader, slug: str, now: datetime) -> ShareLink:
    """The share link of this slug, if it opens now.

    Raises:
        LinkUnavailable: unknown, expired or revoked, without saying which.
    """
    link = get_share_link(reader, slug)
    if link is None or link.state(now) is not LinkState.ACTIVE:
        raise LinkUnavailable
    return link


def find_browser_id(reader: Reader, browser_hash: str) -> int | None:
    """The number of the browser whose current id this is; None for an unknown or replaced one."""
    key = get_browser_key(reader, browser_hash)
    return None if key is None or key.replaced_at is not None else key.browser_id


def find_recent_browser_id(reader: Reader, browser_hash: str, now: datetime) -> int | None:
    """As `find_browser_id`, but an id replaced a moment ago still counts.

    Only what an open challenge needs may ask so: it lets another tab of the same browser finish.
    """
    key = get_browser_key(reader, browser_hash)
    return key.browser_id if key is not None and _is_recent(key, now) else None


def _is_recent(key: BrowserKey, now: datetime) -> bool:
    return key.replaced_at is None or now < key.replaced_at + REPLACED_BROWSER_GRACE


def has_lost_its_id(reader: Reader, browser_hash: str, now: datetime) -> bool:
    """Whether this id was replaced so long ago that its browser never got the newer one.

    The answer that carried it was lost, or somebody planted an id of the past: either way the
    browser needs a fresh start, as nothing opens with this one.
    """
    key = get_browser_key(reader, browser_hash)
    return (
        key is not None
        and key.replaced_at is not None
        and now >= key.replaced_at + REPLACED_BROWSER_PATIENCE
    )


def is_replaced_browser(reader: Reader, browser_hash: str) -> bool:
    """Whether this browser has a newer id by now, so that its page should load again."""
    key = get_browser_key(reader, browser_hash)
    return key is not None and key.replaced_at is not None


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser's number, and whether it was given out just now."""

    browser_id: int
    is_new: bool


def require_browser(tx: Transaction, browser_hash: str, now: datetime) -> int:
    """The number of the browser that `meet_browser` meets."""
    return meet_browser(tx, browser_hash, now).browser_id


def meet_browser(tx: Transaction, browser_hash: str, now: datetime) -> Browser:
    """The browser, with a number from now on if it has none. A replaced id keeps its old number.

    Raises:
        LinkUnavailable: there is no id, or one that was replaced too long ago.
    """
    if not browser_hash:
        raise LinkUnavailable
    key = get_browser_key(tx, browser_hash)
    if key is None:
        return Browser(insert_browser(tx, browser_hash, now), is_new=True)
    if not _is_recent(key, now):
        raise LinkUnavailable
    return Browser(key.browser_id, is_new=False)
