"""Allow and deny lists: what an owner may paste, and whom it lets in."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.list_entries import EntryForm, ListEntry, ListSide
from data.records import Identifier
from gate.codes import Pepper
from gate.errors import InvalidIdentifier
from gate.identifiers import parse_email, parse_whatsapp
from gate.lists import (
    find_contradicted,
    is_admitted,
    join_lists,
    parse_entry,
    parse_list,
    parse_list_file,
)
from tests.factories import conceal_identifier

PEPPER = Pepper(b"p" * 32)
ADA, EVE = parse_email("Ada@mail.example.com"), parse_email("eve@example.org")
PHONE = parse_whatsapp("+5511987654321", None)


def entries(side: ListSide, *pieces: str) -> list[ListEntry]:
    found = [parse_entry(piece, side) for piece in pieces]
    assert None not in found, pieces
    return [one for one in found if one is not None]


@pytest.mark.parametrize(
    ("piece", "form", "value"),
    [
        ("Ada@Example.COM", EntryForm.ADDRESS, "ada@example.com"),
        ("@Example.com", EntryForm.DOMAIN, "example.com"),
        ("@münchen.de", EntryForm.DOMAIN, "xn--mnchen-3ya.de"),
        (".example.com", EntryForm.SUBDOMAINS, "example.com"),
        ("+55 (11) 98765-4321", EntryForm.NUMBER, "+5511987654321"),
        ("+٥٥١١٩٨٧٦٥٤٣٢١", EntryForm.NUMBER, "+5511987654321"),
        ("+49*", EntryForm.PREFIX, "+49"),
        ("+49 (151) *", EntryForm.PREFIX, "+49151"),
        ("+4*", EntryForm.PREFIX, "+4"),
        ("+5511", EntryForm.PREFIX, "+5511"),
        ("*@example.com", EntryForm.DOMAIN, "example.com"),
        ("*.example.com", EntryForm.SUBDOMAINS, "example.com"),
    ],
)
def test_each_form_is_read(piece: str, form: EntryForm, value: str) -> None:
    entry = parse_entry(piece, ListSide.ALLOW)
    assert entry is not None
    assert (entry.form, entry.value) == (form, value)


@pytest.mark.parametrize(
    "piece",
    ["@", ".", "@@", "ada", "@-", "+", "+0", "+4", "12345", "*", "*@", "@a b.com", "+551198765"],
)
def test_what_is_no_entry_is_not_guessed_at(piece: str) -> None:
    assert parse_entry(piece, ListSide.ALLOW) is None


def test_a_file_with_a_header_and_names_is_read_and_what_is_not_is_told() -> None:
    text = 'name,email\n"Lovelace, Ada",ada@example.com\nBob;bob@example.org\nnobody here\n'
    parsed = parse_list_file(text, ListSide.ALLOW)
    assert [one.value for one in parsed.entries] == ["ada@example.com", "bob@example.org"]
    assert parsed.unread == ("nobody here",)


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("email\nada@example.com", ()),
        ("\n\nname;email\nAda;ada@example.com", ()),
        ("bob@@example.com\nada@example.com", ("bob@@example.com",)),
        ("Ada,ada@example.com,bob@@example.com", ("bob@@example.com",)),
        ("Ada,ada@example.com,+4,.b,St. Mary", ("+4", ".b")),
        ("ada@example.com\nAda,Northwind", ("Ada", "Northwind")),
    ],
)
def test_a_file_hides_nothing_that_looks_like_an_entry(text: str, unread: tuple[str, ...]) -> None:
    parsed = parse_list_file(text, ListSide.ALLOW)
    assert parsed.unread == unread
    assert [one.value for one in parsed.entries] == ["ada@example.com"]


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("ada@example.com, bob@@example.com", ("bob@@example.com",)),
        ("Ada; ada@example.com", ("Ada",)),
        ("email\nada@example.com", ("email",)),
        ("ada@example.com, +49", ("+49",)),
        ("+33, +49*\nada@example.com", ("+33",)),
        ("+49\nada@example.com", ()),
        ("ada@example.com,\n , ;ADA@example.com", ()),
    ],
)
def test_no_piece_of_a_pasted_list_vanishes(text: str, unread: tuple[str, ...]) -> None:
    parsed = parse_list(text, ListSide.DENY)
    assert parsed.unread == unread
    assert [one.value for one in parsed.entries if one.form is EntryForm.ADDRESS] == [
        "ada@example.com"
    ]


@pytest.mark.parametrize(
    ("allow", "deny", "given_ones", "is_in"),
    [
        ([], [], [ADA], True),
        (["@mail.example.com"], [], [ADA], True),
        (["@example.com"], [], [ADA], False),
        ([".example.com"], [], [ADA], True),
        ([".example.com"], ["ada@mail.example.com"], [ADA], False),
        (["ada@mail.example.com"], [], [EVE], False),
        ([], ["@example.org"], [EVE], False),
        (["+55*"], [], [PHONE], True),
        (["+49*"], [], [PHONE], False),
        (["ada@mail.example.com"], [], [PHONE], False),
        (["ada@mail.example.com"], [], [ADA, PHONE], True),
        (["ada@mail.example.com", "+49*"], [], [ADA, PHONE], False),
        ([], ["+5511*"], [ADA, PHONE], False),
    ],
)
def test_lists_let_in_whom_they_mean(
    allow: list[str], deny: list[str], given_ones: list[Identifier], is_in: bool
) -> None:
    lists = entries(ListSide.ALLOW, *allow) + entries(ListSide.DENY, *deny)
    assert is_admitted(PEPPER, lists, given_ones) is is_in


@pytest.mark.parametrize(
    ("prefix", "typed", "is_out"),
    [
        ("+54911*", "+54 11 2345-6789", True),
        ("+5411*", "+54 9 11 2345-6789", True),
        ("+549*", "+54 9 11 2345-6789", True),
        ("+54911*", "+54 9 351 234-5678", False),
        ("+52155*", "+52 55 1234 5678", True),
        ("+5255*", "+52 1 55 1234 5678", True),
        ("+52133*", "+52 55 1234 5678", False),
        ("+55116*", "+55 11 6234-5678", True),
        ("+55116*", "+55 11 96234-5678", True),
        ("+551196*", "+55 11 96234-5678", True),
        ("+55116*", "+55 11 97234-5678", False),
        ("+551197*", "+55 11 99712-3456", False),
    ],
)
def test_the_beginning_of_numbers_means_them_in_every_form(
    prefix: str, typed: str, is_out: bool
) -> None:
    lists = entries(ListSide.DENY, prefix)
    assert is_admitted(PEPPER, lists, [parse_whatsapp(typed, None)]) is not is_out


countries = st.sampled_from(["+54911", "+5411", "+5255", "+5511", "+49151"])


@given(countries, st.text("0123456789", min_size=8, max_size=8), st.integers(2, 13))
def test_no_beginning_of_a_number_lets_that_number_pass(
    country: str, rest: str, length: int
) -> None:
    try:
        number = parse_whatsapp(country + rest, None)
    except InvalidIdentifier:
        assume(False)
    for form in (number.address, number.key):
        lists = entries(ListSide.DENY, f"{form[:length]}*")
        assert not is_admitted(PEPPER, lists, [number])


def test_a_pasted_list_and_a_file_are_one_list_with_each_entry_once() -> None:
    joined = join_lists(
        parse_list("ada@example.com\nwho knows", ListSide.ALLOW),
        parse_list_file("email\nAda@example.com\n@example.org\n.", ListSide.ALLOW),
    )
    assert [one.value for one in joined.entries] == ["ada@example.com", "example.org"]
    assert joined.unread == ("who knows", ".")


names = st.from_regex(r"[a-z]{1,8}", fullmatch=True)


@given(names, st.lists(names), st.lists(names))
def test_deny_beats_allow_and_no_allow_list_means_anyone(
    name: str, allowed: list[str], denied: list[str]
) -> None:
    lists = entries(ListSide.ALLOW, *(f"{one}@example.com" for one in allowed))
    lists += entries(ListSide.DENY, *(f"{one}@example.com" for one in denied))
    expected = name not in denied and (not allowed or name in allowed)
    assert is_admitted(PEPPER, lists, [parse_email(f"{name}@example.com")]) is expected


def judge(lists: list[ListEntry], person: Identifier, side: ListSide) -> list[ListEntry]:
    """The lists after the owner's word about one person."""
    judged = conceal_identifier(PEPPER, person, side)
    contradicted = find_contradicted(PEPPER, lists, judged)
    return [one for one in lists if one not in contradicted] + [judged]


pieces = st.sampled_from(
    [
        "ada@mail.example.com",
        "eve@example.org",
        "bob@example.net",
        "@mail.example.com",
        ".example.com",
        "@example.org",
        "+5511987654321",
        "+5491123456789",
        "+5511*",
        "+5411*",
    ]
)
people = st.sampled_from([ADA, EVE, PHONE, parse_whatsapp("+54 11 2345-6789", None)])
words = st.sampled_from([ListSide.LET_IN, ListSide.DENY])


@given(st.lists(pieces), st.lists(pieces), st.lists(st.tuples(people, words), min_size=1))
def test_the_owners_last_word_about_somebody_holds_whatever_the_lists_say(
    allowed: list[str], denied: list[str], judgements: list[tuple[Identifier, ListSide]]
) -> None:
    lists = entries(ListSide.ALLOW, *allowed) + entries(ListSide.DENY, *denied)
    for person, side in judgements:
        lists = judge(lists, person, side)
        assert is_admitted(PEPPER, lists, [person]) is (side is ListSide.LET_IN)
    untouched = [one.label for one in lists if one.side is ListSide.ALLOW]
    assert untouched == [one.label for one in entries(ListSide.ALLOW, *allowed)]


@pytest.mark.parametrize("side", [ListSide.LET_IN, ListSide.DENY])
@pytest.mark.parametrize("allowed", [[], ["bob@example.net"]])
def test_the_owners_word_about_one_person_changes_nothing_for_others(
    allowed: list[str], side: ListSide
) -> None:
    lists = entries(ListSide.ALLOW, *allowed)
    bob = parse_email("bob@example.net")
    for other in (ADA, bob):
        before = is_admitted(PEPPER, lists, [other])
        assert is_admitted(PEPPER, judge(lists, EVE, side), [other]) is before


def test_somebody_let_in_does_not_bring_along_a_number_that_is_kept_out() -> None:
    lists = judge(entries(ListSide.ALLOW, "+49*"), ADA, ListSide.LET_IN)
    assert not is_admitted(PEPPER, lists, [ADA, PHONE])
    lists = judge(entries(ListSide.DENY, "@mail.example.com", "+5511*"), ADA, ListSide.LET_IN)
    assert not is_admitted(PEPPER, lists, [ADA, PHONE])


def test_an_entry_without_an_address_still_speaks_of_its_channel() -> None:
    lists = [conceal_identifier(PEPPER, ADA, ListSide.ALLOW), *entries(ListSide.ALLOW, "+55*")]
    assert is_admitted(PEPPER, lists, [ADA, PHONE])
    assert not is_admitted(PEPPER, lists, [EVE, PHONE])


def test_an_entry_without_an_address_means_the_same_person_under_both_peppers() -> None:
    entry = conceal_identifier(PEPPER, EVE, ListSide.DENY)
    assert "eve" not in entry.value + entry.label
    assert not is_admitted(PEPPER, [entry], [EVE])
    assert is_admitted(PEPPER, [entry], [ADA])
    assert not is_admitted(Pepper(b"n" * 32, previous=b"p" * 32), [entry], [EVE])
