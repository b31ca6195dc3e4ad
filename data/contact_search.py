"""What the owner's search finds: addresses, names, companies, and phones however they are typed."""

import re
import unicodedata

# Digits that a person adds to or leaves out of the stored number only matter in a dialled number;
# shorter text is the end of one ("last four"), whose zeros count.
_SHORTEST_DIALLED = 5
_PHONE_MARKS = frozenset("+＋()-./\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2060\ufeff")
_UNSEEN = frozenset({"Zs", "Cf", "Nd"})

# What `identifier.searched` holds: each form of an address once, in lower case, and of a number as
# it was typed the digits. A character that nobody types stands between them.
SEARCHED_TEXT = """
    concat_ws(
        chr(31),
        lower(key),
        case when lower(address) <> lower(key) then lower(address) end,
        case when lower(typed) not in (lower(key), lower(address)) then lower(typed) end,
        case
            when channel = 'whatsapp' and typed not in (key, address)
                then regexp_replace(typed, '[^0-9]', '', 'g')
        end
    )
"""
# The same of a row that is being made, or proved: what is bound stands for the columns.
SEARCHED_OF_GIVEN = re.sub(r"\b(key|address|typed|channel)\b", r"$\1", SEARCHED_TEXT)
SEARCHED_OF_PROVED = re.sub(r"\b(address|typed)\b", r"$\1", SEARCHED_TEXT)
_TEXT_IN_IDENTIFIER = "contains(searched, lower($search))"
_NUMBER_IN_IDENTIFIER = "channel = 'whatsapp' and contains(searched, $digits)"

_TEXT_IN_CONTACT = """
        select contact_id
        from contact
        where
            contains(lower(name), lower($search))
            or contains(lower(company), lower($search))
"""

# Of a list the engine expects few, as is so of what is found, and looks those up; of a question it
# expects many, and would look up every contact instead.
FOUND_BY_TEXT = f"""
    contact.contact_id in (
        select unnest(list(contact_id))
        from (
            select contact_id
            from identifier
            where {_TEXT_IN_IDENTIFIER}
            union all
            {_TEXT_IN_CONTACT}
        )
    )
"""

FOUND_BY_TEXT_OR_NUMBER = f"""
    contact.contact_id in (
        select unnest(list(contact_id))
        from (
            select contact_id
            from identifier
            where {_TEXT_IN_IDENTIFIER} or ({_NUMBER_IN_IDENTIFIER})
            union all
            {_TEXT_IN_CONTACT}
        )
    )
"""


def read_phone_digits(text: str) -> str | None:
    """The digits that a stored number holds if this text is a phone number or a part of one.

    Without what only dialling needs: `00`, a trunk `0`, the `(0)` of letterheads; `+44` for a
    short `0044`, which is found at the start of a number only. None if the
    text holds anything that no phone number does, or no digit.
    """
    bare = "".join(text.split()).removeprefix("tel:")
    if not all(char in _PHONE_MARKS or unicodedata.category(char) in _UNSEEN for char in bare):
        return None
    folded = "".join(str(unicodedata.decimal(char, char)) for char in bare)
    digits = "".join(char for char in folded.replace("(0)", "") if char.isdecimal())
    if len(digits) >= _SHORTEST_DIALLED:
        return digits.lstrip("0") or digits
    # The beginning of a number dialled from abroad: `0044` is a country, as `+44` is. As the last
    # four digits of a number it is found by the text itself.
    return f"+{digits[2:]}" if len(digits) > 2 and digits.startswith("00") else digits or None
