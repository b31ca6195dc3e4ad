"""Pairs of contacts that may be one person, the likeliest first, and those an owner told apart.

Why two may be one is said in `data/likeness.py`.
"""

from dataclasses import dataclass

from data.database import Reader, Row
from data.likeness import LIKE_PAIRS, Likeness


@dataclass(frozen=True, slots=True)
class PairSide:
    """One contact of a pair: its first address, how many others it has, and its name."""

    contact_id: int
    address: str
    more_identifiers: int
    name: str | None
    company: str | None
    access_count: int


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two contacts, the older first, and why they may be one person: the strongest reason first."""

    one: PairSide
    other: PairSide
    reasons: tuple[Likeness, ...]


_ALIKE = f"""
    select
        one_id,
        other_id,
        list(likeness order by weight desc) as reasons,
        sum(weight) as weight
    from (
        select
            one_id,
            other_id,
            likeness,
            any_value(weight) as weight
        from ({LIKE_PAIRS})
        where $contact_id is null or one_id = $contact_id or other_id = $contact_id
        group by
            one_id,
            other_id,
            likeness
    ) as pairs
    anti join contact_apart
        on contact_apart.contact_id = pairs.one_id
        and contact_apart.other_contact_id = pairs.other_id
    semi join (
        select contact_id
        from contact
        where archived_at is null
    ) as one on one.contact_id = pairs.one_id
    semi join (
        select contact_id
        from contact
        where archived_at is null
    ) as other on other.contact_id = pairs.other_id
    group by
        one_id,
        other_id
"""
_SIDE = """
    select
        contact.contact_id,
        contact.name,
        contact.company,
        contact.access_count,
        shown.address,
        shown.more_identifiers
    from contact
    join (
        select
            contact_id,
            arg_min(address, identifier_id) as address,
            count(*) - 1 as more_identifiers
        from identifier
        where contact_id in (
            select one_id
            from picked
            union all
            select other_id
            from picked
        )
        group by contact_id
    ) as shown on shown.contact_id = contact.contact_id
"""
_SIDE_COLUMNS = """
    {side}.contact_id,
    {side}.address,
    {side}.more_identifiers,
    {side}.name,
    {side}.company,
    {side}.access_count
"""
_SHOWN = f"""
    select
        {_SIDE_COLUMNS.format(side="one")},
        {_SIDE_COLUMNS.format(side="other")},
        picked.reasons
    from picked
    join ({_SIDE}) as one on one.contact_id = picked.one_id
    join ({_SIDE}) as other on other.contact_id = picked.other_id
    order by
        picked.weight desc,
        picked.one_id,
        picked.other_id
"""


def find_alike_pairs(
    reader: Reader, *, contact_id: int | None = None, page: int = 1, page_size: int = 50
) -> list[AlikePair]:
    """One page of the pairs, the likeliest first; with a contact only those that it is in.

    Archived contacts are in none, nor are pairs that were told apart.
    """
    rows = reader.rows(
        f"""
        with picked as materialized (
            {_ALIKE}
            order by
                weight desc,
                one_id,
                other_id
            limit $page_size offset $skipped
        )
        {_SHOWN}
        """,
        contact_id=contact_id,
        page_size=page_size,
        skipped=(page - 1) * page_size,
    )
    return [_read_pair(row) for row in rows]


def count_alike_pairs(reader: Reader) -> int:
    """How many pairs there are, over all pages."""
    row = reader.row(f"select count(*) from ({_ALIKE})", contact_id=None)
    return int(row[0]) if row else 0


def find_apart_pairs(reader: Reader, *, most: int) -> list[AlikePair]:
    """The pairs that an owner told apart, the latest first; without reasons."""
    rows = reader.rows(
        f"""
        with picked as materialized (
            select
                contact_id as one_id,
                other_contact_id as other_id,
                cast([] as varchar[]) as reasons,
                epoch(said_at) as weight
            from contact_apart
            order by
                said_at desc,
                contact_id,
                other_contact_id
            limit $most
        )
        {_SHOWN}
        """,
        most=most,
    )
    return [_read_pair(row) for row in rows]


def _read_pair(row: Row) -> AlikePair:
    reasons = [Likeness(text) for text in row[12]]
    if Likeness.PLUS_TAG in reasons:
        # Where nothing but a tag differs, no dot does.
        reasons = [one for one in reasons if one is not Likeness.DOTS]
    return AlikePair(PairSide(*row[:6]), PairSide(*row[6:12]), tuple(reasons))
