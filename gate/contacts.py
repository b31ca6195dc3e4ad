"""Who the person at the gate is: which contact a set of identifiers belongs to (GATE.md §1).

Nobody may join a stranger's contact by typing its address: a new identifier joins an existing
contact only if both were verified in this very pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.database import Transaction
from data.identifiers import (
    get_identifier,
    insert_identifier,
    insert_newcomer,
    verify_identifier,
)
from data.records import Channel, ContactIdentifier, Identifier
from gate.countries import find_country


@dataclass(frozen=True, slots=True)
class GivenIdentifier:
    """An identifier given in one pass, and whether a code proved it.

    `remembered_since` is when it did so, if that was earlier and the viewer only confirms it now.
    `was_erased` says of one that no code proved that whoever had it was erased once.
    """

    identifier: Identifier
    is_verified: bool
    remembered_since: datetime | None = None
    was_erased: bool = False


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Whom one pass belongs to.

    `contact_id` gets the viewing session, by the identifier `identifier_id`. `contact_ids` are
    all contacts that the given identifiers belong to: two when a merge could be suggested.
    `proved_ids` are the identifiers that a code proved in this very pass. `may_consent` is false
    for who was erased and has not proved to be back: anybody can type an address. `was_proved`
    says that somebody proved the session's identifier before, and this viewer has not.
    `new_contact_ids` were made by this pass; `newly_proved_ids` were never proved before.
    """

    contact_id: int
    identifier_id: int
    other_identifier_id: int | None
    channel: Channel
    is_verified: bool
    is_other_verified: bool
    contact_ids: tuple[int, ...]
    proved_ids: tuple[int, ...]
    may_consent: bool
    was_proved: bool
    new_contact_ids: tuple[int, ...]
    newly_proved_ids: tuple[int, ...]


def recognize_person(
    tx: Transaction, given: Sequence[GivenIdentifier], now: datetime
) -> KnownPerson:
    """The contact of these identifiers, found, joined or made; email first in `given`."""
    known = [get_identifier(tx, one.identifier) for one in given]
    stored = _store(tx, given, known, now)
    ranked = sorted(zip(given, stored, strict=True), key=_session_rank)
    chosen, identifier = ranked[0]
    others = ranked[1:]
    return KnownPerson(
        contact_id=identifier.contact_id,
        identifier_id=identifier.identifier_id,
        other_identifier_id=others[0][1].identifier_id if others else None,
        channel=identifier.channel,
        is_verified=chosen.is_verified,
        is_other_verified=bool(others) and others[0][0].is_verified,
        contact_ids=tuple(dict.fromkeys(one.contact_id for one in stored)),
        proved_ids=tuple(
            found.identifier_id
            for one, found in zip(given, stored, strict=True)
            if one.is_verified and one.remembered_since is None
        ),
        may_consent=chosen.is_verified or not any(one.was_erased for one in given),
        was_proved=not chosen.is_verified and identifier.verified_at is not None,
        new_contact_ids=_find_made(known, stored),
        newly_proved_ids=tuple(
            found.identifier_id
            for one, before, found in zip(given, known, stored, strict=True)
            if one.is_verified and (before is None or before.verified_at is None)
        ),
    )


def _find_made(
    known: Sequence[ContactIdentifier | None], stored: Sequence[ContactIdentifier]
) -> tuple[int, ...]:
    """The contacts that none of these identifiers belonged to before."""
    before = {found.contact_id for found in known if found is not None}
    return tuple(dict.fromkeys(one.contact_id for one in stored if one.contact_id not in before))


def _session_rank(pair: tuple[GivenIdentifier, ContactIdentifier]) -> tuple[bool, bool]:
    """The verified one gets the session, else the email's."""
    given, _ = pair
    return (not given.is_verified, given.identifier.channel is not Channel.EMAIL)


def _store(
    tx: Transaction,
    given: Sequence[GivenIdentifier],
    known: Sequence[ContactIdentifier | None],
    now: datetime,
) -> list[ContactIdentifier]:
    home = _joined_contact(given, known)
    is_all_new = not any(known)
    stored = []
    for one, found in zip(given, known, strict=True):
        if found is None:
            found = _store_new(tx, one, home, now)
            # Where nobody was known, all of them are one new contact.
            home = found.contact_id if is_all_new else home
        elif one.is_verified:
            verify_identifier(tx, found, one.identifier, now)
        stored.append(found)
    return stored


def _store_new(
    tx: Transaction, one: GivenIdentifier, home: int | None, now: datetime
) -> ContactIdentifier:
    """The identifier, stored with the contact `home`, or else with a new one."""
    typed, country = one.identifier, find_country(one.identifier)
    if home is None:
        return insert_newcomer(tx, typed, is_verified=one.is_verified, now=now, country=country)
    return insert_identifier(
        tx, typed, contact_id=home, is_verified=one.is_verified, now=now, country=country
    )


def _joined_contact(
    given: Sequence[GivenIdentifier], known: Sequence[ContactIdentifier | None]
) -> int | None:
    """The known contact that the new ones among these join; None if each new one stands alone."""
    existing = [found for found in known if found is not None]
    if existing and all(one.is_verified for one in given):
        return existing[0].contact_id
    return None
