"""Which company an email address speaks of, if any."""

# Where people have their private mail; an address there names no company.
_FREE_MAIL = (
    "126 163 aol att bellsouth bigpond bol btinternet comcast cox daum email fastmail foxmail "
    "free freenet gmail gmx googlemail hanmail hey hotmail icloud ig inbox laposte libero "
    "live mac mail me msn nate naver neuf ntlworld o2 optusnet orange outlook pm posteo "
    "proton protonmail qq r7 rediffmail rocketmail sbcglobal seznam sfr shaw sina sky skynet "
    "sohu t-online talktalk telenet terra tiscali tuta tutanota uol verizon virgilio wanadoo "
    "web windstream wp xtra yahoo yandex yeah ymail ziggo zoho "
)
FREE_MAIL_NAMES = frozenset(_FREE_MAIL.split())
# Below a country's ending, these are part of the ending: acme.co.uk, acme.com.br.
SECOND_LEVEL_NAMES = frozenset(
    {"ac", "co", "com", "edu", "gob", "gov", "gv", "net", "ne", "or", "org"}
)


def guess_company(address: str) -> str | None:
    """The company that an email address's domain seems to name: `Acme` for ada@mail.acme.co.uk.

    None where the domain is one of free mail, or no word.
    """
    _, at_sign, domain = address.rpartition("@")
    labels = domain.lower().split(".") if at_sign else []
    ending = 2 if _has_long_ending(labels) else 1
    if len(labels) <= ending:
        return None
    name = labels[-ending - 1]
    if name in FREE_MAIL_NAMES or name.startswith("xn--") or not any(map(str.isalpha, name)):
        return None
    return " ".join(word.capitalize() for word in name.split("-") if word) or None


def _has_long_ending(labels: list[str]) -> bool:
    return len(labels) >= 3 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL_NAMES
