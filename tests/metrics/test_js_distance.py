"""Jensen-Shannon distance: published values, scipy, and its ends."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from dashboard.metrics.js_distance import js_distance
from tests.metrics.counts import Whole, pairs

DATA = Path(__file__).parents[1] / "data"


def test_an_asymmetric_example_by_hand() -> None:
    # 6, 3, 1 of 10 against 2, 4, 4: the middle is 4, 3.5, 2.5.
    left = 0.6 * math.log2(0.6 / 0.4) + 0.3 * math.log2(0.3 / 0.35) + 0.1 * math.log2(0.1 / 0.25)
    right = 0.2 * math.log2(0.2 / 0.4) + 0.4 * math.log2(0.4 / 0.35) + 0.4 * math.log2(0.4 / 0.25)
    found = js_distance(np.array([60, 30, 10]), np.array([20, 40, 40]))
    assert found == pytest.approx(math.sqrt((left + right) / 2), abs=1e-12)
    assert found == pytest.approx(0.388, abs=5e-4)


def test_the_published_value_in_natural_logarithms() -> None:
    base_two = js_distance(np.array([9, 0]), np.array([4, 4]))
    assert base_two * math.sqrt(math.log(2)) == pytest.approx(0.46450140402245893, abs=1e-12)


@given(pairs())
def test_it_agrees_with_scipy(sides: tuple[Whole, Whole]) -> None:
    found = js_distance(*sides)
    # The root makes 1e-8 of the last bit of a divergence near 0, so that there scipy's is compared before the root.
    expected = jensenshannon(*sides, base=2)
    assert found**2 == pytest.approx(expected**2, abs=1e-14, rel=1e-9)
    if expected > 1e-4:
        assert found == pytest.approx(expected, abs=1e-9)


def test_it_keeps_its_digits_where_the_sides_are_nearly_equal() -> None:
    getcontext().prec = 60
    a, b = np.array([500_000_000, 500_000_000]), np.array([500_000_001, 499_999_999])
    exact = Decimal(0)
    for side in (a, b):
        for bin in range(2):
            share, middle = Decimal(int(side[bin])) / 10**9, Decimal(int(a[bin] + b[bin])) / (2 * 10**9)
            exact += share * (share / middle).ln() / Decimal(2).ln()
    assert js_distance(a, b) == pytest.approx(float((exact / 2).sqrt()), abs=1e-15)


@given(pairs(), st.randoms())
def test_order_scale_and_sides_do_not_matter(sides: tuple[Whole, Whole], random: object) -> None:
    a, b = sides
    order = np.argsort([random.random() for _ in a])  # type: ignore[attr-defined]
    value = js_distance(a, b)
    assert js_distance(a[order], b[order]) == pytest.approx(value, abs=1e-9)
    assert js_distance(b, a) == pytest.approx(value, abs=1e-12)
    assert js_distance(np.append(a, 0), np.append(b, 0)) == pytest.approx(value, abs=1e-12)
    assert 0 <= value <= 1


def test_its_ends_and_no_rows() -> None:
    assert js_distance(np.array([7, 0]), np.array([0, 3])) == 1.0
    assert js_distance(np.array([7, 14]), np.array([1, 2])) == 0.0
    assert np.isnan(js_distance(np.array([0, 0]), np.array([1, 2])))
    assert np.isnan(js_distance(np.array([1, 2]), np.array([0, 0])))
    assert np.isnan(js_distance(np.empty((2, 0), int), np.empty((2, 0), int))).all()


def test_car_loan_chunks_equal_the_documented_table() -> None:
    expected = pd.read_csv(DATA / "carloan" / "expected_drift_by_chunk.csv").dropna(subset=["js_doc"])
    expected = expected.set_index(["feature", "period", "chunk"])
    reference = pq.read_table(DATA / "carloan" / "reference.parquet").to_pandas()
    analysis = pq.read_table(DATA / "carloan" / "analysis.parquet").to_pandas()
    compared = 0
    for name in expected.index.levels[0]:
        # The table's own bins: levels, or those numpy calls doane's, with one more for what lies outside.
        levels = name in ("salary_range", "repaid_loan_on_prev_car", "size_of_downpayment", "y_pred")
        edges = None if levels else np.histogram_bin_edges(reference[name], bins="doane")

        def counted(values: pd.Series, name: str = name, edges: Whole | None = edges) -> Whole:
            if edges is None:
                return values.value_counts().reindex(reference[name].unique(), fill_value=0).to_numpy()
            inside = np.histogram(values, bins=edges)[0]
            return np.append(inside, len(values) - inside.sum())

        base = counted(reference[name])
        for period, rows in (("reference", reference), ("analysis", analysis)):
            chunks = np.array([counted(rows[name].iloc[5000 * c : 5000 * (c + 1)]) for c in range(10)])
            want = [expected.loc[(name, period, c), "js_distance"] for c in range(10)]
            np.testing.assert_allclose(js_distance(base, chunks), want, atol=1e-6, err_msg=name)
            documented = [expected.loc[(name, period, c), "js_doc"] for c in range(10)]
            np.testing.assert_allclose(js_distance(base, chunks), documented, atol=2e-6, err_msg=name)
            compared += 10
    assert compared == 180
