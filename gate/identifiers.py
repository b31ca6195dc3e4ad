"""Typed text → one identifier, the mask that may be written down, and a warning of look-alikes.

Whose contact an identifier belongs to is decided elsewhere: here is only what an address is.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NoReturn

import phonenumbers
from email_validator import validate_email

from data.records import Channel, Identifier, ShareLink
from gate.errors import IdentifierFault, InvalidIdentifier, LinkUnavailable

MAX_TYPED_LENGTH = 320
MAX_EMAIL_LENGTH = 254

# The Unicode property White_Space. Python's own strip also takes the controls U+001C–001F.
_WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
# Address books wrap a copied address in these, so they come along when it is pasted.
_DIRECTION_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069"
_OUTER = _WHITE_SPACE + _ZERO_WIDTH + _DIRECTION_MARKS

# What libphonenumber reads over, but for its letter x and its tildes; any space counts too.
_PHONE_PUNCTUATION = frozenset("-‐‑‒–—―−ー－.．/／()（）[]［］\u00ad" + _ZERO_WIDTH)
_PLUS_SIGNS = frozenset("+＋")
_REACHABLE_TYPES = frozenset(
    {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
)
_NO_COUNTRY = "001"

# Numbers that people still carry in an older form, and the form in which they are valid today.
_OLDER_FORMS = (
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+55(\d{2})([6-9]\d{7})"), r"+55\g<1>9\2"),
)
_ARGENTINE_MOBILE = re.compile(r"\+549(\d+)")
# Beginnings in an older form, or with Argentina's 9. A 9 after Brazil's area code is today's own.
_OLDER_BEGINNINGS = (
    (re.compile(r"\+521(\d*)"), r"+52\1"),
    (re.compile(r"\+55(\d{2})([6-8]\d*)"), r"+55\g<1>9\2"),
    (re.compile(r"\+549(\d*)"), r"+54\1"),
)

# Writing systems that one honest word may mix (UTS 39, "highly restrictive").
_HONEST_MIXTURES = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
_WORD_ENDS = re.compile(r"[\s.@]+")


def parse_email(text: str) -> Identifier:
    """The email address in this text; its domain is always in ASCII (an A-label where it is IDN).

    Dots and `+tag` stay: they may be another person's at another provider.

    Raises:
        InvalidIdentifier: for anything else that was typed.
    """
    typed = _trim(Channel.EMAIL, text)
    if len(typed) > MAX_EMAIL_LENGTH:
        _refuse(Channel.EMAIL, IdentifierFault.TOO_LONG)
    # An encoded word in an address becomes a real header when a mail server decodes it.
    if "=?" in typed:
        _refuse(Channel.EMAIL, IdentifierFault.MALFORMED)
    try:
        checked = validate_email(
            typed,
            check_deliverability=False,
            strict=True,
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
        )
    except ValueError as fault:  # its own refusals, and Unicode that cannot be encoded
        raise InvalidIdentifier(Channel.EMAIL, IdentifierFault.MALFORMED) from fault
    # The validator lower-cases some local parts (Info, Sales); the owner sees what was typed.
    local = unicodedata.normalize("NFC", typed.partition("@")[0])
    domain = checked.ascii_domain.lower()
    return Identifier(Channel.EMAIL, f"{local.lower()}@{domain}", f"{local}@{domain}", typed)


def parse_whatsapp(text: str, region: str | None) -> Identifier:
    """The phone number in this text; `region` (two letters) is needed when it names no country.

    Argentina's mobile 9 stays in the address but not in the key: one person, dialled two ways.

    Raises:
        InvalidIdentifier: no number, or one that no single person answers.
    """
    typed = _trim(Channel.WHATSAPP, text)
    address = _to_e164(_fold_digits(typed), region)
    for older, current in _OLDER_FORMS:
        if (match := older.fullmatch(address)) is not None:
            address = match.expand(current)
    number = _parse_number(address, None)
    if not phonenumbers.is_valid_number(number):
        _refuse(Channel.WHATSAPP, IdentifierFault.MALFORMED)
    _require_person(number)
    address = _format_e164(number)
    key = _ARGENTINE_MOBILE.sub(r"+54\1", address)
    return Identifier(Channel.WHATSAPP, key, address, typed)


def choose_asked(link: ShareLink, given: Sequence[Identifier]) -> list[Identifier]:
    """Those of the given that the link asks for by now, email first; one where either is enough.

    Raises:
        InvalidIdentifier: one that it asks for was not given.
        LinkUnavailable: it asks for none.
    """
    asked = [one for channel in link.channels for one in given if one.channel is channel]
    if asked and link.accepts_either:
        return asked[:1]
    for channel in link.channels:
        if not any(one.channel is channel for one in asked):
            raise InvalidIdentifier(channel, IdentifierFault.EMPTY)
    if not asked:
        raise LinkUnavailable
    return asked


def fold_number_prefix(prefix: str) -> str:
    """How the keys of numbers begin that are dialled with this beginning, `+` and digits."""
    for older, current in _OLDER_BEGINNINGS:
        if (match := older.fullmatch(prefix)) is not None:
            return match.expand(current)
    return prefix


def has_country_code(prefix: str) -> bool:
    """Whether `+` and digits begin with the calling code of a country."""
    codes = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return any(int(prefix[1:end]) in codes for end in (2, 3, 4))


def mask_identifier(channel: Channel, address: str) -> str:
    """As much of an address as may be written down: `j***@e***.com`, `+44***456`."""
    if channel is Channel.EMAIL:
        local, _, domain = address.rpartition("@")
        name, _, ending = domain.rpartition(".")
        return f"{local[:1]}***@{name[:1]}***.{ending}"
    try:
        country = str(phonenumbers.parse(address, None).country_code)
    except phonenumbers.NumberParseException:
        country = ""
    return f"+{country}***{address[-3:]}"


def has_mixed_scripts(text: str) -> bool:
    """Whether one word of this text mixes writing systems, as look-alike addresses do.

    Words end at white space, dots and the at sign; A-labels are read as what they stand for.
    """
    return any(_is_mixture(_scripts_of(word)) for word in _WORD_ENDS.split(text))


def _trim(channel: Channel, text: str) -> str:
    typed = text.strip(_OUTER)
    if not typed:
        _refuse(channel, IdentifierFault.EMPTY)
    if len(typed) > MAX_TYPED_LENGTH:
        _refuse(channel, IdentifierFault.TOO_LONG)
    return typed


def _refuse(channel: Channel, fault: IdentifierFault) -> NoReturn:
    raise InvalidIdentifier(channel, fault)


def _fold_digits(typed: str) -> str:
    """ASCII digits, after one plus if the number began with any; refuses every other letter."""
    marks = [char for char in typed if not _is_phone_punctuation(char)]
    digits = "".join(marks).lstrip("+＋")
    folded = "".join(str(unicodedata.decimal(char, "?")) for char in digits)
    if not folded or "?" in folded:
        _refuse(Channel.WHATSAPP, IdentifierFault.MALFORMED)
    return f"+{folded}" if marks[0] in _PLUS_SIGNS else folded


def _is_phone_punctuation(char: str) -> bool:
    return char in _PHONE_PUNCTUATION or unicodedata.category(char) == "Zs"


def _to_e164(dialled: str, region: str | None) -> str:
    """`+` and digits, still unchecked; 00 is dialled for the plus in most of the world."""
    if dialled.startswith("00"):
        return "+" + dialled[2:]
    if dialled.startswith("+"):
        return dialled
    country = (region or "").strip()
    # Only ASCII has upper-case letters one by one: ß would become SS, which is South Sudan.
    if not country.isascii() or country.upper() not in phonenumbers.SUPPORTED_REGIONS:
        _refuse(Channel.WHATSAPP, IdentifierFault.COUNTRY_MISSING)
    return _format_e164(_parse_number(dialled, country.upper()))


def _parse_number(dialled: str, region: str | None) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException as fault:
        raise InvalidIdentifier(Channel.WHATSAPP, IdentifierFault.MALFORMED) from fault


def _format_e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _require_person(number: phonenumbers.PhoneNumber) -> None:
    """Refuse premium, shared-cost, toll-free, UAN, pager, voicemail and numbers of no country."""
    is_reachable = phonenumbers.number_type(number) in _REACHABLE_TYPES
    if not is_reachable or phonenumbers.region_code_for_number(number) == _NO_COUNTRY:
        _refuse(Channel.WHATSAPP, IdentifierFault.NOT_A_PERSONS_NUMBER)


def _scripts_of(word: str) -> frozenset[str]:
    """The writing systems of a word's letters, by the first word of their Unicode names."""
    letters = unicodedata.normalize("NFKC", _read_a_label(word))
    names = (unicodedata.name(char, "UNKNOWN") for char in letters if char.isalpha())
    return frozenset(name.split()[0] for name in names) - {"KATAKANA-HIRAGANA", "MODIFIER"}


def _read_a_label(word: str) -> str:
    if not word.lower().startswith("xn--"):
        return word
    try:
        return word[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return word


def _is_mixture(scripts: frozenset[str]) -> bool:
    return len(scripts) > 1 and not any(scripts <= honest for honest in _HONEST_MIXTURES)
