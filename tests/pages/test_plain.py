"""People's words on our pages: no name is taken for markup, a link or an icon."""

import pytest

from pages.ui.plain import as_plain


def test_markup_is_escaped_and_stays_on_one_line() -> None:
    assert as_plain("*a* [b](c)\n# d") == r"\*a\* \[b\]\(c\) \# d"


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("www.example.com", r"www:color[\.]example\.com"),
        ("WWW.example.com", r"WWW:color[\.]example\.com"),
        ("https://example.com", r"https\::color[\/]\/example\.com"),
        ("ada@example.com", r"ada:color[\@]example\.com"),
        ("a -> b <- c", r"a \-:color[\>] b \<:color[\-] c"),
        (":streamlit:", r"\::color[s]treamlit\:"),
    ],
)
def test_what_streamlit_would_make_a_link_or_an_icon_is_parted(text: str, parted: str) -> None:
    assert as_plain(text) == parted


@pytest.mark.parametrize("name", ["Deck 2026 – final", "12:30", "a@", "Ünïcode", "x = y > z"])
def test_other_names_only_gain_their_escapes(name: str) -> None:
    assert as_plain(name).replace("\\", "") == name
