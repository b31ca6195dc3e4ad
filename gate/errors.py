"""Every way the gate says no: data, not sentences. `pages/ui/words.py` makes the sentences."""

from datetime import timedelta
from enum import StrEnum

from data.records import Channel


class GateRefusal(Exception):
    """The gate says no. What it carries is all that the sentence needs."""


class IdentifierFault(StrEnum):
    """Why typed text is no identifier."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    COUNTRY_MISSING = "country_missing"
    NOT_A_PERSONS_NUMBER = "not_a_persons_number"


class InvalidIdentifier(GateRefusal):
    """The typed text is no email address, or no WhatsApp number, that we could write to."""

    def __init__(self, channel: Channel, fault: IdentifierFault) -> None:
        """Keep which field it was and what was wrong with it."""
        super().__init__(channel, fault)
        self.channel = channel
        self.fault = fault


class LinkUnavailable(GateRefusal):
    """The share link is unknown, malformed, expired or revoked: the viewer is told the same."""


class MalformedCode(GateRefusal):
    """What was typed cannot be a code, so it cost no try."""

    def __init__(self, digits: int) -> None:
        """Keep how many digits a code has."""
        super().__init__(digits)
        self.digits = digits


class WrongCode(GateRefusal):
    """Wrong, late, reused, or another browser's: the viewer is told the same."""


class ChallengeClosed(GateRefusal):
    """The last try is spent; only a new code helps."""

    def __init__(self, wait: timedelta) -> None:
        """Keep how long until a new code may be asked for."""
        super().__init__(wait)
        self.wait = wait


class WrongPassword(GateRefusal):
    """The share link's password is another one, or has to be given first."""


class NotListed(GateRefusal):
    """A link that verifies nothing does not open for this identifier."""


class TooManyRequests(GateRefusal):
    """A limit was reached."""

    def __init__(self, wait: timedelta) -> None:
        """Keep how long until it is worth trying again."""
        super().__init__(wait)
        self.wait = wait


class DeliveryFailed(GateRefusal):
    """No code could be handed over for sending just now."""


class ClockBehind(GateRefusal):
    """The wall clock is far behind what is already written, so no code is issued."""


class NotPermitted(Exception):
    """A member's role or the account's plan does not include this."""

    def __init__(self, feature: str) -> None:
        """Keep what was asked for."""
        super().__init__(feature)
        self.feature = feature
