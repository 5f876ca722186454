"""Why a batch has its colour: what is read of findings, measures and policy; what is missing is said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pytest

from dashboard.evaluation.assess import assess
from dashboard.evaluation.results import findings_columns
from dashboard.explain import SECTIONS, explain
from dashboard.policy import KEYS
from dashboard.rules import load
from qod.contract import arrow_schema, table_from_columns
from qod.errors import InputError, UnknownNameError, VigieError
from qod.warehouse import Warehouse
from tests.histories import history, numeric, version
from tests.web.lake import MISSING_FACTS, TODAY, small_fleet

MOVED = {"age": [200, 400, 600, 800, 1000, 1000, 1200, 1400, 1600, 1800, 0], "zip": [0] * 10 + [10_000]}


class Tables:
    """What a warehouse answers where one model was assessed under some policies."""

    def __init__(self, *, policy: Mapping[str, Any] | None = None, fleet: Mapping[str, Any] | None = None) -> None:
        variables = [numeric("age", importance=0.4), numeric("zip", importance=0.002)]
        self.found = assess(
            history(version(variables, [MOVED] * 2), version(variables, [MOVED] * 2, name="v2", order=1))
        )
        self.policies = [] if fleet is None else [{"policy_id": "fleet", "policy": json.dumps(fleet)}]
        self.models = [{"model_id": "churn", "policy": None if policy is None else json.dumps(policy)}]

    def query(self, name: str, **params: Any) -> pa.Table:
        if name in ("policies", "registry"):
            return pa.Table.from_pylist(self.policies if name == "policies" else self.models)
        if name == "measures":
            return self.found.measures.table(lambda key: True).select(
                ["model_version", "batch_id", "batch_date", "subject", "metric", "value", "low", "high", "n"]
            )
        if name == "variables":
            return pa.Table.from_pylist([], schema=pa.schema([("model_version", pa.string())]))
        if name == "model_health":
            newest = sorted(self.found.health, key=lambda row: (row.batch_date, row.version_order), reverse=True)
            names = ("model_version", "batch_id", "batch_date", "colour", "drift", "quality", "performance")
            more = ("freshness", "since", "headline_en", "headline_fr")
            return pa.Table.from_pylist([{n: getattr(row, n) for n in (*names, *more)} for row in newest])
        rows = table_from_columns("findings", {**findings_columns("churn", self.found.findings)}).to_pylist()
        kept = [row for row in rows if all(row[key] == value for key, value in params.items())]
        return pa.Table.from_pylist(kept, schema=arrow_schema("findings"))


def tables(**given: Any) -> Warehouse:
    return cast("Warehouse", Tables(**given))


def test_the_newest_batch_is_explained_the_gravest_finding_first() -> None:
    found = explain(tables(), "churn")
    assert (found.model_version, found.batch_id, found.colour) == ("v2", "2026-11-02", "red")
    assert found.families["quality"] == "amber", "a red on a variable of little importance counts amber"
    told = [(reason.finding.subject, reason.finding.rule, reason.finding.colour) for reason in found.reasons]
    assert told[:2] == [("age", "drift", "red"), ("zip", "missing", "red")]
    assert all(reason.steps and reason.sentence.en for reason in found.reasons)
    light = found.reasons[1].steps[-1]
    assert light.en == "Its importance is 0.2\u00a0%, below 1.0\u00a0%: for the model this red counts amber."
    assert "compte comme orange" in light.fr
    assert "counts amber" not in found.reasons[0].steps[-1].en


def test_a_reason_names_the_values_it_was_judged_by_and_where_they_come_from() -> None:
    given = {"fleet": {"drift": {"red": 0.3}}, "policy": {"variables": {"age": {"drift": {"amber": 0.12}}}}}
    found = explain(tables(**given), "churn")
    of_age = {one.key: (one.value, one.layer, one.variable) for one in found.reasons[0].policy}
    assert of_age["drift.amber"] == (0.12, "model", "age")
    assert of_age["drift.red"] == (0.3, "fleet", "")
    assert of_age["drift.rows"] == (200, "default", "")
    assert not [key for key in of_age if not key.startswith("drift.")]


@pytest.mark.parametrize(
    ("policy", "changed"),
    [
        (None, []),
        ({"drift": {"red": 0.3}}, ["age"]),
        ({"variables": {"age": {"drift": {"amber": 0.12}}, "zip": {"missing": {"red": 0.04}}}}, ["age", "zip"]),
        ({"drift": {"rows": 100}, "missing": {"red": 0.05}}, []),
        ({"rules": {"missing": False}}, ["zip"]),
    ],
)
def test_a_reason_says_when_the_policy_is_not_the_one_it_was_judged_by(
    policy: Mapping[str, Any] | None, changed: list[str]
) -> None:
    found = [reason for reason in explain(tables(policy=policy), "churn").reasons if reason.changed]
    assert [reason.finding.subject for reason in found] == changed


def test_rules_that_are_off_are_said_for_the_model_and_for_the_subject() -> None:
    given = {"rules": {"late": False}, "variables": {"age": {"rules": {"constant": False}}}}
    off = {(one.variable, one.key) for one in explain(tables(policy=given), "churn").off}
    assert off == {("", "rules.late")}
    off = {(one.variable, one.key) for one in explain(tables(policy=given), "churn", subject="age").off}
    assert off == {("", "rules.late"), ("age", "rules.constant")}


def test_a_subject_comes_with_its_measures_and_nobody_elses() -> None:
    found = explain(tables(), "churn", subject="age", version="v1")
    assert found.model_version == "v1"
    assert {reason.finding.subject for reason in found.reasons} == {"age"}
    psi = next(one for one in found.measures if one.metric == "psi")
    assert psi.value == pytest.approx(found.reasons[0].finding.facts["psi"])
    assert {one.key for one in found.policy} == {key.place for key in KEYS if key.by_variable}


def test_the_model_as_a_whole_may_be_asked_for_though_no_rule_found_anything_on_it() -> None:
    found = explain(tables(), "churn", subject="model")
    assert all(reason.finding.subject == "model" for reason in found.reasons)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"subject": "aeg"}, "'age'"),
        ({"batch": "2026-11-2"}, "'2026-11-02'"),
        ({"version": "v3"}, "'v1'"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(asked: dict[str, str], words: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        explain(tables(), "churn", **asked)
    assert words in str(caught.value)


def test_a_batch_of_several_versions_has_to_be_told_apart() -> None:
    with pytest.raises(InputError, match=r"versions 'v1', 'v2'.*--version"):
        explain(tables(), "churn", batch="2026-11-01")
    assert explain(tables(), "churn", batch="2026-11-01", version="v1").batch_date == date(2026, 11, 1)


def test_findings_of_an_earlier_release_say_what_they_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MISSING_FACTS, "amber")
    warehouse = small_fleet(tmp_path)
    found = explain(warehouse, "churn-fixed")
    assert found.batch_date == TODAY
    (reason,) = found.reasons
    assert "38\u00a0% of rows" in reason.sentence.en
    assert "run 'vigie evaluate'" in reason.steps[0].en
    assert explain(warehouse, "churn-fixed", batch=found.batch_id, version="1") == found
    with pytest.raises(VigieError, match="No batch of model 'new' was evaluated yet"):
        explain(warehouse, "new")
    with pytest.raises(UnknownNameError, match="model 'chrun-fixed'"):
        explain(warehouse, "chrun-fixed")


def test_every_threshold_belongs_to_a_rule_that_is_explained_by_it() -> None:
    sections: Sequence[str] = [*load(), *SECTIONS.values(), "importance"]
    assert {key.place.partition(".")[0] for key in KEYS} <= set(sections)
    assert set(SECTIONS) <= set(load())
