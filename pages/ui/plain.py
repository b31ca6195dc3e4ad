"""People's words on our pages: shown as they are, never as Markdown or HTML."""

import re
import string

_MARKDOWN = re.compile("[" + re.escape(string.punctuation) + "]")
_LINE_BREAKS = re.compile(r"\s+")


def as_plain(text: str) -> str:
    """The same text for a place that reads Markdown: nothing in it is taken for markup."""
    return _MARKDOWN.sub(r"\\\g<0>", _LINE_BREAKS.sub(" ", text))
