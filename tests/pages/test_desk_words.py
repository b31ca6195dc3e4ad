"""The desk's words: no refusal is speechless, and no sentence promises too much."""

from dataclasses import replace
from datetime import UTC, datetime

from data.audit import AuditEvent
from data.list_entries import EntryForm, ListEntry, ListSide
from data.records import ShareLink
from gate.desk_errors import (
    AccessTokenFault,
    AccessTokenRefused,
    AccountFault,
    AccountRefused,
    ContactFault,
    ContactRefused,
    DeskRefusal,
    DocumentFault,
    DocumentRefused,
    ExpectedFault,
    ExpectedRefused,
    LinkFault,
    LinkRefused,
    MemberFault,
    MemberRefused,
    UploadFault,
    UploadRefused,
    ViewFault,
    ViewRefused,
    WebhookFault,
    WebhookRefused,
    WorkspaceFault,
    WorkspaceRefused,
)
from gate.entitlements import Feature
from pages.ui.audit_words import AUDIT_WORDS
from pages.ui.desk_words import desk_sentence, format_size, judged_words
from pages.ui.plan_words import FEATURE_WORDS

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LINK = ShareLink(
    share_link_id=1,
    slug="slug",
    name="Deck",
    workspace_id=1,
    document_id=None,
    requires_email=True,
    verifies_email=False,
    requires_whatsapp=False,
    verifies_whatsapp=False,
    pass_seconds=86_400,
    policy_epoch=1,
    created_at=NOW,
    expires_at=None,
    revoked_at=None,
)


def test_every_refusal_has_a_sentence_that_says_what_to_do() -> None:
    refusals: list[DeskRefusal] = [UploadRefused(fault, 1_572_864) for fault in UploadFault]
    refusals += [DocumentRefused(fault) for fault in DocumentFault]
    refusals += [WorkspaceRefused(fault) for fault in WorkspaceFault]
    refusals += [LinkRefused(fault) for fault in LinkFault]
    refusals += [AccountRefused(fault) for fault in AccountFault]
    refusals += [ContactRefused(fault) for fault in ContactFault]
    refusals += [ViewRefused(fault) for fault in ViewFault]
    refusals += [MemberRefused(fault) for fault in MemberFault]
    refusals += [ExpectedRefused(fault) for fault in ExpectedFault]
    refusals += [AccessTokenRefused(fault) for fault in AccessTokenFault]
    refusals += [WebhookRefused(fault) for fault in WebhookFault]
    sentences = [desk_sentence(refusal) for refusal in refusals]
    assert {type(refusal) for refusal in refusals} == set(DeskRefusal.__subclasses__())
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in sentences)
    assert "1.5 MB" in desk_sentence(UploadRefused(UploadFault.TOO_LARGE, 1_572_864))


def test_everything_in_the_audit_trail_has_words() -> None:
    assert set(AUDIT_WORDS) == set(AuditEvent)
    assert len(set(AUDIT_WORDS.values())) == len(AuditEvent)


def test_every_feature_of_a_plan_has_words() -> None:
    assert set(FEATURE_WORDS) == set(Feature)


def say_allowed(**rules: object) -> str:
    """What is told of allowing Eve's address on a link with these rules."""
    entry = ListEntry(ListSide.LET_IN, EntryForm.ADDRESS_HASH, "hash", "e***@e***.org")
    link = replace(LINK, **rules)  # type: ignore[arg-type]
    return judged_words(entry, link, "Deck", NOW)


def test_allowing_somebody_promises_no_more_than_it_does() -> None:
    plain = say_allowed()
    assert plain == "e***@e***.org is allowed on Deck, even where a domain or prefix is blocked."
    beside = " What they give by WhatsApp has to be allowed too."
    assert say_allowed(requires_whatsapp=True) == plain + beside
    assert say_allowed(requires_whatsapp=True, accepts_either=True) == plain
    assert say_allowed(revoked_at=NOW) == plain + " But nobody can open the link now: revoked."


def test_sizes_are_in_the_unit_that_people_use() -> None:
    sizes = [format_size(size) for size in (0, 1023, 1024, 1_572_864, 5 * 1024**4)]
    assert sizes == ["0 bytes", "1,023 bytes", "1.0 KB", "1.5 MB", "5,120.0 GB"]
