"""Why two contacts may be one person, each reason as SQL.

Most reasons pair a group's contacts with its first one only, so that pairs grow with contacts and
never with their square.
"""

from enum import StrEnum


class Likeness(StrEnum):
    """Why two contacts may be one person, the strongest first."""

    PROVED_TOGETHER = "proved_together"
    GIVEN_TOGETHER = "given_together"
    PLUS_TAG = "plus_tag"
    DOTS = "dots"
    SAME_NAME = "same_name"
    SAME_BROWSER = "same_browser"


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
            firsts.first_id as one_id,
            members.contact_id as other_id,
            '{likeness.value}' as likeness,
            {_WEIGHTS[likeness]} as weight
        from ({groups}) as members
        join (
            select
                likeness_key,
                min(contact_id) as first_id
            from ({groups})
            group by likeness_key
            having min(contact_id) <> max(contact_id)
        ) as firsts on firsts.likeness_key = members.likeness_key
        where members.contact_id <> firsts.first_id
    """


# Of two addresses that only a tag tells apart, one has a tag: only those are looked for.
_TAGGED = """
    select
        contact_id,
        regexp_replace(key, '\\+[^@]*@', '@') as likeness_key
    from identifier
    where
        channel = 'email'
        and strpos(key, '+') > 1
"""
_PLUS_TAGS = f"""
    {_TAGGED}
    union all
    select
        contact_id,
        key
    from identifier
    where
        channel = 'email'
        and key in (select likeness_key from ({_TAGGED}))
"""
_GMAIL = """
    select
        contact_id,
        replace(split_part(split_part(key, '@', 1), '+', 1), '.', '') as likeness_key
    from identifier
    where
        channel = 'email'
        and (ends_with(key, '@gmail.com') or ends_with(key, '@googlemail.com'))
"""
# Columns one_id and other_id (the higher number), likeness, weight; a pair comes more than once.
LIKE_PAIRS = f"""
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
        _PLUS_TAGS,
        Likeness.PLUS_TAG,
    )
}
    union all
    {
    _star(
        _GMAIL,
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
