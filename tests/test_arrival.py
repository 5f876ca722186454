"""Sudden or gradual, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.judging.arrival import arrival

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
        ([0.0, *[NAN] * 6, 0.4], 7, 0.0, ("gradual", 7)),  # what was before the gap is history, and not the first
        ([0.30, 0.30, 0.36], 2, 0.29, ("sudden", 2)),  # against what was usual in training
        ([0.30, 0.30, 0.36], 2, 0.0, ("first", 0)),
    ],
)
def test_arrivals(values: list[float], start: int, usual: float, expected: tuple[str, int]) -> None:
    assert arrival(np.array(values), start, usual=usual) == expected


def test_a_step_climbs_through_the_windows_that_hold_it_in_part() -> None:
    steps = np.array([0.0] * 6 + [0.03, 0.12, 0.25, 0.4, 0.4, 0.4])
    windows = np.full(len(steps), 4)
    assert arrival(steps, 11, windows=windows) == ("sudden", 6)
    assert arrival(steps, 11) == ("gradual", 11), "taken for single batches it would be a slope"
    slope = np.linspace(0, 0.4, 40) ** 2 / 0.4
    assert arrival(slope, 39, windows=np.full(40, 4)) == ("gradual", 39)
    assert arrival(np.array([NAN, NAN, NAN, 0.4, 0.4]), 4, windows=np.full(5, 4)) == ("first", 3)
