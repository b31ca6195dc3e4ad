"""The stored person. Lists and sums of many contacts are in `data/contact_queries.py`."""

from datetime import datetime

from data.database import Transaction


def insert_contact(tx: Transaction, now: datetime) -> int:
    """A new contact's number; it has no identifier and no viewing session yet."""
    row = tx.row(
        """
        insert into contact (contact_id, created_at, access_count)
        values (nextval('contact_id_seq'), $now, 0)
        returning contact_id
        """,
        now=now,
    )
    return int(row[0]) if row else 0
