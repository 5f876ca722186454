"""What a scoring job delivers: one batch, its variables counted in the bins of the reference, and its scores."""

from __future__ import annotations

from datetime import date, datetime
from os import PathLike
from typing import Any

import pyarrow as pa

from qod.columns import Where
from qod.contract import table_from_columns
from qod.frozen import Reference, read_reference, registered_task
from qod.names import check_day, check_name
from qod.predictions import Entities, build_predictions, duplicates_note, read_entities
from qod.receipt import Built, Progress, Receipt, as_warehouse, deliver
from qod.source import Data, Source, open_source
from qod.tally import Cuts, one_batch, tally
from qod.truth import scores
from qod.warehouse import Warehouse


def build_batch(
    model_id: str,
    model_version: str,
    batch_date: date | str,
    data: Data,
    *,
    reference: Reference,
    task: str,
    batch_id: str | None = None,
    id: str | None = None,
    score: str | None = None,
    segment: str | None = None,
    started_at: datetime | None = None,
    finished_at: datetime | None = None,
    status: str | None = None,
    run_url: str | None = None,
    progress: Progress | None = None,
) -> Built:
    """The tables ``batches``, ``batch_variables`` and, with ``id`` and a score, ``predictions`` of one batch.

    ``score`` defaults to the reference's score column; for multiclass it is the column of the predicted class.
    ``batch_id`` defaults to the date. Raises InputError or UnknownNameError, never half a result.
    """
    day = check_day(batch_date)
    name = check_name("batch", batch_id if batch_id is not None else day.isoformat())
    with open_source(data) as source:
        source.require(id, score, segment)
        cuts = one_batch(name, day, source.rows)
        details = {"started_at": started_at, "finished_at": finished_at, "status": status, "run_url": run_url}
        return build_batches(
            model_id,
            model_version,
            source,
            reference,
            cuts,
            task=task,
            found=read_entities(source, id, cuts) if id is not None else None,
            score=score,
            segment=segment,
            used=(id,),
            details={key: [value] for key, value in details.items() if value is not None},
            progress=progress,
        )


def deliver_batch(
    model_id: str,
    model_version: str,
    batch_date: date | str,
    data: Data,
    *,
    warehouse: Warehouse | str | PathLike[str],
    batch_id: str | None = None,
    id: str | None = None,
    score: str | None = None,
    segment: str | None = None,
    started_at: datetime | None = None,
    finished_at: datetime | None = None,
    status: str | None = None,
    run_url: str | None = None,
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
        id=id,
        score=score,
        segment=segment,
        started_at=started_at,
        finished_at=finished_at,
        status=status,
        run_url=run_url,
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
    used: tuple[str | None, ...] = (),
    details: dict[str, list[Any]] | None = None,
    progress: Progress | None = None,
) -> Built:
    """The tables of all batches that ``cuts`` makes of the rows, of whom ``found`` says who they are.

    ``used`` are columns with another part to play (identifier, date): they are not reported as unknown.
    """
    check_name("model", model_id)
    check_name("model version", model_version)
    if score is None and reference.score in source.names:
        score = reference.score
    counted, notes = tally(
        model_id, model_version, source, reference, cuts, used=(score, segment, *used), progress=progress
    )
    tables: dict[str, pa.Table] = {}
    notes = (*source.notes, *notes)
    if found is not None:
        notes += duplicates_note(found)
    if found is not None and score is not None:
        tables["predictions"], more = build_predictions(
            model_id, model_version, source, cuts, found, task=task, score=score, segment=segment
        )
        notes += more
    else:
        if score is not None and task != "multiclass":
            scores(source.column(score), Where(source.label, score))  # refused also where it is not kept
        lacking = "an identifier column (--id)" if found is None else "a score column (--score)"
        tables["predictions"] = table_from_columns("predictions", {})  # none, also where an earlier delivery had some
        notes += (f"Without {lacking} no predictions are kept, so the truth cannot be joined to them later.",)
    batches = len(cuts.ids)
    counted_ids = found.duplicates if found is not None else None
    duplicates = pa.nulls(batches, pa.int64()) if counted_ids is None else pa.array(counted_ids)
    tables["batches"] = table_from_columns(
        "batches",
        {
            "model_id": [model_id] * batches,
            "model_version": [model_version] * batches,
            "batch_id": list(cuts.ids),
            "batch_date": list(cuts.days),
            "rows": cuts.rows.tolist(),
            "duplicate_ids": duplicates,
            "bins": [reference.digest] * batches,
            **(details or {}),
        },
    )
    tables["batch_variables"] = counted
    return Built(tables, source.rows, notes)
