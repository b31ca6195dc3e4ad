"""Identifiers that a browser has proved with a code, so that another link can take its word."""

from dataclasses import dataclass
from datetime import datetime

from data.database import Reader, Transaction
from data.records import Channel, Identifier


@dataclass(frozen=True, slots=True)
class Proof:
    """A browser proved this identifier with a code a while ago."""

    identifier_id: int
    contact_id: int
    identifier: Identifier
    proved_at: datetime


def insert_proof(
    tx: Transaction, *, browser_id: int, identifier_id: int, now: datetime, expires_at: datetime
) -> None:
    """Note that this browser proved this identifier just now."""
    tx.run(
        """
        insert into browser_proof
        values ($browser_id, $identifier_id, $now, $expires_at, null)
        """,
        browser_id=browser_id,
        identifier_id=identifier_id,
        now=now,
        expires_at=expires_at,
    )


def find_proofs(reader: Reader, browser_id: int, now: datetime) -> list[Proof]:
    """The newest live proof of each channel by this browser, email first."""
    rows = reader.rows(
        """
        select
            identifier.identifier_id,
            identifier.contact_id,
            identifier.channel,
            identifier.key,
            identifier.address,
            identifier.typed,
            browser_proof.proved_at
        from browser_proof
        join identifier on identifier.identifier_id = browser_proof.identifier_id
        where
            browser_proof.browser_id = $browser_id
            and browser_proof.proved_at <= $now
            and browser_proof.expires_at > $now
            and browser_proof.revoked_at is null
        order by
            identifier.channel,
            browser_proof.proved_at desc,
            identifier.identifier_id
        """,
        browser_id=browser_id,
        now=now,
    )
    newest: dict[Channel, Proof] = {}
    for row in rows:
        channel = Channel(row[2])
        newest.setdefault(channel, Proof(row[0], row[1], Identifier(channel, *row[3:6]), row[6]))
    return list(newest.values())


def revoke_proofs(tx: Transaction, contact_id: int, now: datetime) -> None:
    """No browser's proof of this contact's identifiers counts any more."""
    tx.run(
        """
        update browser_proof
        set revoked_at = $now
        where
            revoked_at is null
            and identifier_id in (
                select identifier_id
                from identifier
                where contact_id = $contact_id
            )
        """,
        contact_id=contact_id,
        now=now,
    )


def purge_proofs(tx: Transaction, *, before: datetime) -> None:
    """Forget proofs that ran out before an instant."""
    tx.run("delete from browser_proof where expires_at < $before", before=before)
