"""Somebody opens a share link in a browser: the first step of its funnel, or a closed door."""

from data.database import Transaction
from data.gate_events import GateStep, has_recent_step
from data.links import get_share_link
from data.records import LinkState
from gate.limits import OPENING_WINDOW
from gate.trail import record_step
from gate.visits import Doorstep, Gate, Visit, meet_browser


def record_opening(gate: Gate, visit: Visit) -> None:
    """Note that this browser stands at this gate, or before a link that opens nothing now.

    Idempotent: once for each browser and link within half an hour. Unknown links leave no trace.
    """
    link = get_share_link(gate.db, visit.slug)
    if link is None or not visit.browser_hash:
        return
    state = link.state(visit.now)
    step = GateStep.OPENED if state is LinkState.ACTIVE else GateStep.FOUND_CLOSED
    reason = None if step is GateStep.OPENED else str(state)
    since = visit.now - OPENING_WINDOW

    def note_opening(tx: Transaction) -> None:
        browser = meet_browser(tx, visit.browser_hash, visit.now)
        place = Doorstep.of(link, browser.browser_id, visit)
        # A browser that came just now has taken no step before.
        if browser.is_new or not has_recent_step(
            tx,
            step=step,
            share_link_id=link.share_link_id,
            browser_id=browser.browser_id,
            since=since,
        ):
            record_step(tx, gate.pepper, place, step, reason=reason)

    gate.db.write(note_opening, visit.browser_hash)
