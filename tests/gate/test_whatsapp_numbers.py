"""Typed text → WhatsApp number: every rule of the gate, on real and on hostile input."""

import unicodedata

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Channel
from gate.errors import IdentifierFault, InvalidIdentifier
from gate.identifiers import parse_whatsapp

HOSTILE = st.text(max_size=400) | st.text(
    st.sampled_from('+0123456789 -()x.@=?<>"\\\r\n\0\t\u200b\u202e\ud800＋٤४e\u0301é。ａßİı'),
    max_size=60,
)


def whatsapp_fault(text: str, region: str | None) -> IdentifierFault:
    with pytest.raises(InvalidIdentifier) as refusal:
        parse_whatsapp(text, region)
    assert refusal.value.channel is Channel.WHATSAPP
    return refusal.value.fault


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\r\n\u202a\ufeff"])
def test_it_says_that_nothing_was_typed(typed: str) -> None:
    assert whatsapp_fault(typed, "GB") is IdentifierFault.EMPTY


@pytest.mark.parametrize("size", [321, 10_000, 1_000_000])
def test_it_refuses_very_long_text_at_once(size: int) -> None:
    assert whatsapp_fault("1" * size, "US") is IdentifierFault.TOO_LONG


# What people type, from public help pages; the last column is the address that we write to.
TYPED_NUMBERS = [
    ("+52 56 3969 1841", None, "+525639691841"),
    ("+54 11 5874 9895", None, "+541158749895"),
    ("+55 92 98172 3241", None, "+5592981723241"),
]


@pytest.mark.parametrize(
    ("typed", "region", "address"),
    [
        *TYPED_NUMBERS,
        ("+44 20 7946 0123", None, "+442079460123"),
        ("0044 20 7946 0123", None, "+442079460123"),
        ("(+44) (0)20-7946.0123", None, "+442079460123"),
        ("+44 20 7946 0123", "US", "+442079460123"),
        ("0044 20 7946 0123", "US", "+442079460123"),
        ("011 44 20 7946 0123", "US", "+442079460123"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("020 7946 0123", " gb ", "+442079460123"),
        ("442079460123", "GB", "+442079460123"),
        ("＋４４　２０ー７９４６ー０１２３", None, "+442079460123"),
        ("+٤٤ ٢٠ ٧٩٤٦ ٠١٢٣", None, "+442079460123"),
        ("०२० ७९४६ ०१२३", "GB", "+442079460123"),
        ("\u202a+44\u00a020\u202f7946‑0123\u202c", None, "+442079460123"),
        ("\u200b+44 20 7946 0123\ufeff", None, "+442079460123"),
        ("(212) 555-2368", "US", "+12125552368"),
        ("06 6982 1234", "IT", "+390669821234"),
        ("8 (912) 345-67-89", "RU", "+79123456789"),
    ],
)
def test_it_reads_a_number(typed: str, region: str | None, address: str) -> None:
    identifier = parse_whatsapp(typed, region)
    assert identifier.channel is Channel.WHATSAPP
    assert identifier.address == address
    assert parse_whatsapp(identifier.address, None).key == identifier.key


@pytest.mark.parametrize(
    ("typed", "region", "address"),
    [
        ("+52 1 55 1234 5678", None, "+525512345678"),
        ("00 52 1 55 1234 5678", None, "+525512345678"),
        ("52 1 55 1234 5678", "MX", "+525512345678"),
        ("1 55 1234 5678", "MX", "+525512345678"),
        ("55 1234 5678", "mx", "+525512345678"),
        ("+55 92 8172 3241", None, "+5592981723241"),
        ("(92) 8172-3241", "BR", "+5592981723241"),
        ("0 15 92 8172-3241", "BR", "+5592981723241"),
        ("55 92 8172-3241", "BR", "+5592981723241"),
        ("+55 11 6172-3241", None, "+5511961723241"),
        ("(11) 7172-3241", "BR", "+5511971723241"),
        ("+55 11 3172-3241", None, "+551131723241"),
        ("+55 11 5172-3241", None, "+551151723241"),
    ],
)
def test_older_forms_of_a_number_become_the_one_of_today(
    typed: str, region: str | None, address: str
) -> None:
    identifier = parse_whatsapp(typed, region)
    assert (identifier.address, identifier.key) == (address, address)


@pytest.mark.parametrize(
    ("typed", "region", "address"),
    [
        ("+54 9 11 5874 9895", None, "+5491158749895"),
        ("+54 11 5874 9895", None, "+541158749895"),
        ("+54 11 15 5874 9895", None, "+5491158749895"),
        ("011 15 5874 9895", "AR", "+5491158749895"),
        ("11 15 5874-9895", "ar", "+5491158749895"),
        ("9 11 5874 9895", "AR", "+5491158749895"),
        ("011 5874 9895", "AR", "+541158749895"),
    ],
)
def test_an_argentine_is_one_person_with_and_without_the_nine(
    typed: str, region: str | None, address: str
) -> None:
    identifier = parse_whatsapp(typed, region)
    assert (identifier.key, identifier.address) == ("+541158749895", address)


@pytest.mark.parametrize(
    "typed",
    [
        "+44", "+", "00", "0000", "()", "+52 0123456789", "+540123456789", "+999 123 456 789",
        "+44 20 7946 012", "+44 20 7946 01234", "+1 212 555", "+44 20 7946 0123 x5",
        "+44 20 7946 0123 ext. 5", "+44 20 7946 0123;ext=5", "+44 20 7946 0123,,5",
        "+44 20 7946 0123#5", "tel:+442079460123", "+1 800 FLOWERS", "1-800-CALL-NOW",
        "+44 20 7946 0123 / +44 20 7946 0124", "+44 20+7946 0123", "44+2079460123",
        "+44 20 7946\n0123", "+44 20 7946\0 0123", "+44 20 7946\t0123", "+44 20 7946 ⁰¹²³",
        "+44 20 7946 ①②③④", "+44 20 7946 〇一二三", "+44\u202e 20 7946 0123", "\u202e+442079460123",
        "+44 20 7946 \ud800", "+0044 20 7946 0123", "+52 1 55 1234 567", "+521 155 1234 5678",
        "+55 00 8172 3241", "=1+1", "'+442079460123", "ada@mail.example", "*123#",
        "+7 0123456789", "+" + "9" * 18,
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_number(typed: str) -> None:
    assert whatsapp_fault(typed, None) is IdentifierFault.MALFORMED
    assert whatsapp_fault(typed, "GB") is IdentifierFault.MALFORMED


@pytest.mark.parametrize("region", [None, "", "ZZ", "001", "uk?", "<b>", "\0", "ß", "G" * 5000])
def test_a_number_without_a_country_asks_for_one(region: str | None) -> None:
    assert whatsapp_fault("020 7946 0123", region) is IdentifierFault.COUNTRY_MISSING
    assert parse_whatsapp("+44 20 7946 0123", region).address == "+442079460123"


@pytest.mark.parametrize(
    "typed",
    [
        "+1 900 234 5678", "+1 800 234 5678", "+44 845 046 4123", "+44 55 1234 5678",
        "+44 70 1234 5678", "+44 56 1234 5678", "+44 7640 123456", "+800 1234 5678",
        "+870 773 111 632", "+881 6 1234 5678", "+979 123 456 789", "+49 180 5012 345",
    ],
)  # fmt: skip
def test_it_refuses_numbers_that_no_single_person_answers(typed: str) -> None:
    assert whatsapp_fault(typed, None) is IdentifierFault.NOT_A_PERSONS_NUMBER


def test_every_country_has_a_number_that_is_read_in_three_ways() -> None:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number_for_type(
            region, phonenumbers.PhoneNumberType.FIXED_LINE
        )
        assert number is not None
        ways = (
            parse_whatsapp(phonenumbers.format_number(number, style), region).address
            for style in (0, 1, 2)
        )
        assert len(set(ways)) == 1, region


@given(HOSTILE, st.none() | st.sampled_from(["GB", "us", "BR", "MX", "AR"]) | st.text(max_size=3))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_stable_number_or_a_refusal(text: str, region: str | None) -> None:
    try:
        identifier = parse_whatsapp(text, region)
    except InvalidIdentifier:
        return
    again = parse_whatsapp(identifier.address, None)
    assert (again.key, again.address) == (identifier.key, identifier.address)


@given(st.sampled_from(["+5511", "+54911", "+5411", "+521", "+52", "+44", "+1"]), st.integers(0))
@settings(max_examples=500, deadline=None)
def test_the_address_of_a_number_has_the_same_key(prefix: str, rest: int) -> None:
    try:
        identifier = parse_whatsapp(f"{prefix}{str(rest).zfill(8)[:12]}", None)
    except InvalidIdentifier:
        return
    again = parse_whatsapp(identifier.address, None)
    assert (again.key, again.address) == (identifier.key, identifier.address)
    assert parse_whatsapp(identifier.key, None).key == identifier.key


@given(st.text(st.characters(categories=["Nd"]), min_size=10, max_size=10))
@settings(deadline=None)
def test_digits_of_every_script_mean_the_same(digits: str) -> None:
    ascii_digits = "".join(str(unicodedata.decimal(char)) for char in digits)
    try:
        expected = parse_whatsapp("+1" + ascii_digits, None).key
    except InvalidIdentifier:
        whatsapp_fault("+1" + digits, None)
    else:
        assert parse_whatsapp("+1" + digits, None).key == expected
