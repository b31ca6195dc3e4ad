"""The trail as an owner asks for it: one page of who did what, when, about what, newest first."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from data.audit import ActorKind, AuditEvent
from data.database import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which part of the trail: since an instant, and optionally of one actor, event, link.

    `events` empty means any. `member_id` is of a member; `actor_kind` narrows to viewers, say.
    """

    since: datetime
    actor_kind: ActorKind | None = None
    member_id: int | None = None
    events: tuple[AuditEvent, ...] = ()
    share_link_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the trail. `member` is an email, None of a viewer, whose mask may be known."""

    audit_id: int
    created_at: datetime
    event: AuditEvent
    actor_kind: ActorKind
    member: str | None
    workspace_id: int | None
    share_link_id: int | None
    identifier_mask: str | None
    detail: str | None


# What puts a line within an `AuditFilter`, whose fields are the parameters.
_IN_TRAIL = """
    audit.created_at >= $since
    and ($actor_kind is null or actor_kind = $actor_kind)
    and ($member_id is null or (actor_kind = 'member' and actor_id = $member_id))
    and (len($events) = 0 or list_contains($events, event))
    and ($share_link_id is null or share_link_id = $share_link_id)
"""


def find_audit_lines(
    reader: Reader, wanted: AuditFilter, *, most: int, skipped: int = 0
) -> list[AuditLine]:
    """One page of the trail, what was done last first."""
    rows = reader.rows(
        f"""
        select
            audit_id,
            audit.created_at,
            event,
            actor_kind,
            member.email,
            workspace_id,
            share_link_id,
            identifier_mask,
            detail
        from audit
        left join member on
            actor_kind = 'member'
            and member.member_id = actor_id
        where {_IN_TRAIL}
        order by
            audit.created_at desc,
            audit_id desc
        limit $most
        offset $skipped
        """,
        most=most,
        skipped=skipped,
        **_parameters(wanted),
    )
    return [
        AuditLine(row[0], row[1], AuditEvent(row[2]), ActorKind(row[3]), *row[4:]) for row in rows
    ]


def count_audit_lines(reader: Reader, wanted: AuditFilter) -> int:
    """How many lines there are on all pages."""
    row = reader.row(f"select count(*) from audit where {_IN_TRAIL}", **_parameters(wanted))
    return int(row[0]) if row else 0


def _parameters(wanted: AuditFilter) -> dict[str, object]:
    events: Sequence[str] = [str(event) for event in wanted.events]
    return asdict(wanted) | {"events": list(events)}
