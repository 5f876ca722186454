"""Training rows in a table of BigQuery: frozen, and measured, where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qod.beside import Asked, Beside, baselines_of
from qod.bins import Kind
from qod.freeze import Frozen
from qod.receipt import Progress
from qod.warehouse.bigquery.baseline import baselines
from qod.warehouse.bigquery.derived import derive_in_table
from qod.warehouse.bigquery.freeze import freeze_table
from qod.warehouse.bigquery.table import open_table


class TableTraining:
    """All rows of the table at an address; see ``qod.training.Training``."""

    def __init__(self, address: str) -> None:
        self._table = open_table(address).whole()
        self.label, self.names, self.notes = self._table.label, tuple(self._table.columns), ()

    def require(self, *names: str | None) -> None:
        """UnknownNameError for the first of ``names`` that is no column."""
        self._table.require(*names)

    def freeze(self, asked: Mapping[str, Kind | None], progress: Progress | None) -> tuple[int, list[Frozen | str]]:
        """The number of rows, and of each column the frozen variable or a note."""
        return freeze_table(self._table, asked, progress=progress)

    def beside(self, variables: Sequence[Frozen], asked: Asked) -> Beside:
        """The baselines, measured in BigQuery, and the predicted class; what needs the rows one by one is in a note."""
        found = baselines(self._table, asked.task, asked.score, asked.outcome, asked.threshold)
        derived, classes, notes = derive_in_table(
            self._table, task=asked.task, score=asked.score, threshold=asked.threshold, features=variables
        )
        return Beside(
            baselines=baselines_of(found, {}),
            derived=derived,
            derived_variables=classes,
            notes=(*notes, *_not_made(asked)),
        )


def _not_made(asked: Asked) -> tuple[str, ...]:
    lacking = []
    if asked.date is not None:
        lacking.append("the noise between training days")
    if asked.score is not None and asked.outcome is not None:
        if asked.segment is not None:
            lacking.append("performance by segment")
        if asked.task == "regression":
            lacking.append("what each variable adds to the error")
        elif asked.task == "binary" or asked.probabilities:
            lacking.append("the calibration of the score")
    if not lacking:
        return ()
    return (
        f"Of training rows in a table, these are not made: {', '.join(lacking)}. "
        "Deliver the training rows as a file to have them.",
    )
