"""How much each share link was used: who passed its gate, what they opened, who was refused."""

from dataclasses import dataclass
from datetime import datetime

from data.database import Reader
from data.gate_history import REFUSED

_USAGE = """
    with away as (
        select contact_id
        from contact
        where archived_at is not null
    ),
    passed as (
        select
            share_link_id,
            count(*) as contacts
        from contact_link
        where contact_id not in (select contact_id from away)
        group by share_link_id
    ),
    opened as (
        select
            share_link_id,
            count(*) as sessions,
            max(started_at) as last_accessed_at
        from viewing_session
        where
            kind = 'viewer'
            and (contact_id is null or contact_id not in (select contact_id from away))
        group by share_link_id
    ),
    refused as (
        select
            share_link_id,
            count(distinct coalesce(identifier_hash, cast(browser_id as varchar))) as people
        from gate_event
        where
            list_contains($steps, event)
            and created_at >= $refused_since
        group by share_link_id
    )
    select
        share_link.share_link_id,
        coalesce(passed.contacts, 0),
        coalesce(opened.sessions, 0),
        opened.last_accessed_at,
        coalesce(refused.people, 0)
    from share_link
    left join passed on passed.share_link_id = share_link.share_link_id
    left join opened on opened.share_link_id = share_link.share_link_id
    left join refused on refused.share_link_id = share_link.share_link_id
    order by share_link.share_link_id
    """


@dataclass(frozen=True, slots=True)
class LinkUsage:
    """What came through one share link: contacts that passed, sessions that opened something.

    Sessions on an open link are counted here though they belong to no contact; internal and bot
    sessions are not, nor is anything of archived contacts. `last_accessed_at` is UTC, None while
    nothing was opened. `refused` counts who was refused or went away since an instant, each once.
    """

    share_link_id: int
    contacts: int
    sessions: int
    last_accessed_at: datetime | None
    refused: int = 0


def find_link_usage(reader: Reader, *, refused_since: datetime | None = None) -> list[LinkUsage]:
    """The usage of every share link, used or not, by its number; no instant counts no refusal."""
    rows = reader.rows(
        _USAGE,
        steps=list(REFUSED),
        refused_since=refused_since,
    )
    return [LinkUsage(*row) for row in rows]
