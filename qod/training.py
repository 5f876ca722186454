"""Training rows, in a file or in a table: their columns frozen as variables, and what they deliver beside bins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from qod.beside import Asked, Beside, beside
from qod.bins import Kind
from qod.freeze import Frozen, freeze
from qod.receipt import Progress
from qod.source import Data, Source, is_table, open_source
from qod.threads import in_threads


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

    def beside(self, variables: Sequence[Frozen], asked: Asked) -> Beside:
        """What else the rows deliver, ``variables`` being those frozen; what cannot be made is told in a note."""


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

    def beside(self, variables: Sequence[Frozen], asked: Asked) -> Beside:
        return beside(self._source, variables, asked)
