"""The steps at the gates that led to the demo's passes and sessions, and the fate of each code.

Whoever came through is here; who did not is in `data/demo/refusals.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from data.deliveries import DeliveryState
from data.demo.history import History
from data.demo.rows import CodeDelivered
from data.gate_events import GateEvent, GateStep
from data.records import Channel, ContactIdentifier, Pass, SessionKind, ShareLink

_WRONG_AT_FIRST = 0.03
_READ_ON_WHATSAPP = 0.8
# From the page to the pass: a look, an address, a code.
_PASSING_TAKES = timedelta(seconds=20)
_TYPING_TAKES = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Concealed:
    """An identifier as the gate writes it down: its keyed hash and its mask."""

    identifier_hash: str
    identifier_mask: str


# From a channel and an address on it.
Conceal = Callable[[Channel, str], Concealed]


@dataclass(frozen=True, slots=True)
class Stand:
    """A browser before a link's gate, and the address that is given there; empty for none."""

    share_link_id: int
    browser_id: int
    channel: Channel | None = None
    address: str = ""


@dataclass(slots=True)
class Trail:
    """Everything written down so far, in no order yet."""

    rng: Random
    conceal: Conceal
    events: list[GateEvent] = field(default_factory=list)
    deliveries: list[CodeDelivered] = field(default_factory=list)
    known: dict[tuple[Channel, str], Concealed] = field(default_factory=dict)


def note_step(
    trail: Trail, stand: Stand, step: GateStep, at: datetime, reason: str | None = None
) -> None:
    """Write one step down; from `ENTERED` on, it names who stands there."""
    who = None if step is GateStep.OPENED else _conceal(trail, stand)
    trail.events.append(
        GateEvent(
            created_at=at,
            share_link_id=stand.share_link_id,
            browser_id=stand.browser_id,
            step=step,
            channel=stand.channel if who else None,
            reason=reason,
            identifier_hash=who.identifier_hash if who else None,
            identifier_mask=who.identifier_mask if who else None,
        )
    )


def note_code(
    trail: Trail,
    stand: Stand,
    at: datetime,
    state: DeliveryState | None = None,
    reason: str | None = None,
) -> None:
    """Write a code down with what became of it; without a state it arrives."""
    who, channel = _conceal(trail, stand), stand.channel
    if who is None or channel is None:
        raise ValueError("a code is sent to an address")
    is_decoy = state is DeliveryState.HELD_BACK
    note_step(trail, stand, GateStep.HELD_BACK if is_decoy else GateStep.CODE_SENT, at)
    trail.deliveries.append(
        CodeDelivered(
            share_link_id=stand.share_link_id,
            channel=channel,
            identifier_hash=who.identifier_hash,
            identifier_mask=who.identifier_mask,
            state=state or _arrive(trail.rng, channel),
            reason=reason,
            created_at=at,
            updated_at=at + timedelta(seconds=trail.rng.randrange(1, 5)),
        )
    )


def note_passages(trail: Trail, history: History, links: Sequence[ShareLink]) -> None:
    """Write down how every viewer came to a pass, and each session; crawlers and members are not.

    A pass is asked for once; whoever comes back with it is at the document at once.
    """
    by_number = {link.share_link_id: link for link in links}
    identifiers = {one.identifier_id: one for one in history.identifiers.values()}
    kinds = {one.pass_id: one.kind for one in history.sessions}
    for held in history.passes:
        if kinds.get(held.pass_id, SessionKind.VIEWER) is SessionKind.VIEWER:
            _note_pass(trail, held, by_number[held.share_link_id], identifiers)
    used: set[int] = set()
    for session in history.sessions:
        if session.kind is not SessionKind.VIEWER:
            continue
        given = identifiers.get(session.identifier_id or 0)
        stand = _stand_of(session.share_link_id, session.browser_id, given)
        if session.pass_id in used:
            note_step(trail, stand, GateStep.OPENED, session.started_at)
        used.add(session.pass_id)
        note_step(trail, stand, GateStep.VIEWED, session.started_at)


def _note_pass(
    trail: Trail, held: Pass, link: ShareLink, identifiers: dict[int, ContactIdentifier]
) -> None:
    begun_at = held.issued_at - _PASSING_TAKES
    note_step(trail, _stand_of(link.share_link_id, held.browser_id), GateStep.OPENED, begun_at)
    numbers = (held.identifier_id, held.other_identifier_id)
    given = [identifiers[number] for number in numbers if number is not None]
    stands = [_stand_of(link.share_link_id, held.browser_id, one) for one in given]
    entered_at = begun_at + _TYPING_TAKES
    for stand in stands:
        note_step(trail, stand, GateStep.ENTERED, entered_at)
    for stand in stands:
        if stand.channel is not None and link.verifies(stand.channel):
            note_code(trail, stand, entered_at)
            if trail.rng.random() < _WRONG_AT_FIRST:
                note_step(trail, stand, GateStep.WRONG_CODE, held.issued_at - _TYPING_TAKES)
            note_step(trail, stand, GateStep.VERIFIED, held.issued_at)


def _stand_of(share_link_id: int, browser_id: int, given: ContactIdentifier | None = None) -> Stand:
    if given is None:
        return Stand(share_link_id, browser_id)
    return Stand(share_link_id, browser_id, given.channel, given.address)


def _arrive(rng: Random, channel: Channel) -> DeliveryState:
    """As far as providers tell: a mail server only takes over, WhatsApp knows of reading."""
    if channel is Channel.EMAIL:
        return DeliveryState.ACCEPTED
    return DeliveryState.READ if rng.random() < _READ_ON_WHATSAPP else DeliveryState.DELIVERED


def _conceal(trail: Trail, stand: Stand) -> Concealed | None:
    if stand.channel is None:
        return None
    key = stand.channel, stand.address
    if key not in trail.known:
        trail.known[key] = trail.conceal(*key)
    return trail.known[key]
