"""One file as many batches: the same counts as each batch alone, in one delivery."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import qod
from dashboard.evaluation.evaluate import evaluate
from qod.errors import InputError, UnknownNameError
from qod.frozen import Reference, reference_of
from qod.history import cut_rows
from qod.receipt import Built
from tests.deliveries import register


def rows(n: int = 400, *, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "day": [date(2026, 1, 1) + timedelta(days=int(d)) for d in random.integers(0, 40, n)],
            "x": np.where(random.random(n) < 0.1, np.nan, random.normal(size=n).round(1)),
            "plan": random.choice(["A", "B", "new", None], n),
            "p": random.random(n),
            "y": random.choice([0.0, 1.0, np.nan], n),
            "id": random.integers(0, 300, n),
        }
    )


def reference() -> Reference:
    training = rows(200, seed=2)
    training["plan"] = training["plan"].replace("new", "A")
    return reference_of(qod.build_reference("churn", "1", training[["x", "plan", "p"]], task="binary", score="p"))


def history(data: Any, **options: Any) -> Built:
    given = {"date": "day", "every": "day", "task": "binary", **options}
    return qod.build_history("churn", "1", data, reference=reference(), **given)


@pytest.mark.parametrize("every", ["day", "week", "month", 90])
def test_every_batch_counts_as_if_it_came_alone(every: str | int) -> None:
    frame = rows()
    built = history(frame, every=every, id="id")
    entries = built.tables["batches"].to_pylist()
    days = pd.to_datetime(frame["day"])
    if every == "day":
        labels = days.dt.strftime("%Y-%m-%d")
    elif every == "week":
        labels = (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.strftime("%Y-%m-%d")
    elif every == "month":
        labels = days.dt.strftime("%Y-%m")
    else:
        labels = pd.Series([entries[i // 90]["batch_id"] for i in range(len(frame))])
    assert [entry["batch_id"] for entry in entries] == (
        sorted(set(labels)) if every != 90 else labels.unique().tolist()
    )
    for entry in entries:
        part = frame[labels == entry["batch_id"]]
        first = part["day"].min() if every != 90 else part["day"].iloc[0]
        assert (entry["batch_date"], entry["rows"]) == (first, len(part))
        alone = qod.build_batch(
            *("churn", "1", first, part),
            reference=reference(),
            task="binary",
            batch_id=entry["batch_id"],
            id="id",
        )
        for name in ("batches", "batch_variables", "predictions"):
            held = [row for row in built.tables[name].to_pylist() if row["batch_id"] == entry["batch_id"]]
            assert held == alone.tables[name].to_pylist()


def test_weeks_begin_on_monday_and_batches_take_their_earliest_day() -> None:
    days = np.array(["2026-01-04", "2026-01-07", "2026-01-05", "1969-12-31"], dtype="datetime64[D]").astype(np.int32)
    cuts = cut_rows(days, "week")
    assert cuts.ids == ("1969-12-29", "2025-12-29", "2026-01-05")
    assert cuts.days == (date(1969, 12, 31), date(2026, 1, 4), date(2026, 1, 5))
    assert cuts.batch_of_row.tolist() == [1, 2, 2, 0]


def test_batches_of_rows_are_called_by_their_first_day_and_numbered_when_it_repeats() -> None:
    days = np.repeat(np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"), [5, 2]).astype(np.int32)
    cuts = cut_rows(days, 2)
    assert cuts.ids == ("2026-01-01", "2026-01-01-2", "2026-01-01-3", "2026-01-02")
    assert cuts.rows.tolist() == [2, 2, 2, 1]
    assert cut_rows(days, "4").ids == ("2026-01-01", "2026-01-01-2")


def test_the_batches_of_a_day_sort_as_text_in_the_order_of_the_file() -> None:
    days = np.repeat(np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"), [100, 12]).astype(np.int32)
    ids = cut_rows(days, 1).ids
    assert list(ids) == sorted(ids)
    assert (ids[1], ids[99], ids[101], ids[111]) == (
        "2026-01-01-002",
        "2026-01-01-100",
        "2026-01-02-02",
        "2026-01-02-12",
    )


def test_the_newest_of_twelve_batches_a_day_is_the_last_of_the_file(tmp_path: Path) -> None:
    warehouse = register(tmp_path)
    training = rows(200, seed=2)[["x", "plan", "p"]]
    qod.deliver_reference("churn", "1", training, warehouse=warehouse, score="p")
    frame = rows(240).assign(day=date(2026, 1, 1))
    qod.deliver_history("churn", "1", frame, warehouse=warehouse, date="day", every=20)
    evaluate(warehouse, as_of=date(2026, 1, 1))
    (row,) = warehouse.query("fleet").to_pylist()
    assert row["batch_id"] == "2026-01-01-12"


def test_the_truth_goes_to_outcomes_where_it_is_known() -> None:
    frame = pd.DataFrame(
        {
            "day": ["2026-01-02", "2026-01-01", "2026-01-01"],
            "id": ["b", "a", "c"],
            "x": [1.0, 2.0, 3.0],
            "p": [0.1, 0.2, 0.3],
            "y": [1.0, np.nan, 0.0],
        }
    )
    built = history(frame, id="id", outcome="y")
    truth = [(r["entity_id"], r["batch_date"], r["outcome"]) for r in built.tables["outcomes"].to_pylist()]
    assert sorted(truth) == [("b", date(2026, 1, 2), "1"), ("c", date(2026, 1, 1), "0")]
    assert built.tables["predictions"].num_rows == 3
    # Without identifiers, rows are called by their place in the file.
    numbered = history(frame, outcome="y").tables
    assert numbered["predictions"]["entity_id"].to_pylist() == ["row-1", "row-2", "row-3"]
    assert sorted(numbered["outcomes"]["entity_id"].to_pylist()) == ["row-1", "row-3"]
    assert numbered["batches"]["duplicate_ids"].null_count == 2


def test_an_entity_twice_in_a_day_has_the_truth_of_its_kept_prediction() -> None:
    frame = pd.DataFrame({"day": ["2026-01-01"] * 3, "id": ["a", "a", "a"], "p": [0.1, 0.2, 0.3], "y": [0, 1, 1]})
    for every in ("day", 1):
        outcomes = history(frame, id="id", outcome="y", every=every).tables["outcomes"].to_pylist()
        assert [(row["entity_id"], row["outcome"]) for row in outcomes] == [("a", "0")]


def test_without_a_score_the_truth_is_left_out_with_a_note() -> None:
    built = history(rows().drop(columns="p"), id="id", outcome="y")
    assert "outcomes" not in built.tables
    assert any("'y' was left out" in note for note in built.notes)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["2026-01-01", None, "2026-01-03"], ("row 2", "missing")),
        (["2026-01-01", "2026-01-02", "03/01/2026"], ("row 3", "'03/01/2026'")),
        (["2026-01-01", "2026-01-02", "2026-02-30"], ("row 3", "'2026-02-30'")),
        ([20260101, 20260102, 20260103], ("row 1", "20260101")),
    ],
)
def test_a_date_that_is_none_is_refused_with_its_row(tmp_path: Path, days: list[Any], said: tuple[str, ...]) -> None:
    frame = pd.DataFrame({"day": days, "x": [1.0, 2.0, 3.0]})
    frame.to_csv(tmp_path / "x.csv", index=False)
    for data in (frame, tmp_path / "x.csv"):
        with pytest.raises(InputError) as caught:
            history(data)
        for words in ("column 'day'", "YYYY-MM-DD", *said):
            assert words in str(caught.value)


def test_dates_may_carry_times_and_zones() -> None:
    days = ["2026-01-01T23:30:00-02:00", "2026-01-01 12:00:00", "2026-01-02T00:00:00Z"]
    expected = ("2026-01-01", "2026-01-02")
    assert history(pd.DataFrame({"day": days, "x": 1.0})).tables["batches"]["batch_id"].to_pylist() == list(expected)
    stamps = pd.to_datetime(pd.Series(days[:1] + days[2:]), utc=True).dt.tz_convert("America/New_York")
    built = history(pd.DataFrame({"day": stamps, "x": 1.0}))
    assert built.tables["batches"]["batch_id"].to_pylist() == ["2026-01-02"]


def test_times_with_a_zone_are_said_to_be_cut_in_utc() -> None:
    for day in (
        "2026-01-01T23:30:00-02:00",
        "2026-01-01T23:30:00Z",
        pd.Timestamp("2026-01-01 23:30", tz="Europe/Paris"),
    ):
        (note,) = [n for n in history(pd.DataFrame({"day": [day], "x": 1.0})).notes if "zone" in n]
        assert "'day'" in note
        assert "UTC" in note
        assert "deliver dates" in note
    for day in ("2026-01-01", "2026-01-01 23:30:00", pd.Timestamp("2026-01-01 23:30")):
        assert not [n for n in history(pd.DataFrame({"day": [day], "x": 1.0})).notes if "zone" in n]


def test_batches_that_have_yet_to_come_are_said() -> None:
    coming = date.today() + timedelta(days=30)
    frame = pd.DataFrame({"day": [date(2026, 1, 1), coming], "x": 1.0})
    assert [n for n in history(frame).notes if "1 of 2 batches are dated after today" in n and str(coming) in n]
    assert not [n for n in history(frame[:1]).notes if "after today" in n]


@pytest.mark.parametrize("every", ["year", 0, -5, "1.5", "", True])
def test_a_period_that_is_none_is_refused(every: Any) -> None:
    with pytest.raises(InputError, match="day, week, month or a number of rows"):
        history(rows(), every=every)


def test_unknown_columns_are_named() -> None:
    with pytest.raises(UnknownNameError, match="'when' was not found"):
        history(rows(), date="when")


def test_a_history_is_one_delivery(tmp_path: Path) -> None:
    warehouse = register(tmp_path)
    training = rows(200, seed=2)[["x", "plan", "p"]]
    qod.deliver_reference("churn", "1", training, warehouse=warehouse, score="p")
    for _ in range(2):
        receipt = qod.deliver_history(
            *("churn", "1", rows()), warehouse=warehouse, date="day", every="week", id="id", outcome="y"
        )
    found = warehouse.table("batches")
    assert found.num_rows == 7
    assert set(found["delivery_id"].to_pylist()) == {receipt.delivery_id}
    assert sum(found["rows"].to_pylist()) == receipt.rows == 400
    assert warehouse.table("batch_variables").num_rows == 7 * 4  # with the predicted class
    assert warehouse.table("outcomes").num_rows > 0
