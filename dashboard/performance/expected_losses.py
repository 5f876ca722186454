"""The expected errors of a regression's batches, from their counts alone: direct loss estimation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dashboard.evaluation.measure_rows import Measures
from dashboard.metrics.estimated_mae import estimated_mae
from dashboard.metrics.estimated_rmse import estimated_rmse
from dashboard.performance.truth_counts import Floats
from dashboard.tally import Tally


def expected_losses(tally: Tally, losses: Mapping[str, Any]) -> Floats:
    """(T,): the mean loss to come of each batch, from ``losses`` of one kind as training delivered them.

    The mean at training, and for each variable and bin the share of the batch's rows in it times its effect; see
    qod.losses. NaN for a batch that has no rows, or lacks a variable with effects: what a model does without an input
    is not what it did with it. A derived variable that nobody computed adds nothing. NaN for all where the effects are
    of other bins.
    """
    effects = np.zeros(tally.reference.shape)
    needed = np.zeros(len(tally.variables), bool)
    for v, variable in enumerate(tally.variables):
        of_variable = losses["effects"].get(variable.name)
        if of_variable is None:
            continue
        if len(of_variable) != len(variable.counts):
            # They are of other bins than these.
            return np.full(len(tally.batches), np.nan)
        effects[v, : len(of_variable)] = of_variable
        needed[v] = not variable.derived
    rows = tally.n
    shares = np.divide(tally.counts, rows[..., None], out=np.zeros(tally.counts.shape), where=rows[..., None] > 0)
    expected = losses["mean"] + np.einsum("tvb,vb->t", shares, effects)
    lacks = ((rows == 0) & needed).any(axis=1)
    return np.where(lacks | (tally.rows == 0) | tally.stale, np.nan, expected)


def add_expected_losses(measures: Measures, *, version: str, tally: Tally, losses: Mapping[str, Any]) -> None:
    """Add the estimates of every batch that is judged; none where training delivered no losses."""
    if not losses:
        return
    judged = tally.judged()
    batches = [(batch.batch_id, batch.batch_date) for batch in judged.batches]
    for metric, kind, estimate in (
        ("estimated_rmse", "squared", estimated_rmse),
        ("estimated_mae", "absolute", estimated_mae),
    ):
        value = estimate(expected_losses(judged, losses[kind]))
        n = judged.rows[:, None]
        measures.add(metric, version=version, batches=batches, subjects=("model",), value=value[:, None], n=n)
