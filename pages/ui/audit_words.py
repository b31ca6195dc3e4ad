"""The words of the audit trail: what was done, by whom, about what."""

from collections.abc import Mapping

from data.audit import ActorKind, AuditEvent
from data.audit_queries import AuditLine
from pages.ui.export_log_words import export_log_words

AUDIT_WORDS = {
    AuditEvent.CHALLENGE_SENT: "Asked for a code",
    AuditEvent.CHALLENGE_DECOY: "Asked for a code, and is not allowed",
    AuditEvent.GATE_DENIED: "Was not allowed in",
    AuditEvent.LIMIT_HIT: "Met a limit",
    AuditEvent.LIMIT_LIFTED: "Let somebody through a limit",
    AuditEvent.SESSION_OPENED: "Began a viewing session",
    AuditEvent.CONSENT_GIVEN: "Consented to be written to",
    AuditEvent.CONSENT_WITHDRAWN: "Withdrew consent of unsubscribed addresses",
    AuditEvent.CHALLENGE_FAILED: "Gave a wrong code",
    AuditEvent.CHALLENGE_GRANTED: "Passed the gate",
    AuditEvent.WORKSPACE_ADDED: "Made a workspace",
    AuditEvent.WORKSPACE_RENAMED: "Renamed a workspace",
    AuditEvent.WORKSPACE_ARCHIVED: "Archived a workspace",
    AuditEvent.WORKSPACE_RESTORED: "Put a workspace back",
    AuditEvent.DOCUMENT_ADDED: "Uploaded a document",
    AuditEvent.DOCUMENT_RENAMED: "Renamed a document",
    AuditEvent.DOCUMENT_ARCHIVED: "Archived a document",
    AuditEvent.DOCUMENT_RESTORED: "Put a document back",
    AuditEvent.LINK_ADDED: "Made a share link",
    AuditEvent.LINK_CHANGED: "Changed a share link",
    AuditEvent.LINK_REVOKED: "Revoked a share link",
    AuditEvent.LINK_ARCHIVED: "Archived a share link",
    AuditEvent.LINK_RESTORED: "Put a share link back",
    AuditEvent.CONTACT_CHANGED: "Changed a contact's details",
    AuditEvent.CONTACT_ARCHIVED: "Archived a contact",
    AuditEvent.CONTACT_RESTORED: "Put a contact back",
    AuditEvent.CONTACT_REVOKED: "Revoked a contact's access",
    AuditEvent.CONTACT_ERASED: "Erased a person",
    AuditEvent.CONTACT_MERGED: "Merged two contacts",
    AuditEvent.CONTACT_MERGE_UNDONE: "Undid a merge of contacts",
    AuditEvent.CONTACT_SPLIT: "Split a contact",
    AuditEvent.CONTACTS_TOLD_APART: "Told two contacts apart",
    AuditEvent.CONTACTS_ALIKE_AGAIN: "Let a pair be suggested again",
    AuditEvent.EXPECTED_CHANGED: "Changed who is expected at a link",
    AuditEvent.ACCOUNT_CHANGED: "Changed the account",
    AuditEvent.EXPORT_MADE: "Downloaded contacts",
    AuditEvent.SIGNED_IN: "Signed in",
    AuditEvent.SIGNED_OUT: "Signed out",
    AuditEvent.SIGNED_OUT_ELSEWHERE: "Signed another browser out",
    AuditEvent.SIGN_IN_FAILED: "Failed to sign in",
    AuditEvent.MEMBER_INVITED: "Invited a member",
    AuditEvent.MEMBER_JOINED: "Joined as a member",
    AuditEvent.MEMBER_CHANGED: "Changed a member",
    AuditEvent.MEMBER_REMOVED: "Removed a member",
    AuditEvent.INVITATION_WITHDRAWN: "Withdrew an invitation",
    AuditEvent.PASSWORD_CHANGED: "Changed their password",
    AuditEvent.PASSWORD_LINK_MADE: "Made a password link",
    AuditEvent.SECOND_FACTOR_ON: "Turned the second factor on",
    AuditEvent.SECOND_FACTOR_OFF: "Turned the second factor off",
    AuditEvent.RECOVERY_CODES_MADE: "Made recovery codes",
    AuditEvent.RECOVERY_CODE_USED: "Signed in by a recovery code",
    AuditEvent.TEST_SENT: "Sent a test message",
    AuditEvent.WEBHOOK_ADDED: "Added a webhook",
    AuditEvent.WEBHOOK_CHANGED: "Changed a webhook",
    AuditEvent.WEBHOOK_SECRET_MADE: "Made a webhook's new secret",
    AuditEvent.WEBHOOK_REMOVED: "Removed a webhook",
    AuditEvent.WEBHOOK_TESTED: "Tried a webhook out",
    AuditEvent.WEBHOOK_REDELIVERED: "Sent a webhook's message again",
    AuditEvent.TOKEN_MADE: "Made an access token",
    AuditEvent.TOKEN_REVOKED: "Revoked an access token",
    AuditEvent.TOKEN_REFUSED: "Asked with a token that opens nothing",
    AuditEvent.OUTBOX_READ: "Looked into the outbox",
    AuditEvent.VIEW_SHARED: "Shared a saved view",
    AuditEvent.VIEW_UNSHARED: "Stopped sharing a saved view",
    AuditEvent.VIEW_CHANGED: "Changed a shared view",
    AuditEvent.VIEW_DELETED: "Deleted a shared view",
    AuditEvent.RETENTION_CHANGED: "Changed how long contacts are kept",
    AuditEvent.CONTACTS_EXPIRED: "Removed contacts whose time was over",
}

Names = Mapping[int, str]


def event_words(event: AuditEvent) -> str:
    """What was done, as the end of a sentence that begins with who did it."""
    return AUDIT_WORDS.get(event, event.replace("_", " ").capitalize())


def actor_words(line: AuditLine) -> str:
    """Who did it: a member's email, or of a viewer what is known of them."""
    if line.actor_kind is ActorKind.MEMBER:
        return line.member or "A member"
    if line.actor_kind is ActorKind.GATEBOOK:
        return "Gatebook itself"
    return line.identifier_mask or "A viewer"


def _detail_words(line: AuditLine) -> str | None:
    is_export = line.event is AuditEvent.EXPORT_MADE
    return export_log_words(line.detail) if is_export else line.detail


def about_words(line: AuditLine, links: Names, workspaces: Names) -> str:
    """What it was about: the link, else the workspace, and whatever else was written down."""
    is_members = line.actor_kind is ActorKind.MEMBER
    parts = (
        links.get(line.share_link_id or 0, ""),
        "" if line.share_link_id else workspaces.get(line.workspace_id or 0, ""),
        line.identifier_mask if is_members else "",
        _detail_words(line),
    )
    return " · ".join(part for part in parts if part)
