"""Variables that are computed from others: the reconstruction error of a projection, and the predicted class."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.bins import Bins, Floats
from qod.columns import Where, numbers
from qod.freeze import Frozen, freeze
from qod.projection import FEWEST_VARIABLES, MOST_AT_ONCE, Errors, Projection, fit, reconstruction_errors
from qod.source import Source, open_source
from qod.threads import in_threads

ERROR: Final = "reconstruction_error"
PREDICTION: Final = "prediction"
CLASSES: Final = ("negative", "positive")
"""The levels of the predicted class."""

FEWEST_ROWS: Final = 200
"""Training rows below which no projection is fitted."""
MOST_ROWS: Final = 100_000
"""Training rows that a projection is fitted on at most; as many others are counted."""
MOST_VALUES: Final = 16_000_000
"""Values of all these rows at most, 128 MB: of very many variables fewer rows are looked at."""
MOST_VARIABLES: Final = 1_000
"""Variables of a projection at most, the first of the training rows: their weights are kept with the version."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Positive where the score in ``column`` is ``at`` or more, negative below, missing without a score."""

    column: str
    at: float


Derivation = Projection | Threshold


def needs(how: Derivation) -> tuple[str, ...]:
    """The columns that a variable is computed from."""
    return how.variables if isinstance(how, Projection) else (how.column,)


def declaration(name: str, how: Derivation) -> dict[str, Any]:
    """The entry of ``versions.derived``."""
    if isinstance(how, Threshold):
        return {"name": name, "kind": "threshold", "column": how.column, "at": how.at}
    return {
        "name": name,
        "kind": "projection",
        "variables": list(how.variables),
        "mean": list(how.mean),
        "sd": list(how.sd),
        "components": [list(weights) for weights in how.components],
    }


def declared(entries: str | Iterable[Mapping[str, Any]] | None) -> dict[str, Derivation]:
    """How each derived variable is computed, from ``versions.derived``: its text, or its entries."""
    held = json.loads(entries) if isinstance(entries, str) else entries or ()
    return {entry["name"]: _derivation(entry) for entry in held}


def _derivation(entry: Mapping[str, Any]) -> Derivation:
    if entry["kind"] == "threshold":
        return Threshold(entry["column"], float(entry["at"]))
    mean, sd = (tuple(float(number) for number in entry[key]) for key in ("mean", "sd"))
    components = tuple(tuple(float(weight) for weight in weights) for weights in entry["components"])
    return Projection(tuple(entry["variables"]), mean, sd, components)


def computable(derived: Mapping[str, Derivation], names: Collection[str]) -> dict[str, Derivation]:
    """Those that the columns ``names`` allow to compute."""
    held = set(names) - derived.keys()
    return {name: how for name, how in derived.items() if held.issuperset(needs(how))}


def with_derived(source: Source, derived: Mapping[str, Derivation]) -> Source:
    """The rows with a further column for each derived variable whose columns they have, in place of one of its name.

    InputError, when it is read, where a column does not hold numbers.
    """
    made = computable(derived, source.names)

    def read(name: str) -> pa.ChunkedArray:
        return _column(source, made[name]) if name in made else source.read(name)

    names = (*(name for name in source.names if name not in made), *made)
    return replace(source, names=names, read=read)


def in_passing(source: Source, derived: Mapping[str, Derivation], counted: Collection[str]) -> dict[str, Errors]:
    """The projections whose variables are all ``counted``, in few enough rows to project them as they are read."""
    if source.rows > MOST_AT_ONCE:
        return {}
    possible = computable(derived, source.names)
    return {
        name: Errors(how, source.rows)
        for name, how in possible.items()
        if isinstance(how, Projection) and set(how.variables) <= set(counted)
    }


def _column(source: Source, how: Derivation) -> pa.ChunkedArray:
    if isinstance(how, Projection):
        errors = reconstruction_errors(how, source.rows, lambda name: _numbers(source, name))
        return pa.chunked_array([pa.array(errors)])
    scores = _numbers(source, how.column)
    codes = pa.array((scores >= how.at).astype(np.int8), mask=np.isnan(scores))
    return pa.chunked_array([pa.DictionaryArray.from_arrays(codes, pa.array(CLASSES))])


def _numbers(source: Source, name: str) -> Floats:
    return numbers(source.column(name), Where(source.label, name))


# -- at training -------------------------------------------------------------------------------------------


def derive(
    source: Source, *, task: str, score: str | None, threshold: float | None, features: Sequence[Frozen]
) -> tuple[list[dict[str, Any]], list[Frozen], tuple[str, ...]]:
    """What is derived from the training rows: declarations for ``versions.derived``, frozen variables, notes.

    ``features`` are the variables of the reference, its score among them or not: the projection leaves ``score`` out.
    ``score`` is the column of the score, ``threshold`` where a binary model begins to predict the positive class. The
    frozen variables stand in the order of the declarations and become rows of ``reference_variables`` like any other,
    after all others. Each is left out with a note where a column has its name, or where it cannot be made.

    The projection is fitted on one half of at most 200,000 rows, taken at even steps, and its errors are counted on
    the other half: on the rows that it was fitted to they would be smaller than on any others.
    """
    made: list[dict[str, Any]] = []
    frozen: list[Frozen] = []
    notes: list[str] = []
    projected = taken(source.names, ERROR) or _projected(source, score, features)
    if isinstance(projected, str):
        notes.append(projected)
    else:
        made.append(declaration(ERROR, projected[0]))
        frozen.append(projected[1])
    how = class_of(task, score, threshold, features, source.names)
    if isinstance(how, str):
        notes.append(how)
    elif how is not None:
        made.append(declaration(PREDICTION, how))
        frozen.append(predicted(_classes(source, how)))
    return made, frozen, tuple(notes)


def class_of(
    task: str, score: str | None, threshold: float | None, features: Sequence[Frozen], names: Collection[str]
) -> Threshold | str | None:
    """How the predicted class is computed; the note that it is not; None where the model has no such thing.

    ``names`` are the columns of the training rows.
    """
    if task != "binary" or threshold is None or score not in {item.name for item in features}:
        return None
    return taken(names, PREDICTION) or Threshold(score, threshold)


def taken(names: Collection[str], name: str) -> str | None:
    """The note that a column of the training rows has the name of a derived variable, if so."""
    if name not in names:
        return None
    return f"The training rows have a column {name!r}, so no variable of this name is computed."


def _projected(source: Source, score: str | None, features: Sequence[Frozen]) -> tuple[Projection, Frozen] | str:
    reason = lacking(score, features)
    if reason is not None:
        return not_projected(reason)
    if source.rows < FEWEST_ROWS:
        return not_projected(f"it takes {FEWEST_ROWS} rows")
    names = _varying(score, features)
    values = _sample(source, names)
    order = _arranged(values)
    # Rows that are the same follow each other, and fall into both halves.
    projection = fit(names, values[:, order[0::2]])
    if projection is None:
        return not_projected("too few of the numeric variables vary in most rows")
    counted = values[:, order[1::2]]
    errors = reconstruction_errors(projection, counted.shape[1], lambda name: counted[names.index(name)])
    with open_source(pa.table({ERROR: errors}), label=source.label) as one:
        item = freeze(one, ERROR, "numeric")
    assert isinstance(item, Frozen)
    return projection, item


def lacking(score: str | None, features: Sequence[Frozen]) -> str | None:
    """Why these variables make no projection; None where they do."""
    if len(_varying(score, features)) >= FEWEST_VARIABLES:
        return None
    return f"it takes {FEWEST_VARIABLES} numeric variables that vary, beside the score"


def _varying(score: str | None, features: Sequence[Frozen]) -> list[str]:
    names = [item.name for item in features if item.bins.kind == "numeric" and item.name != score and item.sd]
    return names[:MOST_VARIABLES]


def not_projected(reason: str) -> str:
    """The note that there is no reconstruction error."""
    return f"No reconstruction error, the measure of all numeric variables together, is kept: {reason}."


def _sample(source: Source, names: Sequence[str]) -> Floats:
    """The values (p, m) of rows at even steps."""
    rows = min(source.rows, 2 * MOST_ROWS, MOST_VALUES // len(names))
    step = -(-source.rows // rows)
    values = np.empty((len(names), -(-source.rows // step)))
    places = {name: place for place, name in enumerate(names)}

    at = pa.array(range(0, source.rows, step))

    def take(name: str) -> None:
        column = source.column(name)
        values[places[name]] = numbers(column if step == 1 else column.take(at), Where(source.label, name))

    in_threads(take, names, None)
    return values


def _arranged(values: Floats) -> npt.NDArray[np.int64]:
    """An order of the rows that depends on what they hold alone, and on nothing in it that could matter."""
    mixed = np.zeros(values.shape[1], np.uint64)
    for row in values:
        mixed ^= np.where(np.isnan(row), np.nan, row + 0.0).view(np.uint64)
        mixed *= _ODD
        mixed ^= mixed >> _HALF
    return np.argsort(mixed, kind="stable")


_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_HALF: Final = np.uint64(32)


def _classes(source: Source, how: Threshold) -> tuple[int, int, int]:
    scores = _numbers(source, how.column)
    missing, positive = int(np.count_nonzero(np.isnan(scores))), int(np.count_nonzero(scores >= how.at))
    return len(scores) - missing - positive, positive, missing


def predicted(rows: tuple[int, int, int]) -> Frozen:
    """The predicted class as a variable, of so many training rows: negative, positive, without a score."""
    held = dict(zip(CLASSES, rows, strict=False))
    levels = sorted(CLASSES, key=lambda level: (-held[level], level))
    counts = (*(held[level] for level in levels), 0, 0, rows[2])
    return Frozen(
        PREDICTION,
        Bins("categorical", levels=tuple(levels)),
        counts,
        mean=None,
        sd=None,
        distinct=sum(n > 0 for n in held.values()),
        type="text",
    )
