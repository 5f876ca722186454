"""The normed Wasserstein distance: exact where it can be, near the rows' own, and what it does without values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from dashboard.metrics.wasserstein import Values, wasserstein
from qod.bins import Bins, freeze_numeric
from qod.counting import count_numeric

DATA = Path(__file__).parents[1] / "data"


def values(rows: object, bins: Bins) -> tuple[Values, np.ndarray]:  # type: ignore[type-arg]
    found = count_numeric(rows, bins)  # type: ignore[arg-type]
    return Values(found.counts[0, :-1], found.mean[0], found.low[0], found.high[0], found.quantiles[0]), found.sd[0]


def distance(training: object, batch: object) -> float:
    bins = freeze_numeric(training)  # type: ignore[arg-type]
    reference, sd = values(training, bins)
    return float(wasserstein(np.array(bins.edges), sd, reference, values(batch, bins)[0]))


def test_an_example_by_hand() -> None:
    # Training even over 0..10, the batch even over 5..10: half of the rows move by up to 5, (10 - x) / 2 on average.
    edges = np.array([2.0, 5.0])
    training = Values(np.array([20, 30, 50]), np.array(5.0), np.array(0.0), np.array(10.0))
    quantiles = 5 + 5 * np.array([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
    batch = Values(np.array([0, 0, 40]), np.array(7.5), np.array(5.0), np.array(10.0), quantiles)
    assert wasserstein(edges, np.array(2.0), training, batch) == pytest.approx(2.5 / 2.0, abs=1e-12)
    # Shares .2 .3 .5 against .3 .1 .6, even within each bin: the gap is -.1 at 2 and .1 at 5, straight in between, so
    # the area is .1 + .15 + .25, while the means differ by .15 only.
    quantiles = np.array(
        [0.01 / 0.15, 0.05 / 0.15, 0.25 / 0.15, 5 + 0.1 / 0.12, 5 + 0.35 / 0.12, 5 + 0.55 / 0.12, 9 + 0.11 / 0.12]
    )
    batch = Values(np.array([30, 10, 60]), np.array(5.15), np.array(0.0), np.array(10.0), quantiles)
    assert wasserstein(edges, np.array(2.0), training, batch) == pytest.approx(0.5 / 2.0, abs=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(-8, 8))
def test_a_shift_is_its_size_in_training_standard_deviations(seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    training = rng.lognormal(size=3000)
    sd = float(np.std(training, ddof=1))
    found = distance(training, training + shift * sd)
    assert found == pytest.approx(abs(shift), rel=0.02, abs=1e-9)


@pytest.mark.parametrize("kind", ["normal", "lognormal", "uniform", "whole", "flag", "mostly zero", "two humps"])
@pytest.mark.parametrize("change", ["none", "shift", "spread", "unit", "sentinel"])
def test_it_is_near_the_distance_of_the_rows(kind: str, change: str) -> None:
    rng = np.random.default_rng(20261121)

    def rows(n: int) -> np.ndarray:  # type: ignore[type-arg]
        normal = rng.normal(size=n)
        return {
            "normal": normal,
            "lognormal": np.exp(normal),
            "uniform": rng.random(n) * 10,
            "whole": rng.poisson(3, n) * 1.0,
            "flag": (rng.random(n) < 0.1) * 1.0,
            "mostly zero": np.where(rng.random(n) < 0.6, 0.0, np.exp(normal)),
            "two humps": normal + 6 * (rng.random(n) < 0.5),
        }[kind]

    training, batch = rows(50_000), rows(5_000)
    sd, mean = training.std(), training.mean()
    batch = {
        "none": batch,
        "shift": batch + 0.5 * sd,
        "spread": mean + 2 * (batch - mean),
        "unit": batch * 100,
        "sentinel": np.where(np.arange(5000) < 250, -999.0, batch),
    }[change]
    exact = wasserstein_distance(training, batch) / sd
    near = {"none": 0.025, "shift": 0.03, "sentinel": 0.2}.get(change, 0.2 * exact)
    # Whether a bin's rows are at 0 or beside it is unknown where the spread takes them off it.
    near += 0.02 if (kind, change) == ("mostly zero", "spread") else 0.0
    assert distance(training, batch) == pytest.approx(exact, abs=near)


@pytest.mark.parametrize(
    "rows", [[0.0, 0, 0, 0, 3, 9, 9, 9], [0.0] * 9 + [1.0], [0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]
)
def test_rows_are_nowhere_but_where_they_are(rows: list[float]) -> None:
    assert distance(rows, rows) == pytest.approx(0, abs=1e-12)


def test_rows_at_the_smallest_value_stay_there() -> None:
    training, batch = [0.0, 0, 0, 0, 3, 3, 9, 9] * 25, [0.0, 0, 0, 0, 3, 9, 9, 9] * 25
    assert distance(training, batch) == pytest.approx(6 / 8 / np.std(training, ddof=1), abs=1e-12)


def test_car_loan_chunks_are_near_the_exact_table() -> None:
    expected = pd.read_csv(DATA / "carloan" / "expected_drift_by_chunk.csv").dropna(subset=["wasserstein_norm"])
    tables = {
        name: pq.read_table(DATA / "carloan" / f"{name}.parquet").to_pandas() for name in ("reference", "analysis")
    }
    for name, rows in expected.groupby("feature"):
        bins = freeze_numeric(tables["reference"][name])
        reference, sd = values(tables["reference"][name], bins)
        for row in rows.itertuples():
            batch, _ = values(tables[row.period][name].iloc[5000 * row.chunk :][:5000], bins)
            found = wasserstein(np.array(bins.edges), sd, reference, batch)
            drifted = row.period == "analysis" and row.chunk >= 5 and name in ("car_value", "loan_length")
            near = 1e-4 if drifted else 0.03 if name == "y_pred_proba" else 0.006
            assert found == pytest.approx(row.wasserstein_norm, abs=near)
    assert len(expected) == 100


def test_batches_and_variables_are_vectorised() -> None:
    rng = np.random.default_rng(3)
    rows = [rng.normal(size=500), rng.exponential(size=500), np.array([0.0, 1.0] * 250)]
    bins = [freeze_numeric(r) for r in rows]
    width = max(len(b.edges) for b in bins)
    batches = [[r[:50] + t for r in rows] for t in range(4)]
    wide = lambda c: np.pad(c, (0, width + 1 - len(c)))  # noqa: E731
    base = [values(r, b) for r, b in zip(rows, bins, strict=True)]
    now = [[values(r, b)[0] for r, b in zip(batch, bins, strict=True)] for batch in batches]
    edges = np.array([np.pad(b.edges, (0, width - len(b.edges)), constant_values=np.inf) for b in bins])
    reference = Values(
        np.array([wide(v.counts) for v, _ in base]),
        *(np.array([getattr(v, k) for v, _ in base]) for k in ("mean", "low", "high")),
    )
    batch = Values(
        np.array([[wide(v.counts) for v in row] for row in now]),
        *(np.array([[getattr(v, k) for v in row] for row in now]) for k in ("mean", "low", "high", "quantiles")),
    )
    together = wasserstein(edges, np.array([sd for _, sd in base]), reference, batch)
    alone = [
        [float(wasserstein(np.array(b.edges), sd, v, one)) for b, (v, sd), one in zip(bins, base, row, strict=True)]
        for row in now
    ]
    np.testing.assert_allclose(together, alone, rtol=1e-12)


def test_no_values_no_spread_and_no_quantiles() -> None:
    edges, one = np.array([0.5]), np.array(1.0)
    known = Values(np.array([5, 5]), one, one * 0, one, np.linspace(0, 1, 7))
    none = Values(np.array([0, 0]), one * np.nan, one * np.nan, one * np.nan, np.full(7, np.nan))
    assert wasserstein(edges, one, known, known) == 0
    for a, b in ((known, none), (none, known), (none, none)):
        assert np.isnan(wasserstein(edges, one, a, b))
    for sd in (0.0, np.nan, np.inf):
        assert np.isnan(wasserstein(edges, np.array(sd), known, known))
    with pytest.raises(ValueError, match="quantiles"):
        wasserstein(edges, one, known, Values(known.counts, one, one, one))
