"""People's words on our pages: shown as they are, never as Markdown or HTML."""

import re
import string

_MARKDOWN = re.compile("[" + re.escape(string.punctuation) + "]")
# What Streamlit makes links, icons and arrows of even where it is escaped: parted by a word joiner,
# which has no width.
_TELLTALE = re.compile(
    r"(?<=www)(?=\.)|(?<=:)(?=//|streamlit:)|(?<=[-.\w+])(?=@[-\w])"
    r"|(?<=-)(?=[->])|(?<=<)(?=[-=])|(?<=[>~])(?==)",
    re.IGNORECASE,
)
_WORD_JOINER = "\u2060"
_LINE_BREAKS = re.compile(r"\s+")


def as_plain(text: str) -> str:
    """The same text for a place that reads Markdown: nothing in it is taken for markup."""
    parted = _TELLTALE.sub(_WORD_JOINER, _LINE_BREAKS.sub(" ", text))
    return _MARKDOWN.sub(r"\\\g<0>", parted)
