"""A column's values in SQL as numbers and as levels, the same that a file's column of that type has."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, localcontext
from typing import Final

from qod.columns import MISSING_WORDS, Where, level_text
from qod.errors import InputError
from qod.value_type import ValueType

MISSING: Final = list(MISSING_WORDS)
"""The value of the parameter @missing, which ``wrong_word`` needs."""

TAME: Final = "1e150"
"""Beyond it, no mean and no deviation is kept: squares would not fit into a FLOAT64."""

_TEXT_NUMBER: Final = r"(?i)^[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf|infinity|nan)$"

_NUMBERS: Final = {
    "INT64": "CAST({0} AS FLOAT64)",
    "FLOAT64": "IF(IS_NAN({0}), NULL, {0})",
    "NUMERIC": "CAST({0} AS FLOAT64)",
    "BIGNUMERIC": "CAST({0} AS FLOAT64)",
    "BOOL": "CAST(CAST({0} AS INT64) AS FLOAT64)",
    "STRING": f"IF(REGEXP_CONTAINS(TRIM({{0}}), r'{_TEXT_NUMBER}') AND LOWER(TRIM({{0}})) NOT IN "
    "('nan', '+nan', '-nan'), SAFE_CAST(TRIM({0}) AS FLOAT64), NULL)",
}
_LEVELS: Final = {
    "INT64": "CAST({0} AS STRING)",
    "FLOAT64": "IF(IS_NAN({0}), NULL, CAST({0} AS STRING))",
    "NUMERIC": "CAST({0} AS STRING)",
    "BIGNUMERIC": "CAST({0} AS STRING)",
    "BOOL": "CAST({0} AS STRING)",
    "STRING": "NULLIF({0}, '')",
    "DATE": "CAST({0} AS STRING)",
    "TIME": "CAST({0} AS STRING)",
    "DATETIME": "CAST(UNIX_MICROS(TIMESTAMP({0})) AS STRING)",
    "TIMESTAMP": "CAST(UNIX_MICROS({0}) AS STRING)",
}
TIMES: Final = ("DATE", "TIME", "DATETIME", "TIMESTAMP")
_DECIMALS: Final = {"NUMERIC": 9, "BIGNUMERIC": 38}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def require_plain(kind: str, label: str, column: str) -> str:
    """The type itself; InputError when its values are nested or binary."""
    if not is_plain(kind):
        raise Where(label, column).error(
            f"values of type {kind} cannot be used.", hint="deliver text, numbers, booleans or dates."
        )
    return kind


def is_plain(kind: str) -> bool:
    """Whether a column of this type can be looked at at all: not nested, not binary."""
    return kind in _LEVELS


def value_type(kind: str) -> ValueType | None:
    """What values of this type are, as in a file; None for those that cannot be counted."""
    if is_number(kind):
        return "number"
    if kind == "BOOL":
        return "boolean"
    if kind == "STRING":
        return "text"
    return "time" if kind in TIMES else None


def require_number(kind: str, label: str, column: str) -> str:
    """The type itself; InputError when its values are no numbers, nor text that may hold some."""
    if kind not in _NUMBERS:
        raise Where(label, column).error(
            f"numbers were expected, found {kind}.", hint="deliver the type that training had."
        )
    return kind


def no_number(word: str, where: Where) -> InputError:
    """The error of a text that stands for no number."""
    return where.error(
        f"{word!r} is not a number, and the variable is numeric.",
        hint="write numbers with a decimal point and no thousands separator; leave missing values NULL.",
    )


def infinite_score(where: Where) -> InputError:
    """The error of a score that is infinite."""
    return where.error("the score is infinite.", hint="scores are finite; leave a missing one NULL.")


def is_number(kind: str) -> bool:
    """Whether values of this type are numbers; booleans are not."""
    return kind in ("INT64", "FLOAT64", *_DECIMALS)


def number(column: str, kind: str) -> str:
    """The FLOAT64 that a value stands for, NULL where it is missing (NaN too)."""
    return _NUMBERS[kind].format(column)


def wrong_word(column: str, kind: str) -> str:
    """A text that stands for no number where one was expected, NULL for all others. It needs @missing."""
    if kind != "STRING":
        return "CAST(NULL AS STRING)"
    right = f"REGEXP_CONTAINS(TRIM({column}), r'{_TEXT_NUMBER}') OR TRIM({column}) IN UNNEST(@missing)"
    return f"IF({right}, NULL, {column})"


def truth(column: str, kind: str) -> str:
    """1 or 0 for the outcome of a binary model, another number or NULL for what is none."""
    if kind not in _NUMBERS:
        return "CAST(NULL AS FLOAT64)"
    if kind != "STRING":
        return number(column, kind)
    word = f"LOWER(TRIM({column}))"
    return f"CASE WHEN {word} = 'true' THEN 1 WHEN {word} = 'false' THEN 0 ELSE {number(column, kind)} END"


def level(column: str, kind: str) -> str:
    """A text for each distinct value, NULL where it is missing: ``text_of`` makes a level of it."""
    return _LEVELS[kind].format(column)


def text_of(raw: str, kind: str) -> str | None:
    """The level that a text of ``level`` stands for, written as that of a file's column of this type.

    The engines write numbers and times each in a way of their own; this one does not depend on them.
    """
    if kind == "FLOAT64":
        return level_text(float(raw))
    if kind in _DECIMALS:
        with localcontext() as context:
            context.prec = 80
            return level_text(Decimal(raw).quantize(Decimal(1).scaleb(-_DECIMALS[kind])))
    if kind == "TIME":
        return level_text(time.fromisoformat(raw))
    if kind in ("DATETIME", "TIMESTAMP"):
        moment = _EPOCH + timedelta(microseconds=int(raw))
        return level_text(moment if kind == "TIMESTAMP" else moment.replace(tzinfo=None))
    return level_text(raw)
