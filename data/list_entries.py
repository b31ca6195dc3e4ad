"""Allow and deny lists of share links as stored: who may open one, and who may not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from data.database import Reader, Transaction
from data.engine.steady import steady
from data.records import Channel


class ListSide(StrEnum):
    """What an entry says of whom it matches; deny beats allow.

    `LET_IN` is the owner's word for one person: it is on no list of who may open a link, and beats
    a denial that is meant for many.
    """

    ALLOW = "allow"
    DENY = "deny"
    LET_IN = "let_in"


class EntryForm(StrEnum):
    """How an entry is compared.

    `DOMAIN` is exact, `SUBDOMAINS` the domain and all below it, `PREFIX` the start of a number. A
    hash is the keyed hash of an identifier that stands nowhere in clear.
    """

    ADDRESS = "address"
    DOMAIN = "domain"
    SUBDOMAINS = "subdomains"
    NUMBER = "number"
    PREFIX = "prefix"
    ADDRESS_HASH = "address_hash"
    NUMBER_HASH = "number_hash"


_NUMBERS = {EntryForm.NUMBER, EntryForm.PREFIX, EntryForm.NUMBER_HASH}
_CONCEALED = {EntryForm.ADDRESS_HASH, EntryForm.NUMBER_HASH}
_FOR_MANY = {EntryForm.DOMAIN, EntryForm.SUBDOMAINS, EntryForm.PREFIX}


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One line of a link's list: `value` is what is compared, `label` what its owner sees."""

    side: ListSide
    form: EntryForm
    value: str
    label: str

    @property
    def channel(self) -> Channel:
        """The channel of whom it matches."""
        return Channel.WHATSAPP if self.form in _NUMBERS else Channel.EMAIL

    @property
    def is_concealed(self) -> bool:
        """Whether it names one person by a keyed hash only."""
        return self.form in _CONCEALED

    @property
    def is_for_many(self) -> bool:
        """Whether it is a domain or a prefix, and names no single person."""
        return self.form in _FOR_MANY


@dataclass(frozen=True, slots=True)
class ListCounts:
    """How many entries of each form a link's lists hold: who may open it, and who may not."""

    allowed: Mapping[EntryForm, int] = field(default_factory=dict)
    denied: Mapping[EntryForm, int] = field(default_factory=dict)


def count_entries(entries: Iterable[ListEntry]) -> ListCounts:
    """How many of these are on either list."""
    counted = Counter((entry.side, entry.form) for entry in entries)
    return _sort_counts((side, form, number) for (side, form), number in counted.items())


def count_listed(reader: Reader) -> dict[int, ListCounts]:
    """How many the lists of each share link hold, by its number; links without any are absent."""
    rows = reader.rows(
        """
        select
            share_link_id,
            side,
            form,
            count(*)
        from list_entry
        group by
            share_link_id,
            side,
            form
        order by
            share_link_id,
            side,
            form
        """
    )
    by_link: dict[int, list[tuple[str, str, int]]] = {}
    for number, *counted in rows:
        by_link.setdefault(number, []).append((counted[0], counted[1], counted[2]))
    return {number: _sort_counts(counted) for number, counted in by_link.items()}


def _sort_counts(counted: Iterable[tuple[str, str, int]]) -> ListCounts:
    sides: dict[str, dict[EntryForm, int]] = {side: {} for side in ListSide}
    for side, form, number in counted:
        sides[side][EntryForm(form)] = number
    return ListCounts(sides[ListSide.ALLOW], sides[ListSide.DENY])


def find_list_entries(reader: Reader, share_link_id: int) -> list[ListEntry]:
    """The link's lists, in the order in which they were written."""
    rows = reader.rows(
        steady("""
        select
            side,
            form,
            value,
            label
        from list_entry
        where share_link_id = $share_link_id
        order by list_entry_id
        """),
        share_link_id=share_link_id,
    )
    return [ListEntry(ListSide(row[0]), EntryForm(row[1]), row[2], row[3]) for row in rows]


def insert_list_entry(tx: Transaction, share_link_id: int, entry: ListEntry, now: datetime) -> None:
    """Add one line to the link's lists."""
    tx.run(
        """
        insert into list_entry
        values (
            nextval('list_entry_id_seq'),
            $share_link_id,
            $side,
            $form,
            $value,
            $label,
            $now
        )
        """,
        share_link_id=share_link_id,
        side=entry.side,
        form=entry.form,
        value=entry.value,
        label=entry.label,
        now=now,
    )


def delete_list_entry(tx: Transaction, share_link_id: int, entry: ListEntry) -> None:
    """Take one line out of the link's lists."""
    tx.run(
        """
        delete from list_entry
        where
            share_link_id = $share_link_id
            and side = $side
            and form = $form
            and value = $value
        """,
        share_link_id=share_link_id,
        side=entry.side,
        form=entry.form,
        value=entry.value,
    )


def replace_list(
    tx: Transaction, share_link_id: int, entries: list[ListEntry], now: datetime
) -> None:
    """Give the link exactly these lists."""
    tx.run(
        "delete from list_entry where share_link_id = $share_link_id", share_link_id=share_link_id
    )
    for entry in entries:
        insert_list_entry(tx, share_link_id, entry, now)
