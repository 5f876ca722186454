"""The truth as it is stored: checked against the task, written one way."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from qod.bins import Floats
from qod.columns import Where, dictionary, level_text, levels, numbers, parse_number, require_plain

BINARY: Final = {"0": "0", "1": "1", "false": "0", "true": "1"}
"""How a binary outcome may be written (in any case; 1.0 is 1), and how it is stored."""


def outcome_texts(values: pa.ChunkedArray, task: str, where: Where) -> pa.StringArray:
    """The column's outcomes as stored text, NULL where missing: '0' or '1', a number in full, or a class.

    InputError names the first row whose outcome does not suit the task.
    """
    require_plain(values, where)
    if task == "multiclass":
        codes, texts = levels(values)
        return _taken(codes, list(texts))
    if pa.types.is_null(values.type):
        return pa.nulls(len(values), pa.string())
    if task == "binary":
        codes, raw = dictionary(values)
        stored: list[str | None] = []
        for code, value in enumerate(raw):
            text = level_text(value)
            found = None if text is None else BINARY.get(_plain(text).lower())
            if text is not None and found is None:
                raise where.error(
                    f"{text!r} is no outcome of a binary model.",
                    row=int(np.flatnonzero(codes == code)[0]) + 1,
                    hint="write 0 or 1, or true or false.",
                )
            stored.append(found)
        return _taken(codes, stored)
    real = numbers(values, where)
    infinite = np.flatnonzero(np.isinf(real))
    if len(infinite):
        raise where.error("the outcome is infinite.", row=int(infinite[0]) + 1, hint="leave unknown outcomes empty.")
    return pa.array([None if number != number else repr(number) for number in real.tolist()], pa.string())


def _plain(text: str) -> str:
    number = parse_number(text)
    return text.strip() if number is None else level_text(number) or ""


def _taken(codes: np.ndarray[tuple[int], np.dtype[np.int32]], stored: list[str | None]) -> pa.StringArray:
    return pa.array([*stored, None], pa.string()).take(pa.array(np.where(codes < 0, len(stored), codes)))


def scores(values: pa.ChunkedArray, where: Where) -> Floats:
    """The column as scores, NaN where missing. InputError names the first that is infinite or no number."""
    found = numbers(values, where)
    infinite = np.flatnonzero(np.isinf(found))
    if len(infinite):
        raise where.error(
            "the score is infinite.", row=int(infinite[0]) + 1, hint="scores are finite; leave a missing one empty."
        )
    return found
