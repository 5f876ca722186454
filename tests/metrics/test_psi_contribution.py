"""psi_contribution: where in the bins a change is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from dashboard.metrics.psi import contributions, psi
from tests.metrics.counts import Whole, pairs


def test_an_asymmetric_example_by_hand() -> None:
    found = contributions(np.array([60, 30, 10]), np.array([20, 40, 40]))
    assert found == pytest.approx([0.4265, 0.0279, 0.3990], abs=5e-5)


@given(pairs())
def test_they_add_up_to_the_psi_and_none_is_negative(sides: tuple[Whole, Whole]) -> None:
    parts = contributions(*sides)
    assert (parts >= 0).all()
    value = psi(*sides)
    assert np.isnan(value) or parts.sum() == pytest.approx(float(value), rel=1e-12)
