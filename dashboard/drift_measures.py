"""Every drift measure of every variable of a batch, against training or another batch, from counts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.metrics.changed import changed
from dashboard.metrics.chi_square import chi_square
from dashboard.metrics.chi_square_p_value import chi_square_tail
from dashboard.metrics.js_distance import js_distance
from dashboard.metrics.ks import ks
from dashboard.metrics.l_infinity import l_infinity
from dashboard.metrics.psi import bins_in_use, contributions, psi, sampling
from dashboard.metrics.psi_debiased import psi_debiased, size_interval
from dashboard.metrics.psi_noise import ALPHA, critical, noise
from dashboard.metrics.psi_p_value import psi_p_value
from dashboard.metrics.wasserstein import Values, wasserstein
from dashboard.text import Text

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]

REASONS: Final = (
    None,
    Text("the batch has no rows of it in these bins", "le lot n'en a aucune ligne dans ces classes"),
    Text("there are no rows to compare with", "il n'y a aucune ligne à quoi comparer"),
    Text("all rows are in one bin", "toutes les lignes sont dans une seule classe"),
    Text("it is for numeric variables", "elle vaut pour les variables numériques"),
    Text("one side has no row with a value", "un côté n'a aucune ligne avec une valeur"),
    Text("the spread in training is 0 or unknown", "l'étendue dans l'apprentissage est nulle ou inconnue"),
    Text("a value is too large to count with", "une valeur est trop grande pour ce calcul"),
)
"""Why a measure has no value, by ``Measure.reason``; 0 where it has one."""

_NO_ROWS, _NO_BASE, _ONE_BIN, _LEVELS, _NO_VALUES, _NO_SPREAD, _TOO_LARGE = range(1, len(REASONS))


@dataclass(frozen=True, slots=True)
class Frozen:
    """The V variables that counts are made of, as training froze them.

    ``numeric`` (V,); ``bins`` (V,) a variable's own bins, the missing one last; ``edges`` (V, E) ascending, infinite
    after a variable's own; ``sd`` (V,) the standard deviation in training, NaN where there is none.
    """

    names: tuple[str, ...]
    numeric: Flags
    bins: Whole
    edges: Numbers
    sd: Numbers


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: training, or a batch, or T of them, counted in the bins of ``Frozen``.

    ``counts`` (..., V, B) zero padded; ``mean``, ``low`` and ``high`` (..., V) over finite values and ``quantiles``
    (..., V, 7) the contract's, NaN where there is none. A variable that was not delivered has no counts.
    """

    counts: Whole
    mean: Numbers
    low: Numbers
    high: Numbers
    quantiles: Numbers


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric of every variable, all (..., V): NaN without a value, and ``reason``, an index into ``REASONS``."""

    value: Numbers
    reason: Codes
    low: Numbers | None = None
    high: Numbers | None = None


@dataclass(frozen=True, slots=True)
class DriftMeasures:
    """Every drift measure of every variable: by metric key, the PSI by bin (..., V, B), and the rows ``n`` (..., V)."""

    names: tuple[str, ...]
    by_metric: dict[str, Measure]
    contributions: Numbers
    n: Whole


def drift_measures(frozen: Frozen, base: Side, batch: Side) -> DriftMeasures:
    """Every drift measure of ``batch`` against ``base``: the training, or another batch in its place.

    The sides broadcast: training (V, B) against batches (T, V, B), or batches against the ones before them. Bounds
    are those of the metrics' own files: chance's upper bound of the noise, the interval of the de-biased PSI. The marks
    are over the variables of each batch. Distances are of all bins; KS and Wasserstein of the rows with a value, for
    numeric variables only; Wasserstein is always in standard deviations of the training.
    """
    a, b = base.counts, batch.counts
    n, bins, scale = b.sum(axis=-1), bins_in_use(a, b), sampling(a, b)
    without = [(n == 0, _NO_ROWS), (a.sum(axis=-1) == 0, _NO_BASE)]
    empty, tested = _reasons(without), _reasons([*without, (bins < 2, _ONE_BIN)])
    index, chance, statistic = psi(a, b), noise(scale, bins), chi_square(a, b)
    size = psi_debiased(index, chance)
    low, high = size_interval(size, scale, bins)
    p_value = psi_p_value(index, scale, bins)
    found = {
        "psi": Measure(index, tested),
        "psi_noise": Measure(chance, tested, high=critical(scale, bins, ALPHA)),
        "psi_debiased": Measure(size, tested, low, high),
        "psi_p_value": Measure(p_value, tested),
        "changed": Measure(changed(p_value), tested),
        "bins_in_use": Measure(np.where(empty == 0, bins.astype(np.float64), np.nan), empty),
        "js_distance": Measure(js_distance(a, b), empty),
        "l_infinity": Measure(l_infinity(a, b), empty),
        "chi_square": Measure(statistic, tested),
        "chi_square_p_value": Measure(chi_square_tail(statistic, bins), tested),
        **_of_values(frozen, base, batch, without),
    }
    parts = np.where(np.isnan(index)[..., None], np.nan, contributions(a, b))
    return DriftMeasures(frozen.names, found, parts, n)


def _of_values(frozen: Frozen, base: Side, batch: Side, without: Sequence[tuple[Flags, int]]) -> dict[str, Measure]:
    """The measures of numeric variables, from the rows with a value."""
    width = frozen.edges.shape[-1] + 1
    valued = frozen.numeric[:, None] & (np.arange(width) < frozen.bins[:, None] - 1)
    a, b = (
        Values(np.where(valued, side.counts[..., :width], 0), side.mean, side.low, side.high, side.quantiles)
        for side in (base, batch)
    )
    gap = ks(a.counts, b.counts)
    moved = wasserstein(frozen.edges, frozen.sd, a, b)
    finite = np.isfinite(a.mean) & np.isfinite(a.low) & np.isfinite(b.mean) & np.isfinite(b.low)
    without = [*without, (~frozen.numeric, _LEVELS), (np.isnan(gap), _NO_VALUES)]
    spread = np.isfinite(frozen.sd) & (frozen.sd > 0)
    further = [(~finite, _NO_VALUES), (~spread, _NO_SPREAD), (~np.isfinite(moved), _TOO_LARGE)]
    none = _reasons([*without, *further])
    return {
        "ks": Measure(gap, _reasons(without)),
        "wasserstein": Measure(np.where(none == 0, moved, np.nan), none),
    }


def _reasons(given: Sequence[tuple[Flags, int]]) -> Codes:
    """The first reason that holds, of the flags' broadcast shape; 0 where none does."""
    flags = np.broadcast_arrays(*(flag for flag, _ in given))
    return np.select(flags, [np.int8(code) for _, code in given], np.int8(0))
