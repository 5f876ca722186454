"""Sudden or gradual, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.arrival import arrival

NAN = math.nan


@pytest.mark.parametrize(
    ("values", "start", "usual", "expected"),
    [
        ([0.0, 0.0, 0.4, 0.4], 2, 0.0, ("sudden", 2)),
        ([0.0, 0.4, 0.4], 2, 0.0, ("sudden", 1)),  # the colour waited for a second batch
        ([0.01, 0.03, 0.05, 0.07, 0.09, 0.11], 5, 0.0, ("gradual", 5)),
        ([0.01, 0.02, 0.04, 0.14, 0.05, 0.11], 5, 0.0, ("gradual", 5)),  # a noisy rise has steps both ways
        ([0.0, 0.0, 0.4, 0.4, 0.4, 0.4, 0.4], 5, 0.0, ("gradual", 5)),  # the step lies too far back
        ([0.0, 0.0, 0.4, 9.9], 2, 0.0, ("sudden", 2)),  # the future plays no part
        ([0.0, 0.0, -0.1], 2, 0.0, ("gradual", 2)),
        ([0.4, 0.4], 0, 0.0, ("first", 0)),
        ([0.4, 0.41], 1, 0.0, ("first", 0)),
        ([NAN, NAN, 0.4], 2, 0.0, ("first", 2)),
        ([0.0, NAN, 0.4], 2, 0.0, ("sudden", 2)),  # a batch that could not be judged lies between
        ([0.30, 0.30, 0.36], 2, 0.29, ("sudden", 2)),  # against what was usual in training
        ([0.30, 0.30, 0.36], 2, 0.0, ("first", 0)),
    ],
)
def test_arrivals(values: list[float], start: int, usual: float, expected: tuple[str, int]) -> None:
    assert arrival(np.array(values), start, usual=usual) == expected
