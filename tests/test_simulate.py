"""The policy simulator: the same verdicts as an evaluation, values as an address writes them, lines for the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dashboard import simulate
from dashboard.evaluation import whole
from dashboard.evaluation.evaluate import evaluate
from dashboard.history import HealthRow, ModelHistory
from dashboard.policy import Policy
from dashboard.policy_key import Value
from dashboard.replay import replay
from dashboard.simulate import Answers, Past
from dashboard.stated import Place, stated
from dashboard.text import Text
from qod.warehouse import Warehouse, open_warehouse
from tests.histories import history, numeric, version
from tests.longer import slow
from tests.web.redelivered import FIRST, LAST, redelivered

CALM = [1000] * 10
MOVED = [600, 700, 800, 900, 1000, 1000, 1100, 1200, 1300, 1400]
FAR = [200, 400, 600, 800, 1000, 1000, 1200, 1400, 1600, 1800]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return redelivered(tmp_path_factory.mktemp("past"))


def answers(warehouse: Warehouse) -> Answers:
    return Answers(warehouse.query, warehouse.query)


def entry(warehouse: Warehouse, model_id: str = "churn") -> dict[str, Any]:
    rows: list[dict[str, Any]] = warehouse.query("fleet").to_pylist()
    return next(row for row in rows if row["model_id"] == model_id)


def past(warehouse: Warehouse) -> Past:
    return simulate.past_of(answers(warehouse), entry(warehouse))


def colours(rows: list[HealthRow]) -> list[str]:
    return [row.colour for row in rows]


def test_the_policy_in_force_gives_what_the_evaluation_stored(warehouse: Warehouse) -> None:
    stored = warehouse.query("model_health", model_id="churn", since=FIRST).to_pylist()
    assert colours(simulate.newest(past(warehouse), 0)) == [row["colour"] for row in reversed(stored)]


def test_a_trial_says_what_the_replay_of_the_command_says(warehouse: Warehouse) -> None:
    policy = Policy(missing_amber=0.9, missing_red=0.95, off=frozenset({"drift"}))
    made = past(warehouse)
    found = simulate.compared(made, simulate.judged(made.history, policy), last=0)
    assert found == replay(whole.history_of(warehouse, "churn"), policy)
    assert {change.before for change in found.changes} == {"red"}
    assert len(found.changes) >= 2


@pytest.mark.parametrize("policy", [Policy(off=frozenset({"auc"})), *slow(Policy(auc_amber=0.2, auc_red=0.3))])
def test_cohorts_that_were_judged_give_the_same_and_are_judged_anew_where_it_matters(
    demo_folder: Path, policy: Policy
) -> None:
    warehouse = open_warehouse(demo_folder)
    of_model = entry(warehouse, "upsell-fibre")
    made = simulate.past_of(answers(warehouse), of_model)
    assert all(cohort.data is None for version in made.history.versions for cohort in version.cohorts)
    of_truth = simulate.of_truth(made, policy)
    assert of_truth is (policy.auc_red == 0.3)
    history = simulate.whole_of(answers(warehouse), of_model) if of_truth else made.history
    found = simulate.compared(made, simulate.judged(history, policy), last=0)
    assert found == replay(whole.history_of(warehouse, "upsell-fibre"), policy)
    assert found.changes


def test_a_window_limits_what_is_compared_not_what_it_is_judged_by(warehouse: Warehouse) -> None:
    made = past(warehouse)
    after = simulate.judged(made.history, Policy(missing_amber=0.9, missing_red=0.95, off=frozenset({"drift"})))
    every, two = simulate.compared(made, after, last=0), simulate.compared(made, after, last=2)
    assert two.batches == len(simulate.newest(made, 2)) == 2
    assert two.changes == tuple(one for one in every.changes if one.batch_date > LAST - timedelta(days=2))


def test_only_the_newest_batches_are_read_with_a_run_up(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def query(name: str, /, **params: Any) -> pa.Table:
        asked.append({"name": name, **params})
        return warehouse.query(name, **params)

    monkeypatch.setattr(simulate, "MOST_BATCHES", 2)
    monkeypatch.setattr(whole, "_RUN_UP_DAYS", -28)  # two days, with the 30 of the window
    made = simulate.past_of(Answers(query, query), entry(warehouse))
    begin = LAST - timedelta(days=3)
    (counts,) = [one for one in asked if one["name"] == "evaluated_counts"]
    assert counts["since"] == begin
    assert made.history.versions[0].batches[0].batch_date == begin
    assert len(made.days) == 2
    assert simulate.compared(made, made.in_force, last=0).batches == 2


def test_what_is_kept_is_small(warehouse: Warehouse) -> None:
    kept = past(warehouse).in_force
    assert not kept.cohorts
    assert {row.memory for row in kept.health} == {None}


LAYERS: Mapping[str, Mapping[Place, Value]] = {
    "fleet": stated({"drift": {"amber": 0.12}}),
    "model": stated({"rules": {"unseen": False}}),
}


def test_values_that_are_in_force_already_are_not_tried() -> None:
    texts = {("", "drift.amber"): "0.12", ("", "drift.red"): "0.3", ("", "rules.unseen"): "false"}
    assert simulate.read_trial(LAYERS, texts) == ({("", "drift.red"): 0.3}, None)
    on = simulate.read_trial(LAYERS, {("", "rules.unseen"): "true", ("tenure", "drift.amber"): "0.12"})
    assert on == ({("", "rules.unseen"): True}, None)


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("drift.amber", "-1", "drift.amber takes a number above 0."),
        ("drift.amber", "abc", "drift.amber takes a number above 0."),
        ("drift.amber", "nan", "drift.amber takes a number above 0."),
        ("drift.rows", "1.5", "drift.rows takes a whole number from 1."),
        ("drift.reference", "moon", "drift.reference takes training or weekday."),
        ("missing.red", "2", "missing.red takes a share above 0, up to 1."),
    ],
)
def test_a_value_that_the_policy_refuses_is_told_in_both_languages(key: str, text: str, expected: str) -> None:
    _, wrong = simulate.read_trial(LAYERS, {("", key): text})
    assert wrong is not None
    assert wrong.en == expected
    assert wrong.fr.startswith(f"{key} demande ")
    assert text not in wrong.en.split()


def test_values_that_contradict_each_other_are_told() -> None:
    found = simulate.tried_policy(LAYERS, {("", "drift.amber"): 0.3})
    assert found == Text(
        "drift.amber (.30) must be no higher than drift.red (.25).",
        "drift.amber (0,30) ne doit pas dépasser drift.red (0,25).",
    )
    own = simulate.tried_policy(LAYERS, {("age", "missing.amber"): 0.5})
    assert isinstance(own, Text)
    assert "missing.red (.05)" in own.en
    assert simulate.tried_policy(LAYERS, {("", "drift.amber"): 0.2}) == Policy(
        drift_amber=0.2, off=frozenset({"unseen"})
    )


def test_the_lines_to_keep_a_trial_are_what_the_registry_reads() -> None:
    tried: dict[Place, Value] = {
        ("", "drift.amber"): 0.15,
        ("", "drift.rows"): 300,
        ("", "drift.reference"): "weekday",
        ("", "rules.unseen"): False,
        ('a.b "c" é', "missing.red"): 0.2,
    }
    assert stated(tomllib.loads(simulate.toml_lines(tried))["policy"]) == tried
    assert simulate.toml_lines({}) == ""


def test_changes_of_a_long_history_are_those_of_the_whole_one() -> None:
    batches = [{"age": [*counts, 0]} for counts in [CALM] * 4 + [MOVED] * 4 + [FAR] * 4]
    world: ModelHistory = history(version([numeric("age")], batches))
    made = Past(world, simulate.judged(world, Policy()), tuple())
    after = simulate.judged(made.history, Policy(drift_amber=0.04, drift_red=0.05))
    assert simulate.compared(made, after, last=0) == replay(world, Policy(drift_amber=0.04, drift_red=0.05))


def test_a_model_without_a_batch_has_an_empty_past(tmp_path: Path) -> None:
    from tests.deliveries import register

    warehouse = register(tmp_path)
    evaluate(warehouse, as_of=LAST)
    made = past(warehouse)
    assert (made.days, simulate.newest(made, 30)) == ((), [])
    assert simulate.compared(made, made.in_force, last=30).batches == 0
