"""Counting a delivery's rows, batch by batch, in the bins of the reference: the rows of ``batch_variables``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.bins import Bins, Floats
from qod.columns import Where, levels, numbers, require_plain
from qod.contract import QUANTILES, TABLES, arrow_type, table_from_columns
from qod.counting import LevelCounts, NumericCounts, count_levels, count_sorted, level_places, sort_batches
from qod.derived import computable, in_passing, with_derived
from qod.frozen import Reference
from qod.projection import Errors
from qod.receipt import Progress
from qod.source import Source
from qod.threads import in_threads
from qod.value_type import ValueType, type_in

NAMED: Final = 10
"""The most columns that a note names."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """How the rows of a delivery fall into S batches.

    ``batch_of_row`` (n,) is 0 .. S - 1; ``order`` arranges the rows batch by batch (None: they stand so already) and
    ``offsets`` (S + 1,) says where each batch begins then.
    """

    ids: tuple[str, ...]
    days: tuple[date, ...]
    batch_of_row: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64] | None
    offsets: npt.NDArray[np.int64]

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """Rows of each batch, (S,)."""
        return np.diff(self.offsets)


def one_batch(batch_id: str, day: date, rows: int) -> Cuts:
    """All rows as one batch."""
    return Cuts((batch_id,), (day,), np.zeros(rows, dtype=np.int64), None, np.array([0, rows], dtype=np.int64))


def cut(ids: Sequence[str], days: Sequence[date], batch_of_row: npt.NDArray[np.int64]) -> Cuts:
    """The cuts of rows whose batches are known."""
    sorted_already = bool((batch_of_row[1:] >= batch_of_row[:-1]).all())
    order = None if sorted_already else np.argsort(batch_of_row, kind="stable")
    offsets = np.concatenate(([0], np.cumsum(np.bincount(batch_of_row, minlength=len(ids))))).astype(np.int64)
    return Cuts(tuple(ids), tuple(days), batch_of_row, order, offsets)


def tally(
    model_id: str,
    model_version: str,
    source: Source,
    reference: Reference,
    cuts: Cuts,
    *,
    used: Collection[str | None] = (),
    progress: Progress | None = None,
) -> tuple[pa.Table, tuple[str, ...]]:
    """The rows of ``batch_variables`` (variables that the delivery lacks have none), and notes for a person.

    ``used`` are columns with another part to play (identifier, date, outcome): they are not reported as unknown.
    InputError where a column does not hold what its variable needs.
    """
    present, notes = present_and_notes(source.names, reference, cuts, used)
    numeric = [name for name in present if reference.variables[name].kind == "numeric"]
    passing = in_passing(source, reference.derived, numeric)
    whole = with_derived(source, reference.derived)
    columns = [name for name in present if name not in passing]

    def count(name: str) -> Part:
        return count_column(whole, name, reference.variables[name], cuts, passing=passing.values())

    parts = dict(zip(columns, in_threads(count, columns, progress), strict=True))
    for name, errors in passing.items():
        part = _numeric(errors.finish(), reference.variables[name], cuts)
        parts[name] = typed(part, type_in(source, pa.float64()), len(cuts.ids))
    return variable_rows(model_id, model_version, cuts, {name: parts[name] for name in present}), notes


def present_and_notes(
    names: Collection[str], reference: Reference, cuts: Cuts, used: Collection[str | None]
) -> tuple[list[str], tuple[str, ...]]:
    """The variables that the columns ``names`` hold, or allow to compute, in the reference's order.

    With notes about the other columns; a variable that is computed from others is none.
    """
    columns = [name for name in reference.variables if name not in reference.derived]
    held = {*names} - {*reference.derived} | computable(reference.derived, names).keys()
    present = [name for name in reference.variables if name in held]
    absent = [name for name in columns if name not in names]
    extra = [name for name in names if name not in columns and name not in used]
    notes = _absent_note(absent) + _coming_note(cuts)
    if extra:
        named = ", ".join(repr(name) for name in extra[:5]) + (" ..." if len(extra) > 5 else "")
        notes.append(f"{len(extra):,} column{'s' * (len(extra) > 1)} not in the reference, not counted: {named}.")
    return present, tuple(notes)


Part = Mapping[str, pa.Array]
"""What ``batch_variables`` keeps of one variable: column -> one value a batch."""


def variable_rows(model_id: str, model_version: str, cuts: Cuts, parts: Mapping[str, Part]) -> pa.Table:
    """The rows of ``batch_variables``, one a variable and batch, from what was counted of each variable."""
    batches = len(cuts.ids)
    frame: dict[str, object] = {
        "model_id": [model_id] * (batches * len(parts)),
        "model_version": [model_version] * (batches * len(parts)),
        "batch_id": list(cuts.ids) * len(parts),
        "batch_date": list(cuts.days) * len(parts),
        "variable": [name for name in parts for _ in range(batches)],
    }
    for name in _COUNTED:
        kind = arrow_type(TABLES["batch_variables"].column(name).type)
        frame[name] = pa.chunked_array([part[name].cast(kind) for part in parts.values()], kind).combine_chunks()
    return table_from_columns("batch_variables", frame)


_COUNTED = (
    *("counts", "below", "above", "unseen", "mean", "sd", "low", "high", "quantiles", "distinct_values"),
    "type",
)


def count_column(source: Source, name: str, bins: Bins, cuts: Cuts, *, passing: Iterable[Errors] = ()) -> Part:
    """A column's rows counted in ``bins``; InputError where it does not hold what its variable needs.

    A number goes to the projections ``passing`` too.
    """
    where = Where(source.label, name)
    values = require_plain(source.column(name), where)
    if bins.kind == "numeric":
        array = numbers(values, where)
        for errors in passing:
            errors.add(name, array)
        found = _numeric(array, bins, cuts)
    else:
        found = _levels(values, bins, cuts)
    return typed(found, type_in(source, values.type), len(cuts.ids))


def typed(part: Part, of_values: ValueType | None, batches: int) -> Part:
    """The part with the type of the column's values, the same in every batch."""
    return {**part, "type": pa.array([of_values] * batches, pa.string())}


def _numeric(array: Floats, bins: Bins, cuts: Cuts) -> Part:
    if cuts.order is not None:
        array = array[cuts.order]
    return numeric_part(count_sorted(sort_batches(array, cuts.offsets, copy=False), bins, offsets=cuts.offsets))


def _levels(values: pa.ChunkedArray, bins: Bins, cuts: Cuts) -> Part:
    codes, texts = levels(values)
    batches = len(cuts.ids)
    return level_part(
        count_levels(
            codes,
            texts,
            level_places(texts, bins),
            bins,
            batch=cuts.batch_of_row if batches > 1 else None,
            batches=batches,
        )
    )


def numeric_part(found: NumericCounts) -> Part:
    """What is kept of a numeric variable."""
    batches = len(found.counts)
    none = np.isnan(found.quantiles[:, 0])
    of_quantiles = np.concatenate(([0], np.cumsum(np.where(none, 0, len(QUANTILES))))).astype(np.int32)
    return {
        "counts": _lists(found.counts),
        "below": pa.array(found.below),
        "above": pa.array(found.above),
        "unseen": pa.array([[]] * batches, _UNSEEN),
        "mean": _floats(found.mean),
        "sd": _floats(found.sd),
        "low": _floats(found.low),
        "high": _floats(found.high),
        "quantiles": pa.ListArray.from_arrays(pa.array(of_quantiles), pa.array(found.quantiles[~none].ravel())),
        "distinct_values": pa.array(found.distinct),
    }


def level_part(found: LevelCounts) -> Part:
    """What is kept of a categorical variable."""
    batches = len(found.counts)
    unseen = [[{"level": level, "rows": rows} for level, rows in batch] for batch in found.unseen]
    nothing = pa.nulls(batches)
    return {
        "counts": _lists(found.counts),
        "unseen": pa.array(unseen, _UNSEEN),
        "quantiles": pa.array([[]] * batches, pa.list_(pa.float64())),
        "distinct_values": pa.array(found.distinct),
        **dict.fromkeys(("below", "above", "mean", "sd", "low", "high"), nothing),
    }


def _absent_note(absent: Sequence[str]) -> list[str]:
    if len(absent) < 2:
        return [f"Column {name!r} is absent, though the training rows had it." for name in absent]
    named = ", ".join(repr(name) for name in absent[:NAMED])
    more = f" and {len(absent) - NAMED:,} more" if len(absent) > NAMED else ""
    return [f"{len(absent):,} columns are absent, though the training rows had them: {named}{more}."]


def _coming_note(cuts: Cuts) -> list[str]:
    today = datetime.now(UTC).date()
    coming = [day for day in cuts.days if day > today]
    if not coming:
        return []
    if len(cuts.days) == 1:
        return [f"The batch is dated {coming[0]}, after today ({today}, UTC): it is evaluated from that day on."]
    return [
        f"{len(coming):,} of {len(cuts.days):,} batches are dated after today ({today}, UTC), the first {min(coming)}: "
        "each is evaluated from its day on."
    ]


_UNSEEN = pa.list_(pa.struct([("level", pa.string()), ("rows", pa.int64())]))


def _lists(rows: npt.NDArray[Any]) -> pa.ListArray:
    offsets = np.arange(len(rows) + 1, dtype=np.int32) * rows.shape[1]
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(np.ascontiguousarray(rows).ravel()))


def _floats(values: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array(values, from_pandas=True)
