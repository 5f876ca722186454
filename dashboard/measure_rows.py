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


@dataclass(frozen=True, slots=True)
class Block:
    """One metric of the batches (T) of a version and of some subjects (S); numbers are (T, S), NaN where there is none.

    ``n`` is None where no rows stand behind the metric.
    """

    metric: str
    version: str
    batches: tuple[str, ...]
    days: tuple[date, ...]
    subjects: tuple[str, ...]
    numbers: dict[str, npt.NDArray[np.float64]]
    n: npt.NDArray[np.int64] | None


class Measures:
    """Collects measures of one model; NaN and infinities are no value."""

    def __init__(self, model_id: str) -> None:
        self.model_id = model_id
        self.blocks: list[Block] = []

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
    ) -> None:
        """Add ``metric`` of every batch (T) and subject (S); the numbers broadcast to (T, S)."""
        shape = (len(batches), len(subjects))
        numbers = {"value": _floats(value, shape), "low": _floats(low, shape), "high": _floats(high, shape)}
        rows = None if n is None else np.ascontiguousarray(np.broadcast_to(np.asarray(n, np.int64), shape))
        ids, days = tuple(batch for batch, _ in batches), tuple(day for _, day in batches)
        self.blocks.append(Block(metric, version, ids, days, tuple(subjects), numbers, rows))

    def digests(self) -> dict[Key, bytes]:
        """Of every batch or cohort, a digest of its measures."""
        found: dict[Key, Any] = {}
        for block in self.blocks:
            head = "\x1f".join((block.metric, "" if block.n is None else "n", *block.subjects)).encode()
            arrays = [*block.numbers.values(), *(() if block.n is None else (block.n,))]
            for t, batch in enumerate(block.batches):
                digest = found.setdefault((block.version, batch), hashlib.sha256())
                digest.update(head)
                for array in arrays:
                    digest.update(array[t])
        return {key: digest.digest() for key, digest in found.items()}

    def table(self, wanted: Callable[[Key], bool]) -> pa.Table:
        """The rows of ``measures`` of the batches and cohorts that are wanted."""
        parts: dict[str, list[pa.Array]] = {name: [] for name in COLUMNS}
        for block in self.blocks:
            at = np.array([t for t, batch in enumerate(block.batches) if wanted((block.version, batch))], np.intp)
            if at.size and block.subjects:
                for name, array in _columns(self.model_id, block, at).items():
                    parts[name].append(array)
        filled: dict[str, object] = {name: pa.chunked_array(arrays) for name, arrays in parts.items() if arrays}
        return table_from_columns("measures", filled)

    def columns(self) -> dict[str, list[Any]]:
        """All rows, column by column."""
        found: dict[str, list[Any]] = self.table(lambda _: True).select(list(COLUMNS)).to_pydict()
        return found


def _columns(model_id: str, block: Block, at: npt.NDArray[np.intp]) -> dict[str, pa.Array]:
    """The rows of the batches ``at`` these places, column by column."""
    size = len(at) * len(block.subjects)
    batch = pa.array(np.repeat(at, len(block.subjects)))
    found = {
        "model_id": pa.repeat(model_id, size),
        "model_version": pa.repeat(block.version, size),
        "batch_id": pa.array(block.batches, pa.string()).take(batch),
        "batch_date": pa.array(block.days, pa.date32()).take(batch),
        "subject": pa.array(block.subjects * len(at), pa.string()),
        "metric": pa.repeat(block.metric, size),
        "n": pa.nulls(size, pa.int64()) if block.n is None else pa.array(block.n[at].ravel()),
    }
    for name, numbers in block.numbers.items():
        values = numbers[at].ravel()
        found[name] = pa.array(values, mask=np.isnan(values))
    return found


def _floats(numbers: npt.ArrayLike | None, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Numbers of that shape, finite or one and the same NaN."""
    if numbers is None:
        return np.full(shape, np.nan)
    values = np.broadcast_to(np.asarray(numbers, np.float64), shape)
    return np.ascontiguousarray(np.where(np.isfinite(values), values, np.nan))
