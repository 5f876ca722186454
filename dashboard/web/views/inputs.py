"""The variables of a model over its batches: what was measured of each, and where it stands now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dashboard.finding import Finding
from dashboard.web.views.timeline import Batch

Numbers = npt.NDArray[np.float64]

MEASURES: Final = ("psi", "noise", "drift", "missing_share", "unseen_share")
_SHOWN: Final = ("green", "amber", "red")
"""The colours by their code."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of V variables in T batches: each an array (V, T), NaN where there is none.

    ``present`` (V, T) says where the batch has measures of the variable at all.
    """

    variables: tuple[str, ...]
    batches: tuple[Batch, ...]
    values: Mapping[str, Numbers]
    present: npt.NDArray[np.bool_]

    def row(self, variable: str, measure: str, *, digits: int | None = None) -> list[float | None]:
        """One measure of one variable over the batches, rounded to ``digits`` decimals where they are given."""
        values = self.values[measure][self.variables.index(variable)]
        known = values if digits is None else values.round(digits)
        made: list[float | None] = known.astype(object).tolist()
        for place in np.flatnonzero(np.isnan(values)).tolist():
            made[place] = None
        return made


NOTHING: Final = Measured((), (), {}, np.zeros((0, 0), bool))
"""Before the first evaluation."""


def measured(table: pa.Table, batches: Sequence[Batch], *, categorical: Collection[str]) -> Measured:
    """The answer of ``inputs_measures`` by variable (sorted by name) and batch; rows of other batches are left out.

    Only the ``categorical`` variables have levels, and so a share of unseen ones.
    """
    place = {(batch.model_version, batch.batch_id): t for t, batch in enumerate(batches)}
    versions, ids = table.column("model_version").to_pylist(), table.column("batch_id").to_pylist()
    columns = np.array([place.get(key, -1) for key in zip(versions, ids, strict=True)], dtype=np.intp)
    names = table.column("variable").to_pylist()
    variables = tuple(sorted({name for name, column in zip(names, columns, strict=True) if column >= 0}))
    index = {name: v for v, name in enumerate(variables)}
    kept = columns >= 0
    rows = np.array([index.get(name, 0) for name in names], dtype=np.intp)[kept]
    columns = columns[kept]
    shape = (len(variables), len(batches))
    present = np.zeros(shape, bool)
    present[rows, columns] = True
    values = {}
    for measure in MEASURES:
        given = table.column(measure).to_numpy(zero_copy_only=False).astype(np.float64)[kept]
        values[measure] = np.full(shape, np.nan)
        values[measure][rows, columns] = given
    values["unseen_share"][[name not in categorical for name in variables]] = np.nan
    return Measured(variables, tuple(batches), values, present)


def drift_colours(found: Measured, variables: Sequence[str]) -> list[list[str | None]]:
    """The shown colour of each variable in each batch: None without a batch, grey where drift could not be judged."""
    rows = [found.variables.index(variable) for variable in variables]
    drift, present = found.values["drift"][rows], found.present[rows]
    codes = np.where(np.isnan(drift), len(_SHOWN), np.nan_to_num(drift)).astype(np.intp)
    codes[~present] = len(_SHOWN) + 1
    colours: list[list[str | None]] = np.array([*_SHOWN, "grey", None], object)[codes].tolist()
    return colours


def rule_colours(
    found: Measured, variables: Sequence[str], findings: Iterable[Mapping[str, Any]]
) -> list[list[str | None]]:
    """The colour that a rule's ``findings`` gave each variable in each batch: green where it found nothing."""
    place = {(batch.model_version, batch.batch_id): t for t, batch in enumerate(found.batches)}
    index = {name: v for v, name in enumerate(variables)}
    present = found.present[[found.variables.index(variable) for variable in variables]].tolist()
    colours: list[list[str | None]] = [["green" if here else None for here in row] for row in present]
    for finding in findings:
        t = place.get((finding["model_version"], finding["batch_id"]))
        v = index.get(finding["subject"])
        if t is not None and v is not None and finding["colour"] != "note":
            colours[v][t] = finding["colour"]
    return colours


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one variable stands in the newest batch; shares 0..1, None where there is no number.

    ``impact`` is importance times the size of the drift: what to look at first. Variables without an importance count
    as if all weighed the same.
    """

    variable: str
    kind: str
    importance: float | None
    colour: str
    since: date | None
    psi: float | None
    noise: float | None
    missing: float | None
    missing_training: float | None
    unseen: float | None
    impact: float


def standings(found: Measured, references: Sequence[Mapping[str, Any]], worst: Mapping[str, Finding]) -> list[Standing]:
    """One a variable of the newest batch's version, in the order of the training file.

    ``references`` have variable, kind, importance and counts; ``worst`` the gravest finding of each variable.
    """
    even = 1.0 / max(1, len(references))
    result = []
    for reference in references:
        name, counts, finding = reference["variable"], reference["counts"], worst.get(reference["variable"])
        numbers = {measure: _newest(found, name, measure) for measure in MEASURES}
        size = max(0.0, (numbers["psi"] or 0.0) - (numbers["noise"] or 0.0))
        seen = name in found.variables and bool(found.present[found.variables.index(name), -1])
        coloured = finding if finding is not None and finding.colour != "note" else None
        importance = reference["importance"]
        result.append(
            Standing(
                variable=name,
                kind=reference["kind"],
                importance=importance,
                colour=coloured.colour if coloured else _calm(numbers, seen=seen),
                since=coloured.since if coloured else None,
                psi=numbers["psi"],
                noise=numbers["noise"],
                missing=numbers["missing_share"],
                missing_training=counts[-1] / sum(counts) if counts and sum(counts) else None,
                unseen=numbers["unseen_share"],
                impact=(even if importance is None else importance) * size,
            )
        )
    return result


def _calm(numbers: Mapping[str, float | None], *, seen: bool) -> str:
    """The colour of a variable nothing was found about: green, but grey where its drift could not be judged."""
    return "green" if seen and numbers["drift"] is not None else "grey"


def _newest(found: Measured, variable: str, measure: str) -> float | None:
    if variable not in found.variables or not found.batches:
        return None
    value = float(found.values[measure][found.variables.index(variable), -1])
    return None if np.isnan(value) else value
