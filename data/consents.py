"""Consent to be written to, as given at a gate: its words, its time, and how sure we are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Transaction


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent: its words as they were shown, at which link, for which address, and when.

    Unless `is_verified`, nobody has proved that whoever ticked the box has that address.
    """

    address: str
    share_link_id: int
    wording: str
    language: str
    is_verified: bool
    given_at: datetime
    withdrawn_at: datetime | None


def insert_consent(
    tx: Transaction,
    *,
    identifier_id: int,
    contact_id: int,
    share_link_id: int,
    wording: str,
    language: str,
    is_verified: bool,
    now: datetime,
    withdrawn_at: datetime | None = None,
) -> None:
    """Keep what was consented to, word by word, by whoever controls this identifier.

    Each row stands for itself: one that was withdrawn takes nothing from another.
    """
    tx.run(
        """
        insert into consent
        values (
            $identifier_id,
            $contact_id,
            $share_link_id,
            $wording,
            $language,
            $is_verified,
            $now,
            $withdrawn_at
        )
        """,
        identifier_id=identifier_id,
        contact_id=contact_id,
        share_link_id=share_link_id,
        wording=wording,
        language=language,
        is_verified=is_verified,
        now=now,
        withdrawn_at=withdrawn_at,
    )


def has_withdrawn_consent(reader: Reader, identifier_id: int) -> bool:
    """Whether this identifier took back a consent, and has given none since that was proved."""
    row = reader.row(
        """
        select
            max(withdrawn_at) > coalesce(
                max(given_at) filter (is_verified and withdrawn_at is null),
                timestamptz '-infinity'
            )
        from consent
        where identifier_id = $identifier_id
        """,
        identifier_id=identifier_id,
    )
    return bool(row and row[0])


def find_consents(reader: Reader, contact_id: int) -> list[Consent]:
    """Everything that this contact consented to, the newest first."""
    rows = reader.rows(
        """
        select
            identifier.address,
            consent.share_link_id,
            consent.wording,
            consent.language,
            consent.is_verified,
            consent.given_at,
            consent.withdrawn_at
        from consent
        join identifier on identifier.identifier_id = consent.identifier_id
        where identifier.contact_id = $contact_id
        order by
            consent.given_at desc,
            consent.identifier_id
        """,
        contact_id=contact_id,
    )
    return [Consent(*row) for row in rows]


def count_known_identifiers(reader: Reader, lookups: Collection[str]) -> int:
    """How many of these are identifiers of contacts."""
    row = reader.row(
        "select count(*) from identifier where lookup in (select unnest($lookups))",
        lookups=sorted(lookups),
    )
    return int(row[0]) if row else 0


def close_consents(tx: Transaction, lookups: Collection[str], now: datetime) -> int:
    """How many of these identifiers had consented: all that they said is withdrawn as of now."""
    rows = tx.rows(
        """
        update consent
        set withdrawn_at = $now
        where
            withdrawn_at is null
            and identifier_id in (
                select identifier_id
                from identifier
                where lookup in (select unnest($lookups))
            )
        returning identifier_id
        """,
        lookups=sorted(lookups),
        now=now,
    )
    return len({row[0] for row in rows})
