"""The views of a share link that has only so many."""

from data.database import Transaction


def count_link_view(tx: Transaction, share_link_id: int) -> bool:
    """Whether the link had a view left; it has one fewer now."""
    row = tx.row(
        """
        update share_link
        set view_count = view_count + 1
        where
            share_link_id = $share_link_id
            and (view_limit is null or view_count < view_limit)
        returning share_link_id
        """,
        share_link_id=share_link_id,
    )
    return row is not None
