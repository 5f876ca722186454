"""The probabilities a multiclass model gave each class, one column a class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.bins import Floats
from qod.columns import Where, numbers, require_plain
from qod.errors import InputError, UnknownNameError
from qod.names import check_name
from qod.source import Source

SUM_TOLERANCE: Final = 0.01
"""How far from 1 the probabilities of a row may add up before a note says so: they may have been rounded."""


def check_classes(task: str, probabilities: Mapping[str, str], label: str) -> tuple[str, ...]:
    """The classes that ``probabilities`` (class -> column) names; InputError for what cannot be."""
    if not probabilities:
        return ()
    if task != "multiclass":
        raise InputError(
            f"probabilities by class are of multiclass models; this one is {task}.",
            file=label,
            hint="leave them out (--probability); a binary model's score is named with --score.",
        )
    if len(probabilities) < 2:
        raise InputError("there is a probability of one class only.", file=label, hint="name one for every class.")
    columns = list(probabilities.values())
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if twice is not None:
        raise InputError("it is named for several classes.", file=label, column=twice, hint="name one column a class.")
    return tuple(check_name("class", name, file=label) for name in probabilities)


def columns_in_order(probabilities: Mapping[str, str], classes: Sequence[str], label: str) -> dict[str, str]:
    """Class -> column in the order of ``classes``, those of the version; InputError where they are not the same."""
    if not probabilities:
        return {}
    if not classes:
        raise InputError(
            "the version has no classes, so there is no order for the probabilities.",
            file=label,
            hint="deliver its reference with the same --probability first.",
        )
    for name in probabilities:
        if name not in classes:
            raise UnknownNameError("class", name, classes)
    missing = [name for name in classes if name not in probabilities]
    if missing:
        raise InputError(
            f"there is no probability of the class {missing[0]!r}.",
            file=label,
            hint=f"name its column: --probability {missing[0]}=COLUMN; the classes are {', '.join(classes)}.",
        )
    return {name: probabilities[name] for name in classes}


def read_probabilities(source: Source, columns: Mapping[str, str]) -> Floats:
    """(rows, classes): the numbers of each class's column, NaN where missing. InputError for one outside 0..1."""
    found = np.empty((source.rows, len(columns)))
    for place, (name, column) in enumerate(columns.items()):
        where = Where(source.label, column)
        found[:, place] = numbers(require_plain(source.column(column), where), where)
        wrong = np.flatnonzero((found[:, place] < 0) | (found[:, place] > 1))
        if len(wrong):
            raise where.error(
                f"{found[wrong[0], place]:g} is no probability of the class {name!r}.",
                row=int(wrong[0]) + 1,
                hint="probabilities are from 0 to 1; leave missing ones empty.",
            )
    return found


def sum_note(probabilities: Floats, rows: npt.NDArray[np.int64] | None = None) -> Iterator[str]:
    """A note where rows with all their probabilities, (n, classes), do not add up to 1; they are kept as they are.

    ``rows`` (n,) are their places in the file, 0, 1, ... without it.
    """
    # What lacks a number has no sum, and another note.
    sums = probabilities.sum(axis=1)
    wrong = np.flatnonzero(np.abs(sums - 1) > SUM_TOLERANCE + 1e-9)
    if len(wrong):
        first = int(wrong[0] if rows is None else rows[wrong[0]]) + 1
        yield (
            f"{len(wrong):,} row{'s' * (len(wrong) > 1)} with probabilities that do not add up to 1 "
            f"(first: {sums[wrong[0]]:.4g} in row {first:,}); they are taken as they are."
        )


def as_lists(probabilities: Floats) -> pa.ListArray:
    """One array a row, in the order of the classes; empty where one of the row's numbers is missing."""
    whole = np.isfinite(probabilities).all(axis=1)
    offsets = np.concatenate(([0], np.cumsum(np.where(whole, probabilities.shape[1], 0)))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(probabilities[whole].ravel()))
