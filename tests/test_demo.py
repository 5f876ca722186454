"""The demo: its simulation, its folder, and the colours its scripts must end in."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dashboard.demo.fleet import fleet, model_called, registry_row
from dashboard.demo.marker import MARKER, Parameters, is_ready
from dashboard.demo.prepare import SEED, prepare_demo
from dashboard.demo.scripts import QUIET, SCRIPTS, Ending, Stop, days_ago, script_of
from dashboard.demo.simulate import Simulation, simulate
from dashboard.demo.variables import VARIABLES
from qod.contract import DELIVERY_COLUMNS, TABLES
from qod.errors import InputError, WarehouseError
from qod.warehouse import Warehouse, open_warehouse

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def simulated() -> Any:
    """A function from a model's identifier to its simulation of 120 days, each made once."""
    known: dict[str, Simulation] = {}

    def get(model_id: str) -> Simulation:
        if model_id not in known:
            known[model_id] = simulate(model_called(model_id), today=TODAY, days=120, seed=3)
        return known[model_id]

    return get


def on(table: pa.Table, day: date) -> pa.Table:
    return table.filter(pc.equal(table["date"], day))


def numbers(table: pa.Table, column: str) -> np.ndarray[Any, Any]:
    return np.asarray(table[column].drop_null(), dtype=np.float64)


def auc(score: np.ndarray[Any, Any], truth: np.ndarray[Any, Any]) -> float:
    """The chance that a positive has a higher score than a negative."""
    from scipy.stats import rankdata

    positives = truth == 1
    ranks = rankdata(score)[positives].sum()
    pairs = positives.sum() * (~positives).sum()
    return float((ranks - positives.sum() * (positives.sum() + 1) / 2) / pairs)


def met(simulation: Simulation) -> pa.Table:
    """The rows whose truth is known, with it."""
    rows = pa.concat_tables([version.history for version in simulation.versions])
    return rows.join(simulation.outcomes, ["date", "id"], join_type="inner")


def test_fleet_takes_scripted_models_first_and_makes_variants_beyond_the_written_ones() -> None:
    scripted = [model_id for script in SCRIPTS for model_id in script.models]
    assert [model.model_id for model in fleet(10)] == scripted[:10]
    assert {model.model_id for model in fleet(24)} >= set(scripted)
    large = fleet(340)
    assert len({model.model_id for model in large}) == 340
    assert len({model.name for model in large}) == 340
    assert large[24].model_id == "churn-postpaid-ile-de-france"


@pytest.mark.parametrize("model", fleet(30), ids=lambda model: model.model_id)
def test_models_are_written_down_without_a_slip(model: Any) -> None:
    assert set(model.names) <= VARIABLES.keys()
    assert len(set(model.names)) == len(model.names)
    assert 7 <= len(model.names) <= 14
    assert set(registry_row(model)) <= set(TABLES["models"].names)
    script = script_of(model.model_id, days=400)
    for change in script.changes if script else ():
        assert getattr(change, "variable", model.names[0]) in model.names


def test_scripts_come_closer_to_today_in_a_short_history() -> None:
    assert days_ago(90, days=400) == 90
    assert days_ago(90, days=200) == 45
    assert days_ago(90, days=60) == 21
    assert days_ago(5, days=60) == 5
    assert days_ago(90, days=2000) == 90
    assert script_of("next-best-offer", days=100) is None


def test_the_same_seed_gives_the_same_rows() -> None:
    model = model_called("win-back")
    first = simulate(model, today=TODAY, days=40, seed=3)
    assert first == simulate(model, today=TODAY, days=40, seed=3)
    assert first != simulate(model, today=TODAY, days=40, seed=4)


def test_batches_stand_on_the_days_of_their_cadence(simulated: Any) -> None:
    daily = simulated("churn-fixed").versions[0].history["date"].unique().to_pylist()
    assert daily == [TODAY - timedelta(days=k) for k in range(119, -1, -1)]
    weekly = simulated("fault-core").versions[0].history["date"].unique().to_pylist()
    assert {day.weekday() for day in weekly} == {0}
    assert weekly[-1] == date(2026, 11, 16)
    monthly = simulated("credit-limit").versions[0].history["date"].unique().to_pylist()
    assert monthly == [date(2026, month, 1) for month in (8, 9, 10, 11)]
    stopped = simulated("fault-north").versions[0].history["date"].unique().to_pylist()
    assert stopped[-1] == TODAY - timedelta(days=9)
    assert any(isinstance(change, Stop) for script in SCRIPTS for change in script.changes)


def test_no_batch_has_an_identifier_twice(simulated: Any) -> None:
    history = simulated("win-back").versions[0].history
    keys = history.group_by(["date", "id"]).aggregate([])
    assert keys.num_rows == history.num_rows
    assert pc.count_distinct(history["id"]).as_py() < history.num_rows  # people are scored again on later days


def test_versions_follow_each_other_without_a_gap(simulated: Any) -> None:
    first, second = simulated("next-best-offer").versions
    assert (first.name, second.name) == ("v1", "v2")
    last_day, next_day = first.history["date"][-1].as_py(), second.history["date"][0].as_py()
    assert next_day - last_day == timedelta(days=1)
    assert max(second.training["date"].to_pylist()) <= last_day
    assert set(first.training.column_names) - {"outcome"} == set(first.history.column_names) - {"id"}


def test_truth_comes_within_its_window_and_plain_cases_come_first(simulated: Any) -> None:
    simulation = simulated("churn-postpaid")
    observed = np.asarray(simulation.outcomes["observed"]).astype("datetime64[D]")
    predicted = np.asarray(simulation.outcomes["date"]).astype("datetime64[D]")
    assert (observed <= np.datetime64(TODAY)).all()
    assert ((observed - predicted).astype(int) >= 1).all()
    assert ((observed - predicted).astype(int) <= 60).all()
    history = simulation.versions[0].history
    old, young = TODAY - timedelta(days=90), TODAY - timedelta(days=30)
    shares = [on(simulation.outcomes, day).num_rows / on(history, day).num_rows for day in (old, young)]
    assert shares[0] > 0.97
    assert 0.1 < shares[1] < 0.8
    joined = met(simulation)
    known = joined.filter(pc.greater(joined["date"], TODAY - timedelta(days=40)))
    ripe = joined.filter(pc.less(joined["date"], TODAY - timedelta(days=60)))
    early, final = (auc(numbers(part, "score"), numbers(part, "outcome")) for part in (known, ripe))
    assert early > final + 0.01


@pytest.mark.parametrize("model_id", [model.model_id for model in fleet(24) if model.task == "binary"])
def test_scores_tell_positives_from_negatives_as_a_real_model_would(model_id: str, simulated: Any) -> None:
    training = simulated(model_id).versions[0].training
    assert 0.70 < auc(numbers(training, "score"), numbers(training, "outcome")) < 0.86


def test_one_column_turns_missing_in_three_models_on_the_same_day(simulated: Any) -> None:
    for model_id in SCRIPTS[0].models:
        history = simulated(model_id).versions[0].history
        shares = [
            on(history, TODAY - timedelta(days=ago))["tenure_months"].null_count
            / on(history, TODAY - timedelta(days=ago)).num_rows
            for ago in (3, 2, 0)
        ]
        assert shares[0] < 0.01
        assert shares[1] == pytest.approx(0.38, abs=0.03)
        assert shares[2] == pytest.approx(0.38, abs=0.03)


def test_a_brand_appears_that_training_did_not_know(simulated: Any) -> None:
    version = simulated("fraud-new-lines").versions[0]
    assert "Nothing" not in version.training["device_brand"].to_pylist()
    before, last = (on(version.history, TODAY - timedelta(days=ago))["device_brand"].to_pylist() for ago in (13, 0))
    assert "Nothing" not in before
    assert last.count("Nothing") / len(last) == pytest.approx(0.024, abs=0.004)


def test_gigabytes_turn_into_megabytes(simulated: Any) -> None:
    history = simulated("upsell-mobile-data").versions[0].history
    before, after = (np.median(numbers(on(history, TODAY - timedelta(days=ago)), "data_gb_30d")) for ago in (6, 5))
    assert after / before == pytest.approx(1000, rel=0.2)


def test_only_the_truth_shows_the_concept_drift(simulated: Any) -> None:
    simulation = simulated("upsell-fibre")
    training = simulation.versions[0].training
    joined = met(simulation)
    late = joined.filter(pc.greater(joined["date"], TODAY - timedelta(days=30)))
    early = joined.filter(pc.less(joined["date"], TODAY - timedelta(days=45)))
    at_training = auc(numbers(training, "score"), numbers(training, "outcome"))
    assert auc(numbers(early, "score"), numbers(early, "outcome")) == pytest.approx(at_training, abs=0.02)
    assert auc(numbers(late, "score"), numbers(late, "outcome")) < at_training - 0.08
    for name in (*simulation.model.names, "score"):
        if not pa.types.is_string(training.schema.field(name).type):
            spread = numbers(training, name).std()
            assert numbers(late, name).mean() == pytest.approx(numbers(training, name).mean(), abs=0.1 * spread)


def test_small_batches_are_small(simulated: Any) -> None:
    history = simulated("fraud-sim-swap").versions[0].history
    assert history.num_rows / 120 == pytest.approx(150, rel=0.1)


# -- the evaluation, held to the scripts ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(demo_folder: Path) -> Warehouse:
    """The demo as ``vigie demo`` makes it, 24 models and 400 days, as of TODAY."""
    assert is_ready(demo_folder, Parameters(24, 400, SEED, TODAY))
    return open_warehouse(demo_folder)


@pytest.fixture(scope="module")
def health(whole: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """The rows of ``health`` by model, oldest first."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in whole.table("health").sort_by([("batch_date", "ascending")]).to_pylist():
        rows.setdefault(row["model_id"], []).append(row)
    return rows


def misses(row: dict[str, Any], ending: Ending) -> list[str]:
    """What of a row's colours is not as it must be; with its headline, for whoever reads a failing test."""
    families = ("colour", "drift", "quality", "performance", "freshness")
    found = [f"{f} is {row[f]}, not {getattr(ending, f)}" for f in families if row[f] not in getattr(ending, f).split()]
    return [f"{row['model_id']}: {', '.join(found)}: {row['headline_en']}"] if found else []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.key)
def test_each_script_ends_in_its_colours(script: Any, health: dict[str, list[dict[str, Any]]]) -> None:
    assert [miss for model_id in script.models for miss in misses(health[model_id][-1], script.ending)] == []


def test_every_other_model_ends_green_after_sixty_green_days(health: dict[str, list[dict[str, Any]]]) -> None:
    calm = health.keys() - {name for script in SCRIPTS if script.ending.colour != "green" for name in script.models}
    assert len(calm) == 24 - 8
    last = [row for model_id in calm for row in health[model_id] if row["batch_date"] > TODAY - timedelta(days=60)]
    assert [miss for row in last for miss in misses(row, QUIET)] == []


def test_the_break_is_found_on_its_day_in_all_three_models(whole: Warehouse) -> None:
    found = {
        (row["model_id"], row["subject"], row["colour"], row["since"])
        for row in whole.table("findings").to_pylist()
        if row["rule"] == "missing" and row["batch_date"] == TODAY
    }
    assert found == {(name, "tenure_months", "red", TODAY - timedelta(days=2)) for name in SCRIPTS[0].models}


def test_the_first_version_was_red_before_the_retrain_healed(health: dict[str, list[dict[str, Any]]]) -> None:
    script = next(script for script in SCRIPTS if script.first_version)
    (model_id,) = script.models
    replaced = [row for row in health[model_id] if row["model_version"] == "v1"]
    assert replaced[0]["colour"] == "green"
    assert replaced[-1]["colour"] == script.first_version
    assert {row["colour"] for row in health[model_id] if row["model_version"] == "v2"} == {"green"}


def test_every_variable_is_watched_and_weighed(whole: Warehouse) -> None:
    held: dict[str, dict[str, float | None]] = {}
    for row in whole.table("reference_variables").to_pylist():
        if row["model_version"] == "v1":
            held.setdefault(row["model_id"], {})[row["variable"]] = row["importance"]
    for model in fleet(24):
        assert set(model.names) < held[model.model_id].keys()
        assert sum(share or 0 for share in held[model.model_id].values()) == pytest.approx(1, abs=0.01)


def test_the_documentation_lists_every_script(request: pytest.FixtureRequest) -> None:
    page = (request.config.rootpath / "docs" / "demo.md").read_text(encoding="utf-8")
    for script in SCRIPTS:
        ending = script.ending
        colours = (ending.colour, ending.drift, ending.quality, ending.performance, ending.freshness)
        cells = (script.key, ", ".join(script.models), script.what.en, *(c.replace(" ", " or ") for c in colours))
        assert f"| {' | '.join(cells)} |" in page


# -- the folder ----------------------------------------------------------------------------------------------


def tables(folder: Path) -> dict[str, list[str]]:
    """Every row of a warehouse, but for which delivery it came with and what depends on that."""
    warehouse = open_warehouse(folder)
    return {
        name: sorted(
            repr({k: v for k, v in row.items() if k not in (*DELIVERY_COLUMNS, "inputs", "mark")})
            for row in warehouse.table(name).to_pylist()
        )
        for name in TABLES
    }


def test_a_folder_is_used_again_for_the_same_parameters_only(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert prepare_demo(folder, models=1, days=35, today=TODAY).prepared
    first = tables(folder)
    assert not prepare_demo(folder, models=1, days=35, today=TODAY).prepared
    assert prepare_demo(folder, models=1, days=36, today=TODAY).prepared
    assert prepare_demo(folder, models=1, days=36, today=TODAY, seed=SEED + 1).prepared
    assert prepare_demo(folder, models=1, days=36, today=TODAY + timedelta(days=1), seed=SEED + 1).prepared
    assert prepare_demo(folder, models=1, days=35, today=TODAY).prepared
    assert tables(folder) == first


@pytest.mark.slow
def test_any_number_of_processes_makes_the_same_tables(tmp_path: Path) -> None:
    done: list[tuple[int, int, str]] = []
    prepare_demo(tmp_path / "one", models=2, days=35, today=TODAY, workers=1)
    prepare_demo(tmp_path / "two", models=2, days=35, today=TODAY, workers=2, progress=lambda *step: done.append(step))
    assert tables(tmp_path / "one") == tables(tmp_path / "two")
    assert [step[:2] for step in done] == [(1, 2), (2, 2)]
    assert {step[2] for step in done} == {"churn-postpaid", "churn-fixed"}


@pytest.mark.slow
def test_a_killed_preparation_is_begun_anew(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    code = f"""
import os, signal
from datetime import date
from dashboard.demo.prepare import prepare_demo
prepare_demo({str(folder)!r}, models=3, days=35, today=date({TODAY:%Y, %-m, %-d}), workers=2,
             progress=lambda *step: os.kill(os.getpid(), signal.SIGKILL))
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert open_warehouse(folder).table("health").num_rows > 0  # it was killed on the way, not before
    assert not is_ready(folder, Parameters(3, 35, SEED, TODAY))
    assert prepare_demo(folder, models=3, days=35, today=TODAY, workers=1).prepared
    prepare_demo(tmp_path / "undisturbed", models=3, days=35, today=TODAY, workers=1)
    assert tables(folder) == tables(tmp_path / "undisturbed")


def test_two_at_once_prepare_it_once(tmp_path: Path) -> None:
    def prepare(_: int) -> bool:
        return prepare_demo(tmp_path / "demo", models=1, days=35, today=TODAY).prepared

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(prepare, range(2))) == [False, True]


@pytest.mark.parametrize("content", [None, "{", "[]", json.dumps({"demo": "another's"})])
def test_a_folder_that_is_no_demos_stays_as_it_is(tmp_path: Path, content: str | None) -> None:
    kept = tmp_path / "models" / "thesis.txt"
    kept.parent.mkdir()
    kept.write_text("three years of work")
    if content is not None:
        (tmp_path / MARKER).write_text(content)
    with pytest.raises(WarehouseError, match="not a demo's"):
        prepare_demo(tmp_path, models=1, days=35, today=TODAY)
    assert kept.read_text() == "three years of work"


def test_a_demos_folder_loses_only_its_tables(tmp_path: Path) -> None:
    prepare_demo(tmp_path, models=1, days=35, today=TODAY)
    (tmp_path / "notes.txt").write_text("mine")
    assert prepare_demo(tmp_path, models=1, days=36, today=TODAY).prepared
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WarehouseError, match="cannot be made"):
        prepare_demo(tmp_path / "file", models=1, days=35, today=TODAY)


@pytest.mark.slow
def test_even_one_day_is_a_fleet(tmp_path: Path) -> None:
    report = prepare_demo(tmp_path, models=24, days=1, today=date(2026, 12, 31), workers=1)
    rows = open_warehouse(tmp_path).table("health").to_pylist()
    assert len(rows) == 24  # the newest batch of each, also of the weekly and monthly ones
    assert {row["colour"] for row in rows if row["model_id"] != "fraud-sim-swap"} == {"green"}
    assert report.rows > 20_000


@pytest.mark.parametrize(("name", "value"), [("models", 0), ("days", 0), ("days", 100_000), ("seed", -1)])
def test_numbers_that_make_no_demo_are_refused(tmp_path: Path, name: str, value: Any) -> None:
    with pytest.raises(InputError, match=name):
        prepare_demo(tmp_path / "demo", today=TODAY, **{name: value})
    assert not (tmp_path / "demo").exists()
