"""Slips of the finger in an email's domain, of the kind that sends a code to nobody."""

from difflib import get_close_matches

from gate.errors import InvalidIdentifier
from gate.identifiers import parse_email

# Where most people have their mail, and neighbours of these names that are real as well.
_COMMON = (
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "yahoo.com.br",
    "yahoo.co.in",
    "yahoo.fr",
    "hotmail.com",
    "hotmail.fr",
    "outlook.com",
    "outlook.de",
    "live.com",
    "icloud.com",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "orange.fr",
    "wanadoo.fr",
    "laposte.net",
    "uol.com.br",
    "bol.com.br",
    "terra.com.br",
    "rediffmail.com",
)
_REAL_NEIGHBOURS = frozenset(
    {"ymail.com", "mail.com", "email.com", "gmx.com", "gmx.at", "gmx.ch", "live.de", "live.fr"}
    | {"yahoo.de", "yahoo.es", "yahoo.in", "yahoo.co.uk", "hotmail.de", "hotmail.es", "hotmail.it"}
    | {"outlook.fr", "outlook.es", "outlook.com.br", "me.com", "mac.com", "pm.me", "web.com"}
)
_LIKENESS = 0.83


def suggest_email(text: str) -> str | None:
    """The address that was probably meant, or None where the domain looks meant."""
    try:
        typed = parse_email(text)
    except InvalidIdentifier:
        return None
    local, _, domain = typed.address.rpartition("@")
    if domain in _COMMON or domain in _REAL_NEIGHBOURS:
        return None
    near = get_close_matches(domain, _COMMON, n=1, cutoff=_LIKENESS)
    return f"{local}@{near[0]}" if near else None
