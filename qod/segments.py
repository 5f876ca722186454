"""Performance by segment of the training rows: what a later drop is split against.

The JSON of ``versions.segments``, here of a binary model with segments "north" and "south"::

    {
      "column": "region",
      "segments": {
        "north": {"n": 600, "positives": 120, "log_loss": 0.31, "brier": 0.09},
        "south": {"n": 400, "positives": 30, "log_loss": 0.22, "brier": 0.06}
      },
      "weights": {
        "north": {"positives": 0.8, "negatives": 0.5647},
        "south": {"positives": 0.2, "negatives": 0.4353}
      },
      "pairs": {
        "north": {"north": 0.81, "south": 0.86},
        "south": {"north": 0.70, "south": 0.78}
      }
    }

- ``column``: the column the segments come from.
- ``segments``: by name, the largest first, at most MOST of them; the rows of all others are ``(other)``, those without
  a segment ``(none)``. ``n`` are its rows whose score and truth are both known. The rest depends on the task:

  - binary: ``positives``; and when all scores lie within 0..1 the means over its rows of ``log_loss`` and ``brier``;
  - regression: the means ``mse`` (squared error) and ``mae`` (absolute error), null where they are too large to hold;
  - multiclass: ``accuracy``.

- ``weights`` (binary): the segment's share of all positives and of all negatives; each adds up to 1.
- ``pairs`` (binary): ``pairs[s][t]`` is the share of pairs of a positive of ``s`` and a negative of ``t`` in which the
  positive has the higher score, ties one half; null where ``s`` has no positive or ``t`` no negative. So the AUC of all
  rows is the sum over s and t of ``weights[s]["positives"] * weights[t]["negatives"] * pairs[s][t]``, which splits
  a change of it exactly into change of mix (the weights) and change within (the pairs).

For the other tasks ``weights`` and ``pairs`` are absent: their measures are means over rows, whose weights are ``n``.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.bins import Floats, rank_levels
from qod.columns import levels
from qod.scored import Scored, log_losses, square_losses

MOST: Final = 20
"""Segments that are kept with their names."""
OTHER: Final = "(other)"
NONE: Final = "(none)"


def segments_of(scored: Scored, column: str, values: pa.ChunkedArray) -> dict[str, Any]:
    """The JSON of ``versions.segments``; ``values`` are the segments of all training rows."""
    names, place = _named(*levels(values), scored.rows)
    size = len(names)
    held = np.bincount(place, minlength=size)
    found: dict[str, Any] = {name: {"n": int(held[at])} for at, name in enumerate(names)}
    for key, losses in _losses(scored).items():
        for name, total, rows in zip(names, np.bincount(place, losses, size), held, strict=True):
            found[name][key] = float(total / rows) if np.isfinite(total) else None
    told: dict[str, Any] = {"column": column, "segments": found}
    if scored.task == "binary":
        positive = scored.outcome == 1
        positives = np.bincount(place[positive], minlength=size)
        for name, rows in zip(names, positives, strict=True):
            found[name]["positives"] = int(rows)
        shares = _shares(positives), _shares(held - positives)
        told["weights"] = {
            name: {"positives": of_positives, "negatives": of_negatives}
            for name, of_positives, of_negatives in zip(names, *(part.tolist() for part in shares), strict=True)
        }
        areas = pair_areas(scored.score, positive, place, size)
        told["pairs"] = {
            of: {against: None if np.isnan(area) else float(area) for against, area in zip(names, row, strict=True)}
            for of, row in zip(names, areas, strict=True)
        }
    return told


def pair_areas(score: Floats, positive: npt.NDArray[np.bool_], segment: npt.NDArray[np.int64], segments: int) -> Floats:
    """(S, S): for s and t the share of pairs, a positive of s and a negative of t, that the positive wins; ties half.

    ``score``, ``positive`` and ``segment`` (0 .. S - 1) are of each row. NaN where there is no pair.
    """
    distinct, rank = np.unique(score, return_inverse=True)
    of_positives, rank_of_positives = segment[positive], rank[positive]
    held = np.bincount(of_positives, minlength=segments)
    areas = np.full((segments, segments), np.nan)
    for against in range(segments):
        negatives = np.bincount(rank[~positive & (segment == against)], minlength=len(distinct))
        total = int(negatives.sum())
        if total:
            beaten = (np.cumsum(negatives) - negatives / 2) / total
            won = np.bincount(of_positives, beaten[rank_of_positives], segments)
            np.divide(won, held, out=areas[:, against], where=held > 0)
    return areas


def _named(
    codes: npt.NDArray[np.int32], texts: list[str], rows: npt.NDArray[np.int64]
) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The names of the segments and each row's place among them."""
    of_row = codes[rows]
    held = np.bincount(of_row + 1, minlength=len(texts) + 1)
    kept = rank_levels(texts, held[1:], most=MOST)
    names = [texts[code] for code in kept]
    table = np.full(len(texts) + 1, len(kept), dtype=np.int64)
    table[kept] = np.arange(len(kept))
    if int(held[1:].sum()) > int(held[1:][kept].sum()):
        names.append(OTHER)
    if held[0]:
        table[-1] = len(names)
        names.append(NONE)
    return names, table[of_row]


def _losses(scored: Scored) -> dict[str, Floats]:
    if scored.task == "regression":
        return {"mse": square_losses(scored), "mae": np.abs(scored.score - scored.outcome)}
    if scored.task == "multiclass":
        return {"accuracy": (scored.score == scored.outcome).astype(np.float64)}
    return {"log_loss": log_losses(scored), "brier": square_losses(scored)} if scored.likely else {}


def _shares(counts: npt.NDArray[np.int64]) -> Floats:
    total = int(counts.sum())
    return counts / total if total else np.zeros(len(counts))
