"""Who should open a share link: put down and taken off by an owner, and how each of them stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.audit import AuditEvent
from data.database import Database, Reader
from data.expectations import (
    Expectation,
    LastRefusal,
    find_expectations,
    find_last_refusals,
)
from data.expected_viewers import (
    ExpectedPerson,
    delete_expected_viewers,
    find_expected_names,
    insert_expected_viewers,
    update_expected_name,
)
from data.gate_history import REFUSED
from data.links import get_share_link_by_id
from data.records import Member
from gate.codes import Pepper, keyed_hashes
from gate.desk_errors import ExpectedFault, ExpectedRefused
from gate.lists import MOST_ENTRIES
from gate.roles import require_owner_role
from gate.trail import record_member_act


class Standing(StrEnum):
    """How far somebody expected has come; `NOT_YET` came never, or the history forgot it."""

    OPENED = "opened"
    PASSED = "passed"
    REFUSED = "refused"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody expected and how they stand; `refusal` is why a try did not get in."""

    expectation: Expectation
    standing: Standing
    refusal: LastRefusal | None = None

    @property
    def has_opened(self) -> bool:
        """Whether the contact has opened something through the link."""
        return self.standing is Standing.OPENED


@dataclass(frozen=True, slots=True)
class Added:
    """How many were put down, and how many of those given were there before."""

    added: int
    known: int


def find_expected(reader: Reader, pepper: Pepper, share_link_id: int) -> list[Expected]:
    """Everybody expected at this link and how they stand, in the order of the list.

    Whoever came by another address of the same contact has come.
    """
    found = find_expectations(reader, share_link_id)
    outside = {
        hashed: one.lookup
        for one in found
        if not one.has_passed
        for hashed in keyed_hashes(pepper, one.lookup)
    }
    by_hash = find_last_refusals(reader, share_link_id, outside, REFUSED) if outside else {}
    refusals: dict[str, LastRefusal] = {}
    for hashed, refusal in sorted(by_hash.items(), key=lambda pair: pair[1].happened_at):
        refusals[outside[hashed]] = refusal
    return [_see_standing(one, refusals.get(one.lookup)) for one in found]


def expect_viewers(
    db: Database,
    share_link_id: int,
    people: Sequence[ExpectedPerson],
    member: Member,
    now: datetime,
) -> Added:
    """Expect these people at the link, each address once; a new name replaces the one before.

    It changes nothing about who gets in.

    Raises:
        NotPermitted: the member is no owner.
        ExpectedRefused: the link is gone, or there would be more than 10,000.
    """
    require_owner_role(member, "expected_viewers")
    with db.transaction() as tx:
        names = find_expected_names(tx, share_link_id)
        new = [one for one in people if one.identifier.lookup not in names]
        is_gone = get_share_link_by_id(tx, share_link_id) is None
        is_too_long = len(names) + len(new) > MOST_ENTRIES
        if not is_gone and not is_too_long:
            renamed = [
                one
                for one in people
                if one.name and names.get(one.identifier.lookup, one.name) != one.name
            ]
            for one in renamed:
                update_expected_name(tx, share_link_id, one.identifier, one.name or "")
            if new:
                insert_expected_viewers(tx, share_link_id, new, now)
            if new or renamed:
                detail = f"link {share_link_id}: {len(new)} more"
                record_member_act(tx, AuditEvent.EXPECTED_CHANGED, member, now, detail=detail)
    if is_gone:
        raise ExpectedRefused(ExpectedFault.LINK_GONE)
    if is_too_long:
        raise ExpectedRefused(ExpectedFault.TOO_MANY)
    return Added(len(new), len(people) - len(new))


def expect_no_more(
    db: Database,
    share_link_id: int,
    expected_viewer_ids: Collection[int],
    member: Member,
    now: datetime,
) -> int:
    """How many of these were taken off the link's list; who is gone already is passed over.

    Raises:
        NotPermitted: the member is no owner.
    """
    require_owner_role(member, "expected_viewers")
    with db.transaction() as tx:
        gone = delete_expected_viewers(tx, share_link_id, expected_viewer_ids)
        if gone:
            detail = f"link {share_link_id}: {gone} fewer"
            record_member_act(tx, AuditEvent.EXPECTED_CHANGED, member, now, detail=detail)
    return gone


def _see_standing(one: Expectation, refusal: LastRefusal | None) -> Expected:
    if one.access_count:
        return Expected(one, Standing.OPENED)
    if one.has_passed:
        return Expected(one, Standing.PASSED)
    if refusal is not None:
        return Expected(one, Standing.REFUSED, refusal)
    return Expected(one, Standing.NOT_YET)
