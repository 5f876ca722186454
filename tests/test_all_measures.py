"""Few measures are stored; all that were ever shown follow from them, in `vigie measures` and on the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dashboard.all_measures import COLUMNS, all_measures
from dashboard.evaluation.assess import assess
from dashboard.evaluation.measure_rows import Measures
from dashboard.history import ReferenceVariable, VersionHistory
from dashboard.metrics.psi import bins_in_use, psi, sampling
from dashboard.metrics.psi_debiased import psi_debiased, size_interval
from dashboard.metrics.psi_noise import ALPHA, critical, noise
from dashboard.web.views.timeline import Batch
from dashboard.web.views.variable import variable_history
from qod.warehouse.lake import LakeWarehouse
from tests.histories import categorical, history, numeric, version

Rows = dict[tuple[str, str, str], dict[str, Any]]

LOW: dict[str, Any] = {"since": date.min, "until": date.max}


def a_version() -> VersionHistory:
    """Calm, moved, holed, pooled and absent variables, numeric ones and one with levels; one batch in other bins."""
    chance = np.random.default_rng(5)
    variables = [numeric("calm"), numeric("moved"), numeric("holed"), categorical("plan")]
    batches = []
    for t in range(9):
        rows = 120 if t in (4, 5) else 1000
        even = chance.multinomial(rows, [0.1] * 10)
        tilted = chance.multinomial(rows, [0.04] * 5 + [0.16] * 5)
        batches.append(
            {
                "calm": [*even, 0],
                "moved": [*(tilted if t > 3 else even), 0],
                "holed": [*even, rows // 2 if t > 6 else 0],
                "plan": [*chance.multinomial(rows, [0.6, 0.4]), 0, 30 if t == 7 else 0, 0],
            }
        )
    del batches[2]["plan"]
    outside = {"calm": [0, 0, 7, 0, 0, 0, 0, 0, 0]}
    return version(variables, batches, above=outside, stale=[t == 6 for t in range(9)])


@pytest.fixture(scope="module")
def given() -> VersionHistory:
    return a_version()


@pytest.fixture(scope="module")
def lake(given: VersionHistory, tmp_path_factory: pytest.TempPathFactory) -> LakeWarehouse:
    lake = LakeWarehouse(tmp_path_factory.mktemp("measures") / "lake")
    lake.deliver({"measures": assess(history(given)).measures.table(lambda _: True)}, kind="evaluation")
    return lake


def reference(variable: ReferenceVariable, name: str) -> dict[str, Any]:
    counts = variable.counts.tolist()
    return {"model_version": name, "variable": variable.name, "kind": variable.kind, "counts": counts}


@pytest.fixture(scope="module")
def found(lake: LakeWarehouse, given: VersionHistory) -> Rows:
    stored = lake.query("measures", model_id="churn", **LOW)
    rows = all_measures(stored, [reference(one, given.model_version) for one in given.variables])
    told = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    by_key = {(row["batch_id"], row["subject"], row["metric"]): row for row in told}
    assert len(by_key) == len(rows), "a key stands twice"
    assert rows == sorted(rows, key=lambda row: (row[0], row[2], row[1], row[3], row[4]))
    return by_key


def or_none(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def test_every_measure_follows_to_the_last_digit(given: VersionHistory, found: Rows) -> None:
    for v, variable in enumerate(given.variables):
        own = len(variable.counts)
        counts = np.where(np.array(given.stale)[:, None], 0, given.counts[:, v, :own])
        n, scale, bins = counts.sum(axis=-1), sampling(variable.counts, counts), bins_in_use(variable.counts, counts)
        value, chance = psi(variable.counts, counts), noise(scale, bins)
        size = psi_debiased(value, chance)
        low, high = size_interval(size, scale, bins)
        for t, batch in enumerate(given.batches):
            told = {metric: row for (b, s, metric), row in found.items() if (b, s) == (batch.batch_id, variable.name)}
            share = "unseen_share" if variable.kind == "categorical" else "out_of_range_share"
            assert set(told) == {"psi", "psi_noise", "psi_debiased", "drift", "missing_share", share}
            assert told["psi"]["value"] == or_none(value[t])
            assert (told["psi"]["low"], told["psi"]["high"]) == (None, None), "its bounds are the noise's"
            assert told["psi_noise"]["value"] == or_none(chance[t])
            assert told["psi_noise"]["high"] == or_none(critical(scale, bins, ALPHA)[t])
            expected = (size[t], low[t], high[t]) if n[t] else (np.nan,) * 3
            assert tuple(told["psi_debiased"][name] for name in ("value", "low", "high")) == tuple(
                map(or_none, expected)
            )
            assert {row["n"] for metric, row in told.items() if metric != "drift"} == {n[t]}
            part = counts[t, -2] if share == "unseen_share" else given.above[t, v] * (not given.stale[t])
            assert told["missing_share"]["value"] == (counts[t, -1] / n[t] if n[t] else None)
            assert told[share]["value"] == (part / n[t] if n[t] else None)


def test_a_calm_drift_is_told_and_a_grey_one_is_not_calm(given: VersionHistory, found: Rows) -> None:
    days = [batch.batch_id for batch in given.batches]
    assert (found[days[0], "calm", "drift"]["value"], found[days[0], "calm", "drift"]["low"]) == (0.0, 0.0)
    assert found[days[0], "calm", "drift"]["n"] == 1000
    assert found[days[4], "calm", "drift"]["n"] == 1120, "a small batch is judged with the one before"
    assert found[days[8], "moved", "drift"]["value"] == 2.0
    assert found[days[6], "calm", "drift"]["value"] is None, "counted in other bins"
    assert found[days[2], "plan", "drift"]["value"] is None, "not delivered"


def test_only_what_says_something_is_stored(given: VersionHistory, lake: LakeWarehouse) -> None:
    stored = lake.query("measures", model_id="churn", **LOW).to_pylist()
    of_variables = [row for row in stored if row["subject"] != "batch"]
    metrics = [row["metric"] for row in of_variables]
    assert metrics.count("psi") == given.counts.shape[0] * given.counts.shape[1]
    assert {row["subject"] for row in of_variables if row["metric"] == "missing_share"} == {"holed"}
    assert [row["value"] for row in of_variables if row["metric"] == "out_of_range_share"] == [0.007]
    assert not [row for row in of_variables if row["metric"] == "drift" and row["value"] == row["low"] == 0
                and row["n"] == 1000]  # fmt: skip


def test_the_pages_ask_for_the_same_numbers(given: VersionHistory, found: Rows, lake: LakeWarehouse) -> None:
    name = given.model_version
    inputs = lake.query("inputs_measures", model_id="churn", **LOW).to_pylist()
    assert len(inputs) == given.counts.shape[0] * given.counts.shape[1]
    for row in inputs:
        for column, metric in (("psi",) * 2, ("noise", "psi_noise"), ("drift",) * 2, ("missing_share",) * 2):
            assert row[column] == found[row["batch_id"], row["variable"], metric]["value"]
    for variable in given.variables:
        asked = {"model_id": "churn", "model_version": name, "variable": variable.name, **LOW}
        answer = lake.query("variable_measures", **asked)
        share = "unseen_share" if variable.kind == "categorical" else "out_of_range_share"
        for row in answer.to_pylist():
            of = {
                metric: found[row["batch_id"], variable.name, metric] for metric in ("psi", "psi_noise", "drift", share)
            }
            assert row["chance"] == of["psi_noise"]["high"]
            assert [row[key] for key in ("psi", "noise", "drift", share)] == [one["value"] for one in of.values()]


def test_the_page_of_a_variable_has_the_interval_of_its_change(
    given: VersionHistory, found: Rows, lake: LakeWarehouse
) -> None:
    variable = given.variables[1]
    counted = [
        {"batch_id": batch.batch_id, "counts": given.counts[t, 1].tolist(), "unseen": []}
        for t, batch in enumerate(given.batches)
    ]
    asked = {"model_id": "churn", "model_version": given.model_version, "variable": variable.name, **LOW}
    shown = variable_history(
        reference(variable, given.model_version),
        [Batch(given.model_version, one.batch_id, one.batch_date, one.rows) for one in given.batches],
        pa.Table.from_pylist(counted),
        lake.query("variable_measures", **asked),
    )
    told = [found[batch.batch_id, "moved", "psi_debiased"] for batch in given.batches]
    assert list(shown.measures["psi_low"]) == [row["low"] for row in told]
    assert list(shown.measures["psi_high"]) == [row["high"] for row in told]
    assert shown.measures["psi_low"][8] is not None
    assert shown.measures["psi_low"][6] is None


def test_a_measure_of_nothing_is_not_a_row() -> None:
    rows = Measures("churn")
    batches = [("a", date(2026, 11, 1)), ("b", date(2026, 11, 2))]
    rows.add("psi", version="v1", batches=batches, subjects=["x", "y"], value=[[1.0, np.nan], [3.0, np.inf]], n=5)
    rows.add("drift", version="v1", batches=batches, subjects=["x"], value=[[1.0], [2.0]], where=[[False], [True]])
    told = rows.columns()
    assert told["batch_id"] == ["a", "a", "b", "b", "b"], "batch by batch"
    assert told["value"] == [1.0, None, 3.0, None, 2.0]
    assert told["n"] == [5, 5, 5, 5, None]
    other = Measures("churn")
    other.add("psi", version="v1", batches=batches, subjects=["x", "y"], value=[[1.0, np.nan], [3.0, np.nan]], n=5)
    other.add("drift", version="v1", batches=batches, subjects=["x"], value=[[9.0], [2.0]], where=[[False], [True]])
    assert rows.digests() == other.digests(), "what is not written is not digested"
    other.add("rows", version="v1", batches=batches, subjects=["batch"], value=[[1.0], [1.0]])
    assert rows.digests()["v1", "a"] != other.digests()["v1", "a"]
