"""Who may download contacts, and the line that each download leaves in the trail.

The only way to `data.export`: role and plan are checked here, where the rows are read.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from data.accounts import get_account
from data.audit import ActorKind, AuditEntry, AuditEvent, insert_audit
from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import count_contacts, match_contacts
from data.database import Database
from data.export import CSV_COLUMNS, stream_contacts_csv
from data.records import Member, Role
from gate.codes import Pepper, keyed_hash
from gate.entitlements import Feature, require_feature
from gate.errors import NotPermitted

EXPORTING_ROLES = frozenset({Role.OWNER, Role.ANALYST})


@dataclass(frozen=True, slots=True)
class ContactsCsv:
    """A download that was permitted: how many contacts it has, its bytes piece by piece, its name.

    Nothing is read before the first piece is asked for. `row_count` is that of the permission;
    who passes a gate before the first piece is read is in the file too.
    """

    row_count: int
    chunks: Iterator[bytes]
    file_name: str


def open_contacts_csv(
    db: Database,
    member: Member | None,
    contact_filter: ContactFilter,
    sort: ContactSort,
    now: datetime,
    *,
    pepper: Pepper | None = None,
) -> ContactsCsv:
    """Every contact of the filter as CSV, in the order of `sort`, for a member who may have it.

    The plan is read from the database at this moment. The export is in the audit trail before
    its first byte leaves. What was typed is never written down: with a `pepper`, keyed
    hashes of search, domains, companies and tags stand for them there.

    Raises:
        NotPermitted: nobody is signed in, or the role or the account's plan does not include it.
    """
    if member is None or member.role not in EXPORTING_ROLES:
        raise NotPermitted(Feature.EXPORT_CSV)
    account = get_account(db)
    require_feature(account.plan, Feature.EXPORT_CSV)
    matched = match_contacts(contact_filter)
    row_count = count_contacts(db, matched)
    words = _filter_words(contact_filter, pepper) | {
        "sort": f"{sort.column} {'descending' if sort.is_descending else 'ascending'}",
        "columns": list(CSV_COLUMNS),
        "row_count": row_count,
    }
    _record_export(db, member, words, now)
    today = now.astimezone(ZoneInfo(account.time_zone)).date()
    return ContactsCsv(
        row_count=row_count,
        chunks=stream_contacts_csv(db, matched, sort),
        file_name=f"gatebook-contacts-{today.isoformat()}.csv",
    )


def _record_export(db: Database, member: Member, words: dict[str, object], now: datetime) -> None:
    with db.transaction() as tx:
        insert_audit(
            tx,
            AuditEntry(
                created_at=now,
                event=AuditEvent.EXPORT_MADE,
                actor_kind=ActorKind.MEMBER,
                actor_id=member.member_id,
                detail=json.dumps(words),
            ),
        )


def _filter_words(chosen: ContactFilter, pepper: Pepper | None) -> dict[str, object]:
    """What the filter says, without what was typed; what it leaves open is not there."""
    words: dict[str, object] = {
        "channels": sorted(chosen.channels),
        "share_link_ids": sorted(chosen.share_link_ids),
        "document_ids": sorted(chosen.document_ids),
        "workspace_ids": sorted(chosen.workspace_ids),
        "is_verified": chosen.is_verified,
        "from_on": _day_words(chosen.from_on),
        "to_on": _day_words(chosen.to_on),
        "time_zone": chosen.time_zone,
        "includes_archived": chosen.includes_archived,
        "has_search": bool(chosen.search),
        "search_hash": _hash_text(pepper, chosen.search) if chosen.search else None,
        "first_seen_from_on": _day_words(chosen.first_seen_from_on),
        "first_seen_to_on": _day_words(chosen.first_seen_to_on),
        "min_access_count": chosen.min_access_count,
        "max_access_count": chosen.max_access_count,
        "domain_hashes": _hash_texts(pepper, chosen.domains),
        "company_hashes": _hash_texts(pepper, chosen.companies),
        "countries": sorted(chosen.countries),
        "tag_hashes": _hash_texts(pepper, chosen.tags),
        "consent": chosen.consent,
        "quiet_days": chosen.quiet_days,
        "today_on": _day_words(chosen.today_on),
    }
    return {name: word for name, word in words.items() if word is not None and word != []}


def _hash_texts(pepper: Pepper | None, texts: Iterable[str]) -> list[str | None]:
    return sorted((_hash_text(pepper, text) for text in texts), key=str)


def _hash_text(pepper: Pepper | None, text: str) -> str | None:
    return None if pepper is None else keyed_hash(pepper, text)


def _day_words(day: date | None) -> str | None:
    return day.isoformat() if day else None
