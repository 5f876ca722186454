"""The truth, when it is known: each outcome joined to the day of the prediction it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date as calendar_day
from os import PathLike
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from qod.columns import Where
from qod.contract import table_from_columns
from qod.frozen import registered_task
from qod.keys import days, identifiers, moments
from qod.names import check_name
from qod.receipt import Built, Receipt, as_warehouse, deliver
from qod.source import Data, open_source
from qod.truth import outcome_texts
from qod.warehouse import Warehouse

Ints = npt.NDArray[np.int64]

NO_DAY = int(np.iinfo(np.int32).min)
"""Stands for a day that is not known, in arrays of days since 1970-01-01."""
NO_MOMENT = int(np.iinfo(np.int64).min)
_DAY_MICROSECONDS = 86_400_000_000
_SPAN = 1 << 32
_EPOCH = calendar_day(1970, 1, 1).toordinal()

Predicted: TypeAlias = "pa.Table | Callable[[calendar_day, calendar_day], pa.Table]"
"""The days each entity was scored, or what gives those from a first to a last day."""


def build_outcomes(
    model_id: str,
    data: Data,
    *,
    task: str,
    predicted: Predicted,
    id: str,
    outcome: str,
    observed: str | None = None,
    date: str | None = None,
) -> Built:
    """The table ``outcomes``, from identifiers and their truth.

    ``predicted`` has the columns entity_id and batch_date: the days each entity was scored; a function is asked for
    those days alone that the rows can be about. The column ``date`` gives
    the day of the prediction; without it, it is the only day the entity was scored, or the last one up to
    ``observed``, the column of when the truth became known. Entities never scored are kept without a day.
    Rows without an outcome are left out. Of several outcomes of one entity and day, the last observed holds.
    Raises InputError with the row where that cannot be decided, or an outcome does not suit ``task``.
    """
    check_name("model", model_id)
    with open_source(data) as source:
        source.require(id, outcome, observed, date)
        label = source.label
        ids = identifiers(source.column(id) if source.untyped else source.raw(id), Where(label, id)).combine_chunks()
        truth = outcome_texts(source.column(outcome), task, Where(label, outcome))
        seen = moments(source.column(observed), Where(label, observed)) if observed is not None else None
        given = days(source.column(date), Where(label, date)) if date is not None else None
        rows, notes = source.rows, source.notes
    known = np.flatnonzero(np.asarray(truth.is_valid()))
    unknown = rows - len(known)
    if unknown:
        notes += (f"{unknown:,} row{'s' * (unknown > 1)} without an outcome, left out.",)
    ids, truth = ids.take(pa.array(known)), truth.take(pa.array(known))
    when = np.full(len(known), NO_MOMENT) if seen is None else seen[known]
    coded = ids.dictionary_encode()
    codes = np.asarray(coded.indices).astype(np.int64)
    if given is not None:
        day = given[known].astype(np.int64)
        found = np.isin(_keys(codes, day), _scored(coded.dictionary, _between(predicted, day)))
    else:
        scored = _between(predicted, None)
        day, found = _days_of(coded.dictionary, codes, when, scored, known, Where(label, observed or id))
    if not found.all():
        strangers = np.flatnonzero(~found)
        first = ids[int(strangers[0])].as_py()
        count = len(np.unique(codes[strangers]))
        never = "never scored so far" if given is None else "not scored on the day given"
        notes += (
            f"{count:,} identifier{'s' * (count > 1)} {never} (first: {first!r} in row "
            f"{int(known[strangers[0]]) + 1:,}); kept for predictions to come.",
        )
    kept, more = _one_each(codes, day, when, truth, known, ids, Where(label, id))
    taken = pa.array(kept)
    outcomes = table_from_columns(
        "outcomes",
        {
            "model_id": pa.repeat(pa.scalar(model_id), len(kept)),
            "entity_id": ids.take(taken),
            "batch_date": pa.array(day[kept].astype(np.int32), mask=day[kept] == NO_DAY).cast(pa.date32()),
            "outcome": truth.take(taken),
            "observed_at": pa.array(when[kept], mask=when[kept] == NO_MOMENT).cast(pa.timestamp("us", "UTC")),
        },
    )
    return Built({"outcomes": outcomes}, rows, (*notes, *more))


def deliver_outcomes(
    model_id: str,
    data: Data,
    *,
    warehouse: Warehouse | str | PathLike[str],
    id: str,
    outcome: str,
    observed: str | None = None,
    date: str | None = None,
) -> Receipt:
    """Deliver the truth about entities that were, or will be, scored; see ``build_outcomes``. Late or twice is fine."""
    home = as_warehouse(warehouse)
    built = build_outcomes(
        model_id,
        data,
        task=registered_task(home, model_id),
        predicted=lambda since, until: home.query("prediction_dates", model_id=model_id, since=since, until=until),
        id=id,
        outcome=outcome,
        observed=observed,
        date=date,
    )
    return deliver(home, built, kind="outcomes")


def _between(predicted: Predicted, day: Ints | None) -> pa.Table:
    """The days each entity was scored, of those in ``day`` (None: any day)."""
    if isinstance(predicted, pa.Table):
        return predicted
    if day is None or not len(day):
        return predicted(calendar_day.min, calendar_day.max)
    ends = (
        min(max(int(end) + _EPOCH, calendar_day.min.toordinal()), calendar_day.max.toordinal())
        for end in (day.min(), day.max())
    )
    return predicted(*map(calendar_day.fromordinal, ends))


def _flat(rows: pa.Table, name: str) -> pa.Array:
    column = rows.column(name).combine_chunks()
    return pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column


def _keys(codes: Ints, day: Ints) -> Ints:
    """One number for (entity, day): sorted, an entity's days stand together, ascending."""
    return codes * _SPAN + (day - NO_DAY)


def _scored(entities: pa.Array, predicted: pa.Table) -> Ints:
    """The sorted keys of the predictions of these entities, whose codes are their places."""
    code = pc.index_in(_flat(predicted, "entity_id"), value_set=entities)
    held = np.asarray(code.is_valid())
    of_prediction = np.asarray(pc.fill_null(code, -1)).astype(np.int64)[held]
    days_scored = np.asarray(_flat(predicted, "batch_date").cast(pa.int32())).astype(np.int64)[held]
    return np.unique(_keys(of_prediction, days_scored))


def _days_of(
    entities: pa.Array, codes: Ints, when: Ints, predicted: pa.Table, rows: Ints, where: Where
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """The day of the prediction that each row is about (NO_DAY: none), and whether its entity was ever scored."""
    keys = _scored(entities, predicted)
    start = np.searchsorted(keys, codes * _SPAN)
    stop = np.searchsorted(keys, (codes + 1) * _SPAN)
    days_each = stop - start
    day = np.full(len(codes), NO_DAY, dtype=np.int64)
    once = days_each == 1
    day[once] = keys[start[once]] % _SPAN + NO_DAY
    several = np.flatnonzero(days_each > 1)
    if len(several):
        blind = several[when[several] == NO_MOMENT]
        if len(blind):
            raise where.error(
                f"{entities[int(codes[blind[0]])].as_py()!r} was scored on {int(days_each[blind[0]])} days, and "
                "nothing says which of them this outcome is about.",
                row=int(rows[blind[0]]) + 1,
                hint="name the column of the prediction's date with --date, or of the observation with --observed.",
            )
        observed_day = when[several] // _DAY_MICROSECONDS
        last = np.searchsorted(keys, _keys(codes[several], observed_day), side="right") - 1
        early = np.flatnonzero(last < start[several])
        if len(early):
            place = int(several[early[0]])
            raise where.error(
                f"the outcome of {entities[int(codes[place])].as_py()!r} was observed before any of the "
                f"{int(days_each[place])} days it was scored on.",
                row=int(rows[place]) + 1,
                hint="check the column of the observation, or name the prediction's date with --date.",
            )
        day[several] = keys[last] % _SPAN + NO_DAY
    return day, days_each > 0


def _one_each(
    codes: Ints, day: Ints, when: Ints, truth: pa.StringArray, rows: Ints, ids: pa.Array, where: Where
) -> tuple[Ints, tuple[str, ...]]:
    """The rows that hold: one an entity and day, the last observed; and a note about those folded into them."""
    order = np.lexsort((np.arange(len(codes)), when, day, codes))
    same = (codes[order][1:] == codes[order][:-1]) & (day[order][1:] == day[order][:-1])
    if not same.any():
        return np.arange(len(codes)), ()
    said = np.asarray(truth.dictionary_encode().indices).astype(np.int64)
    clash = same & (when[order][1:] == when[order][:-1]) & (said[order][1:] != said[order][:-1])
    if clash.any():
        place = int(order[1:][clash].min())
        raise where.error(
            f"{ids[place].as_py()!r} has two different outcomes, and nothing says which came last.",
            row=int(rows[place]) + 1,
            hint="deliver one outcome for each, or name the column of the observation with --observed.",
        )
    kept = np.sort(order[np.append(~same, True)])
    folded = len(codes) - len(kept)
    return kept, (f"{folded:,} row{'s' * (folded > 1)} about the same identifier and day folded into the last one.",)
