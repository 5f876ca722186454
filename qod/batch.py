"""What a scoring job delivers: one batch, its variables counted in the bins of the reference, and its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from os import PathLike
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.columns import Where
from qod.contract import table_from_columns
from qod.errors import InputError
from qod.frozen import Reference, read_reference, registered_task
from qod.guard_counts import HeldCounts, check_held, held_rows
from qod.keys import days, zone_note
from qod.names import check_day, check_name
from qod.predictions import Entities, build_predictions, duplicates_note, read_entities
from qod.probabilities import columns_in_order
from qod.receipt import Built, Progress, Receipt, as_warehouse, deliver
from qod.source import Data, Source, is_table, open_source
from qod.tally import Cuts, one_batch, tally
from qod.truth import scores
from qod.warehouse import Warehouse

EPOCH: Final = date(1970, 1, 1)


def build_batch(
    model_id: str,
    model_version: str,
    batch_date: date | str,
    data: Data,
    *,
    reference: Reference,
    task: str,
    batch_id: str | None = None,
    date: str | None = None,
    id: str | None = None,
    score: str | None = None,
    segment: str | None = None,
    probabilities: Mapping[str, str] | None = None,
    started_at: datetime | None = None,
    finished_at: datetime | None = None,
    status: str | None = None,
    run_url: str | None = None,
    held: HeldCounts | None = None,
    progress: Progress | None = None,
) -> Built:
    """The tables ``batches``, ``batch_variables`` and, with ``id`` and a score, ``predictions`` of one batch.

    ``data`` may also be the address of a table, bigquery://PROJECT/DATASET/TABLE: its rows are counted where they are.
    Of rows that have a day in column ``date``, those of ``batch_date`` are the batch; without it all are.
    ``score`` defaults to the reference's score column; for multiclass it is the column of the predicted class.
    ``probabilities`` is the column of each class of a multiclass model, the version's classes all of them.
    ``held`` are the counts of the rows that a guard held back (``qod.guard.split``): they become the table ``held``.
    ``batch_id`` defaults to the date. Raises InputError or UnknownNameError, never half a result.
    """
    day = check_day(batch_date)
    name = check_name("batch", batch_id if batch_id is not None else day.isoformat())
    said = {"started_at": started_at, "finished_at": finished_at, "status": status, "run_url": run_url}
    details = {key: [value] for key, value in said.items() if value is not None}
    if is_table(data):
        from qod.batch_of_table import build_batch_of_table

        built = build_batch_of_table(
            model_id,
            model_version,
            name,
            day,
            data,
            reference=reference,
            task=task,
            date=date,
            id=id,
            score=score,
            segment=segment,
            probabilities=probabilities,
            details=details,
            progress=progress,
        )
        return _with_held(built, held, model_id, model_version, name, day)
    with open_source(data) as whole:
        whole.require(id, score, segment, date, *(probabilities or {}).values())
        source, notes = (whole, ()) if date is None else rows_of_day(whole, date, day)
        cuts = one_batch(name, day, source.rows)
        built = build_batches(
            model_id,
            model_version,
            source,
            reference,
            cuts,
            task=task,
            found=read_entities(source, id, cuts) if id is not None else None,
            score=score,
            segment=segment,
            probabilities=probabilities,
            used=(id, date),
            details=details,
            progress=progress,
        )
        built = replace(built, notes=(*notes, *built.notes))
        return _with_held(built, held, model_id, model_version, name, day)


def _with_held(
    built: Built, held: HeldCounts | None, model_id: str, model_version: str, batch_id: str, day: date
) -> Built:
    """The tables with what was held back of the batch; nothing, too, takes the place of what was held back before."""
    check_held(held, model_id, model_version, built.rows)
    return replace(built, tables={**built.tables, "held": held_rows(held, batch_id, day)})


def deliver_batch(
    model_id: str,
    model_version: str,
    batch_date: date | str,
    data: Data,
    *,
    warehouse: Warehouse | str | PathLike[str],
    batch_id: str | None = None,
    date: str | None = None,
    id: str | None = None,
    score: str | None = None,
    segment: str | None = None,
    probabilities: Mapping[str, str] | None = None,
    started_at: datetime | None = None,
    finished_at: datetime | None = None,
    status: str | None = None,
    run_url: str | None = None,
    held: HeldCounts | None = None,
    progress: Progress | None = None,
) -> Receipt:
    """Count one batch in the bins of its version and deliver it; see ``build_batch``.

    The version's reference must have been delivered. Delivering a batch again replaces it.
    """
    home = as_warehouse(warehouse)
    reference = read_reference(home, model_id, model_version)
    built = build_batch(
        model_id,
        model_version,
        batch_date,
        data,
        reference=reference,
        task=registered_task(home, model_id),
        batch_id=batch_id,
        date=date,
        id=id,
        score=score,
        segment=segment,
        probabilities=probabilities,
        started_at=started_at,
        finished_at=finished_at,
        status=status,
        run_url=run_url,
        held=held,
        progress=progress,
    )
    return deliver(home, built, kind="batch")


def build_batches(
    model_id: str,
    model_version: str,
    source: Source,
    reference: Reference,
    cuts: Cuts,
    *,
    task: str,
    found: Entities | None,
    score: str | None,
    segment: str | None,
    probabilities: Mapping[str, str] | None = None,
    used: tuple[str | None, ...] = (),
    details: dict[str, list[Any]] | None = None,
    progress: Progress | None = None,
) -> Built:
    """The tables of all batches that ``cuts`` makes of the rows, of whom ``found`` says who they are.

    ``used`` are columns with another part to play (identifier, date): they are not reported as unknown.
    """
    check_name("model", model_id)
    check_name("model version", model_version)
    of_class = columns_in_order(probabilities or {}, reference.classes, source.label)
    if score is None and reference.score in source.names:
        score = reference.score
    counted, notes = tally(
        model_id,
        model_version,
        source,
        reference,
        cuts,
        used=(score, segment, *of_class.values(), *used),
        progress=progress,
    )
    tables: dict[str, pa.Table] = {}
    notes = (*source.notes, *notes)
    if found is not None:
        notes += duplicates_note(found)
    if found is not None and score is not None:
        tables["predictions"], more = build_predictions(
            model_id,
            model_version,
            source,
            cuts,
            found,
            task=task,
            score=score,
            segment=segment,
            probabilities=of_class,
        )
        notes += more
    else:
        if score is not None and task != "multiclass":
            scores(source.column(score), Where(source.label, score))  # refused also where it is not kept
        tables["predictions"] = table_from_columns("predictions", {})  # none, also where an earlier delivery had some
        notes += (without_predictions(identified=found is not None),)
    duplicates = found.duplicates if found is not None else None
    tables["batches"] = batch_rows(
        model_id, model_version, cuts, cuts.rows.tolist(), reference, duplicates=duplicates, details=details
    )
    tables["batch_variables"] = counted
    tables["held"] = table_from_columns("held", {})
    return Built(tables, source.rows, notes)


def without_predictions(*, identified: bool) -> str:
    """The note that no predictions are kept, and why."""
    lacking = "a score column (--score)" if identified else "an identifier column (--id)"
    return f"Without {lacking} no predictions are kept, so the truth cannot be joined to them later."


def batch_rows(
    model_id: str,
    model_version: str,
    cuts: Cuts,
    rows: Sequence[int],
    reference: Reference,
    *,
    duplicates: Sequence[int] | npt.NDArray[np.int64] | None,
    details: Mapping[str, list[Any]] | None,
) -> pa.Table:
    """The rows of ``batches``: ``rows`` and ``duplicates`` (None: there is no identifier) of each, and its details."""
    batches = len(cuts.ids)
    return table_from_columns(
        "batches",
        {
            "model_id": [model_id] * batches,
            "model_version": [model_version] * batches,
            "batch_id": list(cuts.ids),
            "batch_date": list(cuts.days),
            "rows": list(rows),
            "duplicate_ids": pa.nulls(batches, pa.int64()) if duplicates is None else pa.array(duplicates),
            "bins": [reference.digest] * batches,
            **(details or {}),
        },
    )


def rows_of_day(source: Source, column: str, day: date) -> tuple[Source, tuple[str, ...]]:
    """The rows whose ``column`` says ``day``, and notes about it; InputError where there are none."""
    values, where = source.column(column), Where(source.label, column)
    of_row = days(values, where)
    wanted = of_row == (day - EPOCH).days
    label = f"{source.label} (rows of {day})"
    if not wanted.any():
        first, last = (EPOCH + timedelta(days=int(of_row[at])) for at in (of_row.argmin(), of_row.argmax()))
        raise InputError(
            "there are no rows.", file=label, hint=f"the days in column {column!r} run from {first} to {last}."
        )
    taken = pa.array(wanted)
    part = replace(source, label=label, rows=int(wanted.sum()), read=lambda name: source.read(name).filter(taken))
    return part, zone_note(values, where)
