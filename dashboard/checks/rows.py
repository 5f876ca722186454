"""The contract within one table: what each row must be, whatever the other tables hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.checks.columns import Mask, Part, Places, Violation, mask
from dashboard.registry import COHORTS, TASKS
from dashboard.stated import FLEET, parse_stated
from dashboard.told import baselines_of, calibration_of, noise_of
from qod.cadence import parse_cadence
from qod.contract import COLOURS, QUANTILES
from qod.errors import VigieError

CHOICES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("models", "task"): TASKS,
    ("models", "cohort"): COHORTS,
    ("policies", "policy_id"): (FLEET,),
    ("gates", "state"): ("open", "passed", "failed"),
    ("reference_variables", "kind"): ("numeric", "categorical"),
    ("held", "reason"): ("unseen", "out_of_range", "missing"),
    ("findings", "colour"): ("amber", "red", "grey", "note"),
    ("findings", "family"): ("drift", "quality", "performance", "freshness"),
    **{
        (table, column): COLOURS
        for table in ("health", "standing")
        for column in ("colour", "drift", "quality", "performance", "freshness")
    },
}
"""Columns that take only these values."""

LISTS: Final = {("versions", "derived")}
"""Columns of JSON that hold a list; every other holds an object."""

TOLD: Final[dict[tuple[str, str], tuple[Callable[[str], bool], str]]] = {
    ("versions", "baselines"): (
        lambda text: len(baselines_of(text)) == len(json.loads(text)),
        "a metric has no value; {metric: {value, se, n}} is expected.",
    ),
    ("versions", "calibration"): (
        lambda text: len(calibration_of(text)) == len(json.loads(text)),
        "a class has no curve; {class: {scores, shares}} is expected, as many scores as shares.",
    ),
    ("reference_variables", "noise"): (
        lambda text: noise_of(text) is not None,
        "it is not whole; {batches, mean, sd} is expected, all of them numbers.",
    ),
}
"""Columns of JSON that evaluation leaves out where they cannot be used: whether they can, and what is wrong if not."""

ORDERED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "reference_variables": (("low", "high"),),
    "batch_variables": (("low", "high"),),
    "batches": (("duplicate_ids", "rows"), ("started_at", "finished_at")),
    "held": (("rows", "held_rows"), ("held_rows", "all_rows")),
    "measures": (("low", "high"),),
    "gates": (("low", "high"),),
}
"""Pairs of columns of which the first may not exceed the second."""


def within(part: Part) -> Iterator[Violation]:
    """Every violation that one table's rows show by themselves; rows of several files may stand in ``part``."""
    if not len(part):
        return
    for column in part.table.columns:
        if column.name in part.present:
            yield from _numbers(part, column.name)
            if column.type == "JSON":
                yield from _json(part, column.name)
            if (part.table.name, column.name) in CHOICES:
                yield from _choice(part, column.name, CHOICES[part.table.name, column.name])
    for low, high in ORDERED.get(part.table.name, ()):
        if {low, high} <= part.present:
            above = mask(pc.greater(part.data.column(low), part.data.column(high)))
            yield from part.flag(above, low, f"it is above {high}.")
    if part.table.name == "models":
        yield from _read_by(part, "cadence", parse_cadence)
    if part.table.name in ("models", "policies"):
        yield from _read_by(part, "policy", parse_stated)
    if part.table.name == "reference_variables":
        yield from _bins(part)
    if part.table.name == "batch_variables" and "quantiles" in part.present:
        sizes = np.asarray(pc.list_value_length(part.data.column("quantiles")).fill_null(0))
        wrong = (sizes != 0) & (sizes != len(QUANTILES))
        yield from part.flag(
            wrong, "quantiles", lambda p: f"it holds {sizes[p]} numbers, not {len(QUANTILES)} or none."
        )
    yield from _keys(part)


def codes(data: pa.Table, columns: tuple[str, ...]) -> tuple[Places, Places]:
    """(first, code): rows with equal values in ``columns`` have equal codes; ``first[code]`` is the first such row."""
    code = np.zeros(data.num_rows, np.int64)
    first = np.zeros(min(data.num_rows, 1), np.int64)
    for name in columns:
        encoded = _array(data, name).dictionary_encode()
        own = np.asarray(encoded.indices.fill_null(-1)).astype(np.int64) + 1
        _, first, code = np.unique(code * (len(encoded.dictionary) + 1) + own, return_index=True, return_inverse=True)
    return first, code


def elements(data: pa.Table, column: str) -> tuple[pa.Array, Places]:
    """The elements of a column of arrays, all in one, and the row of each."""
    lists = _array(data, column)
    return pc.list_flatten(lists), np.asarray(pc.list_parent_indices(lists)).astype(np.int64)


def sizes_and_sums(data: pa.Table, column: str) -> tuple[Places, Places]:
    """For a column of arrays of whole numbers, how many each row holds, and their sum."""
    values, rows = elements(data, column)
    numbers = np.asarray(values.fill_null(0)).astype(np.int64)
    sums = np.zeros(data.num_rows, np.int64)
    np.add.at(sums, rows, numbers)
    return np.bincount(rows, minlength=data.num_rows).astype(np.int64), sums


def _array(data: pa.Table, name: str) -> pa.Array:
    column = data.column(name).combine_chunks()
    return pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column


def _any_element(bad: Mask, rows: Places, count: int) -> Mask:
    return np.bincount(rows[bad], minlength=count).astype(bool)


def _numbers(part: Part, column: str) -> Iterator[Violation]:
    """No NaN, no infinity, and no negative count: every whole number of the contract counts something."""
    kind = part.data.schema.field(column).type
    values, rows = part.data.column(column), np.arange(len(part))
    if pa.types.is_list(kind):
        values, rows = elements(part.data, column)
        kind = kind.value_type
        if pa.types.is_struct(kind):
            counted = "rows" if kind.get_field_index("rows") >= 0 else kind.field(0).name
            values, kind = values.field(counted), kind.field(counted).type
        if column != "quantiles":
            empty = _any_element(mask(values.is_null()), rows, len(part))
            yield from part.flag(empty, column, "an element has no value.")
    if pa.types.is_floating(kind):
        bad = ~mask(pc.is_finite(values).fill_null(True))
        yield from part.flag(
            _any_element(bad, rows, len(part)), column, "it is NaN or infinite; no number is written as NULL."
        )
    elif pa.types.is_integer(kind):
        bad = mask(pc.less(values, 0))
        yield from part.flag(_any_element(bad, rows, len(part)), column, "it is negative, and it counts something.")
    if column == "importance":
        outside = mask(pc.or_(pc.less(values, 0), pc.greater(values, 1)))
        yield from part.flag(outside, column, lambda p: f"it is {values[p].as_py():g}; a share lies in 0..1.")


def _json(part: Part, column: str) -> Iterator[Violation]:
    kind, name = (list, "list") if (part.table.name, column) in LISTS else (dict, "object")

    usable, wrong = TOLD.get((part.table.name, column), (None, ""))

    def problem(text: str) -> str | None:
        try:
            if not isinstance(json.loads(text), kind):
                return f"it is JSON, but no {name}."
            return wrong if usable is not None and not usable(text) else None
        except (ValueError, RecursionError) as error:
            return f"it is no JSON: {error}."

    yield from _by_value(part, column, problem)


def _choice(part: Part, column: str, choices: tuple[str, ...]) -> Iterator[Violation]:
    wanted = f"one of {', '.join(choices)}"
    yield from _by_value(
        part, column, lambda text: None if text in choices else f"it is {text!r}; {wanted} is expected."
    )


def _read_by(part: Part, column: str, read: Any) -> Iterator[Violation]:
    def problem(text: str) -> str | None:
        try:
            read(text)
        except VigieError as error:
            return error.message
        return None

    if column in part.present:
        yield from _by_value(part, column, problem)


def _by_value(part: Part, column: str, problem: Any) -> Iterator[Violation]:
    """Judge each distinct text once."""
    encoded = _array(part.data, column).dictionary_encode()
    problems = [None if text is None else problem(text) for text in encoded.dictionary.to_pylist()]
    places = np.asarray(encoded.indices.fill_null(len(problems))).astype(np.int64)
    wrong: npt.NDArray[np.bool_] = np.array([text is not None for text in problems] + [False], bool)
    yield from part.flag(wrong[places], column, lambda p: str(problems[places[p]]))


def _bins(part: Part) -> Iterator[Violation]:
    """A numeric variable has ascending edges and k + 2 counts, a categorical one distinct levels and k + 3 counts."""
    if not {"kind", "edges", "levels", "counts"} <= part.present:
        return
    numeric = mask(pc.equal(part.data.column("kind"), "numeric"))
    categorical = mask(pc.equal(part.data.column("kind"), "categorical"))
    lengths = {
        name: np.asarray(pc.list_value_length(part.data.column(name)).fill_null(0)) for name in ("edges", "levels")
    }
    have, _ = sizes_and_sums(part.data, "counts")
    expected = np.where(numeric, lengths["edges"] + 2, lengths["levels"] + 3)
    wrong = (numeric | categorical) & (have != expected)
    yield from part.flag(
        wrong, "counts", lambda p: f"it holds {have[p]} counts where its bins need {expected[p]} (guard bins included)."
    )
    yield from part.flag(numeric & (lengths["levels"] > 0), "levels", "a numeric variable has no levels.")
    yield from part.flag(categorical & (lengths["edges"] > 0), "edges", "a categorical variable has no edges.")
    edges, rows = elements(part.data, "edges")
    values = np.asarray(edges.fill_null(np.nan)).astype(np.float64)
    falls = np.zeros(len(values), bool)
    falls[1:] = (rows[1:] == rows[:-1]) & ~(values[1:] > values[:-1])
    yield from part.flag(_any_element(falls, rows, len(part)), "edges", "the edges do not ascend.")
    levels, rows = elements(part.data, "levels")
    first, code = codes(pa.table({"row": pa.array(rows), "level": levels}), ("row", "level"))
    twice = first[code] != np.arange(len(code))
    yield from part.flag(_any_element(twice, rows, len(part)), "levels", "a level stands twice.")


def _keys(part: Part) -> Iterator[Violation]:
    """No key twice. The truth may come again in a later delivery, so there the delivery is part of the key."""
    key = part.table.key
    if "delivery_id" in part.table.scope and "delivery_id" in part.present:
        key = (*key, "delivery_id")
    if not set(key) <= part.present:
        return
    first, code = codes(part.data, key)
    earlier = first[code]

    def message(place: int) -> str:
        other = earlier[place]
        file = part.files[part.file_of[other]]
        where = "" if part.file_of[other] == part.file_of[place] else f" of {file}"
        return f"the key ({', '.join(key)}) stands in row {part.row_of[other]:,}{where} already."

    yield from part.flag(earlier != np.arange(len(part)), key[-1], message)
