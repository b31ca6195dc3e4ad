"""Countries for the number field: names in the viewer's language, calling codes, the likely one."""

import unicodedata
from dataclasses import dataclass
from functools import cache

import phonenumbers
from babel import Locale
from babel.core import parse_locale

# What people also type for a country, beside Babel's name for it.
_ALSO_CALLED = {
    "AE": "UAE",
    "CD": "DR Congo",
    "CI": "Ivory Coast",
    "CV": "Cabo Verde",
    "CZ": "Czech Republic",
    "GB": "Great Britain, England",
    "KR": "Korea",
    "MM": "Burma",
    "NL": "Holland",
    "SZ": "Swaziland",
    "TR": "Turkey",
    "US": "USA",
}
_APOSTROPHES = str.maketrans("’ʼ", "''")
# Between a country's name and what only finds it.
_BESIDE = " · "


@dataclass(frozen=True, slots=True)
class Country:
    """A country that has telephone numbers: its two letters, its name, and +49 or the like.

    `other_names` are those that it is found by as well: in English, or without accents.
    """

    region: str
    name: str
    calling_code: str
    other_names: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the picker shows and searches; unique."""
        return self.format_label("{}")

    def format_label(self, code_frame: str) -> str:
        """The label with the calling code in this frame, such as `\u2066{}\u2069`."""
        own = f"{self.name} ({code_frame.format(self.calling_code)})"
        return _BESIDE.join((own, ", ".join(self.other_names))) if self.other_names else own


@cache
def find_countries(language: str, *, first: str | None = None) -> tuple[Country, ...]:
    """Every country with telephone numbers by name in this language, `first` before all."""
    # Stable: what is sorted by name stays so behind the first.
    return tuple(sorted(_sort_countries(language), key=lambda country: country.region != first))


@cache
def _sort_countries(language: str) -> tuple[Country, ...]:
    names, english = Locale(language).territories, Locale("en").territories
    countries = [
        Country(
            region,
            name := names.get(region, region),
            f"+{phonenumbers.country_code_for_region(region)}",
            _find_other_names(region, name, english.get(region, region)),
        )
        for region in phonenumbers.SUPPORTED_REGIONS
    ]
    return tuple(sorted(countries, key=lambda one: (fold_name(one.name), one.region)))


def _find_other_names(region: str, name: str, english_name: str) -> tuple[str, ...]:
    """What a country is looked for by where its own name does not find it."""
    wanted = (
        _drop_accents(english_name),
        *_ALSO_CALLED.get(region, "").split(", "),
        _drop_accents(name),
    )
    found = name
    others: list[str] = []
    for one in wanted:
        if one.isascii() and not _is_found(one, found):
            found = f"{found} {one}"
            others.append(one)
    return tuple(others)


def _is_found(typed: str, label: str) -> bool:
    """Whether the picker finds this label: all that was typed is in it, in this order."""
    rest = iter(label.lower())
    return all(character in rest for character in typed.lower())


def fold_name(name: str) -> str:
    """A name as it is sorted: without marks, in small letters."""
    return _drop_accents(name).casefold()


def _drop_accents(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES))
    return "".join(character for character in parts if not unicodedata.combining(character))


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
