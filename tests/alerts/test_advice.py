"""The advice in a message: which rows are held back, where that is no cure or none can be, and what mends it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboard.alert_policy import AlertPolicy
from dashboard.alerts.advising.advice import Advice, advice_for, advise
from dashboard.finding import Finding
from dashboard.world import Model, World
from qod.guard import Rule, read_guard, where
from qod.warehouse import query

DAY = date(2026, 11, 19)


def finding(rule: str, subject: str, *, rows: int = 36, arrival: str | None = "sudden", **facts: Any) -> Finding:
    said = {"value": rows / 2000, "rows": rows, "n": 2000, **({"arrival": arrival} if arrival else {}), **facts}
    return Finding("fraud", "v1", "2026-11-19", DAY, subject, rule, "quality", "amber", DAY, facts=said)


def unseen(*levels: tuple[str, int], rows: int | None = None, subject: str = "device_brand", **facts: Any) -> Finding:
    named = [{"level": level, "rows": n, "first_seen": "2026-11-19"} for level, n in levels]
    total = sum(n for _, n in levels) if rows is None else rows
    return finding("unseen", subject, rows=total, levels=named, **facts)


def reference(variable: str, **columns: Any) -> dict[str, Any]:
    return {
        **{"model_id": "fraud", "model_version": "v1", "variable": variable, "kind": "categorical", "type": "text"},
        **{
            "edges": [],
            "levels": ["Apple", "Samsung"],
            "tail": [],
            "low": None,
            "high": None,
            "counts": [9, 9, 0, 0, 0],
        },
        **{"score_variable": "score", **columns},
    }


def number(variable: str) -> dict[str, Any]:
    held = {"kind": "numeric", "type": "number", "edges": [1.0], "levels": [], "counts": [9, 9, 0]}
    return reference(variable, low=0.0, high=120.0, **held)


def given(findings: list[Finding], *rows: dict[str, Any]) -> Advice:
    found = advise("fraud", findings, rows)
    assert found is not None
    return found


def rules(advice: Advice) -> tuple[Rule, ...]:
    """Those of the guard, as a scoring job reads it from a mail; the SQL beside it is of the same guard."""
    made = read_guard(json.loads(json.dumps(advice.guard)))
    assert (made.model_id, made.model_version) == ("fraud", "v1")
    assert where(made) == advice.sql
    return made.rules


def test_a_new_level_is_held_back_by_its_name_alone() -> None:
    advice = given([unseen(("Nothing", 36))], reference("device_brand"))
    assert rules(advice) == (Rule("device_brand", "categorical", levels=("Nothing",), type="text"),)
    assert (advice.rows, advice.share) == (36, 0.018)
    assert advice.band_aid.en == (
        "For now, hold back rows with a new level of device_brand (“Nothing”): 36 rows (1.8\u00a0%) of this batch. "
        "The others can be scored."
    )
    assert advice.band_aid.fr == (
        "Dans l’immédiat, écarter les lignes avec une nouvelle modalité de device_brand («\u00a0Nothing\u00a0»)\u00a0: "
        "36 lignes (1,8\u202f%) de ce lot. Les autres peuvent être notées."
    )
    assert "retrain with the rows held back once their truth is known" in advice.cure.en
    assert "The new version knows them, its guard lets them pass" in advice.cure.en


def test_of_levels_that_are_not_all_named_what_training_knew_is_kept_if_that_is_short() -> None:
    many = unseen(*((f"n{i}", 1) for i in range(20)), rows=36)
    short = given([many], reference("device_brand", tail=["Sony"], counts=[9, 9, 1, 0, 0]))
    assert rules(short)[0].known == ("Apple", "Samsung", "Sony")
    assert rules(short)[0].unseen
    assert short.rows == 36
    assert "“n0”, “n1” and at least 18 more" in short.band_aid.en
    long = given([many], reference("device_brand", tail=[f"t{i}" for i in range(300)], counts=[9, 9, 300, 0, 0]))
    assert rules(long)[0] == Rule("device_brand", "categorical", levels=tuple(f"n{i}" for i in range(20)), type="text")
    assert long.rows == 20, "only the named ones are held back, and only they are promised"


def test_rows_out_of_range_are_held_back_by_the_range_as_it_is_counted() -> None:
    advice = given([finding("out_of_range", "data_gb", rows=240)], number("data_gb"))
    (rule,) = rules(advice)
    assert rule.low == pytest.approx(-0.00012)
    assert rule.high == pytest.approx(120.00012)
    assert "rows with data_gb outside 0 to 120: 240 rows (12\u00a0%) of this batch" in advice.band_aid.en
    assert "unit" in advice.cure.en


def test_holding_back_a_large_part_is_no_cure_and_the_advice_says_so() -> None:
    advice = given([finding("missing", "tenure_months", rows=760)], number("tenure_months"))
    assert advice.share == 0.38
    assert "Holding back rows without tenure_months is no cure: 760 rows (38\u00a0%)" in advice.band_aid.en
    assert "n’est pas un remède\u00a0: 760 lignes (38\u202f%)" in advice.band_aid.fr
    assert advice.cure.en == "Mend the source, then deliver the batch again: it replaces this one."
    assert rules(advice) == (Rule("tenure_months", "numeric", missing=True, type="number"),), "the filter is offered"


def test_several_reasons_make_one_guard_and_one_rule_a_variable() -> None:
    advice = given(
        [
            finding("missing", "data_gb", rows=20),
            unseen(("Nothing", 36)),
            finding("out_of_range", "data_gb", rows=10),
            finding("missing", "device_brand", rows=30),
        ],
        reference("device_brand"),
        number("data_gb"),
    )
    numeric, levels = rules(advice)
    assert (numeric.variable, numeric.missing, round(numeric.high or 0)) == ("data_gb", True, 120)
    assert (levels.variable, levels.missing, levels.levels) == ("device_brand", True, ("Nothing",))
    assert "at most 96 rows" in advice.band_aid.en
    assert advice.cure.en.count("deliver the batch again") == advice.cure.en.count("retrain") == 1


@pytest.mark.parametrize("rule", ["absent", "type_changed"])
def test_a_whole_column_that_is_wrong_has_no_filter(rule: str) -> None:
    advice = given([finding(rule, "tenure_months", arrival=None)], number("tenure_months"))
    assert (advice.sql, advice.guard, advice.rows, advice.share) == ("", {}, 0, None)
    assert "Nothing can be held back by row for tenure_months" in advice.band_aid.en
    assert "hold the whole batch back" in advice.band_aid.en
    both = given(
        [finding(rule, "tenure_months", arrival=None), unseen(("Nothing", 36))],
        number("tenure_months"),
        reference("device_brand"),
    )
    assert [one.variable for one in rules(both)] == ["device_brand"]
    assert "Nothing can be held back by row" in both.band_aid.en
    assert "36 rows" in both.band_aid.en


@pytest.mark.parametrize(
    "found",
    [
        finding("drift", "data_gb"),
        finding("constant", "data_gb"),
        unseen(("Nothing", 1), subject="score"),
        unseen(("Nothing", 1), subject="unknown"),
    ],
)
def test_there_is_no_advice_on_what_no_row_is_to_blame_for(found: Finding) -> None:
    assert advise("fraud", [found], [reference("score"), number("data_gb")]) is None


HOSTILE = "a`b'; DROP TABLE x; --\n\u202e<b>" + "z" * 300


def test_hostile_names_stay_names() -> None:
    advice = given([unseen((HOSTILE, 5), subject=HOSTILE)], reference(HOSTILE))
    assert rules(advice)[0].levels == (HOSTILE,)
    for words in (advice.band_aid.en, advice.band_aid.fr, advice.cure.en):
        assert words.isprintable() or all(c.isprintable() or c in "\u00a0\u202f" for c in words)
        assert len(words) < 700
    assert "\n" not in advice.sql.split("`", 1)[1].split("IN (", 1)[0]


class Warehouse:
    """References by model; it counts its questions."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows, self.asked = rows, list[dict[str, Any]]()

    def query(self, name: str, /, **params: Any) -> Any:
        assert set(params) == set(query.load(name).params)
        self.asked.append(params)
        rows = self.rows

        class Answer:
            def to_pylist(self) -> list[dict[str, Any]]:
                return rows

        return Answer()


def world(**findings: list[Finding]) -> World:
    models = {
        name: Model(name, name, "", "", "en", {}, AlertPolicy(), {}, "amber", "v1", findings=tuple(found))
        for name, found in findings.items()
    }
    return World(datetime(2026, 11, 19, tzinfo=UTC), models, (), ())


def test_one_question_serves_the_fleet_and_only_what_came_at_once_is_asked_about() -> None:
    warehouse = Warehouse([reference("device_brand"), reference("device_brand", model_id="churn")])
    found = advice_for(
        world(
            fraud=[unseen(("Nothing", 36))],
            churn=[unseen(("Else", 9)), unseen(("Slow", 3), subject="plan", arrival="gradual")],
            calm=[],
            slow=[unseen(("Slow", 3), arrival="gradual")],
        ),
        warehouse,  # type: ignore[arg-type]
    )
    held = {name: one.guard["rules"][0]["hold"]["levels"] for name, one in found.items()}
    assert held == {"fraud": ["Nothing"], "churn": ["Else"]}
    assert warehouse.asked == [{"models": ["churn", "fraud"], "versions": ["v1"], "variables": ["device_brand"]}]
    assert advice_for(world(calm=[]), warehouse) == {}  # type: ignore[arg-type]
    assert len(warehouse.asked) == 1, "a calm fleet asks nothing"


def test_the_same_batch_gives_the_same_advice_whenever_it_is_asked() -> None:
    asked = [given([unseen(("Nothing", 36))], reference("device_brand")) for _ in range(2)]
    assert asked[0] == asked[1]
    assert asked[0].guard["made_at"] == "2026-11-19T00:00:00+00:00"
