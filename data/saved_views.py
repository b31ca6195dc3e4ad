"""Saved views: what a member looks at again, by name; a shared one is every member's."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from data.database import Reader, Row, Transaction

Words = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class SavedView:
    """The words of the contacts page's address under a name. `member_id` is whose it is.

    `words` are kept as they were chosen, so that "the last 30 days" goes with time.
    """

    saved_view_id: int
    member_id: int
    name: str
    words: Words
    is_shared: bool


_COLUMNS = "saved_view_id, member_id, name, words, is_shared"
_IS_SEEN = "(is_shared or member_id = $member_id)"

# The words that a person typed, in which somebody's address may stand.
_TYPED = frozenset({"q", "company", "tag"})
# So many last digits say which number is meant, however its beginning was typed.
_TELLING_DIGITS = 7


def find_saved_views(reader: Reader, member_id: int) -> list[SavedView]:
    """What this member sees: the shared ones, then their own, by name."""
    rows = reader.rows(
        f"""
        select {_COLUMNS}
        from saved_view
        where {_IS_SEEN}
        order by
            is_shared desc,
            lower(name),
            saved_view_id
        """,
        member_id=member_id,
    )
    return [_read_view(row) for row in rows]


def get_saved_view(reader: Reader, saved_view_id: int, *, member_id: int) -> SavedView | None:
    """The view of this number, if this member sees it."""
    row = reader.row(
        f"select {_COLUMNS} from saved_view where saved_view_id = $number and {_IS_SEEN}",
        number=saved_view_id,
        member_id=member_id,
    )
    return _read_view(row) if row else None


def insert_saved_view(tx: Transaction, view: SavedView, now: datetime) -> SavedView:
    """The view with its number."""
    (row,) = tx.rows(
        f"""
        insert into saved_view (
            saved_view_id,
            member_id,
            name,
            words,
            is_shared,
            created_at,
            updated_at
        )
        values (
            nextval('saved_view_id_seq'),
            $member_id,
            $name,
            $words,
            $is_shared,
            $now,
            $now
        )
        returning {_COLUMNS}
        """,
        member_id=view.member_id,
        name=view.name,
        words=_dump_words(view.words),
        is_shared=view.is_shared,
        now=now,
    )
    return _read_view(row)


def update_saved_view(tx: Transaction, view: SavedView, now: datetime) -> None:
    """Let the view of this number be this one from now on."""
    tx.run(
        """
        update saved_view
        set
            member_id = $member_id,
            name = $name,
            words = $words,
            is_shared = $is_shared,
            updated_at = $now
        where saved_view_id = $number
        """,
        number=view.saved_view_id,
        member_id=view.member_id,
        name=view.name,
        words=_dump_words(view.words),
        is_shared=view.is_shared,
        now=now,
    )


def delete_saved_view(tx: Transaction, saved_view_id: int) -> None:
    """Forget one view."""
    tx.run("delete from saved_view where saved_view_id = $number", number=saved_view_id)


def delete_personal_views(tx: Transaction, member_id: int) -> None:
    """Forget what only this member saw; what they shared stays."""
    tx.run("delete from saved_view where member_id = $number and not is_shared", number=member_id)


def forget_searched_address(tx: Transaction, key: str) -> int:
    """How many views asked for this identifier's key, or were named after it.

    They ask for everybody instead now, and are called "A view" with a number.
    """
    rows = tx.rows("select saved_view_id, name, words from saved_view order by saved_view_id")
    taken = {str(name).casefold() for _, name, _ in rows}
    changed = 0
    for number, name, text in rows:
        words = _load_words(text)
        kept = _without_address(words, key)
        called = _free_name(number, taken) if _is_named_after(name, key) else name
        if (called, kept) != (name, words):
            changed += 1
            taken.add(called.casefold())
            tx.run(
                """
                update saved_view
                set
                    name = $name,
                    words = $words
                where saved_view_id = $number
                """,
                name=called,
                words=_dump_words(kept),
                number=number,
            )
    return changed


def _free_name(number: int, taken: set[str]) -> str:
    """What a view is called that has lost its name; no two that a member sees have one name."""
    names = (f"A view {free}" for free in count(number))
    return next(name for name in names if name.casefold() not in taken)


def _is_named_after(name: str, key: str) -> bool:
    folded = unicodedata.normalize("NFC", name).lower()
    if "@" in key:
        # Another address may begin or end like this one.
        whole = rf"(?<![\w.+-]){re.escape(key)}(?![\w-]|\.\w)"
        return re.search(whole, folded) is not None or _is_part_of_address(folded, key)
    return key[-_TELLING_DIGITS:] in _digits_of(folded)


def _without_address(words: Words, key: str) -> Words:
    kept = {
        name: [text for text in texts if name not in _TYPED or not _names_address(text, key)]
        for name, texts in words.items()
    }
    return {name: texts for name, texts in kept.items() if texts}


def _names_address(text: str, key: str) -> bool:
    folded = unicodedata.normalize("NFC", text).lower()
    if "@" in key:
        return key in folded or _is_part_of_address(folded, key)
    digits = _digits_of(folded)
    return len(digits) >= _TELLING_DIGITS and digits[-_TELLING_DIGITS:] in key


def _is_part_of_address(folded: str, key: str) -> bool:
    # "ada@exam" says who it is, too; "@example.com" and "ada" do not.
    return "@" in folded.strip()[1:] and folded.strip() in key


def _digits_of(text: str) -> str:
    return "".join(str(unicodedata.decimal(one)) for one in text if one.isdecimal())


def _dump_words(words: Words) -> str:
    # As they were typed, so that an address can be found in the text.
    return json.dumps({name: list(texts) for name, texts in words.items()}, ensure_ascii=False)


def _load_words(text: str) -> dict[str, list[str]]:
    return {str(name): [str(one) for one in texts] for name, texts in json.loads(text).items()}


def _read_view(row: Row) -> SavedView:
    return SavedView(row[0], row[1], row[2], _load_words(row[3]), row[4])
