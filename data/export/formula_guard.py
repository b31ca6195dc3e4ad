"""The formula guard of GATE.md §10, once for Python and once, in the same words, for SQL.

A spreadsheet runs a cell that begins like a formula; a leading apostrophe makes it text.
"""

import re

# What begins a formula, or makes an importer cut the cell so that its rest does: = + - @, TAB,
# CR, LF, NUL and the full-width forms that Excel reads as the plain ones.
_DANGEROUS = "=+-@\t\r\n\0＝＋－＠"

# What a spreadsheet trims or does not show before it looks at the first character: every Unicode
# space, control and zero-width character but those above. First and last of each range.
_SKIPPED_RANGES = (
    (0x01, 0x08),
    (0x0B, 0x0C),
    (0x0E, 0x20),
    (0x7F, 0xA0),
    (0xAD, 0xAD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x1680, 0x1680),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x206F),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)


def _formula_start(escape: str) -> str:
    """The pattern of a cell that begins like a formula; `escape` writes one code point."""
    skipped = "".join(
        f"{escape.format(first)}-{escape.format(last)}" for first, last in _SKIPPED_RANGES
    )
    dangerous = "".join(escape.format(ord(character)) for character in _DANGEROUS)
    return rf"\A[{skipped}]*[{dangerous}]"


_PHONE = r"\+[1-9][0-9]{6,14}"
_FORMULA_START = re.compile(_formula_start(r"\U{:08x}"))
_PHONE_NUMBER = re.compile(_PHONE)

_FORMULA_START_SQL = _formula_start(r"\x{{{:x}}}")


def guard_cell(text: str, is_phone: bool = False) -> str:
    """The text, with an apostrophe before it if a spreadsheet could run it as a formula.

    In a phone column a plain international number (`+` and 7 to 15 digits) stays as it is: an
    apostrophe would break every import of numbers.
    """
    if is_phone and _PHONE_NUMBER.fullmatch(text):
        return text
    return "'" + text if _FORMULA_START.match(text) else text


def guarded_sql(cell: str, *, is_phone: str) -> str:
    """`guard_cell` as an SQL expression over two expressions, both constants of a module."""
    return f"""
        case
            when not regexp_matches({cell}, '{_FORMULA_START_SQL}') then {cell}
            when {is_phone} and regexp_full_match({cell}, '{_PHONE}') then {cell}
            else '''' || {cell}
        end
    """
