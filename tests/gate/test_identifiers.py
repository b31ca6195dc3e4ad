"""Typed text → email, masks and look-alikes: every rule, on real and on hostile input."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Channel
from gate.errors import IdentifierFault, InvalidIdentifier
from gate.identifiers import has_mixed_scripts, mask_identifier, parse_email

HOSTILE = st.text(max_size=400) | st.text(
    st.sampled_from('+0123456789 -()x.@=?<>"\\\r\n\0\t\u200b\u202e\ud800＋٤४e\u0301é。ａßİı'),
    max_size=60,
)


def email_fault(text: str) -> IdentifierFault:
    with pytest.raises(InvalidIdentifier) as refusal:
        parse_email(text)
    assert refusal.value.channel is Channel.EMAIL
    return refusal.value.fault


@pytest.mark.parametrize(
    ("typed", "key", "address"),
    [
        ("ada@mail.example", "ada@mail.example", "ada@mail.example"),
        ("Ada.L+Deck@Mail.Example", "ada.l+deck@mail.example", "Ada.L+Deck@mail.example"),
        ("Info@mail.example", "info@mail.example", "Info@mail.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@straße.example", "ada@xn--strae-oqa.example", "ada@xn--strae-oqa.example"),
        (
            "ada@例え。テスト.com",
            "ada@xn--r8jz45g.xn--zckzah.com",
            "ada@xn--r8jz45g.xn--zckzah.com",
        ),
        ("a!#$%&'*+/=^_`{|}~-@m.example", "a!#$%&'*+/=^_`{|}~-@m.example", None),
        (f"{'a' * 64}@m.example", f"{'a' * 64}@m.example", None),
        ("1@1.example", "1@1.example", None),
    ],
)
def test_it_reads_an_email(typed: str, key: str, address: str | None) -> None:
    identifier = parse_email(typed)
    assert (identifier.channel, identifier.key) == (Channel.EMAIL, key)
    assert identifier.address == (address or typed)
    assert identifier.typed == typed


@pytest.mark.parametrize(
    "outer", [" ", "\t", "\r\n", "\u00a0", "\u3000", "\u200b", "\ufeff \u2060"]
)
def test_it_trims_white_space_and_zero_width_characters_around_an_email(outer: str) -> None:
    assert parse_email(f"{outer}Ada@mail.example{outer}").typed == "Ada@mail.example"


@pytest.mark.parametrize("mark", "\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069")
def test_it_trims_the_direction_marks_that_a_copied_email_is_wrapped_in(mark: str) -> None:
    assert parse_email(f" {mark}Ada@mail.example\u202c ").typed == "Ada@mail.example"
    assert email_fault(f"ada{mark}@mail.example") is IdentifierFault.MALFORMED
    assert email_fault(f"\u202a{mark}\u202c") is IdentifierFault.EMPTY


@pytest.mark.parametrize(
    "typed",
    [
        "ada", "@mail.example", "ada@", "ada@mail", "ada@@mail.example", "ada@mail..example",
        ".ada@mail.example", "ada.@mail.example", "a..b@mail.example", "ada@-mail.example",
        "ada@mail-.example", "ada@mail.example.", "ada@mail.123", "ada@localhost", "ada@box.local",
        '"ada"@mail.example', '"a b"@mail.example', "ada@[127.0.0.1]", "ada@[IPv6:::1]",
        "Ada <ada@mail.example>", "<ada@mail.example>", "ada@mail.example (work)",
        "ada@mail.example, eve@mail.example", "ada@mail.example;eve@mail.example",
        "ada@mail.example\nBcc: eve@mail.example", "ada\r\n@mail.example", "ada\0@mail.example",
        "\0ada@mail.example", "ada@mail.example\x1f", "ada@ma\u200bil.example", "ada @mail.example",
        "ada\u202e@mail.example", "\u202eada@mail.example", "ada@mail\u2066.example",
        "=?utf-8?q?eve=40mail.example?=@mail.example", "a=?b@mail.example",
        "adá@mail.example", "аda@mail.example", "\u212a@mail.example", "ada＠mail.example",
        "ada\ud800@mail.example", "ada@\ud800.example", "ada@a--b.xx--y.example",
        "ada@xn--zzzzzz999999.example", "ada@mail_box.example", "mailto:ada@mail.example",
        "ada@https://mail.example", "ada@mail.example:25", "ada%eve@mail.example@x.example",
        f"{'a' * 65}@mail.example", f"ada@{'a' * 64}.example", "ada@①.②", "ada@ﬀ⒈.example",
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_email(typed: str) -> None:
    assert email_fault(typed) is IdentifierFault.MALFORMED


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\r\n\ufeff"])
def test_it_says_that_nothing_was_typed(typed: str) -> None:
    assert email_fault(typed) is IdentifierFault.EMPTY


def test_an_email_may_have_254_characters_and_no_more() -> None:
    domain = ".".join(["b" * 60] * 3) + ".example"
    longest = "a" * (254 - len(domain) - 1) + "@" + domain
    assert parse_email(longest).key == longest
    assert email_fault("a" + longest) is IdentifierFault.TOO_LONG


def test_it_refuses_a_domain_that_is_too_long_only_as_an_a_label() -> None:
    assert email_fault(f"ada@{'ü' * 62}.example") is IdentifierFault.MALFORMED


@pytest.mark.parametrize("size", [321, 10_000, 1_000_000])
def test_it_refuses_very_long_text_at_once(size: int) -> None:
    assert email_fault("a" * size) is IdentifierFault.TOO_LONG
    assert email_fault("@" * size) is IdentifierFault.TOO_LONG


def test_look_alike_emails_are_different_people() -> None:
    assert parse_email("ada@раураl.example").key != parse_email("ada@paypal.example").key
    assert parse_email("a.da@mail.example").key != parse_email("ada@mail.example").key
    assert parse_email("ada+1@mail.example").key != parse_email("ada@mail.example").key


@given(HOSTILE)
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_stable_email_or_a_refusal(text: str) -> None:
    try:
        identifier = parse_email(text)
    except InvalidIdentifier:
        return
    assert parse_email(identifier.address).key == identifier.key
    assert identifier.address.isascii()
    assert identifier.address.isprintable()


@given(st.emails(), st.sampled_from(["", " ", "\u200b"]))
@settings(max_examples=300, deadline=None)
def test_the_address_of_an_email_has_the_same_key(text: str, outer: str) -> None:
    try:
        identifier = parse_email(outer + text)
    except InvalidIdentifier:
        return
    again = parse_email(identifier.address)
    assert (again.key, again.address) == (identifier.key, identifier.address)
    assert parse_email(text.swapcase()).key == identifier.key


@pytest.mark.parametrize(
    ("channel", "address", "mask"),
    [
        (Channel.EMAIL, "jane.doe@example.com", "j***@e***.com"),
        (Channel.EMAIL, "j@mail.example.co.uk", "j***@m***.uk"),
        (Channel.EMAIL, "ada@xn--bcher-kva.example", "a***@x***.example"),
        (Channel.WHATSAPP, "+447400123456", "+44***456"),
        (Channel.WHATSAPP, "+12125552368", "+1***368"),
        (Channel.WHATSAPP, "+5491158749895", "+54***895"),
    ],
)
def test_a_mask_keeps_only_what_may_be_written_down(
    channel: Channel, address: str, mask: str
) -> None:
    assert mask_identifier(channel, address) == mask


@given(st.sampled_from(Channel), st.text())
def test_a_mask_never_fails(channel: Channel, address: str) -> None:
    assert "***" in mask_identifier(channel, address)


@pytest.mark.parametrize(
    ("text", "is_mixed"),
    [
        ("ada@paypal.example", False),
        ("ada@pаypal.example", True),
        ("ada@xn--pypal-4ve.example", True),
        ("ada@bücher.example", False),
        ("ada@почта.рф", False),
        ("ada@例えtest.example", False),
        ("ada@αlpha.example", True),
        ("ada@xn--\ud800.example", False),
        ("Ada Иванова", False),
        ("Aдa", True),
        ("𝐀da ａｄａ", False),
        ("한국word", False),
        ("12-3", False),
        ("", False),
    ],
)
def test_it_marks_words_that_mix_scripts(text: str, is_mixed: bool) -> None:
    assert has_mixed_scripts(text) is is_mixed
