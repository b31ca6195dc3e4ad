"""The countries that the demo's people live in, and telephone numbers reserved for fiction there.

Sources of the ranges: NANPA 555-0100 to 555-0199; Ofcom "numbers for drama"; Bundesnetzagentur
"Rufnummern für Medienproduktionen"; the numbering plans of ARCEP (France), PTS (Sweden) and ACMA
(Australia), each with numbers for works of fiction. India, Brazil and Mexico reserve none: there
a row of zeros says that the number is made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mimesis.locales import Locale


@dataclass(frozen=True, slots=True)
class Place:
    """A country: its clock, how many of the demo's people live there, how they are named.

    `numbers` are ranges of telephone numbers that end in `x` for any digit; empty where no range
    is reserved. People have names of `locale`, or else those of `names.toml`.
    """

    time_zone: str
    weight: int
    locale: Locale | None
    numbers: tuple[str, ...] = ()


def _american(*area_codes: int) -> tuple[str, ...]:
    return tuple(f"+1{code}55501xx" for code in area_codes)


_LONDON = ("+442079460xxx", "+441614960xxx", "+441314960xxx", "+441214960xxx")
_BERLIN = ("+493023125xxx", "+496990009xxx", "+494066969xxx", "+498999998xxx", "+49176040690xx")
_PARIS = ("+3319900xxxx", "+3326191xxxx", "+3335301xxxx", "+3346571xxxx", "+3353649xxxx")
_STOCKHOLM = ("+4670174061x", "+468465004xx", "+463139006xx")
_SYDNEY = ("+6125550xxxx", "+6135550xxxx", "+6175550xxxx")
_BRAZIL = ("+55119000000xx", "+55219000000xx", "+55319000000xx")
_MEXICO = ("+5255000000xx", "+5281000000xx")
_INDIA = ("+9190000000xx", "+9170000000xx")

PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "US": Place("America/New_York", 13, Locale.EN, _american(212, 617, 305, 646, 404)),
        "US west": Place("America/Los_Angeles", 6, Locale.EN, _american(310, 503, 619, 408)),
        "CA": Place("America/Toronto", 5, Locale.EN_CA, _american(416, 514, 613)),
        "DO": Place("America/Santo_Domingo", 2, Locale.ES, _american(809, 829)),
        "PR": Place("America/Puerto_Rico", 2, Locale.ES, _american(787, 939)),
        "GB": Place("Europe/London", 11, Locale.EN_GB, _LONDON),
        "DE": Place("Europe/Berlin", 13, Locale.DE, _BERLIN),
        "FR": Place("Europe/Paris", 8, Locale.FR, _PARIS),
        "SE": Place("Europe/Stockholm", 4, Locale.SV, _STOCKHOLM),
        "AU": Place("Australia/Sydney", 5, Locale.EN_AU, _SYDNEY),
        "BR": Place("America/Sao_Paulo", 9, Locale.PT_BR, _BRAZIL),
        "MX": Place("America/Mexico_City", 4, Locale.ES_MX, _MEXICO),
        "IN": Place("Asia/Kolkata", 8, None, _INDIA),
        "ES": Place("Europe/Madrid", 4, Locale.ES),
        "IT": Place("Europe/Rome", 4, Locale.IT),
        "NL": Place("Europe/Amsterdam", 4, Locale.NL),
        "BE": Place("Europe/Brussels", 2, Locale.NL_BE),
        "AT": Place("Europe/Vienna", 2, Locale.DE_AT),
        "CH": Place("Europe/Zurich", 3, Locale.DE_CH),
        "PL": Place("Europe/Warsaw", 3, Locale.PL),
        "PT": Place("Europe/Lisbon", 2, Locale.PT),
        "DK": Place("Europe/Copenhagen", 2, Locale.DA),
        "NO": Place("Europe/Oslo", 2, Locale.NO),
        "FI": Place("Europe/Helsinki", 2, Locale.FI),
        "CZ": Place("Europe/Prague", 2, Locale.CS),
        "TR": Place("Europe/Istanbul", 2, Locale.TR),
        "SG": Place("Asia/Singapore", 3, None),
        "JP": Place("Asia/Tokyo", 3, None),
        "KE": Place("Africa/Nairobi", 2, None),
    }
)
