"""Consent to be written to, as given at a gate: its words, its time, and how sure we are."""

from datetime import datetime

from data.database import Transaction


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
