"""The two-sample chi-square test: chi_square and chi_square_p_value, against scipy and the documented table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from scipy.stats import chi2_contingency

from dashboard.metrics.chi_square import chi_square
from dashboard.metrics.chi_square_p_value import chi_square_tail
from dashboard.metrics.psi import bins_in_use
from tests.metrics.counts import Whole, pairs

DATA = Path(__file__).parents[1] / "data"


def test_an_asymmetric_example_by_hand() -> None:
    # 60, 30, 10 and 10, 20, 20: expected 46.67, 33.33, 20 and 23.33, 16.67, 10.
    observed, expected = [60, 30, 10, 10, 20, 20], [140 / 3, 100 / 3, 20, 70 / 3, 50 / 3, 10]
    by_hand = sum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True))
    found = chi_square(np.array([60, 30, 10]), np.array([10, 20, 20]))
    assert found == pytest.approx(by_hand, rel=1e-12)
    assert chi_square_tail(found, np.array(3)) == pytest.approx(np.exp(-by_hand / 2), rel=1e-12), "2 degrees of freedom"


@given(pairs())
def test_it_agrees_with_scipy(sides: tuple[Whole, Whole]) -> None:
    a, b = sides
    bins = bins_in_use(a, b)
    value = chi_square(a, b)
    if bins < 2:
        assert np.isnan(value)
        assert np.isnan(chi_square_tail(value, bins)), "scipy says 1 where nothing is tested"
        return
    used = (a > 0) | (b > 0)
    expected = chi2_contingency([a[used], b[used]], correction=False)
    assert bins - 1 == expected.dof
    assert value == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    assert chi_square_tail(value, bins) == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)
    assert chi_square(a[::-1], b[::-1]) == pytest.approx(value, rel=1e-9, abs=1e-9)
    assert chi_square(np.append(a, 0), np.append(b, 0)) == pytest.approx(value, rel=1e-12)


def test_no_rows_or_one_bin_is_no_test() -> None:
    some, none = np.array([3, 4]), np.array([0, 0])
    for a, b in ((some, none), (none, some), (none, none), (np.array([3, 0]), np.array([5, 0]))):
        assert np.isnan(chi_square(a, b))


def test_car_loan_chunks_equal_the_documented_table() -> None:
    expected = pd.read_csv(DATA / "carloan" / "expected_drift_by_chunk.csv").dropna(subset=["chi2"])
    reference, analysis = (
        pq.read_table(DATA / "carloan" / f"{n}.parquet").to_pandas() for n in ("reference", "analysis")
    )
    for row in expected.itertuples():
        rows = (reference if row.period == "reference" else analysis)[row.feature].iloc[5000 * row.chunk :][:5000]
        levels = reference[row.feature].unique()
        a, b = (v.value_counts().reindex(levels, fill_value=0).to_numpy() for v in (reference[row.feature], rows))
        value = chi_square(a, b)
        assert value == pytest.approx(row.chi2, rel=1e-6)
        assert chi_square_tail(value, bins_in_use(a, b)) == pytest.approx(row.chi2_p, abs=1e-6)
        if len(levels) > 2:  # two levels: the table has Yates' correction, which is for small samples
            assert value == pytest.approx(row.chi2_doc, rel=1e-5)
    assert len(expected) == 80
