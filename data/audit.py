"""The append-only trail: who did what, when. Never a code, token, slug or raw identifier."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.database import Reader, Transaction
from data.engine.together import spread


class AuditEvent(StrEnum):
    """What can be found in the trail."""

    CHALLENGE_SENT = "challenge_sent"
    CHALLENGE_DECOY = "challenge_decoy"
    GATE_DENIED = "gate_denied"
    LIMIT_HIT = "limit_hit"
    LIMIT_LIFTED = "limit_lifted"
    SESSION_OPENED = "session_opened"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CHALLENGE_FAILED = "challenge_failed"
    CHALLENGE_GRANTED = "challenge_granted"
    WORKSPACE_ADDED = "workspace_added"
    DOCUMENT_ADDED = "document_added"
    LINK_ADDED = "link_added"
    LINK_CHANGED = "link_changed"
    LINK_REVOKED = "link_revoked"
    LINK_ARCHIVED = "link_archived"
    LINK_RESTORED = "link_restored"
    DOCUMENT_RENAMED = "document_renamed"
    DOCUMENT_ARCHIVED = "document_archived"
    DOCUMENT_RESTORED = "document_restored"
    WORKSPACE_RENAMED = "workspace_renamed"
    WORKSPACE_ARCHIVED = "workspace_archived"
    WORKSPACE_RESTORED = "workspace_restored"
    CONTACT_CHANGED = "contact_changed"
    CONTACT_ARCHIVED = "contact_archived"
    CONTACT_RESTORED = "contact_restored"
    CONTACT_REVOKED = "contact_revoked"
    CONTACT_ERASED = "contact_erased"
    CONTACT_MERGED = "contact_merged"
    CONTACT_MERGE_UNDONE = "contact_merge_undone"
    CONTACT_SPLIT = "contact_split"
    CONTACTS_TOLD_APART = "contacts_told_apart"
    CONTACTS_ALIKE_AGAIN = "contacts_alike_again"
    EXPECTED_CHANGED = "expected_changed"
    ACCOUNT_CHANGED = "account_changed"
    EXPORT_MADE = "export_made"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_ELSEWHERE = "signed_out_elsewhere"
    SIGN_IN_FAILED = "sign_in_failed"
    MEMBER_INVITED = "member_invited"
    MEMBER_JOINED = "member_joined"
    MEMBER_CHANGED = "member_changed"
    MEMBER_REMOVED = "member_removed"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    PASSWORD_LINK_MADE = "password_link_made"  # noqa: S105 - the name of an event
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    TEST_SENT = "test_sent"
    TOKEN_MADE = "token_made"  # noqa: S105 - the name of an event
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the name of an event
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_SECRET_MADE = "webhook_secret_made"  # noqa: S105 - the name of an event
    WEBHOOK_REMOVED = "webhook_removed"
    WEBHOOK_TESTED = "webhook_tested"
    WEBHOOK_REDELIVERED = "webhook_redelivered"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the name of an event
    OUTBOX_READ = "outbox_read"
    VIEW_SHARED = "view_shared"
    VIEW_UNSHARED = "view_unshared"
    VIEW_CHANGED = "view_changed"
    VIEW_DELETED = "view_deleted"
    RETENTION_CHANGED = "retention_changed"
    CONTACTS_EXPIRED = "contacts_expired"


class ActorKind(StrEnum):
    """Who acted."""

    VIEWER = "viewer"
    MEMBER = "member"
    GATEBOOK = "gatebook"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the trail. An identifier appears only as its keyed hash and its mask."""

    created_at: datetime
    event: AuditEvent
    actor_kind: ActorKind
    actor_id: int | None = None
    workspace_id: int | None = None
    share_link_id: int | None = None
    identifier_hash: str | None = None
    identifier_mask: str | None = None
    detail: str | None = None


def insert_audit(tx: Transaction, entry: AuditEntry) -> None:
    """Add one line to the trail, in the transaction of the act itself."""
    tx.run(
        spread("""
        insert into audit
        values (
            nextval('audit_id_seq'),
            $created_at,
            $actor_kind,
            $actor_id,
            $workspace_id,
            $share_link_id,
            $event,
            $identifier_hash,
            $identifier_mask,
            $detail
        )
        """),
        created_at=entry.created_at,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        workspace_id=entry.workspace_id,
        share_link_id=entry.share_link_id,
        event=entry.event,
        identifier_hash=entry.identifier_hash,
        identifier_mask=entry.identifier_mask,
        detail=entry.detail,
    )


def count_audit(reader: Reader, event: AuditEvent, *, actor_id: int, since: datetime) -> int:
    """How often this member did this since an instant."""
    row = reader.row(
        """
        select count(*)
        from audit
        where
            event = $event
            and actor_id = $actor_id
            and created_at > $since
        """,
        event=event,
        actor_id=actor_id,
        since=since,
    )
    return int(row[0]) if row else 0


def purge_audit(tx: Transaction, *, before: datetime) -> None:
    """Forget what was done before an instant."""
    tx.run("delete from audit where created_at < $before", before=before)
