"""What a model said of each batch: the mean of its score, and the share of rows that it gave a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.web.views.variable import VariableHistory

Whole = npt.NDArray[np.int64]


def means(history: VariableHistory) -> list[float | None]:
    """The mean score of each batch (T); None where it was not delivered, or has levels."""
    return [None if summary is None else summary["mean"] for summary in history.summaries]


def level_share(reference: Mapping[str, Any], counts: Whole, level: str) -> list[float | None]:
    """The share of rows with a value that have a ``level`` of the ``reference``: counts (T, B) in its bins."""
    levels: Sequence[str] = reference["levels"]
    of_level, valued = counts[:, levels.index(level)], counts[:, :-1].sum(axis=1)
    return [part / n if n else None for part, n in zip(of_level.tolist(), valued.tolist(), strict=True)]


def trained_share(reference: Mapping[str, Any], level: str) -> float | None:
    """The same of the training rows."""
    return level_share(reference, np.asarray([reference["counts"]], np.int64), level)[0]
