"""The rows of ``predictions``: who was scored in which batch, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.columns import Where, levels, require_plain
from qod.contract import table_from_columns
from qod.keys import identifiers
from qod.probabilities import as_lists, read_probabilities, sum_note
from qod.source import Source
from qod.tally import Cuts
from qod.truth import scores


@dataclass(frozen=True, slots=True)
class Entities:
    """Who the rows are about.

    ``ids`` (n,) and their ``codes`` (n,); ``first`` are the rows, ascending, whose identifier has not stood earlier in
    the same batch; ``duplicates`` (S,) counts the other rows of each batch, and is None for identifiers made up here.
    """

    ids: pa.ChunkedArray
    codes: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    duplicates: npt.NDArray[np.int64] | None


def read_entities(source: Source, id: str, cuts: Cuts) -> Entities:
    """The identifiers in column ``id``; InputError with the row of a missing one."""
    values = source.column(id) if source.untyped else source.raw(id)
    ids = identifiers(values, Where(source.label, id))
    coded = ids.combine_chunks().dictionary_encode()
    codes = np.asarray(coded.indices).astype(np.int64)
    batches, distinct = len(cuts.ids), len(coded.dictionary)
    if distinct == len(codes):
        return Entities(ids, codes, np.arange(len(codes)), np.zeros(batches, dtype=np.int64))
    _, first = np.unique(cuts.batch_of_row * distinct + codes, return_index=True)
    first.sort()
    kept = np.bincount(cuts.batch_of_row[first], minlength=batches)
    return Entities(ids, codes, first, (cuts.rows - kept).astype(np.int64))


def number_entities(rows: int) -> Entities:
    """Identifiers for rows that have none: row-1, row-2, ... by their place in the file."""
    ids = pa.chunked_array([pa.array([f"row-{row}" for row in range(1, rows + 1)], pa.string())])
    return Entities(ids, np.arange(rows), np.arange(rows), None)


def build_predictions(
    model_id: str,
    model_version: str,
    source: Source,
    cuts: Cuts,
    found: Entities,
    *,
    task: str,
    score: str,
    segment: str | None,
    probabilities: Mapping[str, str],
) -> tuple[pa.Table, tuple[str, ...]]:
    """The rows of ``predictions``, one an entity and batch (its first row), and notes for a person.

    For ``multiclass`` the column ``score`` holds the predicted class, and ``probabilities`` names the column of each
    class, in the order of the version's. InputError for a score that is no finite number, or a probability outside
    0..1.
    """
    notes = []
    columns: dict[str, object] = {}
    take = pa.array(found.first)
    whole = len(found.first) == len(found.ids)
    where = Where(source.label, score)
    if task == "multiclass":
        codes, texts = levels(require_plain(source.column(score), where))
        empty = int(np.count_nonzero(codes < 0))
        classes = pa.array([*texts, None], pa.string())
        columns["prediction"] = classes.take(pa.array(np.where(codes < 0, len(texts), codes)[found.first]))
    else:
        given = scores(source.column(score), where)
        empty = int(np.count_nonzero(np.isnan(given)))
        columns["score"] = pa.array(given[found.first], from_pandas=True)
    if empty:
        notes.append(f"{empty:,} row{'s' * (empty > 1)} without a score in column {score!r}.")
    if segment is not None:
        codes, texts = levels(require_plain(source.column(segment), Where(source.label, segment)))
        parts = pa.array([*texts, None], pa.string())
        columns["segment"] = parts.take(pa.array(np.where(codes < 0, len(texts), codes)[found.first]))
    if probabilities:
        chances = read_probabilities(source, probabilities)
        lacking = int(np.count_nonzero(np.isnan(chances).any(axis=1)))
        if lacking:
            notes.append(f"{lacking:,} row{'s' * (lacking > 1)} without the probability of every class: none is kept.")
        notes += sum_note(chances)
        columns["probabilities"] = as_lists(chances[found.first])
    batch = cuts.batch_of_row[found.first]
    of_batch = pa.array(batch)
    rows = len(found.first)
    return (
        table_from_columns(
            "predictions",
            {
                "model_id": pa.repeat(pa.scalar(model_id), rows),
                "model_version": pa.repeat(pa.scalar(model_version), rows),
                "batch_id": pa.array(cuts.ids, pa.string()).take(of_batch),
                "entity_id": found.ids if whole else found.ids.take(take),
                "batch_date": pa.array(cuts.days, pa.date32()).take(of_batch),
                **columns,
            },
        ),
        tuple(notes),
    )


def duplicates_note(found: Entities) -> tuple[str, ...]:
    """A note about duplicate identifiers, if there are any."""
    total = len(found.ids) - len(found.first)
    if total == 0:
        return ()
    held = np.ones(len(found.ids), dtype=bool)
    held[found.first] = False
    place = int(np.flatnonzero(held)[0])
    return (
        f"{total:,} row{'s' * (total > 1)} with an identifier that an earlier row of the batch has "
        f"(first: {found.ids[place].as_py()!r} in row {place + 1:,}); the first of each is kept.",
    )
