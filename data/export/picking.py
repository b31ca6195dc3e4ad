"""Which rows a file has, picked once and in order: the rest is looked up some thousand at a time.

A sort of whole rows would hold all of them in memory; one of their numbers does not.
"""

from data.contact_filter import ContactSort
from data.contact_queries import Matched, candidates_statement, sort_order
from data.engine.snapshots import Snapshot
from data.export_kinds import ExportWanted, RowKind
from data.records import Channel

# Each consent stands for itself: who withdrew all of an address, opted out by it.
_CONSENTING = """
    select identifier_id
    from consent
    where withdrawn_at is null
"""
_OPTED_OUT = f"""
    select identifier_id
    from consent
    where identifier_id not in ({_CONSENTING})
"""
_IDENTIFIERS = """
    select
        found.*,
        identifier.identifier_id
    from found
    join identifier on identifier.contact_id = found.contact_id
"""
_PICKED_SQL = {
    RowKind.CONTACTS: "select * from found",
    RowKind.IDENTIFIERS: _IDENTIFIERS,
}
_OF_CONSENTING = f"""
    select *
    from found
    where contact_id in (
        select contact_id
        from identifier
        where
            channel = any($mailing_channels)
            and identifier_id in ({_CONSENTING})
    )
"""
_OF_OPTED_OUT = f"""
    {_IDENTIFIERS}
    where
        channel = any($mailing_channels)
        and identifier_id in ({_OPTED_OUT})
"""


def pick_rows(snapshot: Snapshot, matched: Matched, sort: ContactSort, wanted: ExportWanted) -> int:
    """How many rows the file has, which are put down in the snapshot's table `picked`.

    `picked` has the place of each row, beginning at 1, and its contact_id; of contacts also what
    the list counts, of addresses the identifier_id, of sessions the session.
    """
    if wanted.rows is RowKind.SESSIONS:
        _pick_sessions(snapshot, matched)
    else:
        _pick_contacts(snapshot, matched, sort, wanted)
    row = snapshot.row("select count(*) from picked")
    return int(row[0]) if row else 0


def _pick_sessions(snapshot: Snapshot, matched: Matched) -> None:
    snapshot.rows(
        f"""
        create temp table picked as
        select
            row_number() over (order by started_at desc, viewing_session_id desc) as place,
            viewing_session_id,
            contact_id
        from ({matched.sessions.sql})
        order by place
        """,
        **matched.sessions.parameters,
    )


def _pick_contacts(
    snapshot: Snapshot, matched: Matched, sort: ContactSort, wanted: ExportWanted
) -> None:
    channels = list(wanted.tool.mailing_channels) if wanted.tool else []
    sql, parameters = candidates_statement(matched, sort)
    if channels:
        parameters |= {"mailing_channels": channels}
    within = ", identifier_id" if _is_by_identifier(wanted) else ""
    snapshot.rows(
        f"""
        create temp table picked as
        with found as ({sql})
        select
            row_number() over (order by {sort_order(sort)}{within}) as place,
            * exclude (sort_key, is_verified, domain, country)
        from ({_picked_sql(wanted, channels)})
        order by place
        """,
        **parameters,
    )


def _picked_sql(wanted: ExportWanted, channels: list[Channel]) -> str:
    if not channels:
        return _PICKED_SQL[wanted.rows]
    return _OF_OPTED_OUT if wanted.is_opted_out else _OF_CONSENTING


def _is_by_identifier(wanted: ExportWanted) -> bool:
    return wanted.is_opted_out or wanted.rows is RowKind.IDENTIFIERS
