"""Is a share higher than it was in training, beyond chance?"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

Whole = npt.NDArray[np.integer[Any]]

SIGNIFICANCE: Final = 1e-4
"""A share that chance would raise this far less often than once in 10,000 batches is raised."""


def rise_p_value(
    hits: Whole,
    rows: Whole,
    training_hits: Whole,
    training_rows: Whole,
    *,
    where: npt.NDArray[np.bool_] | None = None,
) -> npt.NDArray[np.float64]:
    """The one-sided p-value of ``hits`` of ``rows`` against training, of their broadcast shape.

    Given all hits on both sides, those of the batch are binomial with the batch's share of all rows, when the two
    rates are equal: the exact conditional test of two Poisson counts. It holds for a handful of rows, where the normal
    approximation calls two missing values of 200 a one-in-10^18 event, and errs on the safe side for common values;
    so the same is asked of the rows that are no hits, and the smaller p-value counts. 1 where there are no hits, NaN
    where either side has no rows, and where it is not asked for: it is made ``where`` that says so alone, as it takes
    far longer than the shares. Source: Przyborowski & Wilenski, Biometrika 31, 1940.
    """
    hits, rows, training_hits, training_rows = np.broadcast_arrays(hits, rows, training_hits, training_rows)
    wanted = (rows > 0) & (training_rows > 0)
    if where is not None:
        wanted &= where
    found = np.full(hits.shape, np.nan)
    if not wanted.any():
        return found
    found[wanted] = _tail(hits[wanted], rows[wanted], training_hits[wanted], training_rows[wanted])
    return found


def _tail(hits: Whole, rows: Whole, training_hits: Whole, training_rows: Whole) -> npt.NDArray[np.float64]:
    batch_share = rows / (rows + training_rows)
    # Binomial tails as regularised incomplete beta functions: as many hits or more, as few others or fewer.
    many_hits = betainc(np.maximum(hits, 1), training_hits + 1.0, batch_share)
    others, training_others = rows - hits, training_rows - training_hits
    few_others = betainc(np.maximum(training_others, 1), others + 1.0, 1.0 - batch_share)
    tail = np.minimum(many_hits, np.where(training_others > 0, few_others, 1.0))
    found: npt.NDArray[np.float64] = np.where(hits > 0, tail, 1.0)
    return found
