"""Chance that the same numbers always give."""


def chance(salt: int, columns: str) -> str:
    """A number from 0 to 1 that these columns always give, another one for another salt."""
    # Hashes of two columns alone are alike for like columns.
    return f"((hash(hash({columns}, {salt})) >> 11) / 9007199254740992.0)"
