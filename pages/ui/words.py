"""The gate's words: sentences for steps and refusals, from `pages/locale/`, by language."""

import re
import tomllib
from datetime import timedelta
from functools import cache
from math import ceil
from pathlib import Path

from babel import Locale

from data.database import StorageFailed
from data.records import Channel
from gate.errors import (
    ChallengeClosed,
    ClockBehind,
    DeliveryFailed,
    GateRefusal,
    InvalidIdentifier,
    LinkUnavailable,
    MalformedCode,
    NotListed,
    TooManyRequests,
    WrongCode,
    WrongPassword,
)

LOCALE_FOLDER = Path(__file__).parent.parent / "locale"
FALLBACK_LANGUAGE = "en"
_FIRST_STRONG, _END = "\u2068", "\u2069"
_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")
_MOST_ACCEPTED = 20
RIGHT_TO_LEFT = frozenset({"ar"})
_MOST_SECONDS, _MOST_MINUTES = timedelta(seconds=90), timedelta(hours=2)


def accepted_language(accepted: str) -> str:
    """The first language of ours in what a browser accepts, such as `ja,de-AT;q=0.9`; else English.

    A locale alone, such as `pt_BR`, is a list of one.
    """
    entries = [entry.partition(";") for entry in accepted.split(",")[:_MOST_ACCEPTED]]
    ranked = sorted(entries, key=lambda entry: _read_weight(entry[2]), reverse=True)
    for name, _, weight in ranked:
        wanted = name.strip().replace("_", "-").partition("-")[0].lower()
        if wanted in _find_languages() and _read_weight(weight) > 0:
            return wanted
    return FALLBACK_LANGUAGE


def _read_weight(parameters: str) -> float:
    found = _WEIGHT.fullmatch(parameters.strip())
    return float(found[1]) if found else 1.0


@cache
def _find_languages() -> frozenset[str]:
    return frozenset(path.stem for path in LOCALE_FOLDER.glob("*.toml"))


def is_right_to_left(language: str) -> bool:
    """Whether this language is written from right to left."""
    return language in RIGHT_TO_LEFT


def say(name: str, /, *, language: str = FALLBACK_LANGUAGE, **values: object) -> str:
    """The sentence of this name, such as `page.email_label`, with its values filled in."""
    section, _, key = name.partition(".")
    if is_right_to_left(language):
        values = {name: isolate(str(value)) for name, value in values.items()}
    return _read_words(language)[section][key].format(**values)


def isolate(text: str) -> str:
    """The same words, which keep their own direction and stay in one piece among any others.

    For masks, names and numbers, and for people's words that stand alone on a page of ours.
    """
    return f"{_FIRST_STRONG}{text}{_END}"


def refusal_sentence(
    refusal: GateRefusal | StorageFailed, *, language: str = FALLBACK_LANGUAGE
) -> str:
    """What the viewer is told when the gate says no: the same for known, new and denied."""
    match refusal:
        case InvalidIdentifier(channel=Channel.EMAIL):
            return say("refused.bad_email", language=language)
        case InvalidIdentifier():
            return say("refused.bad_whatsapp", language=language)
        case MalformedCode(digits=digits):
            return say("refused.malformed_code", language=language, digits=digits)
        case ChallengeClosed(wait=wait) if wait <= timedelta(0):
            return say("refused.challenge_spent", language=language)
        case ChallengeClosed(wait=wait):
            told = say_wait(wait, language=language)
            return say("refused.challenge_closed", language=language, wait=told)
        case TooManyRequests(wait=wait):
            told = say_wait(wait, language=language)
            return say("refused.too_many_requests", language=language, wait=told)
        case _:
            return say(f"refused.{_PLAIN_REFUSALS[type(refusal)]}", language=language)


# Refusals whose sentence needs nothing filled in.
_PLAIN_REFUSALS: dict[type[Exception], str] = {
    WrongCode: "wrong_code",
    LinkUnavailable: "link_unavailable",
    WrongPassword: "wrong_password",
    NotListed: "not_listed",
    DeliveryFailed: "delivery_failed",
    ClockBehind: "delivery_failed",
    StorageFailed: "storage_failed",
}


def say_wait(wait: timedelta, *, language: str = FALLBACK_LANGUAGE) -> str:
    """How long that is, as after "in": whole seconds at first, then minutes, then hours."""
    unit, length = "hours", timedelta(hours=1)
    if wait <= _MOST_SECONDS:
        unit, length = "seconds", timedelta(seconds=1)
    elif wait <= _MOST_MINUTES:
        unit, length = "minutes", timedelta(minutes=1)
    number = max(1, ceil(wait / length))
    words = _read_words(language)["wait"]
    form = Locale(language).plural_form(number)
    return words.get(f"{unit}_{form}", words[f"{unit}_other"]).format(number=number)


@cache
def _read_words(language: str) -> dict[str, dict[str, str]]:
    text = (LOCALE_FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
