"""The colour of one window of drift by itself: is the change real, and is it large?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.colour import AMBER, GREEN, GREY, RED, Codes
from dashboard.metrics.psi import bins_in_use, psi, sampling
from dashboard.metrics.psi_debiased import psi_debiased, size_interval
from dashboard.metrics.psi_noise import ALPHA, ALPHA_AT_ONCE, critical, noise

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Compared:
    """PSI of windows against training rows and what chance makes of it, all of one shape, NaN where there is none.

    ``noise`` is its mean without drift, ``critical`` K(0.005), ``critical_at_once`` K(1e-6), ``size`` D, ``upper`` U.
    """

    psi: Numbers
    noise: Numbers
    critical: Numbers
    critical_at_once: Numbers
    size: Numbers
    upper: Numbers
    bins: npt.NDArray[np.int64]


def compared(value: Numbers, scale: Numbers, bins: npt.NDArray[np.int64]) -> Compared:
    """What chance makes of PSI ``value``, with c ``scale`` and B ``bins``."""
    chance = noise(scale, bins)
    size = psi_debiased(value, chance)
    upper = size_interval(size, scale, bins)[1]
    real, at_once = critical(scale, bins, ALPHA), critical(scale, bins, ALPHA_AT_ONCE)
    return Compared(value, chance, real, at_once, size, upper, bins)


def compare(reference: npt.NDArray[Any], counts: npt.NDArray[np.int64]) -> Compared:
    """As ``compared``, of ``counts`` (..., B) against ``reference``; they broadcast, and lose the last axis."""
    return compared(psi(reference, counts), sampling(reference, counts), bins_in_use(reference, counts))


def soft_colours(of: Compared, amber: Numbers, red: Numbers) -> tuple[Codes, Flags, npt.NDArray[np.str_]]:
    """The soft colours under the thresholds, where red shows at once, and the clause that gave the colour.

    All of one shape. A PSI that is NaN is grey. Clauses: at_once, red, amber, upper (amber because red cannot be
    excluded), or empty.
    """
    with np.errstate(invalid="ignore"):
        real = of.psi >= of.critical
        reaches = of.size >= red
        is_red, is_large = real & reaches, real & (of.size >= amber)
        open_to_red = real & (of.upper >= red)
        at_once = (of.psi >= of.critical_at_once) & reaches
    soft = np.where(is_red, RED, np.where(is_large | open_to_red, AMBER, GREEN)).astype(np.int8)
    soft[~np.isfinite(of.psi)] = GREY
    clause = np.select([at_once, is_red, is_large, open_to_red], ["at_once", "red", "amber", "upper"], "")
    return soft, at_once, clause
