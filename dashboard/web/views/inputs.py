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
from dashboard.web.figures.inputs_heatmap import STATES
from dashboard.web.views.timeline import Batch

Numbers = npt.NDArray[np.float64]

MEASURES: Final = ("psi", "noise", "drift", "missing_share", "unseen_share", "out_of_range_share")
_GREEN: Final = STATES.index("green")

Codes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of V variables in T batches: each an array (V, T), NaN where there is none.

    ``present`` (V, T) says where the batch has measures of the variable at all.
    """

    variables: tuple[str, ...]
    batches: tuple[Batch, ...]
    values: Mapping[str, Numbers]
    present: npt.NDArray[np.bool_]

    def rows(self, variables: Sequence[str], measure: str) -> Numbers:
        """One measure of some variables, (len(variables), T)."""
        return self.values[measure][self.places(variables)]

    def places(self, variables: Sequence[str]) -> list[int]:
        """Where the variables stand in the arrays."""
        place = {name: number for number, name in enumerate(self.variables)}
        return [place[variable] for variable in variables]


NOTHING: Final = Measured((), (), {}, np.zeros((0, 0), bool))
"""Before the first evaluation."""


def measured(table: pa.Table, batches: Sequence[Batch], *, categorical: Collection[str]) -> Measured:
    """The answer of ``inputs_measures`` by variable (sorted by name) and batch; rows of other batches are left out.

    Only the ``categorical`` variables have levels, and so a share of unseen ones; only the others have a range.
    """
    versions, ids, names = (_encoded(table, key) for key in ("model_version", "batch_id", "variable"))
    place = np.full((len(versions[0]), len(ids[0])), -1, np.intp)
    for t, batch in enumerate(batches):
        if batch.model_version in versions[0] and batch.batch_id in ids[0]:
            place[versions[0][batch.model_version], ids[0][batch.batch_id]] = t
    columns = place[versions[1], ids[1]]
    kept = columns >= 0
    met = set(np.unique(names[1][kept]).tolist())
    variables = tuple(sorted(name for name, code in names[0].items() if code in met))
    index = {name: v for v, name in enumerate(variables)}
    rows = np.array([index.get(name, 0) for name in names[0]], np.intp)[names[1]][kept]
    columns = columns[kept]
    shape = (len(variables), len(batches))
    present = np.zeros(shape, bool)
    present[rows, columns] = True
    values = {}
    for measure in MEASURES:
        given = table.column(measure).to_numpy(zero_copy_only=False).astype(np.float64)[kept]
        values[measure] = np.full(shape, np.nan)
        values[measure][rows, columns] = given
    with_levels = np.array([name in categorical for name in variables], bool)
    values["unseen_share"][~with_levels] = np.nan
    values["out_of_range_share"][with_levels] = np.nan
    return Measured(variables, tuple(batches), values, present)


def _encoded(table: pa.Table, key: str) -> tuple[dict[str, int], npt.NDArray[np.intp]]:
    """The values of a column by their code, and the code of each row: far fewer words than rows are made."""
    column = table.column(key).combine_chunks().dictionary_encode()
    return {name: code for code, name in enumerate(column.dictionary.to_pylist())}, np.asarray(column.indices, np.intp)


def having(found: Measured, measure: str, variables: Sequence[str]) -> list[str]:
    """Those of the variables that a share can be of: levels have no range, and numbers none that is unseen."""
    if measure not in ("unseen_share", "out_of_range_share"):
        return list(variables)
    values = found.rows(variables, measure)
    return [variable for variable, row in zip(variables, values, strict=True) if not np.isnan(row).all()]


def drift_states(found: Measured, variables: Sequence[str]) -> Codes:
    """The shown state of each variable in each batch, as codes (V, T): grey where drift could not be judged."""
    rows = found.places(variables)
    drift, present = found.values["drift"][rows], found.present[rows]
    codes = np.where(np.isnan(drift), STATES.index("grey"), _GREEN + np.nan_to_num(drift)).astype(np.int8)
    codes[~present] = 0
    return codes


def rule_states(found: Measured, variables: Sequence[str], findings: Iterable[Mapping[str, Any]]) -> Codes:
    """The state that a rule's ``findings`` gave each variable in each batch: green where it found nothing."""
    place = {(batch.model_version, batch.batch_id): t for t, batch in enumerate(found.batches)}
    index = {name: v for v, name in enumerate(variables)}
    codes = np.where(found.present[found.places(variables)], _GREEN, 0).astype(np.int8)
    for finding in findings:
        t = place.get((finding["model_version"], finding["batch_id"]))
        v = index.get(finding["subject"])
        if t is not None and v is not None and finding["colour"] in STATES:
            codes[v, t] = STATES.index(finding["colour"])
    return codes


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
    outside: float | None
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
                outside=numbers["out_of_range_share"],
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


def picked(standing: Sequence[Standing], *, find: str, coloured: bool) -> list[Standing]:
    """Those whose name holds the words of ``find``, whatever their case, and if asked only those amber or red now."""
    return [row for row in standing if holds(row.variable, find) and (not coloured or row.colour in ("amber", "red"))]


def holds(name: str, find: str) -> bool:
    """Whether a name has every word of ``find`` in it."""
    folded = name.casefold()
    return all(word in folded for word in find.casefold().split())
