"""The normed Wasserstein distance: how far values moved, in standard deviations of the training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.metric import Metric
from dashboard.text import Text
from qod.contract import QUANTILES

Counts = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.float64]

METRIC: Final = Metric(
    key="wasserstein",
    name=Text("Wasserstein distance, normed", "Distance de Wasserstein, normée"),
    meaning=Text(
        "How far the values of a numeric variable moved on average, in standard deviations of the training: 0 is the "
        "same, 1 a shift of all values by one standard deviation. It sees how far, where PSI sees how many. Rows "
        "without a value take no part. An approximation: see the formula.",
        "De combien les valeurs d'une variable numérique se sont déplacées en moyenne, en écarts types de "
        "l'apprentissage : 0, les mêmes ; 1, toutes les valeurs décalées d'un écart type. Elle voit de combien, le PSI "
        "voit combien de lignes. Les lignes sans valeur ne comptent pas. C'est une approximation : voir la formule.",
    ),
    formula=Text(
        "W1 / sd, W1 = integral of |P(x) - Q(x)| dx = |mean of batch - mean of training| + 2 min(A, A'), P and Q the "
        "shares of rows up to x, A and A' the areas where P > Q and where P < Q. Q is known at the edges of the bins, "
        "at the batch's ends and its .01 .05 .25 .5 .75 .95 .99 quantiles, and straight in between; P is known at the "
        "edges and the ends of training; within a bin it has the shape of Q, and is straight where the batch has no "
        "rows",
        "W1 / écart type, W1 = intégrale de |P(x) - Q(x)| dx = |moyenne du lot - moyenne de l'apprentissage| + "
        "2 min(A, A'), P et Q les parts des lignes jusqu'à x, A et A' les aires où P > Q et où P < Q. Q est connue aux "
        "bornes des classes, aux extrêmes du lot et à ses quantiles 0,01 0,05 0,25 0,5 0,75 0,95 0,99, droite entre "
        "eux ; P est connue aux bornes et aux extrêmes de l'apprentissage ; dans une classe elle a la forme de Q, et "
        "est droite là où le lot n'a pas de ligne",
    ),
    source="Vallender, Theory Probab. Appl. 18(4):784, 1974",
    example=Text(
        "Training lies evenly between 0 and 10, with sd 2.9; every value of the batch is 3 higher: W1 = 3, distance "
        "3 / 2.9 = 1.03.",
        "L'apprentissage est réparti de 0 à 10, écart type 2,9 ; chaque valeur du lot est plus haute de 3 : W1 = 3, "
        "distance 3 / 2,9 = 1,03.",
    ),
    unit="index",
    better="low",
    subjects=("variable",),
)


@dataclass(frozen=True, slots=True)
class Values:
    """The numeric values of one side: rows by bin, and where the values lie; NaN where there is none.

    ``counts`` (..., edges + 1) are rows by bin without the missing ones; ``mean``, ``low`` and ``high`` (...,) are
    over finite values, ``quantiles`` (..., 7) are the contract's, needed of the batch only.
    """

    counts: Counts
    mean: Numbers
    low: Numbers
    high: Numbers
    quantiles: Numbers | None = None


def wasserstein(edges: Numbers, sd: Numbers, reference: Values, batch: Values) -> Numbers:
    """W1 between ``batch`` and ``reference`` over the standard deviation ``sd`` of the training.

    ``edges`` (..., edges) are the inner edges of the bins, ascending, infinite after a variable's own; all shapes
    broadcast, the result is (...,). NaN where either side has no finite value, where the batch has no quantiles, and
    where ``sd`` is 0 or NaN.

    W1 is the area between the cumulative distributions. The areas where one and where the other is above differ by the
    difference of the means, which is known exactly; so only the smaller one is approximated, and where all values
    moved one way, nothing is. It errs where the sides differ in shape within an end bin, most for a change of spread
    alone: 15 % too low for a normal variable whose spread grew by a fifth. Bin centres in place of the batch's shape
    would give .26 standard deviations for a normal variable that has not moved at all. Source: Vallender 1974.
    """
    if batch.quantiles is None:
        raise ValueError("the quantiles of the batch are needed")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        net = np.abs(batch.mean - reference.mean)
        moved = net + 2.0 * _smaller_area(edges, reference, batch, batch.quantiles)
        return np.where(np.isfinite(sd) & (sd > 0), moved / sd, np.nan)


def _smaller_area(edges: Numbers, reference: Values, batch: Values, quantiles: Numbers) -> Numbers:
    """The smaller of the areas where the training's cumulative distribution is above the batch's, and below it.

    Both are straight between the knots.
    """
    first, last = reference.low[..., None], reference.high[..., None]
    p, q = _cumulative(reference.counts), _cumulative(batch.counts)
    low, high, inside = batch.low[..., None], batch.high[..., None], np.isfinite(edges)
    x, upto = _knots((low, 0.0), (quantiles, np.asarray(QUANTILES)), (high, 1.0),
                     (np.where(inside, edges, high), np.where(inside, q[..., 1:-1], 1.0)))  # fmt: skip
    # The batch's share outside the training range: no row of training is there.
    under, within = _at(x, upto, first, x < first), _at(x, upto, last, x <= last)
    x, upto = _knots((x, upto), (first, under), (last, within))

    place = (edges[..., None, :] < x[..., :, None]).sum(axis=-1)
    ends = np.concatenate(np.broadcast_arrays(first, last), axis=-1)
    cuts = np.concatenate([ends[..., :1], np.clip(edges, first, last), ends[..., 1:]], axis=-1)
    q = np.clip(q, under, within)
    left, right, q_left, q_right, p_left, p_right = (
        np.take_along_axis(values, place + step, axis=-1)
        for values in (np.broadcast_to(v, (*x.shape[:-1], v.shape[-1])) for v in (cuts, q, p))
        for step in (0, 1)
    )
    part = np.where(q_right > q_left, (upto - q_left) / (q_right - q_left), (x - left) / (right - left))
    part = np.where((q_right > q_left) | (right > left), np.clip(part, 0.0, 1.0), 1.0)
    gap = p_left + (p_right - p_left) * part - upto
    a, b = gap[..., :-1], gap[..., 1:]
    crossing = a * b < 0
    height = np.where(crossing, (a * a + b * b) / (2.0 * np.abs(a - b)), (np.abs(a) + np.abs(b)) / 2.0)
    widths = np.diff(x, axis=-1)
    both, net = (height * widths).sum(axis=-1), (0.5 * (a + b) * widths).sum(axis=-1)
    smaller: Numbers = np.maximum(both - np.abs(net), 0.0) / 2.0
    return smaller


def _cumulative(counts: Counts) -> Numbers:
    """The shares of rows up to each edge, from 0 before the first bin to 1 after the last; NaN without rows."""
    reached = np.cumsum(counts, axis=-1, dtype=np.float64)
    return np.concatenate([np.zeros_like(reached[..., :1]), reached], axis=-1) / reached[..., -1:]


def _knots(*given: tuple[Numbers, npt.ArrayLike]) -> tuple[Numbers, Numbers]:
    """Places (..., k) and the shares of rows up to them, together and in order; shares never fall."""
    shape = np.broadcast_shapes(*(x.shape[:-1] for x, _ in given))
    x = np.concatenate([np.broadcast_to(x, (*shape, x.shape[-1])) for x, _ in given], axis=-1)
    upto = np.concatenate([np.broadcast_to(share, (*shape, x.shape[-1])) for x, share in given], axis=-1)
    order = np.argsort(x, axis=-1, kind="stable")
    return np.take_along_axis(x, order, axis=-1), np.maximum.accumulate(np.take_along_axis(upto, order, -1), axis=-1)


def _at(x: Numbers, upto: Numbers, place: Numbers, before: npt.NDArray[np.bool_]) -> Numbers:
    """The share of rows up to ``place`` (..., 1), straight between the knots; ``before`` says which come before it."""
    knots, after = x.shape[-1], before.sum(axis=-1, keepdims=True)
    left, right = np.maximum(after - 1, 0), np.minimum(after, knots - 1)
    (xa, xb), (a, b) = ([np.take_along_axis(v, at, axis=-1) for at in (left, right)] for v in (x, upto))
    inside = a + (b - a) * (place - xa) / (xb - xa)
    return np.where(after == 0, 0.0, np.where(after == knots, 1.0, inside))
