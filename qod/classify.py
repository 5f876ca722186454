"""What a column of the training rows is: a numeric or categorical variable, or none (identifier, free text, time)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qod.bins import Kind
from qod.columns import infer, is_number, is_plain, is_time

_IDENTIFIER: Final = re.compile(r"(^|[^a-z])(id|ids|uuid|guid|msisdn|imsi|imei|iban)([^a-z]|$)|uuid|guid|msisdn")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_EXACT: Final = 2.0**53

FEW: Final = 20
"""Rows up to which all values may differ without the column being taken for an identifier."""
MOST_DISTINCT: Final = 0.9
"""Share of distinct values above which text is free text or an identifier, from 100 values on."""


def kind_of(kind: pa.DataType) -> Kind | str:
    """``numeric`` or ``categorical`` by the type alone, or the reason why it can be no variable."""
    if not is_plain(kind):
        return f"is {kind}, which cannot be binned"
    if is_time(kind):
        return "holds dates or times"
    return "numeric" if is_number(kind) else "categorical"


def refuse_text(codes_seen: int, present: int, texts: list[str]) -> str | None:
    """Why a text column is no variable; None when it is one. ``codes_seen`` distinct among ``present`` values."""
    if present >= 100 and codes_seen > MOST_DISTINCT * present:
        return f"looks like an identifier or free text: {codes_seen:,} distinct values in {present:,} rows"
    if FEW < present < 100 and codes_seen == present:
        return f"looks like an identifier or free text: all of its {present} values differ"
    if texts and is_time(infer(pa.chunked_array([pa.array(texts, pa.string())])).type):
        return "holds dates or times"
    return None


def refuse_whole_numbers(
    name: str, *, present: int, distinct: int, low: float, high: float, follow: Callable[[], bool]
) -> str | None:
    """Why a column of whole numbers is no variable; None when it is one.

    ``present`` values, ``distinct`` of them different, from ``low`` to ``high``; ``follow`` says whether they rise or
    fall with every row.
    """
    if present and max(abs(low), abs(high)) > _EXACT:
        return "holds whole numbers too long to be measured, as identifiers are"
    if present <= FEW or distinct < present:
        return None
    if _named_identifier(name):
        return f"looks like an identifier: its name, and all of its {present:,} values differ"
    if high - low + 1 <= 1.1 * present:
        return f"looks like an identifier: its {present:,} values number the rows"
    if follow():
        return f"looks like an identifier: its {present:,} values all differ and follow the order of the rows"
    return None


def _named_identifier(name: str) -> bool:
    return _IDENTIFIER.search(_CAMEL.sub("_", name).lower()) is not None


def monotone(values: pa.ChunkedArray) -> bool:
    """Whether whole numbers rise, or fall, with every row."""
    present = np.asarray(pc.drop_null(values).combine_chunks().cast(pa.int64(), safe=False))
    return bool((present[1:] > present[:-1]).all() or (present[1:] < present[:-1]).all())
