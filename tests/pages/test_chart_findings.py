"""A chart's finding is right of many, of few, of one, of none, and of ties."""

from datetime import datetime, timedelta

import pytest

from data.contact_filter import ActivityBucket, CountBin, HeatCell, TopItem
from data.gate_events import GateStep
from data.gate_funnel import Funnel
from data.gate_history import FUNNEL
from pages.ui.chart_findings import (
    say_activity_finding,
    say_funnel_finding,
    say_heat_finding,
    say_part,
    say_ranking_finding,
    say_repeat_finding,
)

MONDAY = datetime.fromisoformat("2026-03-09")


@pytest.mark.parametrize(
    ("sessions", "new", "days", "before", "sentence"),
    [
        (0, 0, None, None, "No sessions yet"),
        (0, 0, 7, 4, "No sessions in 7 days, 4 before"),
        (1, 1, 7, 0, "1 session in 7 days, none before; by a new contact"),
        (1, 0, 1, 1, "1 session in 1 day, as many as before; by a contact who came before"),
        (3, 1, 7, 2, "3 sessions in 7 days, 1 more than before; 1 by a new contact"),
        (2, 2, 7, 9, "2 sessions in 7 days, 7 fewer than before; all by new contacts"),
        (312, 41, 30, 264, "312 sessions in 30 days, 18% more than before; 41 by new contacts"),
        (90, 0, 30, 100, "90 sessions in 30 days, 10% less than before; none by a new contact"),
        (
            1000,
            5,
            90,
            1001,
            "1,000 sessions in 90 days, about as many as before; 5 by new contacts",
        ),
        (
            1204,
            5,
            90,
            20,
            "1,204 sessions in 90 days, 60 times as many as before; 5 by new contacts",
        ),
        (1204, 400, None, None, "1,204 sessions; 400 by new contacts"),
    ],
)
def test_activity(
    sessions: int, new: int, days: int | None, before: int | None, sentence: str
) -> None:
    buckets = [
        ActivityBucket(MONDAY, sessions, new),
        ActivityBucket(MONDAY + timedelta(days=1), 0, 0),
    ]
    assert say_activity_finding(buckets, days=days, before=before) == sentence


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([], "No sessions yet"),
        ([(2, 10, 1)], "1 session: too few to show a habit"),
        ([(2, 10, 9)], "9 sessions: too few to show a habit"),
        ([(2, 10, 8), (1, 9, 3)], "Busiest on Tuesdays at 10:00, with 8 of 11 sessions"),
        (
            [(2, 10, 8), (7, 9, 8)],
            "Busiest on Tuesdays at 10:00 and Sundays at 09:00, with 8 of 16 sessions each",
        ),
        ([(1, hour, 5) for hour in range(3)], "No time stands out"),
    ],
)
def test_habit(cells: list[tuple[int, int, int]], sentence: str) -> None:
    assert say_heat_finding([HeatCell(*cell) for cell in cells]) == sentence


@pytest.mark.parametrize(
    ("counts", "sessions", "sentence"),
    [
        ([], 0, "No documents yet"),
        ([1], 1, "A: 1 of 1 session"),
        ([12], 14, "A: 86% of all sessions"),
        ([4, 3], 9, "A leads with 4 of 9 sessions"),
        ([34, 30], 100, "A leads with 34% of all sessions"),
        ([4, 4], 9, "A and B lead with 4 sessions each"),
        ([1, 1, 1], 3, "3 documents lead with 1 session each"),
    ],
)
def test_ranking(counts: list[int], sessions: int, sentence: str) -> None:
    items = [TopItem(n, "ABC"[n], count, 1) for n, count in enumerate(counts)]
    assert say_ranking_finding(items, "documents", sessions) == sentence


@pytest.mark.parametrize(
    ("bins", "sentence"),
    [
        ([], "Nobody has opened anything yet"),
        ([(0, 5)], "Nobody has opened anything yet"),
        ([(0, 9), (1, 1)], "The one who came did so once"),
        ([(4, 1)], "The one who came did so 4 times"),
        ([(1, 3)], "Everybody who came did so once"),
        ([(2, 3)], "Everybody who came did so more than once"),
        ([(1, 4), (2, 3)], "3 of 7 who came did so more than once"),
        ([(1, 50), (2, 50)], "Half of those who came did so more than once"),
        ([(1, 65), (2, 35)], "35% of those who came did so more than once"),
        ([(1, 999), (2, 1)], "under 1% of those who came did so more than once"),
    ],
)
def test_repeats(bins: list[tuple[int, int]], sentence: str) -> None:
    assert say_repeat_finding([CountBin(*one) for one in bins]) == sentence


@pytest.mark.parametrize(
    ("opened", "viewed", "sentence"),
    [
        (0, 2, "Nobody opened a link in this time. These had opened one before."),
        (1, 1, "1 of 1 browser that opened a link went on to view"),
        (3, 2, "2 of 3 browsers that opened a link went on to view"),
        (100, 63, "63 of 100 browsers that opened a link went on to view (63%)"),
        (2, 3, "3 viewed; 2 browsers opened a link in this time"),
    ],
)
def test_funnel(opened: int, viewed: int, sentence: str) -> None:
    steps = dict.fromkeys(FUNNEL, 0) | {GateStep.OPENED: opened, GateStep.VIEWED: viewed}
    assert say_funnel_finding(Funnel(steps, 0)) == sentence


def test_a_part_is_never_rounded_to_nothing_or_to_all() -> None:
    assert say_part(1, 1000) == "under 1%"
    assert say_part(999, 1000) == "over 99%"
    assert say_part(0, 1000) == "0%"
    assert say_part(1000, 1000) == "100%"
