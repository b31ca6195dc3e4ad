"""Which sessions the owner's numbers count, noted with each and with what was opened in it.

A viewer's session counts, if it has a contact who is not archived. Where that changes, so does the
note; `data/check.py` compares.
"""

from collections.abc import Sequence

from data.database import Transaction
from data.records import SessionKind, ViewingSession

_FACTS = ("viewing_session", "document_view")
_IS_COUNTED = """
    kind = 'viewer'
    and contact_id is not null
    and contact_id not in (
        select contact_id
        from contact
        where archived_at is not null
    )
"""
# Facts whose note is not what it should be.
WRONGLY_NOTED = " union all ".join(
    f"""
    select is_counted
    from {facts}
    where is_counted is distinct from ({_IS_COUNTED})
    """
    for facts in _FACTS
)


def counts(session: ViewingSession) -> bool:
    """Whether it is a viewer's session with a contact: what counts while that is not archived."""
    return session.kind is SessionKind.VIEWER and session.contact_id is not None


def note_counted(tx: Transaction, contact_ids: Sequence[int]) -> None:
    """Note anew of all that these contacts did whether it counts."""
    for facts in _FACTS:
        tx.run(
            f"""
            update {facts}
            set is_counted = ({_IS_COUNTED})
            where contact_id = any($contact_ids)
            """,
            contact_ids=list(contact_ids),
        )


def note_all_counted(tx: Transaction) -> None:
    """Mend every note that is wrong."""
    for facts in _FACTS:
        tx.run(
            f"""
            update {facts}
            set is_counted = ({_IS_COUNTED})
            where is_counted is distinct from ({_IS_COUNTED})
            """
        )


def note_uncounted(tx: Transaction, viewing_session_id: int) -> None:
    """Note that nothing of this session counts, as its contact is archived."""
    for facts in _FACTS:
        tx.run(
            f"""
            update {facts}
            set is_counted = false
            where viewing_session_id = $viewing_session_id
            """,
            viewing_session_id=viewing_session_id,
        )
