"""The charts say what the rows say."""

from datetime import date, datetime, timedelta

import plotly.graph_objects as go
import pytest

from data.activity_buckets import BucketSize
from data.contact_filter import ActivityBucket, ContactFilter, CountBin, HeatCell, TopItem
from pages.ui.chart_cards import Comparison, activity_card, heat_card, ranking_card, repeat_card
from pages.ui.chart_picks import pick_counts, pick_days, pick_one
from pages.ui.charts import (
    HEIGHT_PIXELS,
    MAX_TICKS,
    binned_counts,
    colour_cap,
    heat_figure,
    ranking_figure,
    repeat_figure,
)
from pages.ui.fitting_activity import trim_activity
from pages.ui.time_chart import activity_figure, is_unfinished
from pages.ui.url_view import ContactView


def wall(text: str) -> datetime:
    """Local wall time, which has no zone of its own."""
    return datetime.fromisoformat(text)


TUESDAY = wall("2026-03-10 14:30")
WEEK = [ActivityBucket(wall(f"2026-03-{day:02}"), 10 * day, day) for day in range(4, 11)]
ITEMS = [TopItem(3, "Deck.pdf", 40, 12), TopItem(4, "Deck.pdf", 9, 9)]
BINS = [CountBin(0, 4), CountBin(1, 30), CountBin(2, 10), CountBin(7, 5), CountBin(300, 1)]
CELLS = [HeatCell(1, 9, 3), HeatCell(2, 14, 8), HeatCell(7, 23, 1)]


def test_new_and_returning_sessions_are_stacked_to_all_sessions() -> None:
    figure = activity_figure(WEEK, BucketSize.DAY, TUESDAY)
    returning, new = figure.data

    assert figure.layout.barmode == "stack"
    assert list(returning.x) == list(new.x) == [bucket.starts_at for bucket in WEEK]
    assert list(new.y) == [bucket.new_contacts for bucket in WEEK]
    assert [a + b for a, b in zip(returning.y, new.y, strict=True)] == [
        bucket.sessions for bucket in WEEK
    ]


def test_the_period_before_lies_over_the_same_days() -> None:
    before = [ActivityBucket(bucket.starts_at, 5, 0) for bucket in WEEK]
    line = activity_figure(WEEK, BucketSize.DAY, TUESDAY, before).data[2]
    card = activity_card(WEEK, BucketSize.DAY, TUESDAY, Comparison(7, before))

    assert list(line.x) == [bucket.starts_at for bucket in WEEK]
    assert list(line.y) == list(card.columns["Period before"]) == [5] * 7
    assert card.finding == "490 sessions in 7 days, 14 times as many as before; 49 by new contacts"
    assert card.note.endswith("Hatched: today is not over.")


def test_only_the_unfinished_bucket_is_hatched() -> None:
    for bars in activity_figure(WEEK, BucketSize.DAY, TUESDAY).data:
        assert list(bars.marker.pattern.shape) == [""] * 6 + ["/"]


@pytest.mark.parametrize(
    ("size", "start", "expected"),
    [
        (BucketSize.HOUR, wall("2026-03-10 14:00"), True),
        (BucketSize.HOUR, wall("2026-03-10 13:00"), False),
        (BucketSize.DAY, wall("2026-03-09"), False),
        (BucketSize.WEEK, wall("2026-03-09"), True),
        (BucketSize.WEEK, wall("2026-03-02"), False),
        (BucketSize.MONTH, wall("2026-03-01"), True),
        (BucketSize.MONTH, wall("2025-03-01"), False),
    ],
)
def test_a_bucket_is_unfinished_while_the_present_is_in_it(
    size: BucketSize, start: datetime, expected: bool
) -> None:
    assert is_unfinished(start, size, TUESDAY) is expected


def test_an_axis_of_time_never_has_more_than_five_ticks() -> None:
    for count in range(1, 60):
        buckets = [
            ActivityBucket(wall("2026-01-01") + timedelta(days=day), 1, 0) for day in range(count)
        ]
        figure = activity_figure(buckets, BucketSize.DAY, TUESDAY)
        assert len(figure.layout.xaxis.tickvals) <= MAX_TICKS


def test_the_heatmap_holds_each_cell_where_it_belongs() -> None:
    grid = heat_figure(CELLS).data[0].z

    assert grid[0][9] == 3
    assert grid[1][14] == 8
    assert grid[6][23] == 1
    assert sum(sum(row) for row in grid) == 12


def test_one_peak_does_not_pale_the_rest_of_the_heatmap() -> None:
    assert colour_cap([0] * 50 + [10] * 99 + [9000]) == 10
    assert colour_cap([]) == 1


def test_two_documents_of_one_name_keep_a_bar_each() -> None:
    bars = ranking_figure(ITEMS).data[0]

    assert list(bars.x) == [40, 9]
    assert list(bars.y) == [0, 1]


def test_peoples_words_are_never_markup_in_a_chart() -> None:
    figure = ranking_figure([TopItem(1, '<a href="//x">Deck</a>', 2, 1)])

    assert figure.layout.yaxis.ticktext[0].startswith("&lt;a href=")
    assert figure.data[0].customdata[0][0].startswith("&lt;a href=")


def test_every_contact_is_in_one_bar_of_the_histogram() -> None:
    bars = dict(binned_counts(BINS))

    assert sum(bars.values()) == sum(found.contacts for found in BINS)
    assert bars == {"0": 4, "1": 30, "2": 10, "3": 0, "4–5": 0, "6–10": 5, "11–20": 0, "21+": 1}


def test_the_histogram_leaves_out_empty_ends() -> None:
    assert binned_counts([CountBin(1, 2), CountBin(3, 1)]) == [("1", 2), ("2", 0), ("3", 1)]
    assert binned_counts([]) == []


def test_each_finding_is_what_the_rows_say() -> None:
    assert activity_card(WEEK, BucketSize.DAY, TUESDAY).finding == (
        "490 sessions; 49 by new contacts"
    )
    assert heat_card(CELLS, "UTC").finding == "Busiest on Tuesdays at 14:00, with 8 of 12 sessions"
    assert ranking_card("documents", ITEMS, 49).finding == "Deck.pdf leads with 82% of all sessions"
    assert repeat_card(BINS).finding == "35% of those who came did so more than once"


def test_the_same_numbers_can_be_read_as_rows() -> None:
    columns = activity_card(WEEK, BucketSize.DAY, TUESDAY).columns

    assert columns["Viewing sessions"] == [bucket.sessions for bucket in WEEK]
    assert columns["Day from"][0] == "4 Mar 2026"


@pytest.mark.parametrize(
    "figure",
    [
        activity_figure([], BucketSize.DAY, TUESDAY),
        heat_figure([]),
        ranking_figure([]),
        repeat_figure([]),
        activity_figure(WEEK, BucketSize.DAY, TUESDAY),
        repeat_figure(binned_counts(BINS)),
    ],
)
def test_every_figure_is_of_one_height_and_in_the_themes_colours(figure: go.Figure) -> None:
    assert figure.layout.height == HEIGHT_PIXELS
    # What Streamlit's front end swaps for the palette begins with #0000; Plotly's blue does not.
    assert "#1f77b4" not in str(figure.data)


def test_a_range_wider_than_the_account_shows_the_accounts_time_only() -> None:
    months = [datetime(2026, month, 1) for month in range(1, 13)]  # noqa: DTZ001 - wall time
    sessions = [0, 0, 0, 5, 0, 7, 0, 0, 0, 0, 0, 0]
    buckets = [ActivityBucket(at, count, 0) for at, count in zip(months, sessions, strict=True)]
    opened_on, local_now = date(2026, 3, 10), datetime(2026, 8, 20)  # noqa: DTZ001 - wall time
    shown = trim_activity(buckets, opened_on, local_now)
    assert [bucket.starts_at.month for bucket in shown] == [3, 4, 5, 6, 7, 8]
    assert sum(bucket.sessions for bucket in shown) == sum(sessions)


def test_picked_bars_of_time_are_a_period_within_the_one_looked_at() -> None:
    weeks = [ActivityBucket(wall(day), 1, 0) for day in ("2026-03-02", "2026-03-09")]
    within = ContactFilter(from_on=date(2026, 3, 4), to_on=date(2026, 3, 10))

    def pick(*points: int) -> tuple[date, date]:
        changes = pick_days(within, weeks, BucketSize.WEEK, points)
        return changes["from_on"], changes["to_on"]

    assert pick(0) == (date(2026, 3, 4), date(2026, 3, 8))
    assert pick(0, 1) == (date(2026, 3, 4), date(2026, 3, 10))
    assert pick_days(ContactFilter(), weeks, BucketSize.MONTH, [0])["to_on"] == date(2026, 3, 31)


def test_a_bar_picked_twice_is_let_go_of() -> None:
    chosen = ContactView(share_link_ids=frozenset({4}), min_access_count=4, max_access_count=5)

    assert pick_one(chosen, "share_link_ids", [3, 4], [0]) == {"share_link_ids": frozenset({3})}
    assert pick_one(chosen, "share_link_ids", [3, 4], [1]) == {"share_link_ids": frozenset()}
    assert set(pick_counts(chosen, ["1", "4–5"], [1]).values()) == {None}
    assert set(pick_counts(ContactView(), ["1", "21+"], [1]).values()) == {21, None}
