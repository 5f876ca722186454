"""All measures of a model's batches: those that are stored, and those that follow from them.

Of a variable, the PSI of every batch is stored with what chance gives; drift where it is not calm, and shares where
they are not 0. So the largest table of a fleet has one row a batch and variable, and more where there is more to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.metrics.psi_debiased import psi_debiased, size_interval

Row = tuple[Any, ...]

COLUMNS: Final = ("model_version", "batch_id", "batch_date", "subject", "metric", "value", "low", "high", "n")
"""What a row of measures says."""


def all_measures(stored: pa.Table, references: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows of query ``measures`` and those that follow from them, in its order.

    ``references`` say of each variable of each version: model_version, variable, kind and counts. Of a variable that
    they do not have no interval is known, and no unseen or out-of-range share of 0.
    """
    of_psi = pc.equal(stored.column("metric"), "psi")
    found = {_order(row): row for row in _following(stored.filter(of_psi), references)}
    found |= {_order(row): row for row in _rows(stored.filter(pc.invert(of_psi)))}
    return [found[key] for key in sorted(found)]


def _rows(table: pa.Table) -> list[Row]:
    return list(zip(*(table.column(name).to_pylist() for name in COLUMNS), strict=True))


def _order(row: Row) -> Row:
    version, batch, day, subject, metric = row[:5]
    return version, day, batch, subject, metric


def _following(psi: pa.Table, references: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """What follows from each PSI where nothing else is stored of the batch and variable."""
    trained = {(r["model_version"], r["variable"]): (r["kind"], sum(r["counts"])) for r in references}
    rows = _rows(psi)
    found = [trained.get((row[0], row[3]), (None, 0)) for row in rows]
    kinds, training = [kind for kind, _ in found], [rows for _, rows in found]
    value, chance, n = (np.asarray(psi.column(name).to_numpy(), np.float64) for name in ("value", "low", "n"))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1.0 / np.array(training, np.float64) + 1.0 / n
        bins = np.nan_to_num(np.rint(chance / scale)).astype(np.int64) + 1
    size = psi_debiased(value, chance)
    low, high = (np.where(np.isfinite(scale), bound, np.nan) for bound in size_interval(size, scale, bins))
    told = (_plain(numbers) for numbers in (size, low, high))
    for row, kind, change in zip(rows, kinds, zip(*told, strict=True), strict=True):
        *key, _, psi_value, noise, most, here = row
        calm = 0.0 if here else None
        yield (*key, "psi", psi_value, None, None, here)
        yield (*key, "psi_noise", noise, None, most, here)
        yield (*key, "psi_debiased", *change, here)
        yield (*key, "drift", calm, calm, None, here)
        yield (*key, "missing_share", calm, None, None, here)
        if kind is not None:
            yield (*key, _OF_KIND[kind], calm, None, None, here)


_OF_KIND: Final = {"categorical": "unseen_share", "numeric": "out_of_range_share"}


def _plain(numbers: Any) -> list[float | None]:
    return [None if np.isnan(number) else number for number in numbers.tolist()]
