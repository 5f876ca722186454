"""One column of the training rows: frozen as a variable, or refused with the reason why it is none."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from qod.bins import Bins, Kind, freeze_categorical, freeze_sorted
from qod.classify import kind_of, monotone, refuse_text, refuse_whole_numbers
from qod.columns import Where, is_text, levels, numbers, require_plain
from qod.counting import count_sorted, level_places
from qod.source import Source
from qod.value_type import ValueType, type_in


@dataclass(frozen=True, slots=True)
class Frozen:
    """One variable of the reference: its bins, the training rows counted in them, its summary, and its values' type.

    ``type`` is None where the file cannot say what the values are.
    """

    name: str
    bins: Bins
    counts: tuple[int, ...]
    mean: float | None
    sd: float | None
    distinct: int
    type: ValueType | None = None


def freeze(source: Source, name: str, asked: Kind | None) -> Frozen | str:
    """The frozen variable, or the note that says why the column is none."""
    where = Where(source.label, name)
    values = source.column(name)
    kind = asked or kind_of(values.type)
    if kind == "numeric":
        found = _freeze_numeric(name, values, where, asked=asked is not None)
    elif kind == "categorical":
        found = _freeze_levels(name, require_plain(values, where), asked=asked is not None)
    else:
        return f"Column {name!r} {kind}; it is not watched."
    return found if isinstance(found, str) else replace(found, type=type_in(source, values.type))


def _freeze_numeric(name: str, values: pa.ChunkedArray, where: Where, *, asked: bool) -> Frozen | str:
    array = numbers(values, where)
    array.sort()
    present = array[: len(array) - int(np.count_nonzero(np.isnan(array)))]
    finite = present[np.searchsorted(present, -np.inf, side="right") : np.searchsorted(present, np.inf)]
    bins = freeze_sorted(finite)
    counted = count_sorted(array, bins, offsets=np.array([0, len(array)], dtype=np.int64))
    distinct = int(counted.distinct[0])
    if not asked and pa.types.is_integer(values.type):
        low, high = (float(present[0]), float(present[-1])) if len(present) else (0.0, 0.0)
        reason = refuse_whole_numbers(
            name, present=len(present), distinct=distinct, low=low, high=high, follow=lambda: monotone(values)
        )
        if reason is not None:
            return f"Column {name!r} {reason}; it is not watched (--numeric {name} insists)."
    return Frozen(
        name,
        bins,
        tuple(counted.counts[0].tolist()),
        _value(counted.mean[0]),
        _value(counted.sd[0]),
        distinct,
    )


def _freeze_levels(name: str, values: pa.ChunkedArray, *, asked: bool) -> Frozen | str:
    codes, texts = levels(values)
    held = np.bincount(codes + 1, minlength=len(texts) + 1)[1:]
    if not asked and is_text(values.type):
        reason = refuse_text(int(np.count_nonzero(held)), int(held.sum()), texts)
        if reason is not None:
            return f"Column {name!r} {reason}; it is not watched (--categorical {name} insists)."
    bins = freeze_categorical(texts, held)
    # Counting the levels' totals is counting the rows.
    places = level_places(texts, bins)
    counts = np.bincount(places, weights=held, minlength=bins.size).astype(np.int64)
    counts[-1] = len(codes) - int(held.sum())
    return Frozen(name, bins, tuple(counts.tolist()), None, None, int(np.count_nonzero(held)))


def _value(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
