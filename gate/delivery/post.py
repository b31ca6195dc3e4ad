"""Mail to members: invitations and links for a new password, sent from a thread of their own.

The owner is shown the same link, so a mail that fails is noted and not sent again by itself.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from data.database import Database
from data.invitations import Invitation, note_invitation_mail
from gate.delivery.deliverer import Deliverer, SendingFailed
from gate.delivery.letter import LetterDraft, clean_header_text, seal_letter
from gate.delivery.smtp import SmtpDeliverer, choose_recipient
from gate.errors import InvalidIdentifier
from gate.identifiers import parse_email

_INVITED = """
{account} invites you to its Gatebook.

Open this address and choose a password:

{address}

It works once, until {day}. If you expected no invitation, ignore this message.
"""
_RENEWED = """
An owner of {account} made a link with which you set a new password for Gatebook:

{address}

It works once, until {day}. If you asked for none, tell an owner, and ignore this message.
"""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """An invitation on its way by mail. `address` opens it, so it stands in no log."""

    invitation: Invitation
    address: str = field(repr=False)
    account_name: str


class MemberPost:
    """Hands letters to the mail server one by one; nobody waits for it."""

    def __init__(
        self, db: Database, deliverer: SmtpDeliverer, clock: Callable[[], datetime]
    ) -> None:
        """Begin with nothing to send."""
        self._db, self._deliverer, self._clock = db, deliverer, clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")

    def put(self, letter: InvitationLetter) -> None:
        """Send this letter soon, and note on its invitation what came of it."""
        self._thread.submit(self._carry_out, letter)

    def wait_until_empty(self) -> None:
        """Return when every letter so far was handed over, or could not be."""
        self._thread.submit(lambda: None).result()

    def close(self) -> None:
        """Take no more; the letter that is on its way may still arrive."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _carry_out(self, letter: InvitationLetter) -> None:
        try:
            failure = self._send(letter)
            with self._db.transaction() as tx:
                note_invitation_mail(
                    tx, letter.invitation.invitation_id, failure=failure, now=self._clock()
                )
        except Exception as trouble:
            # The thread that all letters wait for goes on.
            _log.error("invitation_not_mailed", exc_info=trouble)

    def _send(self, letter: InvitationLetter) -> str | None:
        """Why the mail server did not take the letter; None if it did."""
        try:
            recipient = choose_recipient(parse_email(letter.invitation.email))
            sealed = seal_letter(
                _draft_invitation(letter, self._clock()), self._deliverer.server.sender, recipient
            )
            self._deliverer.send_letter(recipient, sealed)
        except SendingFailed as failure:
            return failure.reason
        except InvalidIdentifier:
            return "Nobody can write to this address"
        return None


def open_post(
    db: Database, deliverer: Deliverer, clock: Callable[[], datetime]
) -> MemberPost | None:
    """The post of this mail server; None where codes go to the outbox, and nothing is mailed."""
    return MemberPost(db, deliverer, clock) if isinstance(deliverer, SmtpDeliverer) else None


def _draft_invitation(letter: InvitationLetter, now: datetime) -> LetterDraft:
    invitation = letter.invitation
    account = clean_header_text(letter.account_name)
    is_new = invitation.member_id is None
    text = (_INVITED if is_new else _RENEWED).lstrip("\n")
    day = f"{invitation.expires_at.day} {invitation.expires_at:%B %Y, %H:%M} UTC"
    return LetterDraft(
        account=account,
        subject=f"{account or 'Gatebook'}: " + ("your invitation" if is_new else "a new password"),
        text=text.format(account=account or "Somebody", address=letter.address, day=day),
        sent_at=now,
        message_id=f"invitation.{invitation.invitation_id}.{now:%Y%m%d%H%M%S}",
    )
