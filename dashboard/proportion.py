"""Is a share higher than it was in training, beyond chance?"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

Whole = npt.NDArray[np.integer[Any]]

SIGNIFICANCE: Final = 1e-4
"""A share that chance would raise this far less often than once in 10,000 batches is raised."""


def rise_p_value(hits: Whole, rows: Whole, training_hits: Whole, training_rows: Whole) -> npt.NDArray[np.float64]:
    """The one-sided p-value of ``hits`` of ``rows`` against training, of their broadcast shape.

    Given all hits on both sides, those of the batch are binomial with the batch's share of all rows, when the two
    rates are equal: the exact conditional test of two Poisson counts. It holds for a handful of rows, where the normal
    approximation calls two missing values of 200 a one-in-10^18 event, and errs on the safe side for common values;
    so the same is asked of the rows that are no hits, and the smaller p-value counts. 1 where there are no hits, NaN
    where either side has no rows. Source: Przyborowski & Wilenski, Biometrika 31, 1940.
    """
    hits, rows, training_hits, training_rows = np.broadcast_arrays(hits, rows, training_hits, training_rows)
    possible = (rows > 0) & (training_rows > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        batch_share = np.where(possible, rows / (rows + training_rows), 0.5)
    # Binomial tails as regularised incomplete beta functions: as many hits or more, as few others or fewer.
    many_hits = betainc(np.maximum(hits, 1), training_hits + 1.0, batch_share)
    others, training_others = rows - hits, training_rows - training_hits
    few_others = betainc(np.maximum(training_others, 1), others + 1.0, 1.0 - batch_share)
    tail = np.minimum(many_hits, np.where(training_others > 0, few_others, 1.0))
    return np.where(possible, np.where(hits > 0, tail, 1.0), np.nan)
