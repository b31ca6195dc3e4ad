"""Passes: issued when a gate is passed, claimed in exchange for a fresh cookie, read each time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.browsers import NewGrant, insert_grant, replace_browser_key, spend_grant
from data.database import Database, Reader, Transaction
from data.passes import claim_pass, get_live_pass, insert_pass
from data.records import LinkState, Pass, ShareLink
from data.rollups import link_contact
from gate.codes import make_secret, secret_hash
from gate.contacts import GivenIdentifier, KnownPerson, recognize_person
from gate.errors import WrongCode
from gate.limits import GRANT_LIFE
from gate.visits import Doorstep, Visit, find_browser_id, require_browser, require_live_link


@dataclass(frozen=True, slots=True)
class Grant:
    """A pass was issued; `token` claims it once, within 30 s, from the same browser."""

    token: str


def read_pass(reader: Reader, browser_hash: str, link: ShareLink, now: datetime) -> Pass | None:
    """The pass with which this browser may see the link now; None sends it to the gate."""
    if link.state(now) is not LinkState.ACTIVE:
        return None
    browser_id = find_browser_id(reader, browser_hash)
    if browser_id is None:
        return None
    return get_live_pass(
        reader,
        browser_id=browser_id,
        share_link_id=link.share_link_id,
        policy_epoch=link.policy_epoch,
        now=now,
    )


def issue_pass(tx: Transaction, place: Doorstep, given: Sequence[GivenIdentifier]) -> Grant:
    """Save the contact, link it to the share link, and issue the pass that its grant claims."""
    now = place.now
    person = recognize_person(tx, given, now)
    for contact_id in person.contact_ids:
        link_contact(tx, contact_id, place.link.share_link_id, now)
    pass_id = insert_pass(tx, _personal_pass(place, person))
    token = make_secret()
    grant = NewGrant(secret_hash(token), place.browser_id, pass_id, now, now + GRANT_LIFE)
    insert_grant(tx, grant)
    return Grant(token)


def claim_grant(db: Database, browser_hash: str, token: str, now: datetime) -> str:
    """The browser's fresh cookie value, in exchange for a grant; its pass opens from now on.

    Raises:
        WrongCode: used before, late, or another browser's.
    """
    cookie = make_secret()
    with db.transaction() as tx:
        browser_id = find_browser_id(tx, browser_hash)
        pass_id = (
            None
            if browser_id is None
            else spend_grant(tx, secret_hash(token), browser_id=browser_id, now=now)
        )
        if browser_id is not None and pass_id is not None:
            claim_pass(tx, pass_id, now)
            replace_browser_key(tx, browser_id, secret_hash(cookie), now)
    if pass_id is None:
        raise WrongCode
    return cookie


def open_unasked(db: Database, visit: Visit) -> Pass:
    """The pass of a link that asks for nothing: any browser gets one, and no contact is made.

    Raises:
        LinkUnavailable: it does not open now.
    """
    link = require_live_link(db, visit.slug, visit.now)
    if link.channels:
        raise ValueError("this link asks for an identifier")
    live = read_pass(db, visit.browser_hash, link, visit.now)
    if live is not None:
        return live
    with db.transaction() as tx:
        browser_id = require_browser(tx, visit.browser_hash, visit.now)
        live = read_pass(tx, visit.browser_hash, link, visit.now)
        if live is None:
            live = _open_pass(tx, link, browser_id, visit.now)
    return live


def _open_pass(tx: Transaction, link: ShareLink, browser_id: int, now: datetime) -> Pass:
    fresh = Pass(
        pass_id=0,
        browser_id=browser_id,
        share_link_id=link.share_link_id,
        policy_epoch=link.policy_epoch,
        contact_id=None,
        identifier_id=None,
        other_identifier_id=None,
        channel=None,
        is_verified=False,
        issued_at=now,
        expires_at=now + timedelta(seconds=link.pass_seconds),
        claimed_at=now,
        revoked_at=None,
    )
    return replace(fresh, pass_id=insert_pass(tx, fresh))


def _personal_pass(place: Doorstep, person: KnownPerson) -> Pass:
    return Pass(
        pass_id=0,
        browser_id=place.browser_id,
        share_link_id=place.link.share_link_id,
        policy_epoch=place.link.policy_epoch,
        contact_id=person.contact_id,
        identifier_id=person.identifier_id,
        other_identifier_id=person.other_identifier_id,
        channel=person.channel,
        is_verified=person.is_verified,
        issued_at=place.now,
        expires_at=place.now + timedelta(seconds=place.link.pass_seconds),
        claimed_at=None,
        revoked_at=None,
    )
