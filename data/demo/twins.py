"""Demo contacts who are one person twice: by email under one number, by WhatsApp under another."""

from dataclasses import replace

from data.demo.history import History
from data.records import Channel

TWINS = 3
# The first contacts are what tests and tours open; the twins come a little later.
_FIRST_NUMBER = 30


def note_twins(history: History) -> None:
    """Let some who came by WhatsApp have the name and company of some who came by email.

    No random draw is made, so that all else stays as the seed says.
    """
    channels: dict[int, set[Channel]] = {}
    for contact_id, channel in history.identifiers:
        channels.setdefault(contact_id, set()).add(channel)
    keys = [
        key
        for key, contact in history.contacts.items()
        if contact.contact_id >= _FIRST_NUMBER and contact.name and contact.company
    ]
    mailers, callers = (
        [key for key in keys if channels.get(history.contacts[key].contact_id) == {channel}]
        for channel in (Channel.EMAIL, Channel.WHATSAPP)
    )
    for mailer, caller in zip(mailers[:TWINS], callers[:TWINS], strict=False):
        known = history.contacts[mailer]
        history.contacts[caller] = replace(
            history.contacts[caller], name=known.name, company=known.company
        )
