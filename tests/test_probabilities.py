"""Probabilities by class and the threshold: kept in the version's order, refused where they cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, log_loss, precision_score, recall_score

import qod
from qod.errors import InputError, UnknownNameError
from qod.frozen import Reference, read_reference, reference_of
from tests.commands import vigie
from tests.deliveries import register

OF_CLASS = {"gold": "g", "none": "n", "=1": "o"}
NAMES = np.array(list(OF_CLASS))


def rows(n: int = 300, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    chances = random.dirichlet([2, 1, 1], n)
    frame = pd.DataFrame(chances, columns=list(OF_CLASS.values()))
    frame["id"] = [f"i{row}" for row in range(n)]
    frame["x"] = random.normal(size=n)
    frame["p"] = NAMES[chances.argmax(axis=1)]
    frame["y"] = [random.choice(NAMES, p=row) for row in chances]
    frame["day"] = "2026-01-05"
    return frame


def build(frame: pd.DataFrame, **options: Any) -> qod.Built:
    options = {"task": "multiclass", "score": "p", "outcome": "y", "exclude": ["id", "day"], **options}
    return qod.build_reference("m", "1", frame, **{"probabilities": OF_CLASS, **options})


def reference(**options: Any) -> Reference:
    return reference_of(build(rows(), **options))


def batch(frame: pd.DataFrame, probabilities: dict[str, str], **options: Any) -> qod.Built:
    options = {"reference": reference(), "task": "multiclass", "id": "id", "score": "p", **options}
    return qod.build_batch("m", "1", "2026-01-05", frame, probabilities=probabilities, **options)


def version(built: qod.Built) -> dict[str, Any]:
    (row,) = built.tables["versions"].to_pylist()
    return row | {"baselines": json.loads(row["baselines"] or "{}")}


def test_the_classes_are_kept_and_their_columns_are_no_variables() -> None:
    built = build(rows())
    assert version(built)["classes"] == ["gold", "none", "=1"]
    assert built.tables["reference_variables"]["variable"].to_pylist() == ["x", "p"]
    named = build(rows(), numeric=["g"]).tables["reference_variables"]["variable"].to_pylist()
    assert named[:3] == ["g", "x", "p"]


def test_a_batch_keeps_them_in_the_order_of_the_version() -> None:
    frame = rows(5)
    frame.loc[2, "n"] = None
    built = batch(frame, {"=1": "o", "gold": "g", "none": "n"})
    found = built.tables["predictions"]["probabilities"].to_pylist()
    assert found == [row if at != 2 else [] for at, row in enumerate(frame[["g", "n", "o"]].to_numpy().tolist())]
    assert "1 row without the probability of every class: none is kept." in built.notes
    assert not [note for note in built.notes if "not in the reference" in note and "'g'" in note]
    assert batch(frame, {}).tables["predictions"]["probabilities"].to_pylist() == [[]] * 5


def test_rows_that_do_not_add_up_to_1_are_in_a_note_and_taken_as_they_are() -> None:
    frame = rows()
    frame.loc[[4, 9], "g"] = frame.loc[[4, 9], "g"] + 0.05
    frame.loc[7, ["g", "n", "o"]] = [0.33, 0.33, 0.33]
    frame.loc[8, "n"] = None
    for built in (build(frame), batch(frame, OF_CLASS)):
        (note,) = [note for note in built.notes if "add up" in note]
        assert note == (
            "2 rows with probabilities that do not add up to 1 (first: 1.05 in row 5); they are taken as they are."
        )
    kept = batch(frame, OF_CLASS).tables["predictions"]["probabilities"][4].as_py()
    assert kept == frame.loc[4, ["g", "n", "o"]].tolist()
    assert not [note for note in (*build(rows()).notes, *batch(rows(), OF_CLASS).notes) if "add up" in note]


def test_of_an_id_that_stands_twice_the_first_row_counts() -> None:
    frame = rows(4)
    frame["id"] = ["a", "b", "a", "c"]
    found = batch(frame, OF_CLASS).tables["predictions"]["probabilities"].to_pylist()
    assert found == frame[["g", "n", "o"]].iloc[[0, 1, 3]].to_numpy().tolist()


def test_a_history_keeps_them_too() -> None:
    frame = rows(6).assign(day=["2026-01-05", "2026-01-06"] * 3)
    built = qod.build_history(
        *("m", "1", frame),
        reference=reference(),
        task="multiclass",
        date="day",
        every="day",
        id="id",
        score="p",
        probabilities=OF_CLASS,
    )
    kept = dict(
        zip(*(built.tables["predictions"][name].to_pylist() for name in ("entity_id", "probabilities")), strict=True)
    )
    assert kept == dict(zip(frame["id"], frame[["g", "n", "o"]].to_numpy().tolist(), strict=True))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"g": 1.5}, ("row 1", "column 'g'", "1.5 is no probability of the class 'gold'", "0 to 1")),
        ({"o": -0.1}, ("row 1", "column 'o'", "-0.1", "'=1'")),
        ({"n": np.inf}, ("column 'n'", "inf is no probability")),
        ({"n": "high"}, ("row 1", "column 'n'", "'high' is not a number")),
    ],
)
def test_what_is_no_probability_is_refused_with_its_place(wrong: dict[str, Any], said: tuple[str, ...]) -> None:
    for act in (build, lambda frame: batch(frame, OF_CLASS)):
        with pytest.raises(InputError) as caught:
            act(rows().assign(**wrong))
        for words in said:
            assert words in str(caught.value)


def test_classes_are_complete_and_known() -> None:
    with pytest.raises(InputError, match=r"no probability of the class 'none'.*--probability none=COLUMN"):
        batch(rows(), {"gold": "g", "=1": "o"})
    with pytest.raises(UnknownNameError, match=r"class 'Gold' was not found.*gold"):
        batch(rows(), {**OF_CLASS, "Gold": "x"})
    with pytest.raises(UnknownNameError, match="'z' was not found"):
        batch(rows(), {**OF_CLASS, "gold": "z"})
    with pytest.raises(InputError, match="the version has no classes"):
        batch(rows(), OF_CLASS, reference=reference(probabilities=None, exclude=["id", "day", *OF_CLASS.values()]))
    with pytest.raises(InputError, match="the outcome '=1' is none of the classes with a probability: gold, none"):
        build(rows(), probabilities={"gold": "g", "none": "n"})
    with pytest.raises(InputError, match="one class only"):
        build(rows(), probabilities={"gold": "g"})
    with pytest.raises(InputError, match="column 'g': it is named for several classes"):
        build(rows(), probabilities={**OF_CLASS, "none": "g"})
    with pytest.raises(InputError, match="probabilities by class are of multiclass models; this one is binary"):
        build(rows().assign(y=1, p=0.5), task="binary")


def test_a_multiclass_baseline_has_a_log_loss() -> None:
    frame = rows()
    baseline = version(build(frame))["baselines"]
    theirs = log_loss(frame["y"], frame[["o", "g", "n"]].to_numpy(), labels=["=1", "gold", "none"])
    assert baseline["log_loss"]["value"] == pytest.approx(theirs, abs=1e-9)
    assert baseline["accuracy"]["value"] == pytest.approx((frame["y"] == frame["p"]).mean())
    assert set(version(build(frame, probabilities=None))["baselines"]) == {"accuracy"}


def of_scores(scores: Any, **options: Any) -> dict[str, Any]:
    random = np.random.default_rng(3)
    frame = pd.DataFrame({"x": random.normal(size=len(scores)), "p": scores})
    frame["y"] = (random.random(len(scores)) < 0.5).astype(int)
    options = {"task": "binary", "score": "p", "outcome": "y", **options}
    return version(qod.build_reference("m", "1", frame, **options))


def test_the_threshold_is_half_when_scores_can_be_probabilities() -> None:
    within, outside = np.linspace(0, 1, 200), np.linspace(0, 1.01, 200)
    assert of_scores(within)["threshold"] == 0.5
    assert of_scores(outside)["threshold"] is None
    assert of_scores(outside, threshold=0.3)["threshold"] == 0.3
    assert of_scores(within, outcome=None)["threshold"] == 0.5
    assert of_scores(within, score=None, outcome=None)["threshold"] is None
    assert of_scores(within, task="regression")["threshold"] is None


def test_a_threshold_that_is_none_is_refused() -> None:
    for wrong in (np.nan, np.inf, "high"):
        with pytest.raises(InputError, match=f"the threshold {wrong!r} is no finite number"):
            of_scores(np.linspace(0, 1, 20), threshold=wrong)
    with pytest.raises(InputError, match="a threshold is of binary models; this one is regression"):
        of_scores(np.linspace(0, 1, 20), threshold=0.5, task="regression")


def test_a_binary_baseline_has_every_measure_with_a_standard_error() -> None:
    random = np.random.default_rng(4)
    score = np.round(random.random(500), 1)
    frame = pd.DataFrame({"x": random.normal(size=500), "p": score, "y": (random.random(500) < score).astype(int)})
    built = qod.build_reference("m", "1", frame, task="binary", score="p", outcome="y", threshold=0.7)
    baseline = version(built)["baselines"]
    said = frame["p"] >= 0.7
    expected = {
        "log_loss": log_loss(frame["y"], frame["p"].clip(1e-15, 1 - 1e-15)),
        "brier": brier_score_loss(frame["y"], frame["p"]),
        "precision": precision_score(frame["y"], said),
        "recall": recall_score(frame["y"], said),
        "gini": 2 * baseline["auc"]["value"] - 1,
    }
    assert set(baseline) == {"auc", *expected}
    for metric, value in expected.items():
        assert baseline[metric]["value"] == pytest.approx(value, abs=1e-9), metric
        assert baseline[metric]["se"] > 0
    losses = (frame["p"] - frame["y"]) ** 2
    assert baseline["brier"]["se"] == pytest.approx(losses.std() / np.sqrt(500))
    assert baseline["gini"]["se"] == pytest.approx(2 * baseline["auc"]["se"])
    assert baseline["precision"]["n"] == said.sum()
    far = frame.assign(p=frame["p"] * 10)
    found = version(qod.build_reference("m", "1", far, task="binary", score="p", outcome="y"))["baselines"]
    assert set(found) == {"auc", "gini"}


def test_a_regression_knows_its_bias() -> None:
    frame = pd.DataFrame({"p": [1.0, 2.0, 6.0], "y": [1.0, 1.0, 1.0]})
    built = qod.build_reference("m", "1", frame, task="regression", score="p", outcome="y")
    assert version(built)["baselines"]["bias"]["value"] == 2.0


def test_the_commands_take_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    warehouse = register(tmp_path / "vigie-warehouse", task="multiclass")
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(tmp_path / "vigie-warehouse"))
    rows().to_parquet("rows.parquet")
    of_class = [part for name, column in OF_CLASS.items() for part in ("--probability", f"{name}={column}")]
    said = ("--score", "p", *of_class, "--segment", "day")
    vigie("reference", "churn", "1", "rows.parquet", *said, "--outcome", "y", "--exclude", "id")
    assert read_reference(warehouse, "churn", "1").classes == ("gold", "none", "=1")
    vigie("batch", "churn", "1", "2026-01-05", "rows.parquet", *said, "--id", "id")
    assert {len(row) for row in warehouse.table("predictions")["probabilities"].to_pylist()} == {3}
    vigie("history", "churn", "1", "rows.parquet", *said, "--id", "id", "--date", "day", "--every", "100")
    refused = vigie("batch", "churn", "1", "2026-01-05", "rows.parquet", "--id", "id", *of_class[:4], code=1)
    assert "there is no probability of the class '=1'" in refused.stderr
    for wrong in ("gold", "=p", "gold="):
        refused = vigie("batch", "churn", "1", "2026-01-05", "rows.parquet", "--probability", wrong, code=2)
        assert f"'{wrong}' is not CLASS=COL" in " ".join(refused.stderr.split())
    refused = vigie("reference", "churn", "1", "rows.parquet", *of_class, *of_class[:2], code=2)
    assert "the class 'gold' stands twice" in refused.stderr
    refused = vigie("reference", "churn", "1", "rows.parquet", "--threshold", "0.5", code=1)
    assert "a threshold is of binary models" in refused.stderr
