"""`vigie performance` on small models of every task: cohorts, estimates, back-tests, segments, splits and curves."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.performance.truth import cohorts_of, end_of, truth_of
from qod.warehouse import open_warehouse
from tests.commands import vigie

TASKS = {"churn": "binary", "tariff": "multiclass", "spend": "regression"}
ROWS = 400
DAYS = [date(2026, 1, 5) + timedelta(days=7 * place) for place in range(12)]
"""Mondays: two or three of them a month, January to March."""


def people(seed: int, count: int, day: date | None = None) -> dict[str, Any]:
    """Features, and by task a score and a truth; in March the south is another world."""
    rng = np.random.default_rng(seed)
    age, region = rng.uniform(20, 70, count), rng.choice(["north", "south", "west"], count, p=[0.5, 0.3, 0.2])
    odd = (region == "south") & (day is not None and day >= date(2026, 3, 1))
    chance = 1 / (1 + np.exp(-(age - 45) / 6))
    score = np.round(chance, 2)
    chances = np.stack([chance, (1 - chance) / 2, (1 - chance) / 2], axis=1)
    gold = np.where(odd, 1 - chance, chance)
    classes = np.where(rng.random(count) < gold, "gold", np.where(rng.random(count) < 0.5, "silver", "bronze"))
    return {
        "id": [f"{seed}-{place}" for place in range(count)],
        "age": age,
        "region": region,
        "score": score,
        "outcome": (rng.random(count) < np.where(odd, 1 - chance, chance)).astype(int),
        "amount": 2 * age,
        "paid": 2 * age + rng.normal(0, np.where(age > 45, 8.0, 2.0) * np.where(odd, 3, 1)),
        "tariff": np.where(chance > 0.4, "gold", "silver"),
        "chosen": classes,
        **{f"p_{name}": chances[:, place] for place, name in enumerate(("gold", "silver", "bronze"))},
    }


COLUMNS = {
    "churn": ("score", "outcome", ()),
    "spend": ("amount", "paid", ()),
    "tariff": ("tariff", "chosen", ("p_gold", "p_silver", "p_bronze")),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three models with a reference, twelve weekly batches, and the truth of all but the last one."""
    folder = tmp_path_factory.mktemp("performance")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_WAREHOUSE", str(folder / "warehouse"))
        training = people(1, 3000)
        batches = [people(10 + place, ROWS, day) for place, day in enumerate(DAYS)]
        history = {name: [value for batch in batches for value in batch[name]] for name in batches[0]} | {
            "day": [day for day in DAYS for _ in range(ROWS)]
        }
        for model, task in TASKS.items():
            score, outcome, probabilities = COLUMNS[model]
            cadence = "P7D" if model != "tariff" else "P1M"
            (folder / f"{model}.toml").write_text(
                f'model_id = "{model}"\ntask = "{task}"\ncadence = "{cadence}"\ncohort = "month"\n'
                "outcome_window_days = 5\n"
            )
            vigie("register", folder / f"{model}.toml")
            kept = ["id", "age", "region", score, *probabilities]
            told = [f"--probability={column[2:]}={column}" for column in probabilities]
            pq.write_table(pa.table({name: training[name] for name in [*kept, outcome]}), folder / "training.parquet")
            threshold = ("--threshold", "0.4") if task == "binary" else ()
            common = ("--score", score, "--segment", "region", *told)
            vigie(
                *("reference", model, "v1", folder / "training.parquet", "--outcome", outcome, "--exclude", "id"),
                *(*common, *threshold),
            )
            pq.write_table(pa.table({name: history[name] for name in ["day", *kept]}), folder / "history.parquet")
            vigie(
                *("history", model, "v1", folder / "history.parquet", "--date", "day", "--every", "day"),
                *("--id", "id", *common),
            )
            truth = pa.table({"id": history["id"], "outcome": history[outcome]}).slice(0, ROWS * (len(DAYS) - 1))
            pq.write_table(truth, folder / "truth.parquet")
            vigie("outcomes", model, folder / "truth.parquet", "--id", "id", "--outcome", "outcome")
        (folder / "idle.toml").write_text('model_id = "idle"\ntask = "binary"\n')
        vigie("register", folder / "idle.toml")
        vigie("evaluate", "--as-of", "2026-04-20")
    return folder / "warehouse"


@pytest.fixture(autouse=True)
def _at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(home))


def asked(*arguments: str) -> Any:
    return json.loads(vigie("performance", *arguments, "--json").stdout)


@pytest.mark.parametrize(("model", "main"), [("churn", "auc"), ("tariff", "accuracy"), ("spend", "rmse")])
def test_every_cohort_has_what_came_and_what_was_estimated(model: str, main: str) -> None:
    told = asked(model)
    assert told["measure"] == main
    cohorts = told["cohorts"]
    assert [cohort["cohort_id"] for cohort in cohorts] == ["month:2026-01", "month:2026-02", "month:2026-03"]
    for cohort in cohorts[:2]:
        assert cohort["mature"]
        came, said = cohort["realised"][main], cohort["estimated"][main]
        assert said["value"] == pytest.approx(came["value"], abs=4 * came["se"])
        assert said["n"] == cohort["predicted"]
    march = cohorts[2]
    assert (march["mature"], march["colour"], march["final_on"]) == (False, None, "2026-04-05")
    # The model errs where it did not, and confidence cannot know.
    worse = march["estimated"][main]["value"] - march["realised"][main]["value"]
    assert abs(worse) > 3 * march["realised"][main]["se"]
    assert {test["verdict"] for test in told["back_tests"]} == {"untested"}
    assert {test["metric"] for test in told["back_tests"]} == set(cohorts[0]["estimated"])


def test_the_tables_are_for_people_in_their_language(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = vigie("performance", "churn").stdout
    assert "month:2026-02" in shown
    assert "provisional" not in shown
    assert "too little truth" in shown
    assert "not yet tested" in shown
    one = vigie("performance", "churn", "--cohort", "month:2026-03").stdout
    assert "Log loss" in one
    assert "provisional, to be final on 5\u00a0April" in one
    monkeypatch.setenv("VIGIE_LANGUAGE", "fr")
    assert "vérité incomplète" in vigie("performance", "churn").stdout
    assert "Perte logarithmique" in vigie("performance", "churn", "--cohort", "month:2026-03").stdout


@pytest.mark.parametrize(
    ("model", "keys"), [("churn", {"auc", "log_loss", "brier"}), ("tariff", {"accuracy"}), ("spend", {"mse", "mae"})]
)
@pytest.mark.parametrize("against", ["training", "month:2026-01"])
def test_the_south_is_the_weakest_and_the_drop_lies_within_it(model: str, keys: set[str], against: str) -> None:
    told = asked(model, "--cohort", "month:2026-03", "--by", "segment", "--against", against)
    assert {one["segment"] for one in told["segments"]} == {"north", "south", "west"}
    worst = told["weakest"]["tried"][0]
    assert (worst["segment"], worst["significant"]) == ("south", True)
    assert set(told["splits"]) == keys
    for split in told["splits"].values():
        change = split["after"] - split["before"]
        assert split["mix"] + split["within"] + split["new"] == pytest.approx(change, abs=1e-12)
        assert abs(split["within"]) > 5 * abs(split["mix"])
        assert split["segments"][0]["segment"] == "south"


def test_segments_are_told_to_people_too() -> None:
    shown = vigie(
        "performance", "churn", "--cohort", "month:2026-03", "--by", "segment", "--against", "training"
    ).stdout
    assert "The weakest segment is \u201csouth\u201d" in shown
    assert "within segments" in shown
    assert shown.startswith("March, version ")
    newest = [cohort["cohort_id"] for cohort in asked("churn")["cohorts"] if cohort["mature"]][-1]
    assert asked("churn", "--by", "segment")["cohort_id"] == asked("churn", "--curve", "gain")["cohort_id"] == newest


def test_the_segments_of_a_cohort_are_the_cohort(home: Path) -> None:
    """Both queries tell the same truth: counted by segment and together, it is the cohort that evaluation judged."""
    warehouse = open_warehouse(home)
    for model, task in TASKS.items():
        by_segment = warehouse.query(
            "segment_truth",
            model_id=model,
            model_version="v1",
            batch_id="",
            since=date(2026, 3, 1),
            until=date(2026, 3, 31),
            scored_since=date.min,
            known_before=end_of(date(2026, 4, 20)),
        )
        predicted, known, truth = truth_of(by_segment, task)
        cohort = asked(model)["cohorts"][-1]
        assert (predicted, known) == (cohort["predicted"], cohort["known"])
        parts = asked(model, "--cohort", "month:2026-03", "--by", "segment")["segments"]
        assert sum(part["predicted"] for part in parts) == predicted
        assert sum(part["known"] for part in parts) == known
        assert truth.n == known
    assert cohorts_of(by_segment.slice(0, 0), {}) == {}


def test_curves() -> None:
    points = asked("churn", "--cohort", "month:2026-01", "--curve", "calibration")["points"]
    assert len(points) == 10
    inside = [point["low"] <= point["score"] <= point["high"] for point in points]
    assert sum(inside) >= 8
    gain = asked("churn", "--cohort", "month:2026-01", "--curve", "gain")["points"]
    assert (gain[0]["found"], gain[-1]["found"], gain[0]["lift"]) == (0, 1, None)
    values = asked("spend", "--cohort", "month:2026-01", "--curve", "calibration")["points"]
    assert all(abs(point["predicted"] - point["true"]) < 4 for point in values)
    assert asked("tariff", "--curve", "gain")["points"] == []
    assert "is of binary models" in vigie("performance", "tariff", "--curve", "gain").stdout
    assert "this model is of several classes" in vigie("performance", "tariff", "--curve", "calibration").stdout
    assert "mean score" in vigie("performance", "churn", "--curve", "calibration").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nobody",), 1, "model 'nobody' was not found"),
        (("churn", "--cohort", "month:2026-04"), 1, "cohort 'month:2026-04' was not found"),
        (("churn", "--version", "v2"), 1, "model version 'v2' was not found"),
        (("churn", "--by", "segment", "--against", "week:2026-W01"), 1, "cohort 'week:2026-W01' was not found"),
        (("churn", "--against", "training"), 2, "goes with"),
        (("churn", "--by", "segment", "--curve", "gain"), 2, "two questions"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(arguments: tuple[str, ...], code: int, said: str) -> None:
    assert said in vigie("performance", *arguments, code=code).stderr


def test_a_model_without_predictions_says_what_is_missing() -> None:
    done = vigie("performance", "idle")
    assert "deliver batches with --id and --score" in done.stderr
    assert asked("idle")["cohorts"] == []
