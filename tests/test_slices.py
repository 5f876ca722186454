"""Slices of the training rows: the noise floor of real flights, how slices are cut and pooled, weekdays, chunks."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import qod
from dashboard.metrics.psi import bins_in_use, psi, sampling
from qod.bins import Bins
from qod.codes import row_codes
from qod.counting import count_numeric
from qod.errors import InputError
from qod.receipt import Built
from qod.slices import cut_slices, debiased_psi
from tests.deliveries import DATA, register

FIRST = date(2026, 1, 5)
"""A Monday."""


@cache
def flights() -> Built:
    frame = pd.read_parquet(DATA / "flights/flights_2013.parquet")
    frame = frame[frame["date"] <= date(2013, 3, 31)]
    return qod.build_reference("flights", "1", frame, task="binary", score="p", outcome="y", date="date")


def variables(built: Built) -> dict[str, dict[str, Any]]:
    rows = built.tables["reference_variables"].to_pylist()
    return {row["variable"]: row | {"noise": json.loads(row["noise"] or "null")} for row in rows}


def days_of(counts: list[int], first: date = FIRST) -> np.ndarray:
    """The days since 1970-01-01 of rows: so many on each of consecutive days from ``first`` on."""
    start = (first - date(1970, 1, 1)).days
    return np.repeat(np.arange(start, start + len(counts)), counts).astype(np.int32)


def of_days(days: int, rows: int, **options: Any) -> Built:
    """A reference of ``rows`` rows on each of ``days`` days."""
    n = days * rows
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "day": np.repeat([FIRST + timedelta(days=day) for day in range(days)], rows),
            "x": random.normal(size=n),
            "t": random.choice(["a", "b", None], n),
            "same": 1.0,
            "p": random.random(n),
        }
    )
    frame["y"] = random.random(n) < frame["p"]
    return qod.build_reference("m", "1", frame, **{"task": "binary", "date": "day", "outcome": "y", **options})


def test_days_of_flights_have_the_published_noise() -> None:
    expected = pd.read_csv(DATA / "flights/expected_noise_floor.csv").query("window == 'daily'").set_index("feature")
    found = variables(flights())
    assert len(expected) == 11
    for name, tau in expected["tau"].items():
        noise = found[str(name)]["noise"]
        assert noise["batches"] == 90
        # The published figures take the deviation of the 90 days as of all there are; here it is that of a sample.
        assert noise["mean"] + 3 * noise["sd"] * np.sqrt(89 / 90) == pytest.approx(
            tau, rel=5e-4
        )  # four digits are published


def test_days_whose_rows_are_alike_have_no_noise_and_days_of_weather_much() -> None:
    found = variables(flights())
    floor = {name: row["noise"]["mean"] + 3 * row["noise"]["sd"] for name, row in found.items() if row["noise"]}
    assert {name for name, size in floor.items() if size > 0.25} >= {"dow", "temp", "humid", "wind_speed", "visib"}
    assert max(floor[name] for name in ("hour", "distance", "carrier", "origin")) < 0.02


def test_what_is_derived_has_a_floor_and_weekdays_as_well() -> None:
    found = variables(flights())
    for name in ("reconstruction_error", "prediction"):
        assert found[name]["noise"]["batches"] == 90
        assert len(found[name]["weekdays"]) == 7 * len(found[name]["counts"])


def test_weekdays_add_up_to_the_training_rows() -> None:
    frame = pd.read_parquet(DATA / "flights/flights_2013.parquet")
    frame = frame[frame["date"] <= date(2013, 3, 31)]
    weekday = pd.to_datetime(frame["date"]).dt.day_of_week
    for name in ("temp", "carrier"):
        row = variables(flights())[name]
        table = np.array(row["weekdays"]).reshape(7, -1)
        assert table.sum(axis=0).tolist() == row["counts"]
        assert table.sum(axis=1).tolist() == weekday.value_counts().sort_index().tolist()


def test_weekdays_take_four_weeks() -> None:
    assert variables(of_days(28, 10))["x"]["weekdays"]
    assert not variables(of_days(27, 10))["x"]["weekdays"]


def test_the_size_of_a_change_is_that_of_the_dashboard() -> None:
    random = np.random.default_rng(2)
    reference = random.integers(0, 400, 12)
    reference[[2, 5]] = 0
    batches = random.integers(0, 30, (40, 12)) * (random.random((40, 12)) < 0.8)
    batches[0], batches[1] = 0, reference
    noise = sampling(reference, batches) * (bins_in_use(reference, batches) - 1)
    expected = np.maximum(psi(reference, batches) - noise, 0.0)
    assert debiased_psi(reference, batches) == pytest.approx(expected, nan_ok=True, abs=1e-12)
    assert np.isnan(debiased_psi(reference, batches)[0])
    assert debiased_psi(reference, batches)[1] == 0
    assert np.isnan(debiased_psi(np.array([5, 0]), np.array([[3, 0]]))).all()


@pytest.mark.parametrize(
    ("cadence", "counts", "expected"),
    [
        ("P1D", [200, 200, 200], [0, 1, 2]),
        ("P1D", [150, 150, 300, 150], [0, 0, 1, 1]),  # 150 + 150; 300; what is left joins the last
        ("P1D", [10, 10], [0, 0]),
        ("P1D", [200, 0, 0, 200], [0, 1]),  # slices that hold rows
        ("P7D", [100] * 15, [0] * 7 + [1] * 7 + [1]),
        ("P1W", [300] * 15, [0] * 7 + [1] * 7 + [2]),
        ("P2D", [300] * 5, [0, 0, 1, 1, 2]),
        ("P1M", [300] * 30, [0] * 27 + [1] * 3),
        ("P14D", [300] * 30, [0] * 14 + [1] * 14 + [2] * 2),
        ("P2M", [300] * 62, [0] * 59 + [1] * 3),
    ],
)
def test_slices_are_periods_of_the_cadence_and_hold_200_rows(
    cadence: str, counts: list[int], expected: list[int]
) -> None:
    slices = cut_slices(days_of(counts), cadence)
    assert slices.slice_of_day.tolist() == expected
    assert np.bincount(slices.day_of_row).tolist() == [rows for rows in counts if rows]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    weeks = cut_slices(days_of([300] * 9, date(2026, 1, 8)), "P7D")  # Thursday to Friday of the week after
    assert weeks.slice_of_day.tolist() == [0] * 4 + [1] * 5
    months = cut_slices(days_of([300] * 40, date(2026, 1, 31)), "P1M")
    assert months.slice_of_day.tolist() == [0] + [1] * 28 + [2] * 11


def test_the_order_of_the_rows_does_not_matter() -> None:
    days = days_of([150, 250, 90, 400, 210])
    order = np.random.default_rng(3).permutation(len(days))
    assert (cut_slices(days[order], "P1D").of_row == cut_slices(days, "P1D").of_row[order]).all()


@pytest.mark.parametrize("cadence", ["daily", "P", "PT1H", "P0D", ""])
def test_a_cadence_that_is_none_is_refused(cadence: str) -> None:
    with pytest.raises(InputError, match="is no cadence"):
        cut_slices(days_of([1]), cadence)


def test_the_bin_of_each_row_is_the_one_it_is_counted_in() -> None:
    bins = Bins("numeric", edges=(1.0, 2.0), low=0.0, high=3.0)
    values = [1.0, np.nextafter(1.0, 2), 2.0, 2.5, np.nan, np.inf, -np.inf, None]
    levels = Bins("categorical", levels=("a", "1"), tail=("c",))
    with qod.open_source(pa.table({"x": values, "t": ["a", "1.0", "c", "new", "", None, "a", "a"]})) as source:
        assert row_codes(source, "x", bins).tolist() == [0, 1, 1, 2, 3, 2, 0, 3]
        assert row_codes(source, "t", levels).tolist() == [0, 1, 2, 3, 4, 4, 0, 0]
        counted = count_numeric(np.array(values, np.float64), bins)
        assert np.bincount(row_codes(source, "x", bins), minlength=4).tolist() == counted.counts[0].tolist()


def test_twenty_slices_are_needed_and_said_to_be() -> None:
    enough, fewer = of_days(20, 200), of_days(19, 200)
    assert variables(enough)["x"]["noise"]["batches"] == 20
    assert variables(fewer)["x"]["noise"] is None
    (note,) = [note for note in fewer.notes if "noise" in note]
    assert note.startswith("The training rows make 19 slices of the model's cadence (P1D) with at least 200 rows")
    assert not [note for note in enough.notes if "noise" in note]
    assert variables(of_days(60, 60))["x"]["noise"] is None  # 15 slices, once they are pooled


def test_a_constant_has_no_noise() -> None:
    assert variables(of_days(20, 200))["same"]["noise"] is None


def test_performance_between_slices_stands_with_the_baseline() -> None:
    from sklearn.metrics import roc_auc_score

    frame = pd.read_parquet(DATA / "flights/flights_2013.parquet")
    frame = frame[(frame["date"] <= date(2013, 3, 31)) & frame["y"].notna()]
    areas = [roc_auc_score(rows["y"], rows["p"]) for _, rows in frame.groupby("date") if rows["y"].sum() >= 10]
    chunks = json.loads(flights().tables["versions"]["baselines"][0].as_py())["auc"]["chunks"]
    assert chunks["n"] == len(areas) > 80
    assert chunks["mean"] == pytest.approx(np.mean(areas), abs=1e-12)
    assert chunks["sd"] == pytest.approx(np.std(areas, ddof=1), abs=1e-12)


def test_fewer_than_twenty_slices_give_no_chunks() -> None:
    fewer, enough = (
        json.loads(of_days(days, 200, score="p").tables["versions"]["baselines"][0].as_py()) for days in (19, 20)
    )
    assert all("chunks" not in baseline for baseline in fewer.values())
    assert all(baseline["chunks"]["n"] == 20 for baseline in enough.values())


def test_the_cadence_is_the_registered_one(tmp_path: Any) -> None:
    warehouse = register(tmp_path)
    frame = pd.DataFrame({"day": np.repeat([FIRST + timedelta(days=day) for day in range(20)], 200), "x": range(4000)})
    qod.deliver_reference("churn", "1", frame, warehouse=warehouse, date="day", numeric=["x"])
    noise = json.loads(warehouse.table("reference_variables")["noise"][0].as_py())
    assert noise["batches"] == 20
