"""Attempts, which limits count: one row per act, with everything that a limit can be set on."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from data.database import Reader, Transaction
from data.engine.together import spread, together
from data.records import Channel


class Act(StrEnum):
    """What is counted."""

    ENTRY = "entry"
    SEND = "send"
    UNANSWERED = "unanswered"
    TRY = "try"
    FAILURE = "failure"
    PASSWORD = "password"  # noqa: S105 - the name of an act
    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"
    TOKEN = "token"  # noqa: S105 - the name of an act


class Scope(StrEnum):
    """Whose attempts are counted together: those that are alike in these columns."""

    IDENTIFIER = "identifier_hash"
    BROWSER = "browser_id"
    NETWORK = "network_hash"
    LINK = "share_link_id"
    NETWORK_AT_LINK = "share_link_id network_hash"
    WORKSPACE = "workspace_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One act at one gate. `network_…` is the client's address, as a keyed hash and a mask."""

    act: Act
    browser_id: int
    share_link_id: int
    workspace_id: int
    created_at: datetime
    channel: Channel | None = None
    identifier_hash: str | None = None
    identifier_mask: str | None = None
    number_prefix: str | None = None
    network_hash: str | None = None
    network_mask: str | None = None

    def subject(self, scope: Scope) -> str | None:
        """Whom this attempt counts for in a scope, as text; None if for nobody."""
        values = [getattr(self, column) for column in scope.value.split()]
        return None if None in values else " ".join(map(str, values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Which attempts a limit counts: of one act, by one subject, on one channel or any."""

    act: Act
    scope: Scope
    subject: str
    since: datetime
    channel: Channel | None = None


def insert_attempt(tx: Transaction, attempt: Attempt) -> None:
    """Count one more."""
    tx.run(
        spread("""
        insert into attempt
        values (
            $act,
            $channel,
            $identifier_hash,
            $identifier_mask,
            $number_prefix,
            $browser_id,
            $network_hash,
            $network_mask,
            $share_link_id,
            $workspace_id,
            $created_at
        )
        """),
        **asdict(attempt),
    )


def delete_attempt(tx: Transaction, attempt: Attempt) -> None:
    """Take back one that turned out not to count."""
    tx.run(
        """
        delete from attempt
        where
            act = $act
            and browser_id = $browser_id
            and identifier_hash is not distinct from $identifier_hash
            and created_at = $created_at
        """,
        act=attempt.act,
        browser_id=attempt.browser_id,
        identifier_hash=attempt.identifier_hash,
        created_at=attempt.created_at,
    )


def find_attempt_times(reader: Reader, counted: Counted, *, most: int) -> list[datetime]:
    """When the newest `most` of these happened, newest first, since the subject was let off."""
    rows = reader.rows(
        _attempt_times(counted.scope),
        subject=counted.subject,
        act=counted.act,
        channel=counted.channel,
        since=counted.since,
        scope=counted.scope,
        most=most,
    )
    return [row[0] for row in rows]


def find_other_identifier_times(
    reader: Reader, counted: Counted, *, identifier_hash: str, most: int
) -> list[datetime]:
    """When each of the subject's other identifiers was last typed, newest first."""
    rows = reader.rows(
        _other_identifiers(counted.scope),
        subject=counted.subject,
        act=counted.act,
        since=counted.since,
        scope=counted.scope,
        identifier_hash=identifier_hash,
        most=most,
    )
    return [row[0] for row in rows]


def subject_column(scope: Scope) -> str:
    """The SQL of whom an attempt counts for, as `Attempt.subject` has it; null for nobody."""
    columns = [f"cast({column} as varchar)" for column in scope.value.split()]
    return "(" + " || ' ' || ".join(columns) + ")"


def insert_limit_lift(tx: Transaction, scope: Scope, subject: str, now: datetime) -> None:
    """Let a subject off: what it did until now counts no more."""
    tx.run(
        "insert into limit_lift values ($scope, $subject, $now)",
        scope=scope,
        subject=subject,
        now=now,
    )


def purge_attempts(tx: Transaction, *, before: datetime) -> None:
    """Forget attempts and lifts that no limit looks at any more."""
    tx.run("delete from attempt where created_at < $before", before=before)
    tx.run("delete from limit_lift where lifted_at < $before", before=before)


_SINCE_LIFT = """
    greatest(
        $since,
        coalesce(
            (
                select max(lifted_at)
                from limit_lift
                where
                    scope = $scope
                    and subject = $subject
            ),
            $since
        )
    )
"""


@cache
def _attempt_times(scope: Scope) -> str:
    return together(
        f"""
        select created_at
        from attempt
        where
            {subject_column(scope)} = $subject
            and act = $act
            and ($channel is null or channel = $channel)
            and created_at > {_SINCE_LIFT}
        order by created_at desc
        limit $most
        """,
        many=f"""
        select
            p_subject,
            created_at
        from attempt, given
        where
            {subject_column(scope)} = p_subject
            and act = p_act
            and (p_channel is null or channel = cast(p_channel as varchar))
            and created_at > {_SINCE_LIFT.replace("$", "p_")}
        qualify
            row_number() over (partition by p_subject order by created_at desc) <= p_most
        order by created_at desc
        """,
        by="subject",
    )


@cache
def _other_identifiers(scope: Scope) -> str:
    return together(
        f"""
        select max(created_at) as last_typed_at
        from attempt
        where
            {subject_column(scope)} = $subject
            and act = $act
            and created_at > {_SINCE_LIFT}
            and identifier_hash <> $identifier_hash
        group by identifier_hash
        order by last_typed_at desc
        limit $most
        """,
        many=f"""
        select
            p_subject,
            max(created_at) as last_typed_at
        from attempt, given
        where
            {subject_column(scope)} = p_subject
            and act = p_act
            and created_at > {_SINCE_LIFT.replace("$", "p_")}
            and attempt.identifier_hash <> p_identifier_hash
        group by
            p_subject,
            p_most,
            attempt.identifier_hash
        qualify
            row_number() over (partition by p_subject order by last_typed_at desc) <= p_most
        order by last_typed_at desc
        """,
        by="subject",
    )
