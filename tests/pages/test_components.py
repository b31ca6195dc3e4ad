"""Our scripts in the browser: whatever they are handed, they can be drawn."""

import pytest
from streamlit.testing.v1 import AppTest


def claim(grant: str) -> None:
    from pages.ui.components import claim_grant_in_browser

    claim_grant_in_browser(grant, "slug", "Open")


@pytest.mark.parametrize(
    "grant", ["a" * 43, "_" * 43, "-__abcde" + "f" * 35, "abcdefg_" + "_" * 35]
)
def test_a_grant_of_any_letters_can_be_claimed(grant: str) -> None:
    page = AppTest.from_function(claim, args=(grant,), default_timeout=30).run()

    assert not page.exception
