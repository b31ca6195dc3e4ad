"""The desk's words: sentences for an owner's refusals, and short names for what is listed."""

from collections.abc import Mapping
from datetime import datetime

from data.database import StorageFailed
from data.list_entries import EntryForm, ListCounts, ListEntry, ListSide
from data.records import Channel, LinkState, ShareLink
from gate.contact_details import MAX_NOTES_LENGTH, MAX_TAGS
from gate.desk_errors import (
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
    MemberRefused,
    UploadFault,
    UploadRefused,
    ViewFault,
    ViewRefused,
    WebhookRefused,
    WorkspaceFault,
    WorkspaceRefused,
)
from gate.errors import NotPermitted
from gate.saved_views import MAX_VIEW_NAME_LENGTH, MAX_VIEWS
from pages.ui.connection_words import LOCKED, connection_sentence
from pages.ui.member_words import member_fault_words

UPLOAD_WORDS = {
    UploadFault.EMPTY: "This file is empty. Choose one with content.",
    UploadFault.TOO_LARGE: "This file is larger than {limit}. Make it smaller, or raise "
    "GATEBOOK_UPLOAD_LIMIT_MB.",
    UploadFault.UNKNOWN_WORKSPACE: "This workspace is gone. Load the page and choose another.",
    UploadFault.DISK_FULL: "The disk is full. Free some space and upload the file again.",
    UploadFault.STORAGE_FAILED: "The file could not be saved. Upload it again.",
}
DOCUMENT_WORDS = {
    DocumentFault.GONE: "This document isn't here any more. Load the page again.",
    DocumentFault.NAME_MISSING: "Give the document a name.",
}
WORKSPACE_WORDS = {
    WorkspaceFault.GONE: "This workspace isn't here any more. Load the page again.",
    WorkspaceFault.NAME_MISSING: "Give the workspace a name.",
    WorkspaceFault.NAME_TAKEN: "There is a workspace of this name already. Choose another name.",
}
LINK_WORDS = {
    LinkFault.UNKNOWN_WORKSPACE: "This workspace is gone. Choose another.",
    LinkFault.DOCUMENT_ELSEWHERE: "This document is not in the workspace. Choose another.",
    LinkFault.VERIFIES_UNASKED: "To verify an address, require it too.",
    LinkFault.EXPIRES_IN_THE_PAST: "The last day is over already. Choose today or later.",
    LinkFault.PASS_LIFE: "A pass lasts between 1 hour and 30 days.",
    LinkFault.PASSWORD_LENGTH: "A password has 8 to 128 characters. Choose another.",
    LinkFault.EITHER_OF_ONE: "To let viewers choose, require both email and WhatsApp.",
    LinkFault.VIEW_LIMIT: "The number of views is 1 or more. Leave it empty for no limit.",
    LinkFault.LIST_UNASKED: "A list needs something to compare: require email or WhatsApp.",
    LinkFault.GONE: "This share link isn't here any more. Load the page again.",
    LinkFault.CHANGED_MEANWHILE: "The rules were changed meanwhile, so nothing was saved. Look at "
    "them again: what you typed is still in its fields.",
    LinkFault.LIST_TOO_LONG: "A list has at most 10,000 entries. Use @domain or +prefix entries.",
}
ACCOUNT_WORDS = {
    AccountFault.NAME_MISSING: "Give the account a name.",
    AccountFault.UNKNOWN_TIME_ZONE: "There is no such time zone. Choose one of the list.",
    AccountFault.UNKNOWN_PERIOD: "Choose from 1 to 36 months, or until somebody erases them.",
}
CONTACT_WORDS = {
    ContactFault.GONE: "This contact isn't here any more: it was erased or merged.",
    ContactFault.NOTES_TOO_LONG: f"Notes have at most {MAX_NOTES_LENGTH:,} characters. "
    "Make them shorter.",
    ContactFault.TOO_MANY_TAGS: f"A contact has at most {MAX_TAGS} tags. Take some away.",
    ContactFault.SAME_CONTACT: "This is one contact already. Choose another one.",
    ContactFault.MERGED_ALREADY: "One of the two was merged in the meantime. Look at it again "
    "before you merge.",
    ContactFault.MERGE_GONE: "This can't be undone: somebody of this merge was erased.",
    ContactFault.UNDONE_ALREADY: "This merge was undone already.",
    ContactFault.MERGED_FURTHER: "This contact became part of another since. Undo that merge "
    "first.",
    ContactFault.LATER_MERGE: "Another contact was merged into this one since. Undo that merge "
    "first, or split addresses out.",
    ContactFault.TAKEN_APART: "These addresses were split up since, so this merge can't be undone. "
    "Merge or split the contacts as they are now.",
    ContactFault.NOTHING_TO_SPLIT: "Choose at least one address of this contact.",
    ContactFault.NOTHING_LEFT: "One address has to stay with this contact. Choose fewer.",
}
VIEW_WORDS = {
    ViewFault.GONE: "That view is not there any more.",
    ViewFault.NAME_MISSING: "Give the view a name.",
    ViewFault.NAME_TOO_LONG: f"A name has at most {MAX_VIEW_NAME_LENGTH} characters. Shorten it.",
    ViewFault.NAME_TAKEN: "There is a view of this name already. Choose another name.",
    ViewFault.TOO_MANY: f"You have {MAX_VIEWS} views already. Delete one first.",
}
SIGNED_OUT = "You were signed out, so nothing was changed. Load the page to sign in again."
EXPECTED_WORDS = {
    ExpectedFault.LINK_GONE: "This link is gone. Load the page and choose another.",
    ExpectedFault.TOO_MANY: "A link expects at most 10,000. Take some off the list first.",
}
NOT_AN_OWNER = "Only an owner can do this. Ask an owner of this account."

CHANNEL_NAMES = {Channel.EMAIL: "Email", Channel.WHATSAPP: "WhatsApp"}
STATE_WORDS = {
    LinkState.ACTIVE: "Active",
    LinkState.EXPIRED: "Expired",
    LinkState.REVOKED: "Revoked",
    LinkState.USED_UP: "Views used up",
    LinkState.ARCHIVED: "Archived",
    LinkState.EMPTY: "Opens nothing",
}
TYPE_WORDS = {
    "application/pdf": "PDF",
    "image/png": "PNG image",
    "image/jpeg": "JPEG image",
    "image/gif": "GIF image",
    "image/webp": "WebP image",
    "text/markdown": "Markdown",
    "text/plain": "Text",
}
_ENTRY_NOUNS = (
    ((EntryForm.ADDRESS, EntryForm.ADDRESS_HASH), ("address", "addresses")),
    ((EntryForm.NUMBER, EntryForm.NUMBER_HASH), ("number", "numbers")),
    ((EntryForm.DOMAIN, EntryForm.SUBDOMAINS), ("domain", "domains")),
    ((EntryForm.PREFIX,), ("prefix", "prefixes")),
)


def desk_sentence(refusal: DeskRefusal | NotPermitted | StorageFailed) -> str:
    """What the owner is told to do about a change that was not made."""
    match refusal:
        case UploadRefused(fault=fault, limit_bytes=limit):
            return UPLOAD_WORDS[fault].format(limit=format_size(limit))
        case DocumentRefused() | WorkspaceRefused() | ViewRefused():
            return _shelf_sentence(refusal)
        case LinkRefused(fault=fault):
            return LINK_WORDS[fault]
        case ContactRefused() | ExpectedRefused():
            return _people_sentence(refusal)
        case AccountRefused(fault=fault):
            return ACCOUNT_WORDS[fault]
        case MemberRefused(fault=fault, wait=wait):
            return member_fault_words(fault, wait)
        case AccessTokenRefused() | WebhookRefused() | NotPermitted():
            return _programs_sentence(refusal)
        case _:
            return str(refusal)


def _shelf_sentence(refusal: DocumentRefused | WorkspaceRefused | ViewRefused) -> str:
    if isinstance(refusal, ViewRefused):
        return VIEW_WORDS[refusal.fault]
    if isinstance(refusal, DocumentRefused):
        return DOCUMENT_WORDS[refusal.fault]
    return WORKSPACE_WORDS[refusal.fault]


def _people_sentence(refusal: ContactRefused | ExpectedRefused) -> str:
    if isinstance(refusal, ContactRefused):
        return CONTACT_WORDS[refusal.fault]
    return EXPECTED_WORDS[refusal.fault]


def _programs_sentence(refusal: AccessTokenRefused | WebhookRefused | NotPermitted) -> str:
    if isinstance(refusal, NotPermitted):
        return LOCKED.get(refusal.feature, NOT_AN_OWNER)
    return connection_sentence(refusal)


def format_size(byte_count: int) -> str:
    """A size in the unit that people use for it: `1.5 MB`, in powers of 1024."""
    size = float(byte_count)
    for unit in ("bytes", "KB", "MB"):
        if size < 1024:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} GB"


def type_words(content_type: str) -> str:
    """A content type as people say it; what is only ever downloaded is a file."""
    return TYPE_WORDS.get(content_type, "File to download")


def rules_words(link: ShareLink, counts: ListCounts) -> str:
    """What the gate of a link asks for: `Email, verified + WhatsApp`; `counts` are of its lists."""
    asked = [
        CHANNEL_NAMES[channel] + (", verified" if link.verifies(channel) else "")
        for channel in link.channels
    ]
    joined = (" or " if link.accepts_either else " + ").join(asked) or "Anyone with the link"
    further = (
        ("one of the two", link.accepts_either),
        ("password", link.password_hash is not None),
        (f"only {_say_entries(counts.allowed)}", bool(counts.allowed)),
        (f"{_say_entries(counts.denied)} denied", bool(counts.denied)),
        (say_count(link.view_limit or 0, "view", "views"), link.view_limit is not None),
        ("no download", not link.allows_download),
        ("fresh code", link.demands_fresh_code),
        ("consent", link.asks_consent),
    )
    return ", ".join([joined, *(words for words, is_so in further if is_so)])


def lists_words(counts: ListCounts) -> str:
    """How many a link's lists hold, as a sentence; empty without any."""
    allowed, denied = _say_entries(counts.allowed), _say_entries(counts.denied)
    if not denied:
        return f"{allowed} may open it." if allowed else ""
    if not allowed:
        return f"{denied} may not open it."
    return f"{allowed} may open it, {denied} may not."


def _say_entries(counts: Mapping[EntryForm, int]) -> str:
    """What a list names, as a domain is a whole company: `1 address and 1 domain`."""
    sums = [(sum(counts.get(form, 0) for form in forms), noun) for forms, noun in _ENTRY_NOUNS]
    said = [say_count(number, *noun) for number, noun in sums if number]
    return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))


def say_count(count: int, one: str, many: str) -> str:
    """A number with the noun that fits it: `1 view`, `2,000 views`."""
    return f"{count:,} {one if count == 1 else many}"


def judged_words(entry: ListEntry, link: ShareLink | None, name: str, now: datetime) -> str:
    """What became of allowing or blocking one person on a link called so, and no more than that."""
    if link is None:
        return "This link is gone, so nothing was changed."
    if entry.side is ListSide.DENY:
        return f"{entry.label} is blocked on {name}, in open tabs too."
    words = f"{entry.label} is allowed on {name}, even where a domain or prefix is blocked."
    others = [channel for channel in link.channels if channel is not entry.channel]
    if others and not link.accepts_either:
        words += f" What they give by {CHANNEL_NAMES[others[0]]} has to be allowed too."
    if (state := link.state(now)) is not LinkState.ACTIVE:
        words += f" But nobody can open the link now: {STATE_WORDS[state].lower()}."
    return words
