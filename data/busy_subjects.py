"""Who has used a limit up: the owner's view of what the gate counts."""

from dataclasses import dataclass
from datetime import datetime

from data.attempts import Counted, Scope, subject_column
from data.database import Reader

_LABELS = {
    Scope.IDENTIFIER: "any_value(identifier_mask)",
    Scope.BROWSER: "any_value(identifier_mask)",
    Scope.NETWORK: "any_value(network_mask)",
    Scope.LINK: "null",
    Scope.NETWORK_AT_LINK: "any_value(network_mask)",
    Scope.WORKSPACE: "null",
}


@dataclass(frozen=True, slots=True)
class BusySubject:
    """A subject that has used a limit up: its masks if it has any, and the attempt that frees it.

    `oldest_counted_at` is the oldest of the newest so many attempts: once it has left the window,
    there is room again.
    """

    subject: str
    label: str
    oldest_counted_at: datetime


def find_busy_subjects(
    reader: Reader, counted: Counted, *, most: int, is_distinct: bool
) -> list[BusySubject]:
    """Every subject of the scope with at least `most` of these; `counted.subject` is not read."""
    column = subject_column(counted.scope)
    amount = "count(distinct identifier_hash)" if is_distinct else "count(*)"
    rows = reader.rows(
        f"""
        select
            {column} as busy_subject,
            coalesce({_LABELS[counted.scope]}, ''),
            list(created_at order by created_at desc)[$most]
        from attempt
        where
            {column} is not null
            and act = $act
            and ($channel is null or channel = $channel)
            and created_at > $since
            and not exists (
                select 1
                from limit_lift
                where
                    scope = $scope
                    and subject = {column}
                    and lifted_at >= attempt.created_at
            )
        group by busy_subject
        having {amount} >= $most
        order by busy_subject
        """,
        act=counted.act,
        channel=counted.channel,
        since=counted.since,
        scope=counted.scope,
        most=most,
    )
    return [BusySubject(*row) for row in rows]
