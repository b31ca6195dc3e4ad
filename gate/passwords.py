"""Passwords: how they are kept, and what giving a share link's at its gate leads to."""

from datetime import datetime
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from data.attempts import Act, delete_attempt
from data.database import Reader
from data.gate_events import GateStep
from data.records import ShareLink
from data.unlocks import has_unlock, insert_unlock
from gate.attempts import make_attempt, spend_limit
from gate.errors import TooManyRequests, WrongPassword
from gate.limits import ENTRY_LIFE, LONGEST_PASSWORD
from gate.trail import record_step
from gate.visits import Doorstep, Gate, Visit, require_browser, require_live_link

# argon2id with the parameters of RFC 9106, section 4, second choice: 64 MiB.
_hasher = PasswordHasher()
# Each comparison takes its 64 MiB: no more at once, however many people ask.
_seats = BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """What is stored in place of a password: argon2id, with its own salt."""
    with _seats:
        return _hasher.hash(password)


def is_right_password(stored: str, typed: str) -> bool:
    """Whether this is what was stored, in the time that it always takes."""
    if not typed:
        return False
    try:
        with _seats:
            return _hasher.verify(stored, typed)
    except VerificationError:
        return False


def is_unlocked(reader: Reader, link: ShareLink, browser_id: int | None, now: datetime) -> bool:
    """Whether this browser may stand at the link's gate: it has no password, or was given it."""
    if link.password_hash is None:
        return True
    if browser_id is None:
        return False
    return has_unlock(
        reader,
        browser_id=browser_id,
        share_link_id=link.share_link_id,
        password_epoch=link.password_epoch,
        now=now,
    )


def answer_password(gate: Gate, visit: Visit, typed: str) -> None:
    """Let this browser on to the gate, if that is the link's password.

    The try is counted and committed before it is compared; a right one is taken back.

    Raises:
        WrongPassword: it is not.
        TooManyRequests: too many wrong ones by this browser, from its network, or at this link;
            no try was counted.
        LinkUnavailable: the link does not open now.
    """
    link = require_live_link(gate.db, visit.slug, visit.now)
    if link.password_hash is None:
        return
    with gate.db.transaction() as tx:
        place = Doorstep.of(link, require_browser(tx, visit.browser_hash, visit.now), visit)
        tries = [make_attempt(gate.pepper, place, act) for act in (Act.TRY, Act.PASSWORD)]
        overrun = spend_limit(tx, gate.limits, *tries)
        if overrun is not None:
            record_step(tx, gate.pepper, place, GateStep.LIMITED, reason=overrun.name)
    if overrun is not None:
        raise TooManyRequests(overrun.wait)
    is_right = len(typed) <= LONGEST_PASSWORD and is_right_password(link.password_hash, typed)
    with gate.db.transaction() as tx:
        if is_right:
            for one in tries:
                delete_attempt(tx, one)
            insert_unlock(
                tx,
                browser_id=place.browser_id,
                share_link_id=link.share_link_id,
                password_epoch=link.password_epoch,
                now=visit.now,
                expires_at=visit.now + ENTRY_LIFE,
            )
        else:
            record_step(tx, gate.pepper, place, GateStep.WRONG_PASSWORD)
    if not is_right:
        raise WrongPassword
