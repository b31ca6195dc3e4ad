"""Pairs of contacts that may be one person, with the reasons; and those an owner told apart.

Each reason pairs a group's contacts with its first one only, so that pairs grow with contacts and
never with their square.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.database import Reader, Row, Transaction


class Likeness(StrEnum):
    """Why two contacts may be one person, the strongest first."""

    PROVED_TOGETHER = "proved_together"
    GIVEN_TOGETHER = "given_together"
    PLUS_TAG = "plus_tag"
    DOTS = "dots"
    SAME_NAME = "same_name"
    SAME_BROWSER = "same_browser"


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


# How much each reason counts; a pair's reasons add up.
_WEIGHTS = {
    Likeness.PROVED_TOGETHER: 100,
    Likeness.GIVEN_TOGETHER: 60,
    Likeness.PLUS_TAG: 80,
    Likeness.DOTS: 50,
    Likeness.SAME_NAME: 70,
    Likeness.SAME_BROWSER: 30,
}
# A browser that more contacts than this came with is a shared one, and says nothing.
MOST_IN_ONE_BROWSER = 3


def _star(groups: str, likeness: Likeness) -> str:
    """From rows of contact_id and likeness_key: each contact with the first of its group."""
    return f"""
        select
            first_id as one_id,
            contact_id as other_id,
            '{likeness.value}' as likeness,
            {_WEIGHTS[likeness]} as weight
        from (
            select
                contact_id,
                min(contact_id) over (partition by likeness_key) as first_id
            from ({groups})
        )
        where contact_id <> first_id
    """


_BASES = """
    select
        contact_id,
        split_part(split_part(key, '@', 1), '+', 1) as local_part,
        split_part(key, '@', 2) as domain
    from identifier
    where channel = 'email'
"""
_PAIRS = f"""
    select
        least(one.contact_id, other.contact_id) as one_id,
        greatest(one.contact_id, other.contact_id) as other_id,
        case
            when pass.is_verified and pass.is_other_verified then '{Likeness.PROVED_TOGETHER.value}'
            else '{Likeness.GIVEN_TOGETHER.value}'
        end as likeness,
        case
            when pass.is_verified and pass.is_other_verified
                then {_WEIGHTS[Likeness.PROVED_TOGETHER]}
            else {_WEIGHTS[Likeness.GIVEN_TOGETHER]}
        end as weight
    from pass
    join identifier as one on one.identifier_id = pass.identifier_id
    join identifier as other on other.identifier_id = pass.other_identifier_id
    where
        pass.other_identifier_id is not null
        and one.contact_id <> other.contact_id
    union all
    {
    _star(
        f'''
        select
            contact_id,
            concat(local_part, '@', domain) as likeness_key
        from ({_BASES})
        where local_part <> ''
        ''',
        Likeness.PLUS_TAG,
    )
}
    union all
    {
    _star(
        f'''
        select
            contact_id,
            replace(local_part, '.', '') as likeness_key
        from ({_BASES})
        where domain in ('gmail.com', 'googlemail.com')
        ''',
        Likeness.DOTS,
    )
}
    union all
    {
    _star(
        '''
        select
            contact_id,
            concat(lower(trim(name)), chr(10), lower(trim(company))) as likeness_key
        from contact
        where
            trim(name) <> ''
            and trim(company) <> ''
        ''',
        Likeness.SAME_NAME,
    )
}
    union all
    {
    _star(
        f'''
        select distinct
            contact_id,
            browser_id as likeness_key
        from pass
        where
            contact_id is not null
            and browser_id in (
                select browser_id
                from pass
                where contact_id is not null
                group by browser_id
                having count(distinct contact_id) between 2 and {MOST_IN_ONE_BROWSER}
            )
        ''',
        Likeness.SAME_BROWSER,
    )
}
"""
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
        from ({_PAIRS})
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


def is_apart(reader: Reader, one_id: int, other_id: int) -> bool:
    """Whether an owner said of these two, the lower number first, that they are not one person."""
    row = reader.row(
        """
        select 1
        from contact_apart
        where contact_id = $one_id and other_contact_id = $other_id
        """,
        one_id=one_id,
        other_id=other_id,
    )
    return row is not None


def insert_apart(
    tx: Transaction, one_id: int, other_id: int, *, member_id: int, now: datetime
) -> None:
    """Keep that these two, the lower number first, are not one person."""
    tx.run(
        "insert into contact_apart values ($one_id, $other_id, $member_id, $now)",
        one_id=one_id,
        other_id=other_id,
        member_id=member_id,
        now=now,
    )


def delete_apart(tx: Transaction, one_id: int, other_id: int) -> None:
    """Forget that these two were told apart."""
    tx.run(
        """
        delete from contact_apart
        where contact_id = $one_id and other_contact_id = $other_id
        """,
        one_id=one_id,
        other_id=other_id,
    )


def _read_pair(row: Row) -> AlikePair:
    return AlikePair(
        PairSide(*row[:6]), PairSide(*row[6:12]), tuple(Likeness(text) for text in row[12])
    )
