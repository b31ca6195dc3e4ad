"""The gate's history: what an owner is shown agrees with what was written down."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.database import Database
from data.gate_events import GateEvent, GateStep, insert_gate_event
from data.gate_funnel import Funnel, FunnelFilter, count_funnel
from data.gate_history import (
    FUNNEL,
    REFUSED,
    HistoryFilter,
    count_past_steps,
    find_past_steps,
)
from data.records import Channel
from tests.factories import add_share_link, add_workspace

BEGIN = datetime.fromisoformat("2026-03-01T00:00:00+00:00")

events = st.builds(
    GateEvent,
    created_at=st.integers(0, 5).map(lambda days: BEGIN + timedelta(days=days)),
    share_link_id=st.integers(1, 4),
    browser_id=st.integers(1, 4),
    step=st.sampled_from(GateStep),
    channel=st.sampled_from([None, *Channel]),
    reason=st.sampled_from([None, "resent"]),
    identifier_hash=st.sampled_from([None, "ada", "bob"]),
)
kinds = st.lists(st.sampled_from(REFUSED), min_size=1)
filters = st.builds(
    HistoryFilter,
    since=st.integers(0, 5).map(lambda days: BEGIN + timedelta(days=days)),
    share_link_id=st.sampled_from([None, 1, 2]),
    channel=st.sampled_from([None, *Channel]),
)


# What each link asks for, in the order of their numbers.
ASKED = {1: {Channel.EMAIL}, 2: {Channel.WHATSAPP}, 3: set(Channel), 4: set()}


@pytest.fixture
def links(db: Database) -> None:
    workspace = add_workspace(db)
    made = [add_share_link(db, workspace, channels=channels) for channels in ASKED.values()]
    assert [link.share_link_id for link in made] == list(ASKED)


def fits(event: GateEvent, wanted: HistoryFilter) -> bool:
    is_there = wanted.share_link_id in (None, event.share_link_id)
    channels = {event.channel}
    if event.step is GateStep.OPENED:
        channels |= ASKED[event.share_link_id]
    return event.created_at >= wanted.since and is_there and wanted.channel in {None, *channels}


def as_funnel(wanted: HistoryFilter) -> FunnelFilter:
    """The same part of the past, as the funnel is asked for it."""
    return FunnelFilter(
        since=wanted.since,
        share_link_ids=frozenset({wanted.share_link_id} - {None}),  # type: ignore[arg-type]
        channels=frozenset({wanted.channel} - {None}),  # type: ignore[arg-type]
    )


def same(event: GateEvent) -> tuple[object, ...]:
    """What makes two events one line."""
    person = event.identifier_hash or event.browser_id
    return (person, event.share_link_id, event.channel, event.step, event.reason)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=40,
    deadline=None,
)
@given(st.lists(events, max_size=30), filters, kinds)
def test_list_count_and_funnel_agree_with_the_events(
    db: Database,
    links: None,
    happened: list[GateEvent],
    wanted: HistoryFilter,
    steps: list[GateStep],
) -> None:
    with db.transaction() as tx:
        tx.run("delete from gate_event")
        for event in happened:
            insert_gate_event(tx, event)
    there = [one for one in happened if one.step in steps and fits(one, wanted)]
    pages = [find_past_steps(db, wanted, steps, most=7, skipped=n) for n in range(0, 35, 7)]
    listed = [step for page in pages for step in page]
    assert sum(step.times for step in listed) == len(there)
    assert len(listed) == count_past_steps(db, wanted, steps) == len({same(one) for one in there})
    assert listed == sorted(listed, key=lambda one: (one.created_at, one.gate_event_id))[::-1]
    funnel = count_funnel(db, as_funnel(wanted))
    for step, count in funnel.steps.items():
        took = [one for one in happened if one.step is step and fits(one, wanted)]
        assert count == len({(one.browser_id, one.share_link_id) for one in took})
    turned = [one for one in happened if one.step in REFUSED and fits(one, wanted)]
    assert funnel.refused == len({(one.browser_id, one.share_link_id) for one in turned})


def test_with_a_channel_only_links_that_ask_for_it_count_as_opened(
    db: Database, links: None
) -> None:
    with db.transaction() as tx:
        for number in ASKED:
            opened = GateEvent(
                created_at=BEGIN, share_link_id=number, browser_id=7, step=GateStep.OPENED
            )
            insert_gate_event(tx, opened)
    wanted = FunnelFilter(channels=frozenset({Channel.WHATSAPP}))
    assert count_funnel(db, wanted).opened == 2


def test_the_funnel_is_whole_where_nothing_happened(db: Database) -> None:
    assert count_funnel(db, FunnelFilter()) == Funnel(dict.fromkeys(FUNNEL, 0), 0)


def test_the_funnel_ends_before_its_last_instant_and_knows_workspaces(db: Database) -> None:
    fundraising, sales = add_workspace(db), add_workspace(db, "Sales")
    link, _ = add_share_link(db, fundraising), add_share_link(db, sales)
    with db.transaction() as tx:
        for number, days in ((1, 0), (2, 0), (1, 1)):
            at = BEGIN + timedelta(days=days)
            opened = GateEvent(
                created_at=at, share_link_id=number, browser_id=days, step=GateStep.OPENED
            )
            insert_gate_event(tx, opened)
    until = BEGIN + timedelta(days=1)
    wanted = FunnelFilter(until=until, workspace_ids=frozenset({link.workspace_id}))
    assert count_funnel(db, FunnelFilter(until=until)).opened == 2
    assert count_funnel(db, wanted).opened == 1
