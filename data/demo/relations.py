"""Who of the demo agreed to be written to, who thought better of it, and what its owner tagged.

Its chance is of its own, so that nothing else of the demo depends on it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from data.demo.history import History
from data.demo.rows import ConsentGiven, TagNoted
from data.demo.stage import ACCOUNT_NAME, OpenLink
from data.records import Pass

# As the gate asks in English.
WORDING = (
    f"{ACCOUNT_NAME} may also write to me about other things. I can withdraw this at any time."
)
_AGREES = 0.3
_THINKS_BETTER = 0.09
_WITHIN_DAYS = 200
_REGULAR_VISITS = 25
_TAGGED = 0.3
_TAGS = {
    "Fundraising": ("Investor", "Warm intro"),
    "Sales": ("Customer", "Prospect"),
    "Hiring": ("Candidate",),
}


def make_consents(
    rng: Random, history: History, links: Sequence[OpenLink], now: datetime
) -> list[ConsentGiven]:
    """Given at the links that ask for it, by whoever passes there for the first time."""
    asking = {one.link.share_link_id for one in links if one.link.asks_consent}
    first: dict[tuple[int, int], Pass] = {}
    for held in history.passes:
        if held.share_link_id in asking and held.identifier_id is not None:
            first.setdefault((held.identifier_id, held.share_link_id), held)
    return [_agree(rng, held, now) for held in first.values() if rng.random() < _AGREES]


def make_tags(rng: Random, history: History, workspaces: Mapping[int, str]) -> list[TagNoted]:
    """For some, by the workspace that they first came to, and for those who come often."""
    first = {one.contact_id: one.workspace_id for one in reversed(history.sessions)}
    visits = Counter(one.contact_id for one in history.sessions)
    tags = []
    for contact in history.contacts.values():
        number = contact.contact_id
        if number in first and rng.random() < _TAGGED:
            tags.append(TagNoted(number, rng.choice(_TAGS[workspaces[first[number]]])))
        if visits[number] > _REGULAR_VISITS:
            tags.append(TagNoted(number, "Regular"))
    return tags


def _agree(rng: Random, held: Pass, now: datetime) -> ConsentGiven:
    if held.identifier_id is None or held.contact_id is None:
        raise ValueError("who gives no address cannot agree to be written to")
    withdrawn_at = held.issued_at + timedelta(seconds=rng.randrange(60, _WITHIN_DAYS * 86_400))
    is_over = rng.random() < _THINKS_BETTER and withdrawn_at < now
    return ConsentGiven(
        identifier_id=held.identifier_id,
        contact_id=held.contact_id,
        share_link_id=held.share_link_id,
        wording=WORDING,
        is_verified=held.is_verified,
        given_at=held.issued_at,
        withdrawn_at=withdrawn_at if is_over else None,
    )
