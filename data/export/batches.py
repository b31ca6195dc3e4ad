"""Picked rows with all that a file says of them, some thousand at a time and in their order."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from data.database import Parameters
from data.export.columns import Column, Source
from data.export_kinds import ExportWanted, RowKind
from data.records import Channel

BATCH_ROWS = 12_500

_BATCH = """
    select *
    from picked
    where
        place > $after
        and place <= $until
"""
_IN_BATCH = "contact_id in (select contact_id from batch)"
# `$channels` are the filter's: the first identifier of one is what the list shows.
_SHOWN = "filter (where channel = any($channels))"
_CONTACT_ROWS = f"""
    select
        batch.*,
        addresses.* exclude (contact_id)
    from batch
    join (
        select
            contact_id,
            arg_min(address, identifier_id) {_SHOWN} as identifier,
            arg_min(channel, identifier_id) {_SHOWN} as type,
            arg_min(verified_at is not null, identifier_id) {_SHOWN} as is_verified,
            coalesce(
                list(address order by identifier_id) filter (where channel = 'email'), []
            ) as emails,
            coalesce(
                list(address order by identifier_id) filter (where channel = 'whatsapp'), []
            ) as whatsapps
        from identifier
        where {_IN_BATCH}
        group by contact_id
    ) as addresses on addresses.contact_id = batch.contact_id
"""
_IDENTIFIER_ROWS = """
    select
        batch.*,
        identifier.address as identifier,
        identifier.channel as type,
        identifier.verified_at is not null as is_verified,
        identifier.verified_at,
        identifier.created_at as added_at,
        identifier.domain,
        identifier.country
    from batch
    join identifier on identifier.identifier_id = batch.identifier_id
"""
_SESSION_ROWS = """
    select
        batch.place,
        batch.contact_id,
        viewing_session.viewing_session_id as session_id,
        viewing_session.started_at,
        viewing_session.last_seen_at,
        viewing_session.is_verified,
        identifier.address as identifier,
        identifier.channel as type,
        share_link.name as share_link,
        workspace.name as workspace,
        coalesce(opened.documents, []) as documents
    from batch
    join viewing_session on viewing_session.viewing_session_id = batch.viewing_session_id
    left join identifier on identifier.identifier_id = viewing_session.identifier_id
    left join share_link on share_link.share_link_id = viewing_session.share_link_id
    left join workspace on workspace.workspace_id = viewing_session.workspace_id
    left join (
        select
            viewing_session_id,
            list(document.name order by document_view_id) as documents
        from document_view
        join document on document.document_id = document_view.document_id
        where viewing_session_id in (select viewing_session_id from batch)
        group by viewing_session_id
    ) as opened on opened.viewing_session_id = batch.viewing_session_id
"""
_ROWS = {
    RowKind.CONTACTS: _CONTACT_ROWS,
    RowKind.IDENTIFIERS: _IDENTIFIER_ROWS,
    RowKind.SESSIONS: _SESSION_ROWS,
}
_DETAILS = """
    left join (
        select
            contact_id,
            name,
            company,
            notes
        from contact
    ) as details on details.contact_id = named.contact_id
"""
_TAGS = f"""
    left join (
        select
            contact_id,
            list(tag order by lower(tag), tag) as tags
        from contact_tag
        where {_IN_BATCH}
        group by contact_id
    ) as tagged on tagged.contact_id = named.contact_id
"""
# What each address consented to by now; a contact did if one of its addresses does.
_AGREEMENTS = f"""
    select
        identifier.contact_id,
        identifier.identifier_id,
        identifier.channel,
        identifier.address,
        bool_or(consent.withdrawn_at is null) as is_standing
    from consent
    join identifier on identifier.identifier_id = consent.identifier_id
    where identifier.{_IN_BATCH}
    group by all
"""
_STANDING = "list(address order by identifier_id) filter (where is_standing and channel = {})"
_CONSENT_OF_CONTACT = f"""
    left join (
        select
            contact_id,
            if(bool_or(is_standing), 'given', 'withdrawn') as consent_word,
            {_STANDING.format("'email'")} as consenting_emails,
            {_STANDING.format("'whatsapp'")} as consenting_whatsapps
        from ({_AGREEMENTS})
        group by contact_id
    ) as agreed on agreed.contact_id = named.contact_id
"""
_CONSENT_OF_IDENTIFIER = f"""
    left join (
        select
            identifier_id,
            if(is_standing, 'given', 'withdrawn') as consent_word
        from ({_AGREEMENTS})
    ) as agreed on agreed.identifier_id = named.identifier_id
"""
_SOURCES = {
    Source.DETAILS: (_DETAILS, "details.* exclude (contact_id)"),
    Source.TAGS: (_TAGS, "coalesce(tagged.tags, []) as tags"),
}
_CONSENT = (
    _CONSENT_OF_CONTACT,
    "coalesce(agreed.consent_word, 'none') as consent,"
    " agreed.consenting_emails, agreed.consenting_whatsapps",
)
_OWN_CONSENT = (_CONSENT_OF_IDENTIFIER, "coalesce(agreed.consent_word, 'none') as consent")


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of the rows: the relation `listed` in front of a question, and what it binds."""

    listed: str
    parameters: Parameters
    row_count: int


def listed_batches(
    wanted: ExportWanted,
    columns: Collection[Column],
    shown_channels: list[Channel],
    row_count: int,
    *,
    size: int = BATCH_ROWS,
) -> Iterator[Batch]:
    """The picked rows in pieces, each as SQL that begins a statement over `listed`.

    Each row of `listed` has its `place`, by which the statement has to be put in order.
    """
    kind = RowKind.IDENTIFIERS if wanted.is_opted_out else wanted.rows
    bound: Parameters = {"channels": shown_channels} if kind is RowKind.CONTACTS else {}
    listed = _listed_sql(kind, {column.needs for column in columns if column.needs})
    for after in range(0, row_count, size):
        until = min(after + size, row_count)
        yield Batch(listed, bound | {"after": after, "until": until}, until - after)


def _listed_sql(kind: RowKind, needed: Collection[Source]) -> str:
    consent = _OWN_CONSENT if kind is RowKind.IDENTIFIERS else _CONSENT
    sources = _SOURCES | {Source.CONSENT: consent}
    joined = [sources[source] for source in Source if source in needed]
    return f"""
        with batch as materialized ({_BATCH}),
        listed as (
            select
                {", ".join(["named.*", *(cells for _, cells in joined)])}
            from ({_ROWS[kind]}) as named
            {" ".join(join for join, _ in joined)}
        )
    """
