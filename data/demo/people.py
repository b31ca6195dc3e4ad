"""The demo's people: who they are, where, and how they can be reached."""

import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from mimesis import Person
from mimesis.locales import Locale

from data.demo.places import PLACES, Place
from data.records import Channel

# Shares of the contacts; what is left has both an email address and a WhatsApp number.
ONLY_EMAIL = 0.63
ONLY_WHATSAPP = 0.31

Words = Mapping[str, Sequence[str]]

_NAMES = Path(__file__).parent / "names.toml"
_COMPANIES = 460
_NAME_KNOWN = 0.88
_COMPANY_KNOWN = 0.6
# Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "å": "a", "ð": "d", "þ": "th", "ı": "i", "đ": "d"}
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who will pass a gate; `email` or `whatsapp` is None, or neither.

    `is_known` means that the owner has noted the name.
    """

    name: str
    is_known: bool
    company: str | None
    place: Place
    email: str | None
    whatsapp: str | None

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels on which this person can be reached."""
        reached = ((Channel.EMAIL, self.email), (Channel.WHATSAPP, self.whatsapp))
        return frozenset(channel for channel, address in reached if address)


def make_people(rng: Random, seed: int, count: int) -> list[DemoPerson]:
    """So many different people: no address is used twice."""
    words = tomllib.loads(_NAMES.read_text("utf-8"))
    companies = _make_companies(rng, words["companies"])
    name_of = {
        code: _name_maker(rng, place, words["people"].get(code), seed + index)
        for index, (code, place) in enumerate(PLACES.items())
    }
    emails: set[str] = set()
    numbers = {code: _shuffled_numbers(place, rng) for code, place in PLACES.items()}
    people = []
    for _ in range(count):
        kind = rng.random()
        has_email = kind < ONLY_EMAIL or kind >= ONLY_EMAIL + ONLY_WHATSAPP
        has_whatsapp = kind >= ONLY_EMAIL
        code = _choose_place(rng, has_number=has_whatsapp)
        name, company = name_of[code](), rng.choice(companies)
        people.append(
            DemoPerson(
                name=name,
                is_known=rng.random() < _NAME_KNOWN,
                company=company if has_email or rng.random() < _COMPANY_KNOWN else None,
                place=PLACES[code],
                email=_make_email(name, company, emails) if has_email else None,
                whatsapp=next(numbers[code]) if has_whatsapp else None,
            )
        )
    return people


def make_team() -> list[DemoPerson]:
    """The account's own people, whose visits are previews and count nowhere."""
    return [
        DemoPerson(name, True, "Larkmere", PLACES["DE"], email, None)
        for name, email in (
            ("Mara Lindqvist", "mara.lindqvist@larkmere.example"),
            ("Tomas Ibarra", "tomas.ibarra@larkmere.example"),
            ("Ife Okonjo", "ife.okonjo@larkmere.example"),
        )
    ]


def _choose_place(rng: Random, *, has_number: bool) -> str:
    codes = [code for code, place in PLACES.items() if place.numbers or not has_number]
    return rng.choices(codes, [PLACES[code].weight for code in codes])[0]


def _name_maker(rng: Random, place: Place, names: Words | None, seed: int) -> Callable[[], str]:
    if names is None:
        return Person(place.locale or Locale.EN, seed=seed).full_name
    return lambda: f"{rng.choice(names['given'])} {rng.choice(names['family'])}"


def _make_companies(rng: Random, words: Words) -> list[str]:
    pairs = [f"{first} {second}" for first in words["first"] for second in words["second"]]
    return [f"{pair} {rng.choice(words['trades'])}" for pair in rng.sample(pairs, _COMPANIES)]


def _make_email(name: str, company: str, taken: set[str]) -> str:
    """Given name, family name and the company's domain, with a number if that is taken."""
    words = [_plain_letters(word) for word in name.split()]
    person = ".".join(word for word in (words[0], words[-1]) if word)
    domain = "".join(company.split()[:2]).lower()
    email, number = f"{person}@{domain}.example", 2
    while email in taken:
        email, number = f"{person}{number}@{domain}.example", number + 1
    taken.add(email)
    return email


def _plain_letters(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.lower().translate(_PLAIN_LETTERS))
    return "".join(letter for letter in apart if "a" <= letter <= "z")


def _shuffled_numbers(place: Place, rng: Random) -> Iterator[str]:
    """Every number of the place's ranges once, in a random order."""
    every = [number for one in place.numbers for number in _expand(one)]
    rng.shuffle(every)
    return iter(every)


def _expand(pattern: str) -> list[str]:
    places = pattern.count("x")
    return [pattern.rstrip("x") + f"{number:0{places}}" for number in range(10**places)]
