"""Training rows in a table of BigQuery: frozen, and measured, where they are."""

from __future__ import annotations

from collections.abc import Mapping

from qod.baseline import Estimate
from qod.bins import Kind
from qod.freeze import Frozen
from qod.receipt import Progress
from qod.warehouse.bigquery.baseline import baselines
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

    def estimates(self, task: str, score: str | None, outcome: str | None) -> dict[str, Estimate]:
        """The measures of the task."""
        return baselines(self._table, task, score, outcome)
