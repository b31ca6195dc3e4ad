"""The charts' questions about a filter's contacts: when they came, to what, and how often.

All ask the relations of `data/matching.py`, so that their sums are the list's.
"""

from data.activity_buckets import BucketSize, fill_gaps
from data.breakdowns import document_totals_of, hours_of, link_totals_of
from data.contact_filter import ActivityBucket, CountBin, HeatCell, TopItem, TopPlace
from data.database import Reader
from data.matching import Matched

# More than the first identifier of each channel.
_HAS_OTHERS = """
    contact.identifier_count > if(contact.email_id is null, 0, 1)
        + if(contact.whatsapp_id is null, 0, 1)
"""
_OTHER_PLACES = f"""
                select distinct
                    identifier.contact_id,
                    identifier.{{column}}
                from identifier
                join contact on contact.contact_id = identifier.contact_id
                where
                    identifier.{{column}} <> ''
                    and identifier.{{column}} is distinct from contact.{{column}}
                    and {_HAS_OTHERS}
"""
_JOINED = "join contact on contact.contact_id = matched.contact_id"


def find_activity(db: Reader, matched: Matched, bucket: BucketSize) -> list[ActivityBucket]:
    """Sessions and new contacts by local time, oldest first, empty buckets with 0.

    From the first to the last bucket of the period; where the period is open, of the sessions.
    """
    hours = hours_of(matched)
    rows = db.rows(
        f"""
        select
            date_trunc('{bucket.value}', local_hour) as starts_at,
            cast(sum(sessions) as bigint),
            cast(sum(newcomers) as bigint)
        from ({hours.sql}) as hours
        group by starts_at
        order by starts_at
        """,
        **hours.parameters,
    )
    chosen = matched.contact_filter
    found = [ActivityBucket(*row) for row in rows]
    return fill_gaps(found, chosen.from_on, chosen.to_on, bucket)


def find_heat(db: Reader, matched: Matched) -> list[HeatCell]:
    """Sessions by local weekday and hour, for those that had any."""
    hours = hours_of(matched)
    rows = db.rows(
        f"""
        select
            isodow(local_hour) as weekday,
            hour(local_hour) as hour_of_day,
            cast(sum(sessions) as bigint) as sessions
        from ({hours.sql}) as hours
        where sessions > 0
        group by
            weekday,
            hour_of_day
        order by
            weekday,
            hour_of_day
        """,
        **hours.parameters,
    )
    return [HeatCell(*row) for row in rows]


def find_top_documents(db: Reader, matched: Matched, limit: int | None = 10) -> list[TopItem]:
    """The documents opened in most of the filter's sessions; one session may open several."""
    counts = document_totals_of(db, matched, limit)
    rows = db.rows(
        f"""
        select
            document.document_id,
            document.name,
            cast(counts.sessions as bigint) as session_count,
            cast(counts.contacts as bigint)
        from ({counts.sql}) as counts
        join document on document.document_id = counts.document_id
        order by
            session_count desc,
            document.document_id
        limit $limit
        """,
        **counts.parameters,
        limit=limit,
    )
    return [TopItem(*row) for row in rows]


def find_top_links(db: Reader, matched: Matched, limit: int | None = 10) -> list[TopItem]:
    """The share links that most of the filter's sessions came through."""
    counts = link_totals_of(db, matched, limit)
    rows = db.rows(
        f"""
        select
            share_link.share_link_id,
            share_link.name,
            cast(counts.sessions as bigint) as session_count,
            cast(counts.contacts as bigint)
        from ({counts.sql}) as counts
        join share_link on share_link.share_link_id = counts.share_link_id
        order by
            session_count desc,
            share_link.share_link_id
        limit $limit
        """,
        **counts.parameters,
        limit=limit,
    )
    return [TopItem(*row) for row in rows]


def find_top_domains(db: Reader, matched: Matched, limit: int = 150) -> list[TopPlace]:
    """The domains of email addresses whose contacts have most of the sessions, free mail too."""
    return _find_top_places(db, matched, "domain", limit)


def find_top_countries(db: Reader, matched: Matched, limit: int = 10) -> list[TopPlace]:
    """The countries of numbers whose contacts have most of the filter's sessions."""
    return _find_top_places(db, matched, "country", limit)


def _find_top_places(db: Reader, matched: Matched, column: str, limit: int) -> list[TopPlace]:
    """Of each contact's first address, and of what few have besides."""
    its_place, joined = f"matched.{column}", ""
    if matched.is_set_aside:
        its_place, joined = f"contact.{column}", _JOINED
    rows = db.rows(
        f"""
        with matched as ({matched.contacts.sql}),
        placed as (
            select
                {its_place} as place,
                matched.access_count
            from matched
            {joined}
            where {its_place} <> ''
            union all
            select
                others.{column},
                matched.access_count
            from matched
            join (
                {_OTHER_PLACES.format(column=column)}
            ) as others on others.contact_id = matched.contact_id
        )
        select
            place,
            cast(sum(access_count) as bigint) as session_count,
            count(*)
        from placed
        where access_count > 0
        group by place
        order by
            session_count desc,
            place
        limit $limit
        """,
        **matched.contacts.parameters,
        limit=limit,
    )
    return [TopPlace(*row) for row in rows]


def find_count_bins(db: Reader, matched: Matched) -> list[CountBin]:
    """How many contacts have how many sessions within the filter, fewest sessions first."""
    rows = db.rows(
        f"""
        select
            cast(access_count as bigint) as sessions,
            count(*)
        from ({matched.contacts.sql}) as matched
        group by sessions
        order by sessions
        """,
        **matched.contacts.parameters,
    )
    return [CountBin(*row) for row in rows]
