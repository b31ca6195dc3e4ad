"""Countries for the number field: names in the viewer's language, calling codes, the likely one."""

from dataclasses import dataclass
from functools import cache

import phonenumbers
from babel import Locale
from babel.core import parse_locale


@dataclass(frozen=True, slots=True)
class Country:
    """A country that has telephone numbers: its two letters, its name, and +49 or the like."""

    region: str
    name: str
    calling_code: str

    @property
    def label(self) -> str:
        """What the picker shows; unique."""
        return f"{self.name} ({self.calling_code})"


@cache
def find_countries(language: str, *, first: str | None = None) -> tuple[Country, ...]:
    """Every country with telephone numbers by name in this language, `first` before all."""
    names = Locale(language).territories
    countries = [
        Country(
            region,
            names.get(region, region),
            f"+{phonenumbers.country_code_for_region(region)}",
        )
        for region in phonenumbers.SUPPORTED_REGIONS
    ]
    return tuple(
        sorted(
            countries, key=lambda country: (country.region != first, country.name, country.region)
        )
    )


def guess_region(locale: str | None) -> str | None:
    """The country that a browser's locale such as `pt-BR` names; None if it names none."""
    if not locale:
        return None
    try:
        # Any pair of language and country is somebody's, whether Babel has words for it or not.
        territory = parse_locale(locale, sep="-" if "-" in locale else "_")[1]
    except ValueError:
        return None
    return territory if territory in phonenumbers.SUPPORTED_REGIONS else None
