"""Measures of one model: blocks of numbers by batch and subject, from which rows of the table are made when wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.contract import table_from_columns

COLUMNS: Final = (
    "model_id", "model_version", "batch_id", "batch_date", "subject", "metric", "value", "low", "high", "n",
)  # fmt: skip

Key = tuple[str, str]
"""(model_version, batch_id), or (model_version, cohort)."""

_NUMBERS: Final = ("value", "low", "high", "n")


@dataclass(frozen=True, slots=True)
class Block:
    """Metrics of some batches (T) of a version, one number a metric and subject (K).

    ``numbers`` are (T, K): ``value``, ``low`` and ``high``, NaN where there is none, and the rows ``n``, -1 where none
    stand behind the metric. ``written`` (T, K) are those that are rows of the table.
    """

    version: str
    batches: tuple[str, ...]
    days: tuple[date, ...]
    metrics: tuple[str, ...]
    subjects: tuple[str, ...]
    numbers: dict[str, npt.NDArray[Any]]
    written: npt.NDArray[np.bool_]


class Measures:
    """Collects measures of one model; NaN and infinities are no value."""

    def __init__(self, model_id: str) -> None:
        self.model_id = model_id
        self._parts: dict[tuple[str, tuple[tuple[str, date], ...]], list[Block]] = {}

    def add(
        self,
        metric: str,
        *,
        version: str,
        batches: Sequence[tuple[str, date]],
        subjects: Sequence[str],
        value: npt.ArrayLike,
        low: npt.ArrayLike | None = None,
        high: npt.ArrayLike | None = None,
        n: npt.ArrayLike | None = None,
        where: npt.NDArray[np.bool_] | bool = True,
    ) -> None:
        """Add ``metric`` of every batch (T) and subject (S), ``where`` it says something; all broadcast to (T, S)."""
        shape = (len(batches), len(subjects))
        written = np.ones(shape, bool) & where
        numbers: dict[str, npt.NDArray[Any]] = {
            name: _floats(given, written) for name, given in (("value", value), ("low", low), ("high", high))
        }
        numbers["n"] = np.where(written, -1 if n is None else np.asarray(n, np.int64), -1)
        ids, days = tuple(batch for batch, _ in batches), tuple(day for _, day in batches)
        block = Block(version, ids, days, (metric,) * shape[1], tuple(subjects), numbers, written)
        self._parts.setdefault((version, tuple(batches)), []).append(block)

    def blocks(self) -> list[Block]:
        """All measures of the same batches in one block."""
        for key, parts in self._parts.items():
            if len(parts) > 1:
                self._parts[key] = [_joined(parts)]
        return [part for (part,) in self._parts.values()]

    def digests(self) -> dict[Key, bytes]:
        """Of every batch or cohort, a digest of its measures."""
        found: dict[Key, bytes] = {}
        for block in self.blocks():
            head = hashlib.sha256("\x1f".join((*block.metrics, *block.subjects)).encode())
            arrays = [np.ascontiguousarray(block.numbers[name]).view(np.uint8) for name in _NUMBERS]
            content = np.concatenate([*arrays, block.written.view(np.uint8)], axis=1)
            for batch, of_batch in zip(block.batches, content, strict=True):
                digest = head.copy()
                digest.update(of_batch)
                found[block.version, batch] = digest.digest()
        return found

    def table(self, wanted: Callable[[Key], bool]) -> pa.Table:
        """The rows of ``measures`` of the batches and cohorts that are wanted, batch by batch."""
        parts: dict[str, list[pa.Array]] = {name: [] for name in COLUMNS}
        for block in self.blocks():
            at = np.array([t for t, batch in enumerate(block.batches) if wanted((block.version, batch))], np.intp)
            if at.size:
                for name, array in _columns(self.model_id, block, at).items():
                    parts[name].append(array)
        filled: dict[str, object] = {name: pa.chunked_array(arrays) for name, arrays in parts.items() if arrays}
        return table_from_columns("measures", filled)

    def columns(self) -> dict[str, list[Any]]:
        """All rows, column by column."""
        found: dict[str, list[Any]] = self.table(lambda _: True).select(list(COLUMNS)).to_pydict()
        return found


def _joined(parts: Sequence[Block]) -> Block:
    first = parts[0]
    return Block(
        first.version,
        first.batches,
        first.days,
        tuple(metric for part in parts for metric in part.metrics),
        tuple(subject for part in parts for subject in part.subjects),
        {name: np.concatenate([part.numbers[name] for part in parts], axis=1) for name in _NUMBERS},
        np.concatenate([part.written for part in parts], axis=1),
    )


def _columns(model_id: str, block: Block, at: npt.NDArray[np.intp]) -> dict[str, pa.Array]:
    """The rows of the batches ``at`` these places, column by column."""
    row, column = np.nonzero(block.written[at])
    batch, of = pa.array(at[row]), pa.array(column)
    found = {
        "model_id": pa.repeat(model_id, len(row)),
        "model_version": pa.repeat(block.version, len(row)),
        "batch_id": pa.array(block.batches, pa.string()).take(batch),
        "batch_date": pa.array(block.days, pa.date32()).take(batch),
        "subject": pa.array(block.subjects, pa.string()).take(of),
        "metric": pa.array(block.metrics, pa.string()).take(of),
    }
    for name in _NUMBERS:
        values = block.numbers[name][at[row], column]
        found[name] = pa.array(values, mask=values < 0 if name == "n" else np.isnan(values))
    return found


def _floats(numbers: npt.ArrayLike | None, written: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Numbers of that shape, finite or one and the same NaN; NaN where nothing is written."""
    if numbers is None:
        return np.full(written.shape, np.nan)
    values = np.asarray(numbers, np.float64)
    return np.where(written & np.isfinite(values), values, np.nan)
