"""One file cut into batches by its dates: how an existing project moves in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.batch import build_batches
from qod.columns import Where
from qod.contract import table_from_columns
from qod.errors import InputError
from qod.frozen import Reference, read_reference, registered_task
from qod.keys import days, zone_note
from qod.predictions import Entities, number_entities, read_entities
from qod.receipt import Built, Progress, Receipt, as_warehouse, deliver
from qod.source import Data, open_source
from qod.tally import Cuts, cut
from qod.truth import outcome_texts
from qod.warehouse import Warehouse

PERIODS: Final = ("day", "week", "month")


def build_history(
    model_id: str,
    model_version: str,
    data: Data,
    *,
    reference: Reference,
    task: str,
    date: str,
    every: str | int,
    id: str | None = None,
    score: str | None = None,
    outcome: str | None = None,
    segment: str | None = None,
    probabilities: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Built:
    """The tables of many batches at once, from one file with the date of each row in column ``date``.

    ``every`` is day, week (Monday to Sunday), month, or a number of rows in the order of the file. A batch is called
    by its day, its Monday, its month (2026-10) or its first row's day, numbered from the day's second on
    (2026-10-05-02 of twelve); its batch_date is its earliest row's day (rows: its first row's). ``outcome`` goes to
    ``outcomes`` where it is known; without ``id``, rows are then called
    row-1, row-2, ... ``probabilities`` is as in ``build_batch``.
    Raises InputError or UnknownNameError, never half a result.
    """
    with open_source(data) as source:
        source.require(date, id, score, outcome, segment, *(probabilities or {}).values())
        dates, where = source.column(date), Where(source.label, date)
        cuts = cut_rows(days(dates, where), every)
        if score is None and reference.score in source.names:
            score = reference.score
        found: Entities | None = None
        if id is not None:
            found = read_entities(source, id, cuts)
        elif score is not None and outcome is not None:
            found = number_entities(source.rows)
        built = build_batches(
            model_id,
            model_version,
            source,
            reference,
            cuts,
            task=task,
            found=found,
            score=score,
            segment=segment,
            probabilities=probabilities,
            used=(id, date, outcome),
            progress=progress,
        )
        built = replace(built, notes=(*zone_note(dates, where), *built.notes))
        if outcome is None:
            return built
        if found is None or score is None:
            note = f"Column {outcome!r} was left out: without a score (--score) there is nothing to compare it with."
            return replace(built, notes=(*built.notes, note))
        truth = outcome_texts(source.column(outcome), task, Where(source.label, outcome))
        outcomes, notes = _outcomes(model_id, truth, found, cuts)
        return Built({**built.tables, "outcomes": outcomes}, built.rows, (*built.notes, *notes))


def deliver_history(
    model_id: str,
    model_version: str,
    data: Data,
    *,
    warehouse: Warehouse | str | PathLike[str],
    date: str,
    every: str | int,
    id: str | None = None,
    score: str | None = None,
    outcome: str | None = None,
    segment: str | None = None,
    probabilities: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Receipt:
    """Cut a file into batches and deliver them all at once; see ``build_history``."""
    home = as_warehouse(warehouse)
    built = build_history(
        model_id,
        model_version,
        data,
        reference=read_reference(home, model_id, model_version),
        task=registered_task(home, model_id),
        date=date,
        every=every,
        id=id,
        score=score,
        outcome=outcome,
        segment=segment,
        probabilities=probabilities,
        progress=progress,
    )
    return deliver(home, built, kind="history")


def cut_rows(day_of_row: npt.NDArray[np.int32], every: str | int) -> Cuts:
    """The batches that rows of these days (since 1970-01-01) fall into; see ``build_history`` for ``every``."""
    days_of_rows = day_of_row.astype("datetime64[D]")
    rows = _every(every)
    if rows is not None:
        starts = np.arange(0, len(days_of_rows), rows)
        firsts = days_of_rows[starts]
        return cut(_numbered(firsts.astype(str).tolist()), firsts.tolist(), np.arange(len(days_of_rows)) // rows)
    if every == "day":
        begin = days_of_rows
    elif every == "week":
        # 1970-01-05 was a Monday.
        begin = (days_of_rows.astype(np.int64) - 4) // 7 * 7 + 4
        begin = begin.astype("datetime64[D]")
    else:
        begin = days_of_rows.astype("datetime64[M]")
    distinct, batch = np.unique(begin, return_inverse=True)
    earliest = np.full(len(distinct), np.iinfo(np.int64).max)
    np.minimum.at(earliest, batch, days_of_rows.astype(np.int64))
    return cut(distinct.astype(str).tolist(), earliest.astype("datetime64[D]").tolist(), batch.astype(np.int64))


def _numbered(days: list[str]) -> list[str]:
    """The days as identifiers: from its second time on a day gets a number, as wide as the day's largest.

    Batches of one day are judged in the order of their identifiers' text, which is the order of the file then.
    """
    of_day = Counter(days)
    seen: Counter[str] = Counter()
    ids = []
    for day in days:
        seen[day] += 1
        ids.append(day if seen[day] == 1 else f"{day}-{seen[day]:0{len(str(of_day[day]))}d}")
    return ids


def _every(every: str | int) -> int | None:
    if every in PERIODS:
        return None
    text = str(every)
    if isinstance(every, bool) or not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise InputError(
            f"{every!r} does not say how to cut the rows into batches.",
            hint="it is day, week, month or a number of rows, as 5000.",
        )
    return int(text)


def _outcomes(model_id: str, truth: pa.StringArray, found: Entities, cuts: Cuts) -> tuple[pa.Table, tuple[str, ...]]:
    """The rows of ``outcomes`` where the truth is known: one an entity and day, that of the kept prediction."""
    day_of_batch = np.array(cuts.days, dtype="datetime64[D]")
    day_of_row = day_of_batch[cuts.batch_of_row]
    rows = found.first
    # Two batches of one day may both hold an entity: its first row speaks for the day.
    key = day_of_row[rows].astype(np.int64) * len(found.ids) + found.codes[rows]
    rows = rows[np.sort(np.unique(key, return_index=True)[1])]
    unknown = int(np.count_nonzero(np.asarray(truth.take(pa.array(rows)).is_null())))
    rows = rows[np.asarray(truth.take(pa.array(rows)).is_valid())]
    taken = pa.array(rows)
    notes = () if unknown == 0 else (f"{unknown:,} outcome{'s' * (unknown > 1)} not known yet.",)
    return (
        table_from_columns(
            "outcomes",
            {
                "model_id": pa.repeat(pa.scalar(model_id), len(rows)),
                "entity_id": found.ids.take(taken),
                "batch_date": pa.array(day_of_row[rows]),
                "outcome": truth.take(taken),
            },
        ),
        notes,
    )
