"""Numbers of rows in addresses: what anybody may type in place of one."""

# The columns hold 32 bits.
_LARGEST_NUMBER = 2**31 - 1


def read_row_number(text: str) -> int:
    """The number of a row; 0, which no row has, for whatever cannot be one."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST_NUMBER))
    number = int(text) if is_number else 0
    return number if number <= _LARGEST_NUMBER else 0
