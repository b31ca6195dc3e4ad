"""The gate's words: whole in every language, and none of the gate's refusals is speechless."""

import re
import tomllib
from datetime import timedelta

import pytest

from data.records import Channel
from gate import errors
from gate.delivery.letter import read_letter_words
from gate.errors import GateRefusal, IdentifierFault
from pages.ui.countries import find_countries, guess_region
from pages.ui.words import (
    LOCALE_FOLDER,
    accepted_language,
    is_right_to_left,
    refusal_sentence,
    say,
    say_wait,
)
from tests.reading import read_product

LANGUAGES = sorted(path.stem for path in LOCALE_FOLDER.glob("*.toml"))
# Names that are put together from a channel, or from which fields a link has.
ASSEMBLED = (
    "page.why_",
    "page.check_",
    "page.change_",
    "told.code_requested_",
    "told.confirmed_",
)
REFUSALS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, GateRefusal) and kind is not GateRefusal
]


def read_sentences(language: str) -> dict[str, str]:
    sections = tomllib.loads((LOCALE_FOLDER / f"{language}.toml").read_text("utf-8"))
    return {
        f"{name}.{key}": text
        for name, part in sections.items()
        for key, text in part.items()
        if name != "wait"
    }


def make_refusal(kind: type[GateRefusal]) -> GateRefusal:
    values = {
        errors.InvalidIdentifier: (Channel.EMAIL, IdentifierFault.MALFORMED),
        errors.MalformedCode: (6,),
        errors.ChallengeClosed: (timedelta(seconds=59),),
        errors.TooManyRequests: (timedelta(minutes=8),),
    }
    return kind(*values.get(kind, ()))


def test_there_are_seven_languages() -> None:
    assert LANGUAGES == ["ar", "de", "en", "es", "fr", "hi", "pt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same_things(language: str) -> None:
    english, theirs = read_sentences("en"), read_sentences(language)
    assert theirs.keys() == english.keys()
    for name, sentence in theirs.items():
        places = sorted(re.findall(r"{\w+}", sentence))
        assert places == sorted(re.findall(r"{\w+}", english[name])), name
        assert sentence.strip()


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_nothing_was_left_in_english(language: str) -> None:
    english, theirs = read_sentences("en"), read_sentences(language)
    same = {name for name, text in theirs.items() if text == english[name]}
    assert same <= {"page.by_whatsapp", "page.by_email", "page.code_label", "preview.title"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_no_refusal_is_speechless(kind: type[GateRefusal], language: str) -> None:
    assert len(refusal_sentence(make_refusal(kind), language=language)) > 10


def test_every_sentence_is_said_somewhere() -> None:
    text = "\n".join(source.text for source in read_product())
    unsaid = {
        name
        for name in read_sentences("en")
        if f'"{name}"' not in text
        and f'"{name.partition(".")[2]}"' not in text
        and not name.startswith(ASSEMBLED)
    }
    assert unsaid == set()


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("pt-BR", "pt"),
        ("de_AT", "de"),
        ("ar", "ar"),
        ("hi-IN", "hi"),
        ("zh-CN", "en"),
        ("", "en"),
        ("../en", "en"),
        ("ja,de", "de"),
        ("ja-JP,ja;q=0.9,fr-CA;q=0.8,en;q=0.7", "fr"),
        ("de;q=0.5,es;q=0.9", "es"),
        ("de;q=0,es;q=0.1", "es"),
        (",pt-BR", "pt"),
        ("EN-gb", "en"),
        ("es-419", "es"),
        ("fr-CA", "fr"),
    ],
)
def test_a_browsers_languages_find_the_one_of_ours(locale: str, language: str) -> None:
    assert accepted_language(locale) == language


@pytest.mark.parametrize(
    ("wait", "language", "told"),
    [
        (timedelta(seconds=59, milliseconds=200), "en", "60 s"),
        (timedelta(seconds=91), "en", "2 min"),
        (timedelta(hours=23, minutes=1), "en", "24 h"),
        (timedelta(seconds=1), "ar", "ثانية واحدة"),
        (timedelta(seconds=2), "ar", "ثانيتين"),
        (timedelta(seconds=5), "ar", "5 ثوانٍ"),
        (timedelta(seconds=56), "ar", "56 ثانية"),
        (timedelta(minutes=7), "ar", "7 دقائق"),
        (timedelta(minutes=12), "ar", "12 دقيقة"),
        (timedelta(hours=3), "ar", "3 ساعات"),
        (timedelta(minutes=7), "hi", "7 मिनट"),
    ],
)
def test_a_wait_is_said_as_people_say_it(wait: timedelta, language: str, told: str) -> None:
    assert say_wait(wait, language=language) == told


def test_french_signs_do_not_begin_a_line() -> None:
    texts = [*read_sentences("fr").values(), read_letter_words("fr").text]
    assert [text for text in texts if re.search(r" [?!:;]", text)] == []


def test_in_arabic_an_address_keeps_its_own_direction() -> None:
    assert is_right_to_left("ar")
    sentence = say("told.code_requested_email", language="ar", mask="a***@e***.com")
    assert "⁨a***@e***.com⁩" in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_begins_with_the_code(language: str) -> None:
    words = read_letter_words(language)
    shown = {"code": "012345", "document": "Deck", "sender": "Northwind", "minutes": 10}
    assert words.text.format(**shown).splitlines()[0] == "012345"
    assert "012345" in words.subject.format(**shown)


@pytest.mark.parametrize(
    ("locale", "region"),
    [
        ("pt-BR", "BR"),
        ("en-BR", "BR"),
        ("de_AT", "AT"),
        ("zh-Hant-TW", "TW"),
        ("es-419", None),
        ("en", None),
        ("", None),
        (None, None),
        ("nonsense-", None),
    ],
)
def test_the_country_of_any_locale_comes_first(locale: str | None, region: str | None) -> None:
    assert guess_region(locale) == region
    first = find_countries("en", first=region)[0].region
    assert first == (region or "AF")


def test_countries_are_named_in_the_viewers_language() -> None:
    assert find_countries("de", first="DE")[0].label == "Deutschland (+49) · Germany"


@pytest.mark.parametrize(
    ("language", "earlier", "later"),
    [
        ("de", "Österreich", "Zypern"),
        ("de", "Ägypten", "Albanien"),
        ("fr", "Égypte", "Espagne"),
        ("pt", "Áustria", "Brasil"),
        ("es", "Túnez", "Ucrania"),
        ("ar", "الأردن", "ليبيا"),
    ],
)
def test_countries_stand_where_their_readers_look(language: str, earlier: str, later: str) -> None:
    names = [country.name for country in find_countries(language)]
    assert names.index(earlier) < names.index(later)


@pytest.mark.parametrize(
    ("language", "typed", "region"),
    [
        ("de", "Osterreich", "AT"),
        ("de", "Austria", "AT"),
        ("de", "Turkei", "TR"),
        ("fr", "Egypte", "EG"),
        ("hi", "India", "IN"),
        ("ar", "Egypt", "EG"),
        ("en", "Britain", "GB"),
        ("en", "Cote d'Ivoire", "CI"),
        ("es", "England", "GB"),
    ],
)
def test_a_country_is_found_without_accents_and_in_english(
    language: str, typed: str, region: str
) -> None:
    country = next(one for one in find_countries(language) if one.region == region)
    rest = iter(country.label.lower())
    assert all(character in rest for character in typed.lower()), country.label


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_countries_look_alike(language: str) -> None:
    labels = [country.label for country in find_countries(language)]
    assert len(set(labels)) == len(labels) > 200
