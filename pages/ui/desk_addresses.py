"""What an owner is told about an address that was typed at the desk, where no country is asked."""

from datetime import timedelta
from math import ceil

from data.records import Channel
from gate.errors import InvalidIdentifier, TooManyRequests
from gate.limits import MOST_TRIALS, TRIAL_WINDOW
from pages.ui.words import refusal_sentence

_MINUTE = timedelta(minutes=1)


def address_sentence(refusal: InvalidIdentifier) -> str:
    """How an address or number is written so that it can be read."""
    if refusal.channel is Channel.WHATSAPP:
        return "Enter the number with + and the country code."
    return refusal_sentence(refusal)


def trial_sentence(refusal: TooManyRequests) -> str:
    """How many test messages there may be, and when there may be another."""
    minutes = max(1, ceil(refusal.wait / _MINUTE))
    return (
        f"{MOST_TRIALS} test messages in {TRIAL_WINDOW // _MINUTE} minutes are the most. "
        f"Try again in {minutes} min."
    )
