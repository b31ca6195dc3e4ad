"""Statements that can be carried out for many units of work at once, in one statement.

Planning a statement takes DuckDB longer than carrying it out, so that one for 64 viewers costs
little more than one for one. Whoever writes such a statement says here what it is for many.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from data.engine.cursors import Cursor, Parameters, Row

_SHAPES = (
    re.compile(
        r"\s*(?P<head>insert\s+into\s+\w+[^;]*?)\bvalues\s*\((?P<body>.*)\)\s*"
        r"(?P<returning>returning\s.*)?",
        re.DOTALL,
    ),
    re.compile(
        r"\s*(?P<head>update\s+\w+\s+set\s)(?P<body>.*?)\bwhere\b(?P<conditions>.*?)"
        r"(?P<returning>returning\s.*)?",
        re.DOTALL,
    ),
    re.compile(
        r"\s*select\s(?P<body>(?:(?!\bfrom\b).)*)\s(?P<head>from\s+\w+)\s+where\b(?P<conditions>.*?)"
        r"(?P<order>order\s+by\s.*)?",
        re.DOTALL,
    ),
)
_PARAMETER = re.compile(r"\$(\w+)")
_LISTED = re.compile(r"\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class _ForMany:
    """What a statement is for many; its answer's first column, `by`, says for whom a row is."""

    sql: str
    by: str | None


_for_many: dict[str, _ForMany] = {}


def together(one: str, *, many: str, by: str | None = None) -> str:
    """The statement `one`, which `many` carries out for many at once.

    In `many`, `given` is a table of everybody's parameters, each as `p_name`, and `[[name]]` the
    list of everybody's `$name`, for `in (…)`, which looks an index up. Every row of the answer
    begins with `by`, which no two of them may share: those who do are answered one by one.
    """
    _for_many[one] = _ForMany(many, by)
    return one


@cache
def spread(one: str, *, by: str | None = None, is_indexed: bool = False) -> str:
    """The statement `one` for many, which is made from it: an insert, update or plain look-up.

    `by` is as in `together`, and both a parameter and, in what is returned, a column. A look-up
    has no limit: for one row that takes DuckDB twice as long as to give all of a few.

    Raises:
        ValueError: it has another shape.
    """
    insert, update, question = (shape.fullmatch(one) for shape in _SHAPES)
    looked_up = f" and {by} in ([[{by}]])" if is_indexed else ""
    if insert is not None:
        many = f"{insert['head']} select {_given(insert['body'])} from given"
        many += _return_by(insert["returning"], by)
    elif update is not None:
        many = f"{update['head']}{_given(update['body'])} from given"
        many += f" where {_given(update['conditions'])}{looked_up}"
        many += _return_by(update["returning"], by)
    elif question is not None and is_indexed and _asks_only_for(question, by):
        many = f"select {by}, {question['body']} {question['head']} where {by} in ([[{by}]])"
        many += f" {question['order'] or ''}"
    elif question is not None and by is not None:
        many = f"select p_{by}, {_given(question['body'])} {question['head']}, given"
        many += f" where {_given(question['conditions'])}{looked_up}"
        many += f" {question['order'] or ''}"
    else:
        raise ValueError("no insert, update or look-up of the plain shape")
    return together(one, many=many, by=by)


def _asks_only_for(question: re.Match[str], by: str | None) -> bool:
    """Whether the look-up's one parameter is the one that it compares `by` with."""
    is_plain = question["conditions"].split() == f"{by} = ${by}".split()
    return is_plain and "$" not in question["body"]


def _given(text: str) -> str:
    return _PARAMETER.sub(r"p_\1", text)


def _return_by(returning: str | None, by: str | None) -> str:
    if by is None:
        return ""
    listed = "" if returning is None else "," + returning.removeprefix("returning")
    return f" returning {by}{listed}"


def is_for_many(sql: str) -> bool:
    """Whether the statement can be carried out for many at once."""
    return sql in _for_many


def fetch_many(cursor: Cursor, sql: str, asked: Sequence[Parameters]) -> list[list[Row]]:
    """The answers to one statement with each of these parameters, in their order."""
    if len(asked) == 1:
        return [cursor.fetch(sql, asked[0])]
    if is_question(sql) and all(each == asked[0] for each in asked):
        return [cursor.fetch(sql, asked[0])] * len(asked)
    form = _for_many.get(sql)
    if form is None:
        return [cursor.fetch(sql, each) for each in asked]
    if form.by is None:
        _fetch_given(cursor, form.sql, asked)
        return [[] for _ in asked]
    return _fetch_by(cursor, sql, form.sql, form.by, asked)


def _fetch_by(
    cursor: Cursor, one: str, many: str, by: str, asked: Sequence[Parameters]
) -> list[list[Row]]:
    """Each gets the rows that begin with its own; whoever comes second for the same waits."""
    first = {each[by]: place for place, each in reversed(list(enumerate(asked)))}
    answers: list[list[Row]] = [[] for _ in asked]
    for row in _fetch_given(cursor, many, [asked[place] for place in first.values()]):
        answers[first[row[0]]].append(row[1:])
    for place, each in enumerate(asked):
        if first[each[by]] != place:
            answers[place] = cursor.fetch(one, each)
    return answers


def _fetch_given(cursor: Cursor, many: str, asked: Sequence[Parameters]) -> list[Row]:
    names = list(asked[0])
    listed, lists = set(_LISTED.findall(many)), "given" in words_of(many)
    sql = _LISTED.sub(
        lambda found: ", ".join(f"${found[1]}_{place}" for place in range(len(asked))), many
    )
    parameters: Parameters = {
        f"{name}_{place}": each[name] for name in listed for place, each in enumerate(asked)
    }
    if lists:
        columns = ", ".join(f"unnest($given_{name}) as p_{name}" for name in names)
        sql = f"with given as materialized (select {columns}) {sql}"
        parameters |= {f"given_{name}": [each[name] for each in asked] for name in names}
    return cursor.fetch(sql, parameters)


def is_question(sql: str) -> bool:
    """Whether the statement changes nothing, however often it is carried out."""
    return sql.lstrip().startswith("select") and "nextval" not in words_of(sql)


@cache
def words_of(sql: str) -> frozenset[str]:
    """Every word of the statement, among them the tables that it reads or changes."""
    return frozenset(re.findall(r"\w+", sql))


@cache
def changed_table(sql: str) -> str:
    """The table that the statement changes."""
    found = re.match(r"\s*(?:insert\s+into|update|delete\s+from)\s+(\w+)", sql)
    return found[1] if found else ""
