"""Every drift measure of one batch, computed when it is asked for: what `vigie measures --all` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from qod.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from dashboard.drift_measures import DriftMeasures
    from qod.warehouse import Warehouse

COLUMNS: Final = (
    *("model_version", "batch_id", "batch_date", "subject", "metric", "value", "low", "high", "n"),
    *("against", "bin", "bin_holds", "reason"),
)
"""Those of the stored measures; what the batch is compared with; the bin, by its place in the counts, and what it
holds, where the number is a bin's; why there is no value."""


class Against(StrEnum):
    """What a batch is compared with."""

    training = "training"
    previous = "previous"


def drift_of_batch(
    warehouse: Warehouse, model_id: str, batch_id: str, *, version: str | None, against: Against | None
) -> Iterator[tuple[Any, ...]]:
    """One row, see COLUMNS, for each variable and metric, and for each bin of each variable.

    UnknownNameError for a batch or version that is not there, InputError where the batch cannot be compared.
    """
    from dashboard.counted import frozen_bins, side
    from dashboard.drift_measures import drift_measures
    from qod.frozen import read_reference

    batches = warehouse.query("evaluated_batches", models=[model_id], since=date.min, until=date.max).to_pylist()
    batch = _the_batch(batches, batch_id, version)
    of_version = batch["model_version"]
    digest = read_reference(warehouse, model_id, of_version).digest
    if batch["bins"] not in (None, digest):
        raise InputError(
            f"batch {batch_id!r} was counted in the bins of an earlier training set of version {of_version!r}, which "
            "later ones replaced.",
            hint="deliver the batch again, then it is counted in those that hold now.",
        )

    def counted(row: dict[str, Any]) -> list[dict[str, Any]]:
        given = {key: row[key] for key in ("model_version", "batch_id", "batch_date")}
        found: list[dict[str, Any]] = warehouse.query("batch_counts", model_id=model_id, **given).to_pylist()
        return found

    rows = warehouse.query("variables", model_id=model_id).to_pylist()
    reference = [row for row in rows if row["model_version"] == of_version]
    frozen = frozen_bins(reference)
    base, name = side(reference, frozen), Against.training.value
    if against == Against.previous:
        before = _the_one_before(batches, batch, digest)
        base, name = side(counted(before), frozen), before["batch_id"]
    now = side(counted(batch), frozen)
    key = (of_version, batch["batch_id"], batch["batch_date"])
    return _rows(drift_measures(frozen, base, now), reference, now.counts, key, name)


def _the_batch(batches: Sequence[dict[str, Any]], batch_id: str, version: str | None) -> dict[str, Any]:
    """The batch of that name; of the version, where one is given."""
    versions = sorted({row["model_version"] for row in batches})
    if version is not None and version not in versions:
        raise UnknownNameError("model version", version, versions)
    of_version = [row for row in batches if version in (None, row["model_version"])]
    found = [row for row in of_version if row["batch_id"] == batch_id]
    if not found:
        hint = None if of_version else "no batch of this model was delivered yet."
        raise UnknownNameError("batch", batch_id, [row["batch_id"] for row in of_version], hint=hint)
    if len(found) > 1:
        names = ", ".join(repr(row["model_version"]) for row in found)
        raise InputError(f"batch {batch_id!r} is there of versions {names}.", hint="say which with --version.")
    return found[0]


def _the_one_before(batches: Sequence[dict[str, Any]], batch: dict[str, Any], digest: str) -> dict[str, Any]:
    """The newest batch of the version before ``batch`` with rows, counted in the bins that hold now."""
    earlier = [
        row
        for row in batches
        if row["model_version"] == batch["model_version"]
        and (row["batch_date"], row["batch_id"]) < (batch["batch_date"], batch["batch_id"])
        and row["bins"] in (None, digest)
        and row["rows"]
    ]
    if not earlier:
        raise InputError(
            f"version {batch['model_version']!r} has no batch before {batch['batch_id']!r} to compare it with.",
            hint="compare it with the training: --against training.",
        )
    return max(earlier, key=lambda row: (row["batch_date"], row["batch_id"]))


def _rows(
    found: DriftMeasures, reference: Sequence[dict[str, Any]], counts: Any, key: tuple[Any, ...], against: str
) -> Iterator[tuple[Any, ...]]:
    from dashboard.drift_measures import REASONS

    for v, name in enumerate(found.names):
        n = int(found.n[v])
        for metric, measure in found.by_metric.items():
            low, high = (None if bound is None else float(bound[v]) for bound in (measure.low, measure.high))
            why = REASONS[int(measure.reason[v])]
            said = None if why is None else why.en
            yield (*key, name, metric, float(measure.value[v]), low, high, n, against, None, None, said)
        why = REASONS[int(found.by_metric["psi"].reason[v])]
        said = None if why is None else why.en
        for place, holds in enumerate(_bins(reference[v])):
            part, rows = float(found.contributions[v, place]), int(counts[v, place])
            yield (*key, name, "psi_contribution", part, None, None, rows, against, place, holds, said)


def _bins(row: dict[str, Any]) -> list[str]:
    """What each bin of a variable holds: a level, a range of values written in full, or a guard bin's name."""
    if row["kind"] == "categorical":
        return [*row["levels"], "other", "unseen", "missing"]
    cuts = [None, *row["edges"], None]
    ranges = [
        " and ".join([*([f"> {low}"] if low is not None else []), *([f"<= {high}"] if high is not None else [])])
        for low, high in pairwise(cuts)
    ]
    return [*(words or "all values" for words in ranges), "missing"]
