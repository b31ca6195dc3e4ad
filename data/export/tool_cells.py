"""Cells that several tools want alike: names in two parts, notes, numbers. SQL over a row.

Only SQL here; which tool has which column is in `tools.py` and its neighbours.
"""

from collections.abc import Iterable

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from data.export.columns import NOTHING, Column, Source

WHOLE_NAME = "trim(name)"
# The last word is taken for the last name; a single word is the first.
BEFORE_LAST = rf"regexp_extract({WHOLE_NAME}, '^(.*\S)\s+\S+$', 1)"
LAST = rf"regexp_extract({WHOLE_NAME}, '\s(\S+)$', 1)"
FIRST = rf"if(regexp_matches({WHOLE_NAME}, '\s'), {BEFORE_LAST}, {WHOLE_NAME})"
# The address that may be written to, where a contact has several.
BEST_EMAIL = "coalesce(consenting_emails[1], emails[1])"
# The code of a country is never the beginning of another's (ITU-T E.164).
_CODES = "|".join(str(code) for code in sorted(COUNTRY_CODE_TO_REGION_CODE))


def with_others(others: str) -> str:
    """What was noted, and a list of addresses that the file has no column for."""
    also = f"'Also: ' || nullif(array_to_string({others}, '; '), '')"
    return rf"concat_ws(e'\n', nullif(notes, ''), {also})"


def fitting(text: str) -> str:
    """The text in at most 255 bytes, one of them the guard's; a character has up to four."""
    return f"if(strlen({text}) <= 254, {text}, left({text}, 63))"


def from_details(name: str, sql: str) -> Column:
    """A column of what is noted about the contact."""
    return Column(name, sql, needs=Source.DETAILS)


def consented(name: str, sql: str, *, is_phone: bool = False) -> Column:
    """A column of what a contact consented to."""
    return Column(name, sql, needs=Source.CONSENT, is_phone="true" if is_phone else "false")


def name_parts(first: str, last: str) -> tuple[Column, Column]:
    """Two columns of a person's name."""
    return from_details(first, fitting(FIRST)), from_details(last, fitting(LAST))


def phone(name: str, sql: str) -> Column:
    """A column of numbers."""
    return Column(name, sql, is_phone="true")


def mailbox(email: str) -> str:
    """The address as a file for a tool has it: it begins no formula, and is the same mailbox.

    With the guard's apostrophe it would be somebody else's. With its first part in quotes it is
    not (RFC 5321, section 4.1.2): a tool that cannot read that refuses it.
    """
    quoted = f"""regexp_replace({email}, '^(.*)@', '"\\1"@')"""
    return f"if(regexp_matches({email}, '^[=+-].*@'), {quoted}, {email})"


def mailboxes(emails: str) -> str:
    """A list of addresses, each as `mailbox` has it."""
    return f"list_transform({emails}, lambda one: {mailbox('one')})"


def number_parts(number: str) -> tuple[Column, ...]:
    """A number as country code and national digits, without its plus."""
    pattern = rf"'^\+({_CODES})(\d+)$'"
    return (
        consented("Country Code", f"regexp_extract({number}, {pattern}, 1)"),
        consented("Phone Number", f"regexp_extract({number}, {pattern}, 2)"),
    )


def fill_header(header: str, filled: Iterable[Column]) -> tuple[Column, ...]:
    """The columns of a header, empty but for those that are filled."""
    by_name = {column.name: column for column in filled}
    return tuple(by_name.get(name, Column(name, NOTHING)) for name in header.split(","))
