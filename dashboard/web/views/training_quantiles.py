"""The quantiles of a variable at training, as far as its frozen bins tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

About = tuple[Literal["about", "below", "above"], float]
"""A quantile lies about a value, or somewhere below the first edge or above the last one."""


def training_quantiles(reference: Mapping[str, Any], quantiles: Sequence[float]) -> list[About | None]:
    """Where each of ``quantiles`` lies, from a row of ``variables``; None where there are no edges or no rows.

    Training keeps the rows of each bin, not the rows. Between two edges they are taken to be spread evenly; the first
    and the last bin reach as far as the most extreme row, so that of a quantile in them only the side is told.
    """
    edges, counts = reference["edges"], reference["counts"][:-1]
    if reference["kind"] != "numeric" or not edges or not sum(counts):
        return [None] * len(quantiles)
    below = np.cumsum(counts)[:-1] / sum(counts)  # the share of rows up to each edge
    found: list[About | None] = []
    for quantile in quantiles:
        if quantile < below[0]:
            found.append(("below", float(edges[0])))
        elif quantile > below[-1]:
            found.append(("above", float(edges[-1])))
        else:
            found.append(("about", float(np.interp(quantile, below, edges))))
    return found
