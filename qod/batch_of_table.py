"""A batch whose rows stand in a table of BigQuery: counted there, none of them moved but for who was scored and how."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from qod.batch import batch_rows, without_predictions
from qod.bins import Bins
from qod.columns import Where
from qod.contract import table_from_columns
from qod.counting import NumericCounts
from qod.derived import with_derived
from qod.errors import InputError
from qod.frozen import Reference
from qod.names import check_name
from qod.predictions import build_predictions, read_entities
from qod.probabilities import columns_in_order
from qod.receipt import Built, Progress
from qod.tally import Part, count_column, level_part, numeric_part, one_batch, present_and_notes, typed, variable_rows
from qod.warehouse.bigquery import cells
from qod.warehouse.bigquery.count import count
from qod.warehouse.bigquery.derived import kind_of
from qod.warehouse.bigquery.table import open_table
from qod.warehouse.bigquery.travel import read_columns


def build_batch_of_table(
    model_id: str,
    model_version: str,
    batch_id: str,
    day: datetime.date,
    address: str,
    *,
    reference: Reference,
    task: str,
    date: str | None,
    id: str | None,
    score: str | None,
    segment: str | None,
    probabilities: Mapping[str, str] | None = None,
    details: Mapping[str, list[Any]],
    progress: Progress | None,
) -> Built:
    """``build_batch`` for the table at ``address``.

    With an identifier and a score, the rows of ``predictions`` are wanted: then these columns (and the segment) are
    read as rows and counted here, all others in BigQuery. No column is read twice.
    """
    check_name("model", model_id)
    check_name("model version", model_version)
    whole = open_table(address)
    whole.require(id, score, segment, *(probabilities or {}).values())
    of_class = columns_in_order(probabilities or {}, reference.classes, whole.label)
    table = whole.checked() if date is None else whole.of_day(date, day)
    if score is None and reference.score in table.columns:
        score = reference.score
    present, notes = present_and_notes(
        table.columns, reference, one_batch(batch_id, day, 0), (id, score, segment, date, *of_class.values())
    )
    notes = (*(whole.day_note(date) if date is not None else ()), *notes)
    parts: dict[str, Part] = {}
    duplicates, rows = None, None
    predictions = table_from_columns("predictions", {})
    if id is not None and score is not None:
        moved = read_columns(
            table, list(dict.fromkeys(name for name in (id, score, segment, *of_class.values()) if name is not None))
        )
        cuts = one_batch(batch_id, day, moved.rows)
        here = with_derived(moved, reference.derived)
        parts = {
            name: count_column(here, name, reference.variables[name], cuts) for name in present if name in here.names
        }
        entities = read_entities(moved, id, cuts)
        predictions, more = build_predictions(
            model_id,
            model_version,
            moved,
            cuts,
            entities,
            task=task,
            score=score,
            segment=segment,
            probabilities=of_class,
        )
        assert entities.duplicates is not None
        duplicates, rows = [int(entities.duplicates[0])], moved.rows
        notes = (*notes, *_duplicates_note(duplicates[0]), *more)
    variables = {name: reference.variables[name] for name in present if name not in parts}
    checked = score if rows is None and task != "multiclass" else None
    if checked is not None:
        variables.setdefault(checked, Bins("numeric"))  # a score that is no variable is counted to be checked
    counted = count(table, variables, derived=reference.derived, id=id if rows is None else None, progress=progress)
    if checked is not None and counted.infinite.get(checked):
        raise cells.infinite_score(Where(table.label, checked))
    if rows is None:
        duplicates = None if counted.duplicates is None else [counted.duplicates]
        notes = (*notes, *_duplicates_note(counted.duplicates), without_predictions(identified=id is not None))
    elif rows != counted.rows:
        raise InputError("the table changed while it was counted.", file=table.label, hint="count it again.")
    for name in present:
        if name not in parts:
            found = counted.variables[name]
            part = numeric_part(found) if isinstance(found, NumericCounts) else level_part(found)
            how = reference.derived.get(name)
            kind = table.columns[name] if how is None else kind_of(how)
            parts[name] = typed(part, cells.value_type(kind), batches=1)
    cuts = one_batch(batch_id, day, counted.rows)
    tables: dict[str, pa.Table] = {
        "predictions": predictions,
        "batches": batch_rows(
            model_id, model_version, cuts, [counted.rows], reference, duplicates=duplicates, details=details
        ),
        "batch_variables": variable_rows(model_id, model_version, cuts, {name: parts[name] for name in present}),
    }
    return Built(tables, counted.rows, notes)


def _duplicates_note(rows: int | None) -> tuple[str, ...]:
    if not rows:
        return ()
    return (f"{rows:,} row{'s' * (rows > 1)} with an identifier that another row has: one of each is kept.",)
