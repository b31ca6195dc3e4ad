"""A member's tries at their password or code: counted and committed before anyone compares."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.attempts import Act, Attempt
from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.browsers import get_browser_key
from data.database import Reader, Transaction
from data.records import Channel
from gate.attempts import Overrun, mask_network, spend_limit
from gate.codes import Pepper, keyed_hash
from gate.errors import TooManyRequests
from gate.identifiers import mask_identifier
from gate.visits import Gate, require_browser


@dataclass(frozen=True, slots=True)
class DeskVisit:
    """Which browser stands at the desk's door when. `browser_hash` is of its cookie.

    `network` is its address as limits count it, empty if unknown.
    """

    browser_hash: str
    now: datetime
    network: str = ""


def count_member_try(gate: Gate, visit: DeskVisit, act: Act, key: str) -> Attempt:
    """One try more for the member of this email key; take it back with `delete_attempt` if right.

    Raises:
        TooManyRequests: too many wrong ones for this email, by this browser, or from its network.
        LinkUnavailable: the browser's id is one of the past.
    """
    with gate.db.transaction() as tx:
        attempt = _make_try(tx, gate.pepper, visit, act, key)
        overrun = spend_limit(tx, gate.limits, attempt)
        if overrun is not None:
            insert_audit(tx, _limited_entry(attempt, overrun))
    if overrun is not None:
        raise TooManyRequests(max(overrun.wait, timedelta(seconds=1)))
    return attempt


def failed_try_entry(attempt: Attempt, reason: str) -> AuditEntry:
    """The trail's line of a try that was wrong: whose it was as hash and mask, and what for."""
    return AuditEntry(
        created_at=attempt.created_at,
        event=AuditEvent.SIGN_IN_FAILED,
        actor_kind=ActorKind.VIEWER,
        identifier_hash=attempt.identifier_hash,
        identifier_mask=attempt.identifier_mask,
        detail=reason,
    )


def find_own_browser(reader: Reader, browser_hash: str) -> int | None:
    """The number of this browser, whether or not its id was replaced since."""
    key = get_browser_key(reader, browser_hash)
    return None if key is None else key.browser_id


def _make_try(tx: Transaction, pepper: Pepper, visit: DeskVisit, act: Act, key: str) -> Attempt:
    return Attempt(
        act=act,
        browser_id=require_browser(tx, visit.browser_hash, visit.now),
        # Limits of links and workspaces count other acts.
        share_link_id=0,
        workspace_id=0,
        created_at=visit.now,
        # A member is nobody's contact: their hash must not be that of an identifier.
        identifier_hash=keyed_hash(pepper, f"member|{key}"),
        identifier_mask=mask_identifier(Channel.EMAIL, key),
        network_hash=keyed_hash(pepper, visit.network) if visit.network else None,
        network_mask=mask_network(visit.network) if visit.network else None,
    )


def _limited_entry(attempt: Attempt, overrun: Overrun) -> AuditEntry:
    return AuditEntry(
        created_at=attempt.created_at,
        event=AuditEvent.LIMIT_HIT,
        actor_kind=ActorKind.VIEWER,
        identifier_hash=attempt.identifier_hash,
        identifier_mask=attempt.identifier_mask,
        detail=overrun.name,
    )
