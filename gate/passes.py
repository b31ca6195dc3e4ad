"""Passes: issued when a gate is passed, claimed in exchange for a fresh cookie, read each time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.browsers import NewGrant, insert_grant, replace_browser_key, spend_grant
from data.consents import has_withdrawn_consent, insert_consent
from data.database import Database, Reader, Transaction
from data.identifiers import find_identifiers
from data.list_entries import find_list_entries
from data.passes import claim_pass, get_live_pass, insert_pass
from data.proofs import insert_proof
from data.records import Channel, LinkState, Pass, ShareLink
from data.rollups import link_contact
from data.sessions import has_running_session
from gate.codes import Pepper, make_secret, secret_hash
from gate.contacts import GivenIdentifier, KnownPerson, recognize_person
from gate.errors import WrongCode, WrongPassword
from gate.limits import GRANT_LIFE, PASS_LIFE, SESSION_IDLE, SESSION_LONGEST
from gate.lists import is_admitted
from gate.passwords import is_unlocked
from gate.visits import (
    Doorstep,
    Gate,
    Visit,
    find_browser_id,
    require_browser,
    require_live_link,
)
from gate.webhook_events import announce_pass

_WITHDRAWN = "withdrawn, as it is unproved and was erased before"
_NOT_KEPT = "not kept: nobody proved it, and the address had been proved or had unsubscribed"


@dataclass(frozen=True, slots=True)
class Grant:
    """A pass was issued; `token` claims it once, within 30 s, from the same browser."""

    token: str


def read_pass(
    reader: Reader, pepper: Pepper, browser_hash: str, link: ShareLink, now: datetime
) -> Pass | None:
    """The pass with which this browser may see the link now; None sends it to the gate.

    A pass from before the link's rules changed is judged by the rules of today. When the link's
    views are used up, whoever is in a viewing session may finish it.
    """
    state = link.state(now)
    browser_id = find_browser_id(reader, browser_hash)
    if browser_id is None or state not in (LinkState.ACTIVE, LinkState.USED_UP):
        return None
    live = get_live_pass(reader, browser_id=browser_id, share_link_id=link.share_link_id, now=now)
    if live is None or not _is_still_good(reader, pepper, link, live, now):
        return None
    if state is LinkState.USED_UP and not is_in_session(reader, live, now):
        return None
    return live


def is_in_session(
    reader: Reader, live: Pass, now: datetime, *, document_id: int | None = None
) -> bool:
    """Whether whoever has this pass is in a viewing session, in which the document was opened."""
    return has_running_session(
        reader,
        live,
        seen_after=now - SESSION_IDLE,
        started_after=now - SESSION_LONGEST,
        document_id=document_id,
    )


def _is_still_good(
    reader: Reader, pepper: Pepper, link: ShareLink, live: Pass, now: datetime
) -> bool:
    if live.policy_epoch == link.policy_epoch:
        return True
    is_outdated = live.policy_epoch < link.password_epoch
    if is_outdated or now >= live.issued_at + timedelta(seconds=link.pass_seconds):
        return False
    numbers = [one for one in (live.identifier_id, live.other_identifier_id) if one is not None]
    given = find_identifiers(reader, numbers)
    channels, asked = {one.channel for one in given}, set(link.channels)
    has_all = bool(channels & asked) if link.accepts_either and asked else asked <= channels
    entries = find_list_entries(reader, link.share_link_id)
    return has_all and _is_proved(link, live, channels) and is_admitted(pepper, entries, given)


def _is_proved(link: ShareLink, live: Pass, channels: set[Channel]) -> bool:
    """Whether codes stand behind all that this pass gave and the link verifies today."""
    return all(
        live.is_verified if channel is live.channel else live.is_other_verified
        for channel in channels
        if link.verifies(channel)
    )


def issue_pass(
    tx: Transaction,
    place: Doorstep,
    given: Sequence[GivenIdentifier],
    *,
    consent_wording: str | None = None,
) -> Grant:
    """Save the contact, link it to the share link, and issue the pass that its grant claims."""
    now = place.now
    person = recognize_person(tx, given, now)
    for contact_id in person.contact_ids:
        link_contact(tx, contact_id, place.link.share_link_id, now)
    for identifier_id in person.proved_ids:
        insert_proof(
            tx,
            browser_id=place.browser_id,
            identifier_id=identifier_id,
            now=now,
            expires_at=now + PASS_LIFE,
        )
    if consent_wording is not None:
        _keep_consent(tx, place, person, consent_wording)
    announce_pass(tx, person, place.link, now)
    known_since = [one.remembered_since for one in given if one.remembered_since is not None]
    begun_at = min(known_since, default=now)
    pass_id = insert_pass(tx, _personal_pass(place, person, begun_at))
    token = make_secret()
    grant = NewGrant(secret_hash(token), place.browser_id, pass_id, now, now + GRANT_LIFE)
    insert_grant(tx, grant)
    return Grant(token)


def _keep_consent(tx: Transaction, place: Doorstep, person: KnownPerson, wording: str) -> None:
    # Whoever types a stranger's address speaks neither for its owner nor against them.
    is_kept = person.is_verified or not (
        person.was_proved or has_withdrawn_consent(tx, person.identifier_id)
    )
    if is_kept:
        insert_consent(
            tx,
            identifier_id=person.identifier_id,
            contact_id=person.contact_id,
            share_link_id=place.link.share_link_id,
            wording=wording,
            language=place.language,
            is_verified=person.is_verified,
            now=place.now,
            withdrawn_at=None if person.may_consent else place.now,
        )
    refused = None if person.may_consent else _WITHDRAWN
    insert_audit(
        tx,
        AuditEntry(
            created_at=place.now,
            event=AuditEvent.CONSENT_GIVEN,
            actor_kind=ActorKind.VIEWER,
            workspace_id=place.link.workspace_id,
            share_link_id=place.link.share_link_id,
            detail=refused if is_kept else _NOT_KEPT,
        ),
    )


def claim_grant(db: Database, browser_hash: str, token: str, now: datetime) -> str:
    """The browser's fresh cookie value, in exchange for a grant; its pass opens from now on.

    Raises:
        WrongCode: used before, late, or another browser's.
    """
    cookie = make_secret()

    def claim(tx: Transaction) -> bool:
        browser_id = find_browser_id(tx, browser_hash)
        if browser_id is None:
            return False
        pass_id = spend_grant(tx, secret_hash(token), browser_id=browser_id, now=now)
        if pass_id is None:
            return False
        claim_pass(tx, pass_id, now)
        replace_browser_key(tx, browser_id, secret_hash(cookie), now)
        return True

    if not db.write(claim, browser_hash):
        raise WrongCode
    return cookie


def open_unasked(gate: Gate, visit: Visit) -> Pass:
    """The pass of a link that asks for nothing: any browser gets one, and no contact is made.

    Raises:
        LinkUnavailable: it does not open now.
        WrongPassword: its password was not given in this browser.
    """
    link = require_live_link(gate.db, visit.slug, visit.now)
    if link.channels:
        raise ValueError("this link asks for an identifier")
    live = read_pass(gate.db, gate.pepper, visit.browser_hash, link, visit.now)
    if live is not None:
        return live
    with gate.db.transaction() as tx:
        browser_id = require_browser(tx, visit.browser_hash, visit.now)
        live = read_pass(tx, gate.pepper, visit.browser_hash, link, visit.now)
        if live is None and is_unlocked(tx, link, browser_id, visit.now):
            live = _open_pass(tx, link, browser_id, visit.now)
    if live is None:
        raise WrongPassword
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


def _personal_pass(place: Doorstep, person: KnownPerson, begun_at: datetime) -> Pass:
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
        expires_at=begun_at + timedelta(seconds=place.link.pass_seconds),
        claimed_at=None,
        revoked_at=None,
        is_other_verified=person.is_other_verified,
    )
