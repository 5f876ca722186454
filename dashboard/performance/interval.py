"""Intervals of 95 %: what chance leaves open about a value."""

from __future__ import annotations

import math
from typing import Final

from scipy.special import expit

from dashboard.metric import MINIMUM_ROWS, Estimate

NORMAL_95: Final = 1.959963984540054
"""So many standard errors to both sides hold 95 % of a normal law."""


def nothing(n: int) -> Estimate:
    """No value, from ``n`` rows."""
    return Estimate(None, None, None, None, n)


def logit_interval(value: float, se: float) -> tuple[float, float]:
    """The 95 % interval of a share ``value`` with standard error ``se``, symmetric on the logit scale.

    NaN for both at 0 and 1, where the logit has no value.
    """
    if not 0 < value < 1 or math.isnan(se):
        return math.nan, math.nan
    logit = math.log(value / (1 - value))
    half = NORMAL_95 * se / (value * (1 - value))
    return float(expit(logit - half)), float(expit(logit + half))


def wilson_interval(hits: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval of the share ``hits`` / ``n``; NaN for both when ``n`` is 0.

    Source: Wilson, JASA 22:209, 1927.
    """
    if n <= 0:
        return math.nan, math.nan
    z2 = NORMAL_95**2
    share = hits / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = NORMAL_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def between_0_and_1(value: float, se: float, *, n: int) -> Estimate:
    """``value`` with its interval on the logit scale; at 0 and 1 it has none."""
    low, high = logit_interval(value, se)
    if not math.isfinite(low):
        return Estimate(value, se, None, None, n)
    return Estimate(value, se, low, high, n)


def share_of_rows(hits: int, n: int) -> Estimate:
    """The share ``hits`` / ``n`` with Wilson's interval; without a value below 10 rows."""
    if n < MINIMUM_ROWS:
        return nothing(n)
    value = hits / n
    low, high = wilson_interval(hits, n)
    return Estimate(value, math.sqrt(value * (1 - value) / n), low, high, n)


def around(value: float, se: float, *, n: int, lowest: float = -math.inf, highest: float = math.inf) -> Estimate:
    """``value`` -/+ 1.96 ``se``, cut off at ``lowest`` and ``highest``.

    Without a value below 10 rows, or when either is not finite.
    """
    if n < MINIMUM_ROWS or not math.isfinite(value) or not math.isfinite(se):
        return nothing(n)
    return Estimate(value, se, max(value - NORMAL_95 * se, lowest), min(value + NORMAL_95 * se, highest), n)
