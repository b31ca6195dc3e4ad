"""People's words on our pages: no name is taken for markup, a link or an icon."""

import pytest

from pages.ui.plain import as_plain


def test_markup_is_escaped_and_stays_on_one_line() -> None:
    assert as_plain("*a* [b](c)\n# d") == r"\*a\* \[b\]\(c\) \# d"


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("www.example.com", "www\u2060.example.com"),
        ("WWW.example.com", "WWW\u2060.example.com"),
        ("https://example.com", "https:\u2060//example.com"),
        ("ada@example.com", "ada\u2060@example.com"),
        ("a -> b <- c", "a -\u2060> b <\u2060- c"),
        (":streamlit:", ":\u2060streamlit:"),
    ],
)
def test_what_streamlit_would_make_a_link_or_an_icon_is_parted(text: str, parted: str) -> None:
    assert as_plain(text).replace("\\", "") == parted


@pytest.mark.parametrize("name", ["Deck 2026 – final", "12:30", "a@", "Ünïcode", "x = y > z"])
def test_other_names_only_gain_their_escapes(name: str) -> None:
    assert as_plain(name).replace("\\", "") == name
