"""Who is held up at the gates just now, and letting them through: the owner's side of limits."""

from dataclasses import dataclass
from datetime import datetime

from data.attempts import Act, Attempt, Counted, Scope, insert_limit_lift
from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.blocks import BlockKind, end_failures_in_a_row, find_blocks, lift_block
from data.busy_subjects import find_busy_subjects
from data.database import Database, Transaction
from data.records import Member
from gate.attempts import find_failure_wait
from gate.limits import FAILURE_WAITS, FAILURE_WINDOW, MOST_FAILURES
from gate.roles import require_owner_role
from gate.visits import Gate

_WRONG_CODES = "identifier_failures_24_h"
# Fewer wrong codes than this keep nobody waiting.
_FIRST_FAILURES_THAT_WAIT = MOST_FAILURES - len(FAILURE_WAITS)


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Somebody or something that a limit holds up until an instant.

    `label` is a mask, or empty where `subject` is the number of a link, workspace or browser.
    `gate_block_id` is set for what lasts by itself, 0 for a limit that is used up.
    """

    limit: str
    scope: Scope
    subject: str
    label: str
    until: datetime
    gate_block_id: int = 0


_BLOCK_SCOPES = {
    BlockKind.LONGER_CODES: Scope.LINK,
    BlockKind.NUMBER_PREFIX: Scope.NETWORK,
    BlockKind.IDENTIFIER: Scope.IDENTIFIER,
}


def find_held_up(gate: Gate, now: datetime) -> list[HeldUp]:
    """Everything that is held up at `now`, what lasts longest first."""
    found = [*_find_blocked(gate, now), *_find_used_up(gate, now), *_find_waiting(gate, now)]
    return sorted(found, key=lambda one: (one.until, one.limit, one.subject), reverse=True)


def lift_limit(db: Database, held: HeldUp, member: Member, now: datetime) -> None:
    """Let them through: what was counted until now counts no more.

    Raises:
        NotPermitted: the member is no owner.
    """
    require_owner_role(member, "limit")
    with db.transaction() as tx:
        if held.gate_block_id:
            lift_block(tx, held.gate_block_id, now)
        if held.gate_block_id == 0 or held.scope is Scope.IDENTIFIER:
            insert_limit_lift(tx, held.scope, held.subject, now)
        if held.scope is Scope.IDENTIFIER:
            end_failures_in_a_row(tx, held.subject)
        _record_lift(tx, held, member, now)


def _find_blocked(gate: Gate, now: datetime) -> list[HeldUp]:
    return [
        HeldUp(
            str(block.kind),
            _BLOCK_SCOPES[block.kind],
            block.subject,
            block.label,
            block.expires_at,
            block.gate_block_id,
        )
        for block in find_blocks(gate.db, now)
    ]


def _find_used_up(gate: Gate, now: datetime) -> list[HeldUp]:
    found = []
    for limit in gate.limits:
        counted = Counted(
            act=limit.act,
            scope=limit.scope,
            subject="",
            since=now - limit.window,
            channel=limit.channel,
        )
        busy = find_busy_subjects(gate.db, counted, most=limit.most, is_distinct=limit.is_distinct)
        found += [
            HeldUp(
                limit.name,
                limit.scope,
                one.subject,
                one.label,
                one.oldest_counted_at + limit.window,
            )
            for one in busy
        ]
    return found


def _find_waiting(gate: Gate, now: datetime) -> list[HeldUp]:
    """Whom the gate keeps waiting for wrong codes; who is disabled is blocked, and not here."""
    counted = Counted(
        act=Act.FAILURE, scope=Scope.IDENTIFIER, subject="", since=now - FAILURE_WINDOW
    )
    found = []
    for one in find_busy_subjects(
        gate.db, counted, most=_FIRST_FAILURES_THAT_WAIT, is_distinct=False
    ):
        asking = Attempt(
            act=Act.SEND,
            browser_id=0,
            share_link_id=0,
            workspace_id=0,
            created_at=now,
            identifier_hash=one.subject,
        )
        overrun = find_failure_wait(gate.db, asking)
        if overrun is not None and overrun.name == _WRONG_CODES:
            until = now + overrun.wait
            found.append(HeldUp(overrun.name, Scope.IDENTIFIER, one.subject, one.label, until))
    return found


def _record_lift(tx: Transaction, held: HeldUp, member: Member, now: datetime) -> None:
    """A mask of a person stands only beside their hash, by which an erasure finds it."""
    insert_audit(
        tx,
        AuditEntry(
            created_at=now,
            event=AuditEvent.LIMIT_LIFTED,
            actor_kind=ActorKind.MEMBER,
            actor_id=member.member_id,
            identifier_hash=held.subject if held.scope is Scope.IDENTIFIER else None,
            identifier_mask=None if held.scope is Scope.BROWSER else held.label or None,
            detail=held.limit,
        ),
    )
