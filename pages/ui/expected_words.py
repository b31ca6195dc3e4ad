"""What is said of those expected at a share link: how they stand, and the numbers of a list."""

from collections.abc import Sequence

import streamlit as st

from data.expectations import count_expected
from data.records import Channel, ShareLink
from gate.expected_list import ReadList
from gate.expected_viewers import Added, Expected, Standing
from pages.ui.activity_words import STEP_WORDS, reason_words
from pages.ui.desk_words import CHANNEL_NAMES, say_count
from pages.ui.runtime import get_reader

STANDING_WORDS = {
    Standing.OPENED: "Opened",
    Standing.PASSED: "Passed, opened nothing",
    Standing.REFUSED: "Tried, not let in",
    Standing.NOT_YET: "Has not come",
}
_MOST_NAMED = 5


def say_expected(opened: int, expected: int) -> str:
    """How many of those expected have opened a link: `18 of 25 opened`."""
    return f"{opened:,} of {expected:,} opened"


def show_expected_link(share_link_id: int) -> None:
    """The way to this link's expected viewers, with how many of them opened it."""
    counts = count_expected(get_reader()).get(share_link_id)
    words = f"Expected viewers: {say_expected(*counts)}" if counts else "Say who should open it"
    st.markdown(f"[{words}](/expected?link={share_link_id})")


def expected_finding(people: Sequence[Expected], unexpected: int) -> str:
    """The whole answer in one line: `18 of 25 opened, 7 not yet, 3 unexpected`."""
    opened = sum(one.has_opened for one in people)
    parts = [say_expected(opened, len(people)), f"{len(people) - opened:,} not yet"]
    if unexpected:
        parts.append(f"{unexpected:,} unexpected")
    return ", ".join(parts)


def missing_words(people: Sequence[Expected]) -> str:
    """How far those came who have not opened it; empty if none of them came at all."""
    passed = sum(one.standing is Standing.PASSED for one in people)
    refused = sum(one.standing is Standing.REFUSED for one in people)
    parts = []
    if passed:
        parts.append(f"{passed:,} passed the gate and opened nothing")
    if refused:
        parts.append(f"{refused:,} tried and {'was' if refused == 1 else 'were'} not let in")
    return f"Of those not yet, {' and '.join(parts)}." if parts else ""


def standing_words(one: Expected) -> str:
    """How somebody stands, and why a try did not get in."""
    words = STANDING_WORDS[one.standing]
    if one.refusal is None:
        return words
    step = STEP_WORDS[one.refusal.step]
    return f"{words}: {reason_words(one.refusal.step, one.refusal.reason) or step}"


def channel_warning(link: ShareLink, people: Sequence[Expected]) -> str:
    """Why some of these cannot be recognised at this link's gate; empty if all can."""
    if not people:
        return ""
    if not link.channels:
        return "This link asks nobody who they are, so nobody can be told to have opened it."
    missed = [one for one in people if one.expectation.channel not in link.channels]
    if not missed:
        return ""
    other = missed[0].expectation.channel
    asked = CHANNEL_NAMES[Channel.EMAIL if other is Channel.WHATSAPP else Channel.WHATSAPP]
    kind = "by email" if other is Channel.EMAIL else "by WhatsApp"
    who = "1 is" if len(missed) == 1 else f"{len(missed):,} are"
    return (
        f"The link asks for {asked} only, and {who} expected {kind}: "
        "known only once the same contact has both."
    )


def added_sentence(read: ReadList, added: Added) -> str:
    """What became of a list that was put down."""
    parts = [say_count(added.added, "person was added.", "people were added.")]
    if not added.added:
        parts = ["Nobody was added."]
    again = added.known + read.repeated
    if again:
        parts.append(say_count(again, "was there already.", "were there already."))
    if read.unread:
        parts.append(_unread_words(read.unread))
    return " ".join(parts)


def _unread_words(unread: Sequence[str]) -> str:
    named = ", ".join(f"“{piece[:60]}”" for piece in unread[:_MOST_NAMED])
    more = len(unread) - _MOST_NAMED
    rest = f" and {more:,} more" if more > 0 else ""
    if len(unread) == 1:
        return f"1 piece was not read and stays in the field: {named}. Correct it and add it again."
    return (
        f"{len(unread):,} pieces were not read and stay in the field: {named}{rest}. "
        "Correct them and add them again."
    )
