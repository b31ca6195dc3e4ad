"""How much each share link was used: who passed its gate, and what they opened."""

from dataclasses import dataclass
from datetime import datetime

from data.database import Reader


@dataclass(frozen=True, slots=True)
class LinkUsage:
    """What came through one share link: contacts that passed, sessions that opened something.

    Sessions on an open link are counted here though they belong to no contact; internal and bot
    sessions are not. `last_accessed_at` is UTC, None while nothing was opened.
    """

    share_link_id: int
    contacts: int
    sessions: int
    last_accessed_at: datetime | None


def find_link_usage(reader: Reader) -> list[LinkUsage]:
    """The usage of every share link, used or not, by its number."""
    rows = reader.rows(
        """
        with passed as (
            select
                share_link_id,
                count(*) as contacts
            from contact_link
            group by share_link_id
        ),
        opened as (
            select
                share_link_id,
                count(*) as sessions,
                max(started_at) as last_accessed_at
            from viewing_session
            where kind = 'viewer'
            group by share_link_id
        )
        select
            share_link.share_link_id,
            coalesce(passed.contacts, 0),
            coalesce(opened.sessions, 0),
            opened.last_accessed_at
        from share_link
        left join passed on passed.share_link_id = share_link.share_link_id
        left join opened on opened.share_link_id = share_link.share_link_id
        order by share_link.share_link_id
        """
    )
    return [LinkUsage(*row) for row in rows]
