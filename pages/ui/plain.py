"""People's words on our pages: shown as they are, never as Markdown or HTML."""

import re
import string

# What Streamlit makes links, icons and arrows of even where it is escaped.
_TELLTALE = (
    r"(?<=www)\.|(?<=:)(?:/(?=/)|s(?=treamlit:))|(?<=[-.\w+])@(?=[-\w])"
    r"|(?<=-)[->]|(?<=<)[-=]|(?<=[>~])="
)
_MARKUP = re.compile(f"({_TELLTALE})|[{re.escape(string.punctuation)}]", re.IGNORECASE)
_LINE_BREAKS = re.compile(r"\s+")


def as_plain(text: str) -> str:
    """The same text for a place that reads Markdown: nothing in it is taken for markup.

    What is copied from the page is the text itself, without any other character.
    """
    return _MARKUP.sub(_escape_markup, _LINE_BREAKS.sub(" ", text))


def _escape_markup(found: re.Match[str]) -> str:
    character = found[0]
    escaped = character if character.isalnum() else f"\\{character}"
    # A colour that names none is a span without any style, which parts the text around it.
    return f":color[{escaped}]" if found[1] else escaped
