"""Where codes go: to whom they are for, or into the outbox when no sender is set up."""

from collections.abc import Mapping

from data.records import Channel
from gate.delivery.deliverer import Deliverer
from gate.delivery.outbox import OutboxDeliverer

_IN_A_SENTENCE = {Channel.EMAIL: "email", Channel.WHATSAPP: "WhatsApp"}


def find_outbox_channels(deliverers: Mapping[Channel, Deliverer]) -> list[Channel]:
    """The channels that no sender is set up for, email first."""
    return [channel for channel in Channel if isinstance(deliverers.get(channel), OutboxDeliverer)]


def outbox_sentence(channels: list[Channel]) -> str:
    """In plain sight: for which channels codes reach nobody but the owner. Empty if for none."""
    if not channels:
        return ""
    names = " and ".join(_IN_A_SENTENCE[channel] for channel in channels)
    return (
        f"No sender is set up for {names}. Codes are not sent: they wait in the outbox, "
        "which only a signed-in owner can read."
    )
