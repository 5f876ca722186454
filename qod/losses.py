"""What each bin of each variable adds to the expected error of a regression: an error estimate from counts alone.

The JSON of ``versions.losses``::

    {
      "squared": {"mean": 4.1, "effects": {"age": [0.3, -0.1, ...], "region": [...]}},
      "absolute": {"mean": 1.6, "effects": {...}}
    }

``squared`` is of squared errors (score less truth), ``absolute`` of absolute ones. ``effects`` has a number for each
bin of each variable, guard bins included, in the order of ``reference_variables.counts``; 0 for bins that no training
row was in. Of more than MOST_VARIABLES variables those are in it that tell most. The expected error of a batch is
``expected(...)``: mean + the sum over variables and bins of the bin's share of the batch's rows times its effect. For
the training rows themselves it is ``mean``. It is a sum of what the variables do one by one, so what two of them do
together only is not in it; nor is it held above 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from qod.bins import Counts, Floats
from qod.codes import Codes, row_codes
from qod.freeze import Frozen
from qod.scored import Scored, square_losses
from qod.source import Source
from qod.threads import in_threads

MOST_ROWS: Final = 100_000
"""Training rows that effects are fitted on, at even steps."""
FEWEST_ROWS: Final = 200
MOST_VARIABLES: Final = 100
"""Variables that have effects: those that each by itself tell most of the squared error."""
HELD_BACK: Final = 10.0
"""Every effect is fitted as if this many more rows of its bin had none: rare bins and twin variables stay calm."""


def losses_of(scored: Scored, source: Source, variables: Sequence[Frozen]) -> dict[str, Any] | None:
    """The JSON of ``versions.losses``; None for other tasks, or fewer than FEWEST_ROWS rows with score and truth."""
    rows = len(scored.rows)
    if scored.task != "regression" or rows < FEWEST_ROWS:
        return None
    losses = np.stack([square_losses(scored), np.abs(scored.score - scored.outcome)], axis=1)
    if not np.isfinite(losses).all():
        return None  # numbers so large that their square is none
    bins = {variable.name: variable.bins for variable in variables}
    step = -(-rows // MOST_ROWS)

    def look(name: str) -> tuple[Codes, Counts]:
        codes = row_codes(source, name, bins[name])[scored.rows]
        return codes[::step], np.bincount(codes, minlength=bins[name].size)

    seen = dict(zip(bins, in_threads(look, list(bins), None), strict=True))
    fitted = losses[::step]
    told = {name: _told_alone(codes, fitted[:, 0]) for name, (codes, _) in seen.items()}
    chosen = sorted(sorted(bins, key=lambda name: -told[name])[:MOST_VARIABLES], key=list(bins).index)
    effects = fit([seen[name][0] for name in chosen], [seen[name][1] for name in chosen], fitted)
    return {
        key: {
            "mean": float(losses[:, place].mean()),
            "effects": {name: of_bin[:, place].tolist() for name, of_bin in zip(chosen, effects, strict=True)},
        }
        for place, key in enumerate(("squared", "absolute"))
    }


def _told_alone(codes: Codes, losses: Floats) -> float:
    """The variance of the losses that the variable's bins explain, times the rows."""
    held = np.bincount(codes)
    sums = np.bincount(codes, losses - losses.mean())
    return float((sums[held > 0] ** 2 / held[held > 0]).sum())


def fit(codes: Sequence[Codes], counts: Sequence[Counts], losses: Floats) -> list[Floats]:
    """The effects of the bins of each variable on each of ``losses`` (n, K): (bins, K) a variable.

    ``codes`` are each variable's bins of the rows, (n,) each; ``counts`` (bins,) the rows over which its effects
    average to zero. Ridge least squares on the bins as dummies: minimises the squared distance to the losses plus
    HELD_BACK times the squared effects. Source: Hoerl & Kennard, Technometrics 12:55, 1970.
    """
    sizes = [len(held) for held in counts]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    width = int(starts[-1])
    wide = [held.astype(np.intp) for held in codes]
    away = losses - losses.mean(axis=0)
    both, sums = np.zeros((width, width)), np.zeros((width, losses.shape[1]))
    for v, of_row in enumerate(wide):
        here = slice(starts[v], starts[v + 1])
        for k in range(losses.shape[1]):
            sums[here, k] = np.bincount(of_row, away[:, k], sizes[v])
        for w in range(v + 1):
            pairs = np.bincount(of_row * sizes[w] + wide[w], minlength=sizes[v] * sizes[w]).reshape(sizes[v], sizes[w])
            both[here, starts[w] : starts[w + 1]] = pairs
            both[starts[w] : starts[w + 1], here] = pairs.T
    both[np.diag_indices(width)] += HELD_BACK
    found = np.split(np.linalg.solve(both, sums), starts[1:-1])
    return [
        np.where((held > 0)[:, None], effects - held @ effects / held.sum(), 0.0)
        for effects, held in zip(found, counts, strict=True)
    ]


def expected(losses: Mapping[str, Any], shares: Mapping[str, npt.ArrayLike]) -> float:
    """The expected loss of a batch, from ``losses`` of one kind and the shares of its rows by bin of each variable.

    A variable that the batch lacks, or that has no effects, adds nothing.
    """
    effects = losses["effects"]
    parts = [
        float(np.dot(np.asarray(held, np.float64), effects[name])) for name, held in shares.items() if name in effects
    ]
    return float(losses["mean"]) + sum(parts)
