"""The contact list as CSV: every row of a filter in the list's order, in memory that stays flat.

RFC 4180, UTF-8 without a BOM, CRLF, ISO 8601 in UTC. DuckDB formats and escapes each line.
"""

from collections.abc import Iterator

from data.contact_filter import ContactSort
from data.contact_queries import Matched, contacts_statement
from data.database import Database
from data.export.formula_guard import guarded_sql

CSV_COLUMNS = (
    "identifier",
    "type",
    "verified",
    "last_accessed_at",
    "first_accessed_at",
    "access_count",
    "email",
    "whatsapp",
)
LINE_END = "\r\n"


def _quoted_sql(cell: str) -> str:
    """The expression in quotes where RFC 4180 wants them; a lone CR or LF wants them too."""
    return f"""
        case
            when regexp_matches({cell}, '[",\\r\\n]') then '"' || replace({cell}, '"', '""') || '"'
            else {cell}
        end
    """


def _instant_sql(instant: str) -> str:
    """The expression as ISO 8601 in UTC, in whole seconds; empty where it is null."""
    return f"coalesce(strftime({instant} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'), '')"


_LINE_SQL = f"""
    select
        {_quoted_sql("identifier")}
        || ',' || type
        || ',' || is_verified::varchar
        || ',' || {_instant_sql("last_accessed_at")}
        || ',' || {_instant_sql("first_accessed_at")}
        || ',' || access_count::varchar
        || ',' || {_quoted_sql("email")}
        || ',' || {_quoted_sql("whatsapp")}
        as line
    from (
        select
            {guarded_sql("identifier", is_phone="type = 'whatsapp'")} as identifier,
            type,
            is_verified,
            last_accessed_at,
            first_accessed_at,
            access_count,
            {guarded_sql("email", is_phone="false")} as email,
            {guarded_sql("whatsapp", is_phone="true")} as whatsapp
        from (
            select
                * exclude (emails, whatsapps),
                coalesce(array_to_string(emails, '; '), '') as email,
                coalesce(array_to_string(whatsapps, '; '), '') as whatsapp
            from listed
        )
    )
"""


def stream_contacts_csv(db: Database, matched: Matched, sort: ContactSort) -> Iterator[bytes]:
    """The whole list as a CSV file, header first, some thousand rows at a time; never capped.

    One row is one contact, in the order and with the values of the list on screen. `identifier`
    is the one that the list shows. `email` and `whatsapp` hold every address of that channel:
    nearly always one, so that the column can be imported as it is; several, of one person with
    two numbers, are joined with "; ", which loses none (and then guarded, as it is no number).
    Rows are one snapshot, that of the first row's reading. A failure midway raises, so that the
    download breaks off instead of ending as if it were whole.
    """
    sql, parameters = contacts_statement(matched, sort)
    yield (",".join(CSV_COLUMNS) + LINE_END).encode()
    for batch in db.stream(f"with listed as ({sql}) {_LINE_SQL}", **parameters):
        yield "".join(f"{line}{LINE_END}" for line in batch[0]).encode()
