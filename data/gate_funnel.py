"""How far those come who open a share link: browsers by step of the gate, and those turned away.

A browser at two links counts twice: it passed, or not, two gates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from data.database import Reader
from data.gate_events import GateStep
from data.gate_history import FUNNEL, REFUSED
from data.records import Channel

# Nobody opens a link on a channel: with one, openings of links that ask for it now count.
_ON_CHANNELS = """
    (
        len($channels) = 0
        or list_contains($channels, channel)
        or (
            event = 'opened'
            and share_link_id in (
                select share_link_id
                from share_link
                where
                    (list_contains($channels, 'email') and requires_email)
                    or (list_contains($channels, 'whatsapp') and requires_whatsapp)
            )
        )
    )
"""
_IN_WORKSPACES = """
    (
        len($workspace_ids) = 0
        or share_link_id in (
            select share_link_id
            from share_link
            where list_contains($workspace_ids, workspace_id)
        )
    )
"""
# A bit for each step and one for all refusals: browsers are grouped once, and not for each step.
_BITS = [1 << place for place in range(len(FUNNEL) + 1)]
_BIT_OF_EVENT = (
    "case event "
    + " ".join(f"when '{step}' then {bit}" for step, bit in zip(FUNNEL, _BITS, strict=False))
    + f" else {_BITS[-1]} end"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelFilter:
    """Which part of the past, which links, which channels; None and empty mean any.

    `until` is the first instant that no longer counts.
    """

    since: datetime | None = None
    until: datetime | None = None
    share_link_ids: frozenset[int] = frozenset()
    workspace_ids: frozenset[int] = frozenset()
    channels: frozenset[Channel] = frozenset()


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many browsers took each step, in the steps' order, and how many were refused or left."""

    steps: Mapping[GateStep, int]
    refused: int

    @property
    def opened(self) -> int:
        """Who came to a gate."""
        return self.steps[GateStep.OPENED]

    @property
    def viewed(self) -> int:
        """Who opened a document."""
        return self.steps[GateStep.VIEWED]


def count_funnel(reader: Reader, wanted: FunnelFilter) -> Funnel:
    """How many different browsers took each step of the funnel.

    With a channel, the first step counts openings of links that ask for it.
    """
    row = reader.row(
        f"""
        with reached as (
            select bit_or({_BIT_OF_EVENT}) as bits
            from gate_event
            where
                (list_contains($steps, event) or list_contains($refused, event))
                and ($since is null or created_at >= $since)
                and ($until is null or created_at < $until)
                and (len($share_link_ids) = 0 or list_contains($share_link_ids, share_link_id))
                and {_IN_WORKSPACES}
                and {_ON_CHANNELS}
            group by
                browser_id,
                share_link_id
        )
        select {", ".join(f"count(*) filter (where bits & {bit} <> 0)" for bit in _BITS)}
        from reached
        """,
        steps=list(FUNNEL),
        refused=list(REFUSED),
        since=wanted.since,
        until=wanted.until,
        share_link_ids=sorted(wanted.share_link_ids),
        workspace_ids=sorted(wanted.workspace_ids),
        channels=sorted(wanted.channels),
    )
    *counted, refused = row or [0] * len(_BITS)
    return Funnel(dict(zip(FUNNEL, counted, strict=True)), refused)
