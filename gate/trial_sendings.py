"""A test message to the owner: whether a channel's connection settings work, said at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.accounts import get_account
from data.audit import ActorKind, AuditEntry, AuditEvent, count_audit, insert_audit
from data.records import Identifier, Member
from gate.codes import keyed_hash, make_secret
from gate.delivery.deliverer import CodeMessage, SendingFailed
from gate.errors import TooManyRequests
from gate.identifiers import mask_identifier
from gate.limits import CODE_LIFE, MOST_TRIALS, TRIAL_WINDOW
from gate.roles import require_owner_role
from gate.visits import Gate

# No challenge knows this code, so that it opens nothing anywhere.
TRIAL_CODE = "000000"


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """What the provider said: taken over, or why not. Accepted is not delivered."""

    is_accepted: bool
    reason: str = ""


def send_trial(gate: Gate, identifier: Identifier, member: Member, now: datetime) -> TrialOutcome:
    """What came of one test message to this identifier. It talks to the provider, and waits.

    Raises:
        NotPermitted: the member is no owner.
        TooManyRequests: this member has tried too often just now.
    """
    require_owner_role(member, "delivery")
    with gate.db.transaction() as tx:
        since = now - TRIAL_WINDOW
        tried = count_audit(tx, AuditEvent.TEST_SENT, actor_id=member.member_id, since=since)
        if tried < MOST_TRIALS:
            insert_audit(
                tx,
                AuditEntry(
                    created_at=now,
                    event=AuditEvent.TEST_SENT,
                    actor_kind=ActorKind.MEMBER,
                    actor_id=member.member_id,
                    identifier_hash=keyed_hash(gate.pepper, identifier.lookup),
                    identifier_mask=mask_identifier(identifier.channel, identifier.address),
                ),
            )
    if tried >= MOST_TRIALS:
        raise TooManyRequests(timedelta(minutes=10))
    message = CodeMessage(
        recipient=identifier,
        code=TRIAL_CODE,
        share_link_name="Gatebook test",
        account_name=get_account(gate.db).name,
        sent_at=now,
        expires_at=now + CODE_LIFE,
        message_id=f"trial.{make_secret()[:16]}",
    )
    try:
        gate.queues[identifier.channel].try_out(message)
    except SendingFailed as failure:
        return TrialOutcome(is_accepted=False, reason=failure.reason)
    return TrialOutcome(is_accepted=True)
