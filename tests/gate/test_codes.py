"""Codes: what may be typed, what is stored in their place, and the key of it all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Channel
from gate.codes import (
    CodeBinding,
    Pepper,
    PepperRefused,
    code_mac,
    is_right_code,
    make_code,
    parse_code,
    read_pepper,
)
from gate.errors import MalformedCode

BINDING = CodeBinding(
    challenge_id=1, share_link_id=2, identifier_key="ada@example.com", browser_id=3,
    channel=Channel.EMAIL,
)  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        "123456",
        " 123 456 ",
        "123-456",
        "Code: 123456",
        "code 123-456",
        "١٢٣٤٥٦",
        "१२३४५६",
        "１２３४５６",
        "Código: 123456",
        "الرمز: 123-456",
        "‏١٢٣ ٤٥٦‏",
        "123456 is your code",
        "123456 is your code for Deck 2026.",
        "123456\n\nIt works for 10 minutes.",
    ],
)
def test_a_code_is_read_however_it_was_pasted(typed: str) -> None:
    assert parse_code(typed) == "123456"


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "123456 or 654321?", "12.34.56", "12345a6", "²²²²²²"]
)
def test_what_holds_no_one_code_is_malformed(typed: str) -> None:
    with pytest.raises(MalformedCode):
        parse_code(typed)


def test_a_very_long_paste_is_answered_at_once() -> None:
    with pytest.raises(MalformedCode):
        parse_code("1 " * 1_000_000)


@given(st.text())
def test_any_text_is_six_digits_or_malformed(text: str) -> None:
    try:
        code = parse_code(text)
    except MalformedCode:
        return
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()


def test_made_codes_are_six_digits_and_differ() -> None:
    codes = {make_code() for _ in range(200)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 190


def test_a_mac_is_good_for_its_own_binding_only() -> None:
    pepper = Pepper(b"a" * 32)
    mac = code_mac(pepper.current, BINDING, "123456")
    assert is_right_code(pepper, BINDING, "123456", mac)
    assert not is_right_code(pepper, BINDING, "123457", mac)
    for other in (
        {"challenge_id": 9},
        {"share_link_id": 9},
        {"identifier_key": "eve@example.com"},
        {"browser_id": 9},
        {"channel": Channel.WHATSAPP},
    ):
        changed = CodeBinding(**{**_fields(BINDING), **other})  # type: ignore[arg-type]
        assert not is_right_code(pepper, changed, "123456", mac)


def _fields(binding: CodeBinding) -> dict[str, object]:
    return {name: getattr(binding, name) for name in binding.__slots__}


def test_codes_of_the_previous_pepper_still_work_after_a_change() -> None:
    mac = code_mac(b"a" * 32, BINDING, "123456")
    assert is_right_code(Pepper(b"b" * 32, b"a" * 32), BINDING, "123456", mac)
    assert not is_right_code(Pepper(b"b" * 32), BINDING, "123456", mac)


def test_the_pepper_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = read_pepper(tmp_path, None)
    assert read_pepper(tmp_path, None) == first
    assert (tmp_path / "pepper").stat().st_mode & 0o777 == 0o600
    assert first.current.hex() not in repr(first)


@pytest.mark.parametrize("text", ["", "short", "zz" * 32, "aa" * 31, ",".join(["aa" * 32] * 3)])
def test_a_bad_pepper_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    with pytest.raises(PepperRefused, match="64 hexadecimal digits"):
        read_pepper(tmp_path, text)
