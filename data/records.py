"""The nouns that Gatebook stores: frozen records and closed enums. Questions: `data/<noun>.py`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """How a person is reached, which is a contact's *type*."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"


class Plan(StrEnum):
    """What the account pays for."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"


class Role(StrEnum):
    """What a member may do: an owner everything, an analyst see and export."""

    OWNER = "owner"
    ANALYST = "analyst"


class SessionKind(StrEnum):
    """Who was behind a viewing session; only `VIEWER` is ever counted."""

    VIEWER = "viewer"
    INTERNAL = "internal"
    BOT = "bot"


class LinkState(StrEnum):
    """Whether a share link opens anything at an instant."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED_UP = "used_up"
    ARCHIVED = "archived"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Account:
    """This installation: its name, plan and the IANA time zone in which days are cut."""

    name: str
    plan: Plan
    time_zone: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A person who may sign in to the owner's desk."""

    member_id: int
    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Workspace:
    """A named bundle of documents with its own share links."""

    workspace_id: int
    name: str
    created_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Document:
    """One shared file of a workspace; its bytes are the file `storage_name` in the home."""

    document_id: int
    workspace_id: int
    name: str
    content_type: str
    byte_count: int
    storage_name: str
    created_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShareLink:
    """The address that opens one document, or every document of its workspace, and its rules.

    `document_id` is None for a whole workspace. `policy_epoch` rises with each change of a rule,
    which voids open challenges and has passes of earlier epochs judged again. `view_limit` bounds
    viewing sessions. `password_epoch` is the one in which the password was last changed.
    """

    share_link_id: int
    slug: str
    name: str
    workspace_id: int
    document_id: int | None
    requires_email: bool
    verifies_email: bool
    requires_whatsapp: bool
    verifies_whatsapp: bool
    pass_seconds: int
    policy_epoch: int
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    accepts_either: bool = False
    allows_download: bool = True
    demands_fresh_code: bool = False
    view_limit: int | None = None
    view_count: int = 0
    password_hash: str | None = field(default=None, repr=False)
    password_epoch: int = 0
    asks_consent: bool = False
    archived_at: datetime | None = None
    is_target_archived: bool = False

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that the gate asks for, email first, or either of; empty if open."""
        asked = ((Channel.EMAIL, self.requires_email), (Channel.WHATSAPP, self.requires_whatsapp))
        return tuple(channel for channel, is_required in asked if is_required)

    def verifies(self, channel: Channel) -> bool:
        """Whether the gate proves an identifier of this channel with a code."""
        return self.verifies_email if channel is Channel.EMAIL else self.verifies_whatsapp

    def state(self, now: datetime) -> LinkState:
        """Whether the link opens at `now`; it has expired at the very instant `expires_at`."""
        is_over = self.expires_at is not None and now >= self.expires_at
        is_used_up = self.view_limit is not None and self.view_count >= self.view_limit
        closed = {
            LinkState.ARCHIVED: self.archived_at is not None,
            LinkState.REVOKED: self.revoked_at is not None,
            LinkState.EXPIRED: is_over,
            LinkState.EMPTY: self.is_target_archived,
            LinkState.USED_UP: is_used_up,
        }
        return next((state for state, is_so in closed.items() if is_so), LinkState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Identifier:
    """An address as its owner typed it, as we write to it, and as identity compares it.

    `key` is unique in the account; `address` is shown, exported and, for WhatsApp, sent to; email
    is sent to `typed`, which may differ from `key` in case.
    """

    channel: Channel
    key: str
    address: str
    typed: str

    @property
    def lookup(self) -> str:
        """Channel and key in one string: the one UNIQUE column that finds an identifier."""
        return f"{self.channel}:{self.key}"


@dataclass(frozen=True, slots=True)
class ContactIdentifier:
    """An identifier as stored with its contact; unverified while `verified_at` is None."""

    identifier_id: int
    contact_id: int
    channel: Channel
    key: str
    address: str
    created_at: datetime
    verified_at: datetime | None

    @property
    def lookup(self) -> str:
        """Channel and key in one string, as `Identifier.lookup`."""
        return f"{self.channel}:{self.key}"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One code sent to one identifier for one link and browser. The code itself is nowhere."""

    challenge_id: int
    gate_entry_id: int
    browser_id: int
    share_link_id: int
    policy_epoch: int
    channel: Channel
    identifier_key: str
    mac: str | None
    created_at: datetime
    sent_at: datetime
    expires_at: datetime
    send_count: int
    tries: int
    answered_at: datetime | None
    void_reason: str | None
    digits: int = 6
    is_decoy: bool = False


@dataclass(frozen=True, slots=True)
class Pass:
    """Proof that the gate let one browser into one share link.

    Identifiers and contact are None on an open link. Only a pass that was claimed opens anything.
    """

    pass_id: int
    browser_id: int
    share_link_id: int
    policy_epoch: int
    contact_id: int | None
    identifier_id: int | None
    other_identifier_id: int | None
    channel: Channel | None
    is_verified: bool
    issued_at: datetime
    expires_at: datetime
    claimed_at: datetime | None
    revoked_at: datetime | None
    is_other_verified: bool = False


@dataclass(frozen=True, slots=True)
class ViewingSession:
    """One visit with a pass; a contact's access count is the number of theirs."""

    viewing_session_id: int
    share_link_id: int
    workspace_id: int
    contact_id: int | None
    identifier_id: int | None
    channel: Channel | None
    is_verified: bool
    kind: SessionKind
    pass_id: int
    browser_id: int
    started_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
