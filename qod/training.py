"""Training rows, in a file or in a table: their columns frozen as variables, and how good the version was on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import numpy as np
import pyarrow as pa

from qod.baseline import Estimate, accuracy, auc_delong, count_by_score, mae, rmse
from qod.bins import Kind
from qod.columns import Where, levels, numbers, require_plain
from qod.freeze import Frozen, freeze
from qod.receipt import Progress
from qod.source import Data, Source, is_table, open_source
from qod.threads import in_threads
from qod.truth import outcome_texts, scores


class Training(Protocol):
    """What a reference is made of: ``names`` are all columns, ``label`` is what messages call the rows."""

    @property
    def label(self) -> str: ...

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def notes(self) -> tuple[str, ...]: ...

    def require(self, *names: str | None) -> None:
        """UnknownNameError for the first of ``names`` that is no column; None is skipped."""

    def freeze(self, asked: Mapping[str, Kind | None], progress: Progress | None) -> tuple[int, list[Frozen | str]]:
        """The number of rows, and of each column the frozen variable, or the note that says why it is none."""

    def estimates(self, task: str, score: str | None, outcome: str | None) -> dict[str, Estimate]:
        """The measures of the task, NaN where there are too few rows; none without both columns."""


@contextmanager
def open_training(data: Data) -> Iterator[Training]:
    """The training rows in a data frame, an Arrow table, a file, or a table of BigQuery (by its address)."""
    if is_table(data):
        from qod.warehouse.bigquery.training import TableTraining

        yield TableTraining(str(data))
        return
    with open_source(data) as source:
        yield _SourceTraining(source)


class _SourceTraining:
    """Rows that are read column by column."""

    def __init__(self, source: Source) -> None:
        self.label, self.names, self.notes, self.require = source.label, source.names, source.notes, source.require
        self._source = source

    def freeze(self, asked: Mapping[str, Kind | None], progress: Progress | None) -> tuple[int, list[Frozen | str]]:
        found = in_threads(lambda name: freeze(self._source, name, asked[name]), list(asked), progress)
        return self._source.rows, found

    def estimates(self, task: str, score: str | None, outcome: str | None) -> dict[str, Estimate]:
        return _estimates(self._source, task, score, outcome)


def _estimates(source: Source, task: str, score: str | None, outcome: str | None) -> dict[str, Estimate]:
    if outcome is None:
        return {}
    truth = outcome_texts(source.column(outcome), task, Where(source.label, outcome))
    if score is None:
        return {}
    found: dict[str, Estimate] = {}
    if task == "multiclass":
        codes, texts = levels(require_plain(source.column(score), Where(source.label, score)))
        of_truth, classes = levels(pa.chunked_array([truth]))
        same = {text: code for code, text in enumerate(classes)}
        table = np.array([*(same.get(text, -2) for text in texts), -1])
        known = (of_truth >= 0) & (codes >= 0)
        found["accuracy"] = accuracy(int(np.count_nonzero(table[codes][known] == of_truth[known])), int(known.sum()))
    else:
        given = scores(source.column(score), Where(source.label, score))
        real = numbers(pa.chunked_array([truth]), Where(source.label, outcome))
        if task == "binary":
            found["auc"] = auc_delong(*count_by_score(given, real))
        else:
            residuals = (given - real)[np.isfinite(given) & np.isfinite(real)]
            found["rmse"], found["mae"] = rmse(residuals), mae(residuals)
    return found
