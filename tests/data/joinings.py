"""Random merges, undoings, splits, archivings and erasures, kept in Python beside the database.

In Python an identifier knows whose it is, and everything else follows from that.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from data.contact_filter import ConsentChoice
from data.contact_merges import get_merge
from data.contacts import update_contact_archived_at
from data.database import Database
from data.erasure import erase_contacts
from data.records import Member, Role, SessionKind
from gate.contact_merges import merge_contacts, undo_merge
from gate.contact_splits import split_contact
from gate.desk_errors import ContactRefused
from gate.joined_details import MergeChoice
from tests.data.worlds import Person, Visit, World

OWNER = Member(1, "owner@example.com", "Owner", Role.OWNER)
ACTS = ("merge", "merge", "merge", "undo", "undo", "split", "archive", "erase")


@dataclass
class Joiner:
    """An owner who joins and parts people at random; `world` is what there is by now.

    `passed_by` says with which identifier a contact passed a link's gate, where it opened nothing.
    """

    db: Database
    world: World
    rng: Random
    now: datetime
    merges: list[int] = field(default_factory=list)
    merged: dict[int, tuple[Person, Person]] = field(default_factory=dict)
    passed_by: dict[tuple[int, int], int] = field(default_factory=dict)
    consents: list[tuple[int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note with which identifier each contact passed each gate: the first that came, or is.

        And with which it consented, and whether that stands.
        """
        sql = "select identifier_id, withdrawn_at is null from consent"
        self.consents = [(row[0], row[1]) for row in self.db.rows(sql)]
        people = {person.contact_id: person for person in self.world.people}
        for contact_id, share_link_id in self.world.passed:
            came = [
                (visit.session.started_at, visit.session.identifier_id)
                for visit in self.world.visits
                if visit.session.contact_id == contact_id
                and visit.session.share_link_id == share_link_id
                and visit.session.kind is SessionKind.VIEWER
            ]
            first = people[contact_id].identifiers[0].identifier_id
            self.passed_by[contact_id, share_link_id] = min(came)[1] or 0 if came else first

    def act(self) -> None:
        """Do one of the acts, if it can be done."""
        choice = self.rng.choice(ACTS)
        if choice == "undo" and self.merges:
            self._undo(self.rng.choice(self.merges))
        elif choice == "merge" and len(self.world.people) > 2:
            self._merge(*self.rng.sample(self.world.people, 2))
        elif choice == "split":
            self._split(self.rng.choice(self.world.people))
        elif choice == "archive":
            self._archive(self.rng.choice(self.world.people))
        elif choice == "erase" and len(self.world.people) > 2:
            self._erase(self.rng.choice(self.world.people))

    def merge_and_undo(self) -> None:
        """Merge two, and undo it at once."""
        if len(self.world.people) > 1:
            self._merge(*self.rng.sample(self.world.people, 2))
            self._undo(self.merges[-1])

    def _merge(self, kept: Person, merged: Person) -> None:
        number = merge_contacts(
            self.db,
            kept_id=kept.contact_id,
            merged_id=merged.contact_id,
            choice=MergeChoice(),
            member=OWNER,
            now=self.now,
        )
        self.merges.append(number)
        self.merged[number] = kept, merged
        own = [
            replace(one, contact_id=kept.contact_id)
            for one in (*kept.identifiers, *merged.identifiers)
        ]
        own.sort(key=lambda one: one.identifier_id)
        joined = replace(
            kept,
            identifiers=own,
            name=kept.name or merged.name,
            company=kept.company or merged.company,
            tags=kept.tags | merged.tags,
        )
        self._settle([*self._others(kept, merged), joined])

    def _undo(self, number: int) -> None:
        merge = get_merge(self.db, number)
        try:
            undo_merge(self.db, number, OWNER, self.now)
        except ContactRefused:
            return
        assert merge is not None
        before, merged = self.merged[number]
        joined = self._find(merge.kept_id)
        left = [one for one in joined.identifiers if one.identifier_id not in merge.identifier_ids]
        rest = replace(before, identifiers=left, is_archived=joined.is_archived)
        self._settle([*self._others(joined), rest, merged])

    def _split(self, person: Person) -> None:
        moved = self.rng.sample(person.identifiers, len(person.identifiers) // 2)
        if not moved:
            return
        numbers = [one.identifier_id for one in moved]
        contact_id = split_contact(self.db, person.contact_id, numbers, OWNER, self.now)
        own = [replace(one, contact_id=contact_id) for one in moved]
        own.sort(key=lambda one: one.identifier_id)
        left = [one for one in person.identifiers if one not in moved]
        nothing = ConsentChoice.NONE
        new = Person(contact_id, own, None, person.is_archived, None, frozenset(), nothing)
        self._settle([*self._others(person), replace(person, identifiers=left), new])

    def _archive(self, person: Person) -> None:
        archived_at = None if person.is_archived else self.now
        with self.db.transaction() as tx:
            update_contact_archived_at(tx, person.contact_id, archived_at)
        turned = replace(person, is_archived=not person.is_archived)
        self._settle([*self._others(person), turned])

    def _erase(self, person: Person) -> None:
        with self.db.transaction() as tx:
            erase_contacts(tx, [person.contact_id])
        self._settle(self._others(person))

    def _find(self, contact_id: int) -> Person:
        return next(one for one in self.world.people if one.contact_id == contact_id)

    def _others(self, *people: Person) -> list[Person]:
        gone = {person.contact_id for person in people}
        return [one for one in self.world.people if one.contact_id not in gone]

    def _settle(self, people: list[Person]) -> None:
        """Let everything follow its identifier to whose it is now; what nobody's is, goes."""
        whose = {
            one.identifier_id: person.contact_id for person in people for one in person.identifiers
        }
        visits = [
            Visit(replace(visit.session, contact_id=whose.get(number)), visit.document_ids)
            for visit in self.world.visits
            if (number := visit.session.identifier_id or 0) in whose or not number
        ]
        passed = {
            (whose[number], share_link_id)
            for (_, share_link_id), number in self.passed_by.items()
            if number in whose
        }
        people = [replace(person, consent=self._consent_of(person)) for person in people]
        self.world = World(self.world.house, people, visits, passed)

    def _consent_of(self, person: Person) -> ConsentChoice:
        numbers = {one.identifier_id for one in person.identifiers}
        standing = {stands for number, stands in self.consents if number in numbers}
        if not standing:
            return ConsentChoice.NONE
        return ConsentChoice.GIVEN if True in standing else ConsentChoice.WITHDRAWN
