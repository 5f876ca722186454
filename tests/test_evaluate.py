"""Evaluation from real deliveries: incremental, idempotent, resumable, the same in one go and day by day."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import qod
from dashboard.evaluation.evaluate import evaluate
from qod.contract import DELIVERY_COLUMNS, table_from_columns
from qod.errors import UnknownNameError
from qod.warehouse.lake import LakeWarehouse
from tests.longer import slow

START = date(2026, 1, 5)
DAYS = 40
ROWS = 400
AS_OF = START + timedelta(days=DAYS - 1)


def rows(chance: np.random.Generator, n: int, *, shift: float = 0.0) -> pd.DataFrame:
    """Rows of a small model: two numbers, a plan, a score that tells something of the outcome."""
    age, usage = chance.normal(40 + 12 * shift, 12, n).round(1), chance.lognormal(1, 0.6, n).round(3)
    logit = (age - 40) / 12 + chance.normal(0, 0.5, n) - 1
    score = (1 / (1 + np.exp(-logit))).round(5)
    return pd.DataFrame(
        {
            "age": age,
            "usage": usage,
            "plan": chance.choice(["S", "M", "L"], n, p=[0.5, 0.3, 0.2]),
            "score": score,
            "churned": (chance.random(n) < score).astype(int),
        }
    )


def register(lake: LakeWarehouse, model_id: str, **entry: Any) -> None:
    row = {
        "model_id": model_id,
        "name": model_id.title(),
        "task": "binary",
        "cadence": "P1D",
        "cohort": "week",
        "outcome_window_days": 7,
        "registered_at": datetime(2026, 1, 1, tzinfo=UTC),
    } | entry
    lake.deliver({"models": table_from_columns("models", {k: [v] for k, v in row.items()})}, kind="register")


def history(seed: int, *, broken_from: int = DAYS) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    days = []
    for i in range(DAYS):
        day = rows(chance, ROWS, shift=1.0 if i >= broken_from else 0.0)
        day.insert(0, "date", (START + timedelta(days=i)).isoformat())
        day.insert(1, "id", [f"{i}-{k}" for k in range(ROWS)])
        days.append(day)
    return pd.concat(days, ignore_index=True)


def deliver(lake: LakeWarehouse, model_id: str, frame: pd.DataFrame) -> None:
    qod.deliver_history(
        model_id, "1", frame, warehouse=lake, date="date", every="day", id="id", score="score", outcome="churned"
    )


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models, forty days: one calm, one whose ages move by a standard deviation from day 30 on."""
    root = tmp_path_factory.mktemp("fleet") / "lake"
    lake = LakeWarehouse(root)
    for seed, (model_id, broken) in enumerate({"calm": DAYS, "moved": 30}.items()):
        register(lake, model_id)
        training = rows(np.random.default_rng(100 + seed), 5_000)
        qod.deliver_reference(model_id, "1", training, warehouse=lake, score="score", outcome="churned")
        deliver(lake, model_id, history(seed, broken_from=broken))
    return root


@pytest.fixture
def lake(fleet: Path, tmp_path: Path) -> LakeWarehouse:
    shutil.copytree(fleet, tmp_path / "lake")
    return LakeWarehouse(tmp_path / "lake")


def results(lake: LakeWarehouse, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every stored value of the evaluation's tables, in one order, without the delivery's own columns."""
    return {
        name: sorted(
            str({k: v for k, v in row.items() if k not in (*DELIVERY_COLUMNS, *but)})
            for row in lake.table(name).to_pylist()
        )
        for name in ("measures", "findings", "health", "cohorts")
    }


def newest(lake: LakeWarehouse) -> dict[str, dict[str, Any]]:
    return {row["model_id"]: row for row in sorted(lake.table("health").to_pylist(), key=lambda r: r["batch_date"])}


def test_colours_lead_to_the_variable_that_moved(lake: LakeWarehouse) -> None:
    report = evaluate(lake, as_of=AS_OF)
    assert (report.models, report.evaluated, report.batches) == (2, 2, 2 * DAYS)
    assert {c.model_id: c.after for c in report.changes} == {"calm": "green", "moved": "red"}
    health = newest(lake)
    assert (health["calm"]["colour"], health["calm"]["drift"], health["calm"]["freshness"]) == ("green",) * 3
    assert (health["moved"]["drift"], health["moved"]["since"]) == ("red", START + timedelta(days=30))
    assert "age" in health["moved"]["headline_en"]
    assert "age" in health["moved"]["headline_fr"]
    red = {f["subject"] for f in lake.table("findings").to_pylist() if f["rule"] == "drift" and f["colour"] == "red"}
    assert red == {"age", "score", "prediction"}


def test_auc_of_a_cohort_is_that_of_its_rows(lake: LakeWarehouse) -> None:
    from sklearn.metrics import roc_auc_score

    evaluate(lake, as_of=AS_OF + timedelta(days=30))
    frame = history(0)
    week = frame[pd.to_datetime(frame["date"]).dt.date < START + timedelta(days=7)]
    stored = [
        m
        for m in lake.table("measures").to_pylist()
        if m["model_id"] == "calm" and m["metric"] == "auc" and m["batch_date"] == START
    ]
    assert [m["batch_id"] for m in stored] == ["week:2026-W02"]
    assert stored[0]["value"] == pytest.approx(roc_auc_score(week["churned"], week["score"]), abs=1e-9)
    assert stored[0]["low"] < stored[0]["value"] < stored[0]["high"]
    assert stored[0]["n"] == 7 * ROWS


def test_nothing_new_means_nothing_written(lake: LakeWarehouse) -> None:
    evaluate(lake, as_of=AS_OF)
    stamp, before = lake.stamp(), results(lake)
    report = evaluate(lake, as_of=AS_OF)
    assert (report.evaluated, report.batches) == (0, 0)
    assert lake.stamp() == stamp
    assert results(lake) == before


def test_one_new_batch_writes_one_batch_of_one_model(lake: LakeWarehouse) -> None:
    evaluate(lake, as_of=AS_OF)
    stamp = lake.stamp()
    day = AS_OF + timedelta(days=1)
    batch = rows(np.random.default_rng(9), ROWS).drop(columns="churned").assign(id=[f"n{i}" for i in range(ROWS)])
    qod.deliver_batch("calm", "1", day, batch, warehouse=lake, id="id", score="score")
    report = evaluate(lake, as_of=day)
    assert report.evaluated == 1, "moved has nothing new, and its next batch is not late yet"
    assert report.batches == 2, "the new batch, and the row that was the newest until now"
    assert lake.stamp() > stamp


def test_day_by_day_gives_what_one_go_gives(lake: LakeWarehouse, tmp_path: Path) -> None:
    daily = LakeWarehouse(tmp_path / "daily")
    shutil.copytree(lake.root, daily.root)
    for i in range(25, DAYS):
        evaluate(daily, as_of=START + timedelta(days=i))
    evaluate(lake, as_of=AS_OF)
    assert results(daily, but=("inputs", "as_of")) == results(lake, but=("inputs", "as_of"))


def test_a_redelivered_batch_gives_what_a_first_delivery_gives(lake: LakeWarehouse, tmp_path: Path) -> None:
    other = LakeWarehouse(tmp_path / "other")
    shutil.copytree(lake.root, other.root)
    corrected = history(0, broken_from=35)
    deliver(other, "calm", corrected)
    evaluate(other, as_of=AS_OF)
    evaluate(lake, as_of=AS_OF)
    assert newest(lake)["calm"]["colour"] == "green"
    deliver(lake, "calm", corrected)
    evaluate(lake, as_of=AS_OF)
    assert newest(lake)["calm"]["colour"] == "red"
    assert results(lake, but=("inputs", "as_of")) == results(other, but=("inputs", "as_of"))


def test_late_truth_updates_the_cohort_it_belongs_to(lake: LakeWarehouse) -> None:
    as_of = AS_OF + timedelta(days=30)
    evaluate(lake, as_of=as_of)

    def first_week() -> dict[str, Any]:
        found = {
            m["metric"]: m
            for m in lake.table("measures").to_pylist()
            if m["model_id"] == "calm" and m["batch_id"] == "week:2026-W02"
        }
        return {"auc": found["auc"]["value"], "completeness": found["completeness"]["value"]}

    before = first_week()
    frame = history(0)[: 7 * ROWS]
    turned = frame.assign(churned=1 - frame["churned"])
    qod.deliver_outcomes("calm", turned, warehouse=lake, id="id", outcome="churned", date="date")
    evaluate(lake, as_of=as_of)
    after = first_week()
    assert after["auc"] == pytest.approx(1 - before["auc"], abs=1e-9)
    assert after["completeness"] == before["completeness"] == 1


def predicted_in(lake: LakeWarehouse, model_id: str) -> dict[str, tuple[float, int]]:
    """The completeness of every cohort and the predictions in it."""
    found = lake.table("measures").to_pylist()
    return {
        m["batch_id"]: (m["value"], m["n"])
        for m in found
        if m["model_id"] == model_id and m["metric"] == "completeness"
    }


def test_a_truth_that_came_ahead_stays_with_the_first_prediction(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path / "lake")
    register(lake, "ahead")
    frame = rows(np.random.default_rng(1), ROWS).assign(id=[f"c{i}" for i in range(ROWS)])
    qod.deliver_reference("ahead", "1", frame, warehouse=lake, score="score", outcome="churned", exclude=("id",))
    qod.deliver_outcomes("ahead", frame, warehouse=lake, id="id", outcome="churned")
    scored = frame.drop(columns="churned")
    for day in (START, START + timedelta(days=7)):
        qod.deliver_batch("ahead", "1", day, scored, warehouse=lake, id="id", score="score")
    evaluate(lake, as_of=START + timedelta(days=30))
    assert predicted_in(lake, "ahead") == {"week:2026-W02": (1.0, ROWS), "week:2026-W03": (0.0, ROWS)}


def test_the_latest_truth_holds_whether_it_names_its_day_or_not(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path / "lake")
    register(lake, "twice")
    frame = rows(np.random.default_rng(1), ROWS).assign(id=[f"c{i}" for i in range(ROWS)], day=START)
    qod.deliver_reference("twice", "1", frame, warehouse=lake, score="score", outcome="churned", exclude=("id", "day"))
    qod.deliver_batch("twice", "1", START, frame, warehouse=lake, id="id", score="score")

    def auc() -> float:
        evaluate(lake, as_of=START + timedelta(days=30))
        (found,) = [m for m in lake.table("measures").to_pylist() if m["metric"] == "auc"]
        return float(found["value"])

    qod.deliver_outcomes("twice", frame, warehouse=lake, id="id", outcome="churned", date="day")
    first = auc()
    turned = frame.assign(churned=1 - frame["churned"])
    qod.deliver_outcomes("twice", turned, warehouse=lake, id="id", outcome="churned")
    assert auc() == pytest.approx(1 - first, abs=1e-9)


def test_small_scores_rank_as_well_as_large_ones(tmp_path: Path) -> None:
    from sklearn.metrics import roc_auc_score

    lake = LakeWarehouse(tmp_path / "lake")
    register(lake, "small", cohort="batch")
    frame = rows(np.random.default_rng(1), ROWS).assign(id=[f"c{i}" for i in range(ROWS)])
    frame["score"] *= 1e-8
    qod.deliver_reference("small", "1", frame, warehouse=lake, score="score", outcome="churned", exclude=("id",))
    qod.deliver_batch("small", "1", START, frame, warehouse=lake, id="id", score="score")
    qod.deliver_outcomes("small", frame, warehouse=lake, id="id", outcome="churned")
    evaluate(lake, as_of=START + timedelta(days=30))
    (found,) = [m for m in lake.table("measures").to_pylist() if m["metric"] == "auc"]
    assert found["value"] == pytest.approx(roc_auc_score(frame["churned"], frame["score"]), abs=1e-9)


def test_a_batch_delivered_again_without_identifiers_keeps_no_old_predictions(lake: LakeWarehouse) -> None:
    batch = rows(np.random.default_rng(5), ROWS).drop(columns="churned")
    qod.deliver_batch("calm", "1", START, batch, warehouse=lake)
    evaluate(lake, as_of=AS_OF)
    assert predicted_in(lake, "calm")["week:2026-W02"][1] == 6 * ROWS


def test_batches_counted_in_other_bins_are_grey_until_they_come_again(lake: LakeWarehouse) -> None:
    """A reference that is delivered again with other rows makes the old counts mean nothing: never green."""
    moved = rows(np.random.default_rng(8), 5_000, shift=5.0)
    qod.deliver_reference("calm", "1", moved, warehouse=lake, score="score", outcome="churned")
    evaluate(lake, as_of=AS_OF)
    assert {newest(lake)["calm"][name] for name in ("colour", "drift", "quality")} == {"grey"}
    assert not [
        m for m in lake.table("measures").to_pylist() if m["model_id"] == "calm" and m["metric"] == "psi" and m["value"]
    ]
    deliver(lake, "calm", history(0))
    evaluate(lake, as_of=AS_OF)
    assert newest(lake)["calm"]["drift"] == "red"


def test_the_same_reference_again_changes_no_colour(lake: LakeWarehouse) -> None:
    evaluate(lake, as_of=AS_OF)
    before = results(lake, but=("inputs",))
    training = rows(np.random.default_rng(100), 5_000)
    qod.deliver_reference("calm", "1", training, warehouse=lake, score="score", outcome="churned")
    assert evaluate(lake, as_of=AS_OF).evaluated == 1
    assert results(lake, but=("inputs",)) == before


def test_going_back_and_forth_in_time_ends_where_going_straight_does(lake: LakeWarehouse, tmp_path: Path) -> None:
    straight = LakeWarehouse(tmp_path / "straight")
    shutil.copytree(lake.root, straight.root)
    evaluate(straight, as_of=AS_OF)
    for as_of in (AS_OF, START + timedelta(days=12), START - timedelta(days=1), AS_OF):
        evaluate(lake, as_of=as_of)
        assert all(row["batch_date"] <= as_of for row in lake.table("health").to_pylist())
    assert results(lake) == results(straight)


def test_cohorts_of_an_earlier_registration_are_removed(lake: LakeWarehouse, tmp_path: Path) -> None:
    other = LakeWarehouse(tmp_path / "other")
    shutil.copytree(lake.root, other.root)
    evaluate(lake, as_of=AS_OF)
    for warehouse in (lake, other):
        register(warehouse, "calm", cohort="month")
        evaluate(warehouse, as_of=AS_OF)
    assert results(lake, but=("inputs",)) == results(other, but=("inputs",))


def test_of_two_versions_on_one_day_the_later_one_speaks(lake: LakeWarehouse) -> None:
    """Version 10 is newer than version 9, and a version that began later than one that began before."""
    training = rows(np.random.default_rng(100), 5_000)
    for version, shift in (("9", 0.0), ("10", 2.0)):
        qod.deliver_reference("calm", version, training, warehouse=lake, score="score", outcome="churned")
        for i in (0, 1):
            day = AS_OF + timedelta(days=1 + i)
            qod.deliver_batch("calm", version, day, rows(np.random.default_rng(i), ROWS, shift=shift), warehouse=lake)
    evaluate(lake, as_of=AS_OF + timedelta(days=2))
    (shown,) = [row for row in lake.query("fleet").to_pylist() if row["model_id"] == "calm"]
    assert (shown["model_version"], shown["colour"]) == ("10", "red")


def test_time_alone_turns_a_silent_model_grey(lake: LakeWarehouse) -> None:
    evaluate(lake, as_of=AS_OF)
    assert newest(lake)["calm"]["colour"] == "green"
    report = evaluate(lake, as_of=AS_OF + timedelta(days=5))
    assert newest(lake)["calm"]["colour"] == "grey"
    assert newest(lake)["calm"]["freshness"] == "grey"
    assert "calm" in {c.model_id for c in report.changes}


def test_no_number_in_the_tables_is_nan(lake: LakeWarehouse) -> None:
    evaluate(lake, as_of=AS_OF)
    measures = lake.table("measures")
    for name in ("value", "low", "high"):
        values = measures.column(name).drop_null().to_numpy()
        assert np.isfinite(values).all(), name
    assert measures.num_rows > 0


def test_an_unknown_model_is_named_with_the_nearest(lake: LakeWarehouse) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'calm'"):
        evaluate(lake, ["clam"])


def test_a_model_without_a_batch_harms_nothing(lake: LakeWarehouse) -> None:
    register(lake, "empty")
    report = evaluate(lake, as_of=AS_OF)
    assert report.models == 3
    assert "empty" not in newest(lake)


def _evaluating(root: Path) -> subprocess.Popen[bytes]:
    code = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from dashboard.evaluation.evaluate import evaluate; from qod.warehouse.lake import LakeWarehouse\n"
        f"lake = LakeWarehouse(Path({str(root)!r})); print('ready', flush=True)\n"
        f"evaluate(lake, as_of=date.fromisoformat({AS_OF.isoformat()!r}))\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])


@pytest.mark.parametrize("attempts", [2, *slow(5)])
def test_killed_at_many_moments_the_next_run_completes_to_the_same_result(
    lake: LakeWarehouse, tmp_path: Path, attempts: int
) -> None:
    whole = LakeWarehouse(tmp_path / "whole")
    shutil.copytree(lake.root, whole.root)
    evaluate(whole, as_of=AS_OF)
    expected = results(whole)
    chance = random.Random(3)
    for attempt in range(attempts):
        root = tmp_path / f"killed{attempt}"
        shutil.copytree(lake.root, root)
        for _ in range(2):
            process = _evaluating(root)
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 0.6))
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()
            seen = results(LakeWarehouse(root))
            for name, stored in seen.items():
                assert set(stored) <= set(expected[name]), f"attempt {attempt}: {name} holds what no evaluation gives"
        evaluate(LakeWarehouse(root), as_of=AS_OF)
        assert results(LakeWarehouse(root)) == expected


def test_two_evaluations_at_once_do_no_harm(lake: LakeWarehouse, tmp_path: Path) -> None:
    alone = LakeWarehouse(tmp_path / "alone")
    shutil.copytree(lake.root, alone.root)
    evaluate(alone, as_of=AS_OF)
    both = [_evaluating(lake.root), _evaluating(lake.root)]
    assert [process.wait() for process in both] == [0, 0]
    for process in both:
        assert process.stdout is not None
        process.stdout.close()
    assert results(LakeWarehouse(lake.root)) == results(alone)


def test_batches_of_a_version_without_reference_are_grey(tmp_path: Path) -> None:
    """Rows written by another tool, before the reference came: never green."""
    lake = LakeWarehouse(tmp_path / "lake")
    register(lake, "odd")
    lake.deliver(
        {
            "versions": table_from_columns("versions", {"model_id": ["odd"], "model_version": ["1"], "rows": [0]}),
            "batches": table_from_columns(
                "batches",
                {
                    "model_id": ["odd"],
                    "model_version": ["1"],
                    "batch_id": ["a"],
                    "batch_date": [AS_OF],
                    "rows": pa.array([10], pa.int64()),
                },
            ),
        },
        kind="batch",
    )
    evaluate(lake, as_of=AS_OF)
    assert newest(lake)["odd"]["colour"] == "grey"
