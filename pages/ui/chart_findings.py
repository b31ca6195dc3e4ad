"""What each chart found, in one sentence: numbers in, plain words out. Not markup.

A percentage is said only of enough; of a few, the numbers themselves are clearer and honest.
"""

from collections.abc import Sequence

from data.contact_filter import ActivityBucket, CountBin, HeatCell, TopItem
from data.gate_funnel import Funnel

# Of fewer than these, one more or less would move a percentage by more than 10 points.
FEWEST_FOR_PERCENT = 10
# Fewer sessions than this show no habit.
FEWEST_FOR_HABIT = 10
DAYS_OF_WEEK = (
    "Mondays",
    "Tuesdays",
    "Wednesdays",
    "Thursdays",
    "Fridays",
    "Saturdays",
    "Sundays",
)
_MANY_TIMES = 3


def say_number(count: int, noun: str) -> str:
    """A number with its noun: `1 session`, `1,204 sessions`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def say_part(part: int, whole: int) -> str:
    """How much of a whole: `34%`, or `3 of 7` where there are too few for a percentage."""
    if whole < FEWEST_FOR_PERCENT:
        return f"{part:,} of {whole:,}"
    percent = round(100 * part / whole)
    if percent == 0 and part:
        return "under 1%"
    return "over 99%" if percent == 100 and part < whole else f"{percent}%"


def say_activity_finding(
    buckets: Sequence[ActivityBucket], *, days: int | None = None, before: int | None = None
) -> str:
    """How many sessions, how that compares with the period before, and how many were first ones.

    `days` is the length of a bounded period; `before` the sessions of the one before it.
    """
    sessions = sum(bucket.sessions for bucket in buckets)
    newcomers = sum(bucket.new_contacts for bucket in buckets)
    within = f" in {say_number(days, 'day')}" if days else ""
    if not sessions:
        ending = f", {before:,} before" if before else ""
        return f"No sessions{within or ' yet'}{ending}"
    change = "" if before is None else f", {_say_change(sessions, before)}"
    return f"{say_number(sessions, 'session')}{within}{change}; {_say_new(newcomers, sessions)}"


def say_heat_finding(cells: Sequence[HeatCell]) -> str:
    """When most sessions begin, if any time stands out."""
    total = sum(cell.sessions for cell in cells)
    if not total:
        return "No sessions yet"
    if total < FEWEST_FOR_HABIT:
        return f"{say_number(total, 'session')}: too few to show a habit"
    most = max(cell.sessions for cell in cells)
    peaks = [cell for cell in cells if cell.sessions == most]
    if len(peaks) > 2:
        return "No time stands out"
    times = " and ".join(f"{DAYS_OF_WEEK[cell.weekday - 1]} at {cell.hour:02}:00" for cell in peaks)
    each = " each" if len(peaks) > 1 else ""
    return f"Busiest on {times}, with {most:,} of {say_number(total, 'session')}{each}"


def say_ranking_finding(items: Sequence[TopItem], nouns: str, sessions: int) -> str:
    """Which one leads, and with how much of all sessions; `nouns` in the plural."""
    if not items:
        return f"No {nouns} yet"
    most = items[0].sessions
    leaders = [item.name for item in items if item.sessions == most]
    if len(leaders) > 2:
        return f"{len(leaders)} {nouns} lead with {say_number(most, 'session')} each"
    if len(leaders) == 2:
        return f"{leaders[0]} and {leaders[1]} lead with {say_number(most, 'session')} each"
    share = f"{say_part(most, max(sessions, most))} of all sessions"
    if sessions < FEWEST_FOR_PERCENT:
        share = f"{most:,} of {say_number(max(sessions, most), 'session')}"
    return f"{leaders[0]} leads with {share}" if len(items) > 1 else f"{leaders[0]}: {share}"


def say_repeat_finding(bins: Sequence[CountBin]) -> str:
    """How many came more than once, of those who came."""
    came = sum(found.contacts for found in bins if found.sessions >= 1)
    returned = sum(found.contacts for found in bins if found.sessions >= 2)
    if not came:
        return "Nobody has opened anything yet"
    if came == 1:
        times = max(found.sessions for found in bins)
        return "The one who came did so " + ("once" if times == 1 else f"{times:,} times")
    if returned in (0, came):
        return "Everybody who came did so " + ("more than once" if returned else "once")
    if came >= FEWEST_FOR_PERCENT and 0.48 <= returned / came <= 0.52:
        return "Half of those who came did so more than once"
    return f"{say_part(returned, came)} of those who came did so more than once".replace(
        f" of {came:,} of those who came", f" of {came:,} who came"
    )


def say_funnel_finding(funnel: Funnel) -> str:
    """How many of those who opened a link went on to a document."""
    if not funnel.opened:
        return "Nobody opened a link in this time. These had opened one before."
    noun = "browser" if funnel.opened == 1 else "browsers"
    if funnel.viewed > funnel.opened:
        return f"{funnel.viewed:,} viewed; {funnel.opened:,} {noun} opened a link in this time"
    finding = f"{funnel.viewed:,} of {funnel.opened:,} {noun} that opened a link went on to view"
    if funnel.opened < FEWEST_FOR_PERCENT:
        return finding
    return f"{finding} ({say_part(funnel.viewed, funnel.opened)})"


def _say_change(count: int, before: int) -> str:
    if count == before:
        return "as many as before"
    if not before:
        return "none before"
    if before >= FEWEST_FOR_PERCENT and count > _MANY_TIMES * before:
        return f"{count / before:.0f} times as many as before"
    word = "more" if count > before else "fewer"
    difference = abs(count - before)
    if before < FEWEST_FOR_PERCENT:
        return f"{difference:,} {word} than before"
    percent = round(100 * difference / before)
    if not percent:
        return "about as many as before"
    word = "more" if count > before else "less"
    return f"{percent}% {word} than before"


def _say_new(newcomers: int, sessions: int) -> str:
    if not newcomers:
        return "none by a new contact" if sessions > 1 else "by a contact who came before"
    if newcomers == sessions:
        return "all by new contacts" if sessions > 1 else "by a new contact"
    return f"{newcomers:,} by {'a new contact' if newcomers == 1 else 'new contacts'}"
