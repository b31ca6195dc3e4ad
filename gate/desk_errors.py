"""Every way an owner's change is refused: data. `pages/ui/desk_words.py` makes the sentences."""

from datetime import timedelta
from enum import StrEnum


class DeskRefusal(Exception):
    """An owner's change was not made; nothing of it was saved."""


class UploadFault(StrEnum):
    """Why a file was not kept."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_WORKSPACE = "unknown_workspace"
    DISK_FULL = "disk_full"
    STORAGE_FAILED = "storage_failed"


class UploadRefused(DeskRefusal):
    """A file was not kept; `limit_bytes` is the largest that would be."""

    def __init__(self, fault: UploadFault, limit_bytes: int) -> None:
        """Keep what was wrong, and the largest size."""
        super().__init__(fault, limit_bytes)
        self.fault = fault
        self.limit_bytes = limit_bytes


class DocumentFault(StrEnum):
    """Why a document stayed as it was."""

    GONE = "gone"
    NAME_MISSING = "name_missing"


class DocumentRefused(DeskRefusal):
    """A document stayed as it was."""

    def __init__(self, fault: DocumentFault) -> None:
        """Keep what was wrong."""
        super().__init__(fault)
        self.fault = fault


class WorkspaceFault(StrEnum):
    """Why no workspace was made or changed."""

    NAME_MISSING = "name_missing"
    NAME_TAKEN = "name_taken"
    GONE = "gone"


class WorkspaceRefused(DeskRefusal):
    """No workspace was made or changed."""

    def __init__(self, fault: WorkspaceFault) -> None:
        """Keep what was wrong."""
        super().__init__(fault)
        self.fault = fault


class LinkFault(StrEnum):
    """Why no share link was made or changed."""

    UNKNOWN_WORKSPACE = "unknown_workspace"
    DOCUMENT_ELSEWHERE = "document_elsewhere"
    VERIFIES_UNASKED = "verifies_unasked"
    EXPIRES_IN_THE_PAST = "expires_in_the_past"
    PASS_LIFE = "pass_life"  # noqa: S105 - the life of a pass, no password
    PASSWORD_LENGTH = "password_length"  # noqa: S105 - how long one may be
    EITHER_OF_ONE = "either_of_one"
    VIEW_LIMIT = "view_limit"
    LIST_UNASKED = "list_unasked"
    LIST_TOO_LONG = "list_too_long"
    CHANGED_MEANWHILE = "changed_meanwhile"
    GONE = "gone"


class LinkRefused(DeskRefusal):
    """No share link was made or changed."""

    def __init__(self, fault: LinkFault) -> None:
        """Keep what was wrong."""
        super().__init__(fault)
        self.fault = fault


class ContactFault(StrEnum):
    """Why a contact was not changed."""

    GONE = "gone"
    NOTES_TOO_LONG = "notes_too_long"
    TOO_MANY_TAGS = "too_many_tags"
    SAME_CONTACT = "same_contact"
    MERGED_ALREADY = "merged_already"
    MERGE_GONE = "merge_gone"
    UNDONE_ALREADY = "undone_already"
    MERGED_FURTHER = "merged_further"
    LATER_MERGE = "later_merge"
    TAKEN_APART = "taken_apart"
    NOTHING_TO_SPLIT = "nothing_to_split"
    NOTHING_LEFT = "nothing_left"


class ContactRefused(DeskRefusal):
    """A contact was not changed."""

    def __init__(self, fault: ContactFault) -> None:
        """Keep what was wrong."""
        super().__init__(fault)
        self.fault = fault


class MemberFault(StrEnum):
    """Why nothing was changed about a member, an invitation or one's own sign-in."""

    GONE = "gone"
    EMAIL_MALFORMED = "email_malformed"
    EMAIL_TAKEN = "email_taken"
    LAST_OWNER = "last_owner"
    NAME_MISSING = "name_missing"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - a fault
    PASSWORD_TOO_LONG = "password_too_long"  # noqa: S105 - a fault
    PASSWORD_COMMON = "password_common"  # noqa: S105 - a fault
    PASSWORD_IS_EMAIL = "password_is_email"  # noqa: S105 - a fault
    PASSWORD_MISSING = "password_missing"  # noqa: S105 - a fault
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a fault
    WRONG_CODE = "wrong_code"
    TOO_MANY_TRIES = "too_many_tries"


class MemberRefused(DeskRefusal):
    """Nothing was changed; `wait` is how long until another try may be made, zero for now."""

    def __init__(self, fault: MemberFault, wait: timedelta = timedelta(0)) -> None:
        """Keep what was wrong, and how long to wait."""
        super().__init__(fault, wait)
        self.fault = fault
        self.wait = wait


class AccountFault(StrEnum):
    """Why the account stayed as it was."""

    NAME_MISSING = "name_missing"
    UNKNOWN_TIME_ZONE = "unknown_time_zone"
    UNKNOWN_PERIOD = "unknown_period"


class AccountRefused(DeskRefusal):
    """The account stayed as it was."""

    def __init__(self, fault: AccountFault) -> None:
        """Keep what was wrong."""
        super().__init__(fault)
        self.fault = fault


class ExpectedFault(StrEnum):
    """Why nobody was put down as expected."""

    LINK_GONE = "link_gone"
    TOO_MANY = "too_many"


class ExpectedRefused(DeskRefusal):
    """Nobody was put down as expected."""

    def __init__(self, fault: ExpectedFault) -> None:
        """Keep what was wrong."""
        super().__init__(fault)
        self.fault = fault


class ViewFault(StrEnum):
    """Why a saved view was not kept or changed."""

    GONE = "gone"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_TAKEN = "name_taken"
    TOO_MANY = "too_many"


class ViewRefused(DeskRefusal):
    """A saved view was not kept or changed."""

    def __init__(self, fault: ViewFault) -> None:
        """Keep what was wrong."""
        super().__init__(fault)
        self.fault = fault


class AccessTokenFault(StrEnum):
    """Why no access token was made or revoked."""

    NAME_MISSING = "name_missing"
    LIFE = "life"
    TOO_MANY = "too_many"
    GONE = "gone"


class AccessTokenRefused(DeskRefusal):
    """No access token was made or revoked."""

    def __init__(self, fault: AccessTokenFault) -> None:
        """Keep what was wrong."""
        super().__init__(fault)
        self.fault = fault


class WebhookFault(StrEnum):
    """Why a webhook stayed as it was."""

    ADDRESS_MALFORMED = "address_malformed"
    ADDRESS_NOT_HTTPS = "address_not_https"
    ADDRESS_NOT_PUBLIC = "address_not_public"
    NO_EVENTS = "no_events"
    TOO_MANY = "too_many"
    GONE = "gone"
    STILL_WAITING = "still_waiting"


class WebhookRefused(DeskRefusal):
    """A webhook stayed as it was."""

    def __init__(self, fault: WebhookFault) -> None:
        """Keep what was wrong."""
        super().__init__(fault)
        self.fault = fault
