"""Incidents: what belongs together, what does not, and how it is told."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from dashboard.finding import Finding
from dashboard.incidents import BREAKS, from_rows, incidents, sentence
from dashboard.rules import load

DAY = date(2026, 11, 19)
OLD = date(2026, 10, 1)


def finding(
    model: str, subject: str, colour: str = "red", rule: str = "missing", since: date = DAY, **more: Any
) -> Finding:
    family = "drift" if rule == "drift" else "quality"
    values = {"model_version": "1", "batch_id": "b", "batch_date": DAY, "facts": {}} | more
    return Finding(model_id=model, subject=subject, rule=rule, family=family, colour=colour, since=since, **values)


def test_one_variable_on_one_day_in_two_models_is_one_incident() -> None:
    (found,) = incidents(
        [
            finding("one", "tenure", "amber"),
            finding("one", "tenure", "red", "drift"),
            finding("two", "tenure", "amber"),
            finding("three", "tenure", since=OLD),
            finding("one", "alone", "red", "absent"),
        ]
    )
    assert (found.kind, found.since, found.colour) == ("break", DAY, "red"), "the worst colour, also of what follows"
    assert (found.models, found.variables, found.rules) == (("one", "two"), ("tenure",), ("missing",))
    assert found.id == "2026-11-19:tenure"


def test_another_sign_of_the_same_break_belongs_to_it() -> None:
    (found,) = incidents([finding("one", "plan", rule="vanished"), finding("two", "plan", "amber", "unseen")])
    assert (found.kind, found.rules) == ("break", ("unseen", "vanished"))
    (found,) = incidents([finding("one", "plan"), finding("two", "plan"), finding("three", "plan", rule="drift")])
    assert (found.kind, found.models) == ("break", ("one", "three", "two"))


def test_variables_of_one_model_that_break_the_same_way_together_are_one_incident() -> None:
    apart = [finding("one", "a"), finding("one", "b", rule="absent"), finding("one", "c", since=OLD)]
    assert incidents(apart) == []
    (found,) = incidents([*apart, finding("one", "d")])
    assert (found.models, found.variables) == (("one",), ("a", "d"))
    moved = [finding("one", name, rule="drift") for name in "abc"]
    assert incidents(moved) == [], "variables of one model drift together for many reasons"
    (found,) = incidents([*moved, finding("two", "b", "amber", "drift")])
    assert (found.kind, found.variables) == ("drift", ("b",))


def test_what_no_one_else_shares_is_none() -> None:
    rest = [
        finding("one", "x"),
        *(finding(model, "x", "note", "unseen") for model in ("two", "three")),
        *(finding(model, "batch", "amber", "row_count") for model in ("one", "two")),
        *(finding(model, "prediction", rule="drift") for model in ("one", "two")),
    ]
    assert incidents(rest) == []
    assert incidents([]) == []


def test_the_day_is_that_of_the_change_and_not_of_its_colour() -> None:
    worse = finding("one", "x", since=DAY + timedelta(days=4), facts={"onset": DAY.isoformat()})
    (found,) = incidents([worse, finding("two", "x")])
    assert found.since == DAY


def test_an_incident_of_many_batches_is_one_and_keeps_its_name() -> None:
    batches = [
        finding(model, name, since=DAY, batch_date=DAY + timedelta(days=t), batch_id=str(t))
        for t in range(5)
        for model in ("one", "two")
        for name in ("x", "y")
    ]
    (found,) = incidents(batches)
    assert (found.since, found.last, len(found.findings)) == (DAY, DAY + timedelta(days=4), 4)
    (early,) = incidents(batches[:4])
    assert early.id == found.id
    assert {one.batch_id for one in found.findings} == {"4"}, "the newest finding speaks"


def test_the_order_of_findings_never_matters() -> None:
    given = [
        finding("one", "x"),
        finding("two", "x", "amber", "drift"),
        finding("two", "y", rule="absent"),
        finding("three", "y", rule="absent"),
        finding("three", "z", rule="absent"),
    ]
    wanted = incidents(given)
    assert len(wanted) == 2
    for shuffled in itertools.permutations(given):
        assert incidents(shuffled) == wanted


def test_the_newest_stands_first_then_that_of_most_models() -> None:
    given = [finding(m, s, since=d) for m, s, d in itertools.product("ab", "xz", (OLD,)) if (m, s) != ("b", "z")]
    given += [finding(m, "y") for m in "ab"] + [finding(m, "w") for m in "cde"]
    assert [found.variables[0] for found in incidents(given)] == ["w", "y", "x"]


@pytest.mark.parametrize(
    ("given", "en", "fr"),
    [
        (
            [finding("one", "x"), finding("two", "x", rule="absent")],
            "x broke on 19\u00a0November in One and two (absent variable and missing values): most likely one cause "
            "upstream of them, to mend there.",
            "x\u00a0: rupture le 19\u00a0novembre dans One et two (variable absente et valeurs manquantes), sans doute "
            "une seule cause en amont, à réparer là.",
        ),
        (
            [finding("one", name) for name in "abcde"],
            "a, b and 3 more of One broke together on 19\u00a0November (missing values): most likely the one source "
            "that feeds them.",
            "a, b et 3 autres de One\u00a0: rupture commune le 19\u00a0novembre (valeurs manquantes), sans doute la "
            "source qui les alimente.",
        ),
        (
            [finding(model, "x", rule="drift") for model in ("one", "two")],
            "x has been drifting in One and two since 19\u00a0November: most likely one change, of the world or of "
            "its source.",
            "x dérive dans One et two depuis le 19\u00a0novembre\u00a0: sans doute un seul changement, du monde ou de "
            "sa source.",
        ),
    ],
)
def test_sentences(given: list[Finding], en: str, fr: str) -> None:
    (found,) = incidents(given)
    text = sentence(found, {"one": "One"})
    assert (text.en, text.fr) == (en, fr)


def test_breaks_are_rules_of_quality_on_variables() -> None:
    assert {load()[rule].family for rule in BREAKS} == {"quality"}


def test_a_row_brings_the_day_the_change_began() -> None:
    row = {
        "model_id": "m", "model_version": "1", "batch_id": "b", "batch_date": DAY, "subject": "s", "rule": "missing",
        "family": "quality", "colour": "red", "since": DAY, "weight": None,
    }  # fmt: skip
    early, plain = from_rows([{**row, "onset": date(2026, 10, 1)}, {**row, "onset": None}])
    assert (early.facts, plain.facts) == ({"onset": "2026-10-01"}, {})
