"""Invitations by mail, against a real mail server: what arrives, and what is noted of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.policy import SMTP

from data.database import Database
from data.invitations import Invitation, find_open_invitations
from data.records import Role
from gate.delivery.outbox import OutboxDeliverer
from gate.delivery.post import InvitationLetter, open_post
from gate.delivery.smtp import SmtpDeliverer, SmtpServer
from gate.members import create_account
from gate.membership import invite_member
from gate.settings import Settings
from tests.gate.mail_servers import Mailbox, mail_server
from tests.gate.members_at_work import first_owner

ADDRESS = "https://desk.example/join/token"


@contextmanager
def posted(db: Database, server: SmtpServer, now: datetime) -> Iterator[Invitation]:
    """What is noted of an invitation once its letter was handed over, or not."""
    create_account(db, Settings(), now)
    made = invite_member(db, "ann@example.com", Role.ANALYST, first_owner(db), now)
    post = open_post(db, SmtpDeliverer(server), lambda: now)
    assert post is not None
    post.put(InvitationLetter(made.invitation, ADDRESS, "Acme\r\nBcc: eve@example.org"))
    post.wait_until_empty()
    [noted] = find_open_invitations(db, now)
    yield noted
    post.close()


def test_an_invitation_arrives_with_its_link_and_that_is_noted(db: Database, now: datetime) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as server, posted(db, server, now) as noted:
        assert (noted.mailed_at, noted.mail_failure) == (now, None)
    (envelope,) = mailbox.envelopes
    assert envelope.rcpt_tos == ["ann@example.com"]
    assert isinstance(envelope.content, bytes)
    letter = message_from_bytes(envelope.content, policy=SMTP)
    assert letter["Bcc"] is None
    assert ADDRESS in letter.get_content()


def test_why_it_did_not_arrive_is_noted_for_the_owner(db: Database, now: datetime) -> None:
    mailbox = Mailbox(rcpt_answer="550 no such user")
    with mail_server(mailbox) as server, posted(db, server, now) as noted:
        assert noted.mailed_at is None
        assert noted.mail_failure == "The mail server refused the recipient (550)"


def test_nothing_is_mailed_without_a_mail_server(db: Database, now: datetime) -> None:
    assert open_post(db, OutboxDeliverer(db.path.parent), lambda: now) is None
