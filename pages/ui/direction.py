"""Which way the viewer's language runs: told to the browser, and to who listens to the page."""

import streamlit as st

from pages.ui.words import is_right_to_left

# The page itself is Streamlit's, in English; its root is told what it holds now.
_SCRIPT = """
export default function (component) {
  document.documentElement.lang = component.data.language
  document.documentElement.dir = component.data.direction
}
"""

# What is typed here reads from left to right in every language.
_RIGHT_TO_LEFT = """
<style>
[data-testid="stMain"] { direction: rtl; }
[data-testid="stMain"] :is(p, h2, h3, label, [data-testid="stText"]) {
    direction: rtl !important; text-align: right !important;
}
[data-testid="stMain"] button p { text-align: center !important; }
[data-testid="stMain"] input[type="email"],
[data-testid="stMain"] input[type="tel"],
[data-testid="stMain"] code { direction: ltr; text-align: right; }
</style>
"""

_tell_browser = st.components.v2.component("gatebook_language", html="<span></span>", js=_SCRIPT)


def apply_direction(language: str) -> None:
    """Mark the whole page as being in this language, and turn it around where that needs it."""
    is_turned = is_right_to_left(language)
    if is_turned:
        st.html(_RIGHT_TO_LEFT)
    direction = "rtl" if is_turned else "ltr"
    _tell_browser(key="language", data={"language": language, "direction": direction})
