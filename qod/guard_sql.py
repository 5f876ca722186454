"""The rows that a guard holds back as a condition in BigQuery's SQL, to be read and pasted by people.

Nothing of Vigie runs it. Every name and level in it is quoted, and what cannot be seen is written as an escape.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from qod.columns import level_text, parse_number
from qod.guard_rules import Guard, Rule
from qod.names import LONGEST

_WIDTH: Final = 100
_KEPT, _HELD = "-- kept\n", "\n\n-- held back\n"


def where(guard: Guard) -> str:
    """Two clauses: one that keeps the rows to score, and its opposite."""
    conditions = [condition for rule in guard.rules for condition in _conditions(rule)]
    if not conditions:
        return "-- kept: every row\nWHERE TRUE\n\n-- held back: none\nWHERE FALSE\n"
    any_of = "\n  OR ".join(f"IFNULL({condition}, FALSE)" for condition in conditions)
    return f"{_KEPT}WHERE NOT (\n  {any_of}\n){_HELD}WHERE (\n  {any_of}\n)\n"


def kept(clauses: str) -> str:
    """The first of the two clauses of ``where``, without the words above it."""
    return clauses.partition(_HELD)[0].removeprefix(_KEPT).rstrip()


def _conditions(rule: Rule) -> Iterator[str]:
    """What holds a row back, each TRUE or else FALSE or NULL."""
    column = identifier(rule.variable)
    if rule.kind == "numeric":
        value = {"text": f"SAFE_CAST({column} AS FLOAT64)", "boolean": f"CAST({column} AS INT64)"}.get(
            rule.type or "", column
        )
        if rule.low is not None:
            yield f"{value} < {_number(rule.low)}"
        if rule.high is not None:
            yield f"{value} > {_number(rule.high)}"
        if rule.missing:
            yield f"{value} IS NULL OR IS_NAN({value})"
        return
    text = column if rule.type == "text" else f"CAST({column} AS STRING)"
    if rule.levels:
        yield _among(rule, column, text, rule.levels)
    if rule.unseen:
        yield f"{_present(rule, text)} AND NOT IFNULL({_among(rule, column, text, rule.known)}, FALSE)"
    if rule.missing:
        yield f"NOT IFNULL({_present(rule, text)}, FALSE)"


def _present(rule: Rule, text: str) -> str:
    """Whether there is a level: empty text is none, nor is NaN among numbers."""
    return f"{text} <> ''" + (f" AND LOWER({text}) <> 'nan'" if rule.type == "number" else "")


def _among(rule: Rule, column: str, text: str, levels: Sequence[str]) -> str:
    """Whether the level is one of ``levels``, in whichever of its spellings (see ``columns.spellings``)."""
    numbers, words, plain, long = list[str](), list[str](), list[str](), list[str]()
    for level in levels:
        value = parse_number(level) if level[-1:].isdigit() or level[-1:] == "." else None
        if value is not None and math.isfinite(value) and level in (level_text(value), repr(value)):
            numbers.append(_number(value))
        elif level in (level.lower(), level.lower().capitalize(), level.upper()) and level.lower() in _WORDS:
            words.append(level.lower())
        elif len(level) == LONGEST and level.endswith("…"):
            long.append(level)  # a longer one that was cut when it was named, or one that ends so itself
            plain.append(level)
        else:
            plain.append(level)
    parts = []
    if plain:
        parts.append(f"{text} IN ({_listed(map(literal, plain))})")
    if words:
        parts.append(f"LOWER({text}) IN ({_listed(map(literal, dict.fromkeys(words)))})")
    if numbers:
        value_of = column if rule.type == "number" else f"SAFE_CAST({text} AS FLOAT64)"
        parts.append(f"{value_of} IN ({_listed(dict.fromkeys(numbers))})")
    parts += [f"(LENGTH({text}) > {LONGEST} AND STARTS_WITH({text}, {literal(level[:-1])}))" for level in long]
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"


_WORDS: Final = ("true", "false")


def _listed(items: Iterable[str]) -> str:
    """The items with commas, in lines that can be read."""
    lines, line = [], ""
    for item in items:
        if line and len(line) + len(item) > _WIDTH:
            lines.append(line)
            line = ""
        line += f", {item}" if line else item
    return ",\n    ".join([*lines, line])


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def identifier(name: str) -> str:
    """A column's name in backticks."""
    return f"`{_escaped(name, '`')}`"


def literal(text: str) -> str:
    """A text in quotes."""
    return f"'{_escaped(text, chr(39))}'"


def _escaped(text: str, quote: str) -> str:
    """What stands between quotes; a character that cannot be seen, or that turns the direction, as an escape."""
    return "".join(
        f"\\{one}" if one in ("\\", quote) else one if one.isprintable() else _ESCAPES.get(one) or _code(one)
        for one in text
    )


_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _code(one: str) -> str:
    return f"\\u{ord(one):04x}" if ord(one) <= 0xFFFF else f"\\U{ord(one):08x}"
