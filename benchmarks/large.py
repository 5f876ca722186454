"""The warehouse that the pages are measured on: 500 models, one of 730 batches and one of 200 variables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dashboard.evaluation.evaluate import evaluate
from qod.warehouse import open_warehouse
from tests.web.lake import large_fleet
from tests.web.year import DRIFTING, TODAY, deliver_model

LONG: Final = "long"
"""A daily model of two years, of 50 variables, with its truth."""
WIDE: Final = "wide"
"""A daily model of one year, of 200 variables."""
VARIABLE: Final = DRIFTING


def fill(folder: Path, *, models: int = 500, days: int = 365) -> None:
    """A warehouse in ``folder``: the two real models, evaluated, and as many made ones as make ``models``."""
    lake = open_warehouse(folder)
    deliver_model(lake, days=730, variables=50, model_id=LONG)
    deliver_model(lake, days=365, variables=200, model_id=WIDE, outcomes=False)
    evaluate(lake, as_of=TODAY)
    large_fleet(folder, models=models - 2, batches=days)
    lake.tidy()


@contextmanager
def warehouse(folder: Path | None) -> Iterator[Path]:
    """``folder``; without one a warehouse of its own, which goes with the context."""
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as made:
        fill(Path(made))
        yield Path(made)


if __name__ == "__main__":
    import sys

    fill(Path(sys.argv[1]))
