"""The saved view that the URL names, and what its words mean: `view=3` alone is the view itself.

As soon as something of it is changed, the words of what is shown stand beside `view=3`. So both are
shared, bookmarked and reloaded, and "Revert" knows the way back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.saved_views import SavedView
from pages.ui.session import forget, recall, remember
from pages.ui.url_view import ContactView, KnownIds, Period, format_view, parse_view
from pages.ui.url_words import Words, read_number, read_word

# The word of the URL that says which saved view is open.
VIEW = "view"
# Beside `view`, this says "every contact" where no word would mean the saved view.
_EVERYBODY = {"period": [str(Period.ALL)]}
_OPENED = "contacts_opened_view"


@dataclass(frozen=True, slots=True)
class OpenedView:
    """A saved view, and what it shows before anything is changed."""

    saved: SavedView
    pristine: ContactView


def open_named_view(words: Words, seen: Sequence[SavedView], known: KnownIds) -> bool:
    """Open the view that the URL names; False if it names one that the member does not see."""
    asked = _read_number(words)
    saved = next((one for one in seen if one.saved_view_id == asked), None)
    if saved is None:
        forget(_OPENED)
        return not read_word(words, VIEW)
    remember(_OPENED, OpenedView(saved, parse_view(saved.words, known)))
    return True


def get_opened_view() -> OpenedView | None:
    """The saved view that is open, if one is."""
    kept: object = recall(_OPENED, None)
    return kept if isinstance(kept, OpenedView) else None


def read_words(words: Words, known: KnownIds | None) -> ContactView:
    """What the URL asks for, by its own words or by the saved view that it names."""
    asked = parse_view(words, known)
    opened = get_opened_view()
    if (
        opened is None
        or opened.saved.saved_view_id != _read_number(words)
        or _says_more(words, known)
    ):
        return asked
    return replace(opened.pristine, page=asked.page, contact_id=asked.contact_id)


def write_words(view: ContactView) -> dict[str, list[str]]:
    """The words for the URL: the saved view's name alone as long as it is shown as it is."""
    opened = get_opened_view()
    words = format_view(view)
    if opened is None:
        return words
    name = {VIEW: [str(opened.saved.saved_view_id)]}
    kept = words_to_save(view)
    if not is_changed(view):
        return name | {word: given for word, given in words.items() if word not in kept}
    return name | words if kept else name | _EVERYBODY | words


def words_to_save(view: ContactView) -> dict[str, list[str]]:
    """What a saved view keeps: not the page, nor who is looked at."""
    return format_view(replace(view, page=1, contact_id=None))


def is_changed(view: ContactView) -> bool:
    """Whether the page shows something else than the saved view that is open."""
    opened = get_opened_view()
    return opened is not None and words_to_save(view) != words_to_save(opened.pristine)


def _says_more(words: Words, known: KnownIds | None) -> bool:
    # Words that mean nothing to us, such as a newsletter's, change no view.
    return "period" in words or bool(words_to_save(parse_view(words, known)))


def _read_number(words: Words) -> int:
    return read_number(read_word(words, VIEW))
