"""The mail that carries a code: its words; and any mail's headers and last look before it leaves.

Nothing here opens a connection.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path

from gate.delivery.deliverer import CodeMessage, FailureKind, SendingFailed

MAX_HEADER_TEXT = 120
_HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
)
_JOINERS = frozenset("\u200c\u200d")  # Persian spelling and family emoji need them
_NOT_IN_A_MESSAGE_ID = re.compile(r"[^A-Za-z0-9.-]")
# A plain address: what Address() would take beyond that is not what an operator means.
_SENDER = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The words of the mail in one language; the code is the first line of `text`.

    `a_document` and `the_sender` stand in for names that cannot be shown.
    """

    subject: str
    text: str
    a_document: str
    the_sender: str


LETTERS_FILE = Path(__file__).parent / "letters.toml"
FALLBACK_LANGUAGE = "en"


@cache
def read_letter_words(language: str) -> LetterWords:
    """The mail's words in this language, in English where there are none in it."""
    letters = tomllib.loads(LETTERS_FILE.read_text(encoding="utf-8"))
    found = letters.get(language, letters[FALLBACK_LANGUAGE])
    return LetterWords(**found | {"text": found["text"].lstrip("\n")})


def write_letter(message: CodeMessage, sender: str, recipient: str) -> bytes:
    """The whole mail in the bytes that go over the wire, to `recipient` and nobody else.

    Raises:
        SendingFailed: `sender` is no plain address, or the mail would say more than we wrote.
    """
    words = read_letter_words(message.language)
    account = clean_header_text(message.account_name)
    shown = {
        "code": message.code,
        "document": clean_header_text(message.share_link_name) or words.a_document,
        "sender": account or words.the_sender,
        "minutes": int((message.expires_at - message.sent_at).total_seconds()) // 60,
    }
    draft = LetterDraft(
        account=account,
        subject=words.subject.format(**shown),
        text=words.text.format(**shown),
        sent_at=message.sent_at,
        message_id=message.message_id,
    )
    return seal_letter(draft, sender, recipient)


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """What a mail says; people's words in it are cleaned. `account` is its sender's name."""

    account: str
    subject: str
    text: str
    sent_at: datetime
    message_id: str


def seal_letter(draft: LetterDraft, sender: str, recipient: str) -> bytes:
    """This draft as a mail to `recipient` and nobody else, in the bytes that go over the wire.

    Raises:
        SendingFailed: as `write_letter`.
    """
    if _SENDER.fullmatch(sender) is None:
        raise SendingFailed(
            "The sender address of the settings is not a plain email address", FailureKind.REFUSED
        )
    try:
        letter = _compose(draft, sender, recipient).as_bytes()
        is_ours = _has_only_our_headers(letter, sender, recipient)
    except (ValueError, MessageError, LookupError) as failure:
        raise SendingFailed("The message could not be written", FailureKind.REFUSED) from failure
    if not is_ours:
        raise SendingFailed("The message was not what was meant to be sent", FailureKind.REFUSED)
    return letter


def clean_header_text(text: str) -> str:
    """People's words made fit for a header and a line; empty if they try to be more than words.

    Controls, direction marks and what cannot be shown are dropped; at most 120 characters.
    """
    spaced = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in unicodedata.normalize("NFC", text)
    )
    shown = "".join(
        char
        for char in spaced
        if char in _JOINERS or unicodedata.category(char) not in {"Cf", "Cs"}
    )
    # An encoded word would be decoded into a header, and an address made into a link.
    if "=?" in shown or "://" in shown:
        return ""
    return " ".join(shown.split())[:MAX_HEADER_TEXT].rstrip()


def _compose(draft: LetterDraft, sender: str, recipient: str) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(draft.account, addr_spec=sender)
    letter["To"] = Address(addr_spec=recipient)
    letter["Subject"] = draft.subject
    letter["Date"] = draft.sent_at
    letter["Message-ID"] = _own_message_id(draft.message_id, sender)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(draft.text, cte="quoted-printable")
    return letter


def _own_message_id(message_id: str, sender: str) -> str:
    unique = _NOT_IN_A_MESSAGE_ID.sub("-", message_id)
    return f"<{unique}@{sender.partition('@')[2]}>"


def _has_only_our_headers(letter: bytes, sender: str, recipient: str) -> bool:
    """Read the finished bytes as a mail server would: only this finds what slipped through."""
    received = message_from_bytes(letter, policy=SMTP)
    return (
        sorted(received.keys()) == sorted(_HEADERS)
        and [address.addr_spec for address in received["From"].addresses] == [sender]
        and [address.addr_spec for address in received["To"].addresses] == [recipient]
        and not received.is_multipart()
    )
