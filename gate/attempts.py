"""Limits at work: whether one more act is still within them, and what wrong codes lead to.

The numbers are in `gate/limits.py`. Counting and judging happen in one transaction, so that many
threads at once get exactly as many acts as the limits give.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import phonenumbers

from data.attempts import (
    Act,
    Attempt,
    Counted,
    Scope,
    delete_attempt,
    find_attempt_times,
    find_other_identifier_times,
    insert_attempt,
)
from data.blocks import (
    BlockKind,
    GateBlock,
    count_failure_in_a_row,
    end_failures_in_a_row,
    get_block,
    get_last_lift,
    insert_block,
)
from data.database import Reader, Transaction
from data.records import Channel, Identifier
from data.sending_history import count_prefix_sends, get_last_sending
from gate import limits
from gate.codes import Pepper, keyed_hash
from gate.identifiers import mask_identifier
from gate.limits import Limit
from gate.visits import Doorstep, Gate


@dataclass(frozen=True, slots=True)
class Overrun:
    """Which limit was reached, and how long until it is worth trying again."""

    name: str
    wait: timedelta


def make_attempt(
    pepper: Pepper, place: Doorstep, act: Act, identifier: Identifier | None = None
) -> Attempt:
    """One act at this doorstep, as limits count it."""
    network = place.network
    return Attempt(
        act=act,
        browser_id=place.browser_id,
        share_link_id=place.link.share_link_id,
        workspace_id=place.link.workspace_id,
        created_at=place.now,
        channel=identifier.channel if identifier else None,
        identifier_hash=keyed_hash(pepper, identifier.lookup) if identifier else None,
        identifier_mask=(
            mask_identifier(identifier.channel, identifier.address) if identifier else None
        ),
        number_prefix=number_prefix(identifier) if identifier else None,
        network_hash=keyed_hash(pepper, network) if network else None,
        network_mask=mask_network(network) if network else None,
    )


def spend_limit(tx: Transaction, table: tuple[Limit, ...], *attempts: Attempt) -> Overrun | None:
    """None, and each attempt counted, if every limit gives one more; else the longest wait."""
    overruns = _find_overruns(tx, table, *attempts)
    if overruns:
        return max(overruns, key=lambda overrun: overrun.wait)
    for attempt in attempts:
        insert_attempt(tx, attempt)
    return None


def spend_sending(tx: Transaction, gate: Gate, attempt: Attempt) -> Overrun | None:
    """As `spend_limit` for a code to this identifier, its wrong codes and prefix considered."""
    return (
        find_failure_wait(tx, attempt)
        or _find_prefix_block(tx, attempt)
        or spend_limit(tx, gate.limits, attempt, replace(attempt, act=Act.UNANSWERED))
    )


def undo_sending(tx: Transaction, attempt: Attempt) -> None:
    """Take back what `spend_sending` counted."""
    delete_attempt(tx, attempt)
    delete_attempt(tx, replace(attempt, act=Act.UNANSWERED))


def find_sending_wait(reader: Reader, gate: Gate, attempt: Attempt) -> timedelta:
    """How long `spend_sending` would refuse this now, zero if it would not; counts nothing."""
    overruns = _find_overruns(reader, gate.limits, attempt, replace(attempt, act=Act.UNANSWERED))
    failure = find_failure_wait(reader, attempt)
    waits = [one.wait for one in (*overruns, failure) if one is not None]
    prefix, now = attempt.number_prefix, attempt.created_at
    block = None if prefix is None else get_block(reader, BlockKind.NUMBER_PREFIX, prefix, now)
    if block is not None:
        waits.append(block.expires_at - now)
    return max(waits, default=timedelta(0))


def find_failure_wait(reader: Reader, attempt: Attempt) -> Overrun | None:
    """How long the wrong codes of this identifier keep it waiting now, if at all."""
    subject, now = attempt.identifier_hash or "", attempt.created_at
    block = get_block(reader, BlockKind.IDENTIFIER, subject, now)
    if block is not None:
        return Overrun("identifier_disabled", block.expires_at - now)
    counted = Counted(
        act=Act.FAILURE,
        scope=Scope.IDENTIFIER,
        subject=subject,
        since=now - limits.FAILURE_WINDOW,
    )
    times = find_attempt_times(reader, counted, most=limits.MOST_FAILURES)
    if len(times) >= limits.MOST_FAILURES:
        return Overrun("identifier_failures_24_h", times[-1] + limits.FAILURE_WINDOW - now)
    step = len(times) - (limits.MOST_FAILURES - len(limits.FAILURE_WAITS))
    if step < 0:
        return None
    wait = times[0] + limits.FAILURE_WAITS[step] - now
    return Overrun("identifier_failures_24_h", wait) if wait > timedelta(0) else None


def find_resend_wait(
    tx: Transaction, place: Doorstep, verified: Sequence[Identifier]
) -> timedelta | None:
    """How long until each of these may be sent another code; None for now."""
    waits = [
        sent_at + limits.RESEND_WAIT - place.now
        for one in verified
        if (
            sent_at := get_last_sending(
                tx,
                browser_id=place.browser_id,
                share_link_id=place.link.share_link_id,
                channel=one.channel,
                identifier_key=one.key,
            )
        )
        is not None
    ]
    longest = max(waits, default=timedelta(0))
    return longest if longest > timedelta(0) else None


def note_failure(tx: Transaction, attempt: Attempt) -> None:
    """Draw the consequences of a wrong code: longer codes on the link, a disabled identifier."""
    now = attempt.created_at
    link = str(attempt.share_link_id)
    counted = Counted(
        act=Act.FAILURE,
        scope=Scope.LINK,
        subject=link,
        since=max(
            now - limits.RAISING_WINDOW,
            get_last_lift(tx, BlockKind.LONGER_CODES, link) or now - limits.RAISING_WINDOW,
        ),
    )
    if len(find_attempt_times(tx, counted, most=limits.RAISING_FAILURES + 1)) > (
        limits.RAISING_FAILURES
    ):
        _block(tx, BlockKind.LONGER_CODES, link, "", now, limits.RAISED_FOR)
    subject = attempt.identifier_hash or ""
    if count_failure_in_a_row(tx, subject) >= limits.MOST_FAILURES_IN_A_ROW:
        mask = attempt.identifier_mask or ""
        _block(tx, BlockKind.IDENTIFIER, subject, mask, now, limits.DISABLED_FOR)
        # After its week it has a hundred again, and does not fall with the first.
        end_failures_in_a_row(tx, subject)


def count_code_digits(tx: Transaction, share_link_id: int, now: datetime) -> int:
    """How many digits a new code of this link has."""
    is_raised = get_block(tx, BlockKind.LONGER_CODES, str(share_link_id), now) is not None
    return limits.RAISED_CODE_DIGITS if is_raised else limits.CODE_DIGITS


def number_prefix(identifier: Identifier) -> str | None:
    """The country and the first three digits of a number: ranges are sold in such blocks."""
    if identifier.channel is not Channel.WHATSAPP:
        return None
    number = phonenumbers.parse(identifier.key, None)
    return f"+{number.country_code}{str(number.national_number)[:3]}"


def mask_network(network: str) -> str:
    """As much of a client's address as may be written down."""
    kept = 2 if ":" not in network else 3
    separator = ":" if ":" in network else "."
    parts = network.partition("/")[0].split(separator)
    return separator.join(parts[:kept]) + f"{separator}***"


def _find_overruns(reader: Reader, table: tuple[Limit, ...], *attempts: Attempt) -> list[Overrun]:
    judged = [(limit, one) for one in attempts for limit in table if limit.act is one.act]
    return [found for limit, one in judged if (found := _overrun(reader, limit, one)) is not None]


def _overrun(reader: Reader, limit: Limit, attempt: Attempt) -> Overrun | None:
    subject = attempt.subject(limit.scope)
    if subject is None or limit.channel not in (None, attempt.channel):
        return None
    counted = Counted(
        act=limit.act,
        scope=limit.scope,
        subject=subject,
        since=attempt.created_at - limit.window,
        channel=limit.channel,
    )
    if limit.is_distinct:
        own = attempt.identifier_hash or ""
        times = find_other_identifier_times(reader, counted, identifier_hash=own, most=limit.most)
    else:
        times = find_attempt_times(reader, counted, most=limit.most)
    if len(times) < limit.most:
        return None
    return Overrun(limit.name, times[-1] + limit.window - attempt.created_at)


def _find_prefix_block(tx: Transaction, attempt: Attempt) -> Overrun | None:
    prefix, now = attempt.number_prefix, attempt.created_at
    if prefix is None:
        return None
    block = get_block(tx, BlockKind.NUMBER_PREFIX, prefix, now)
    if block is not None:
        return Overrun("number_prefix", block.expires_at - now)
    since = max(
        now - limits.PREFIX_WINDOW,
        get_last_lift(tx, BlockKind.NUMBER_PREFIX, prefix) or now - limits.PREFIX_WINDOW,
    )
    sent, answered = count_prefix_sends(
        tx, prefix, since=since, until=now - limits.PREFIX_GRACE, newest=limits.PREFIX_SENDS
    )
    if sent < limits.PREFIX_SENDS or answered >= sent * limits.PREFIX_LEAST_VERIFIED:
        return None
    _block(tx, BlockKind.NUMBER_PREFIX, prefix, f"{prefix}…", now, limits.PREFIX_BLOCKED_FOR)
    return Overrun("number_prefix", limits.PREFIX_BLOCKED_FOR)


def _block(
    tx: Transaction, kind: BlockKind, subject: str, label: str, now: datetime, life: timedelta
) -> None:
    if get_block(tx, kind, subject, now) is None:
        insert_block(tx, GateBlock(0, kind, subject, label, now, now + life))
