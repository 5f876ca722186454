"""The rule on rows outside the training range: which colours, which sentences, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from dashboard.colour import AMBER, GREEN, GREY, RED
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.policy import Policy
from dashboard.rules import derivation, out_of_range, sentence
from tests.histories import categorical, counted, history, numeric, version

X = numeric("gb", [5000, 5000, 0])
EVEN = {"gb": [1000, 1000, 0]}


def findings(above: Sequence[int], **more: Any) -> list[Finding]:
    given = version([X], [EVEN] * len(above), above={"gb": above}, **more)
    return [finding for finding in assess(history(given)).findings if finding.rule == "out_of_range"]


@pytest.mark.parametrize(
    ("below", "above", "rows", "code"),
    [
        (0, 0, 2000, GREEN),
        (0, 19, 2000, GREEN),
        (10, 10, 2000, AMBER),
        (0, 99, 2000, AMBER),
        (100, 0, 2000, RED),
        (0, 1, 20, GREEN),  # five points, of one row
        (0, 20, 20, RED),
        (0, 0, 0, GREY),
    ],
)
def test_it_needs_effect_and_significance(below: int, above: int, rows: int, code: int) -> None:
    tally = counted([X], [{"gb": [rows // 2, rows - rows // 2, 0]}], below={"gb": [below]}, above={"gb": [above]})
    assert out_of_range.judge(tally, Policy()).codes[0, 0] == code


def test_a_training_set_that_was_small_knows_less_of_its_range() -> None:
    small = numeric("gb", [20, 20, 0])
    tally = counted([small], [{"gb": [1000, 1000, 0]}], above={"gb": [120]})
    assert out_of_range.judge(tally, Policy()).codes[0, 0] == GREEN, "6 % beyond both ends of 40 rows is chance"


def test_levels_computed_variables_and_those_of_no_interest_are_left_alone() -> None:
    kinds = [categorical("plan"), replace(X, derived=True), replace(X, name="quiet"), replace(X, name="loud")]
    batch = {"plan": [1000, 1000, 0, 0, 0], **{name: [1000, 1000, 0] for name in ("gb", "quiet", "loud")}}
    tally = counted(kinds, [batch], above={name: [500] for name in batch})
    policy = Policy(variables={"quiet": {"off": ["out_of_range"]}, "loud": {"out_of_range_red": 0.9}})
    found = out_of_range.judge(tally, policy)
    assert dict(zip(found.subjects, found.codes[0].tolist(), strict=True)) == {
        "gb": GREEN,
        "loud": AMBER,
        "plan": GREEN,
        "quiet": GREEN,
    }
    (facts,) = [facts for _, _, _, facts in found.not_green()]
    assert (facts["amber"], facts["red"], facts["threshold"]) == (0.01, 0.9, 0.01)


def test_sudden_gradual_and_both_sides_are_told_apart() -> None:
    at_once = findings([0] * 5 + [240] * 2)
    assert [(f.colour, f.since.isoformat(), f.facts["arrival"]) for f in at_once] == [
        ("red", "2026-11-06", "sudden")
    ] * 2
    assert sentence(at_once[1]).en == (
        "gb is above all training values in 12\u00a0% of rows since 6\u00a0November: it came at once on "
        "6\u00a0November, look upstream for a changed unit or a code for no value, or for a season that training did "
        "not have."
    )
    assert sentence(at_once[1]).fr.startswith(
        "gb est au-dessus de toutes les valeurs de l\u2019apprentissage dans 12\u202f% des lignes depuis le 6\u00a0nov"
    )
    slow = findings([8 * k for k in range(12)])[-1]
    assert slow.facts["arrival"] == "gradual"
    assert "it grew over several batches" in sentence(slow).en
    assert "(1.2\u00a0% on 4\u00a0November)" in sentence(slow).en, "it is far more by now"
    less = findings([0] * 5 + [240] * 2 + [40])[-1]
    assert sentence(less).en.endswith("(12\u00a0% on 6\u00a0November): fewer than then, but not yet none.")
    both = findings([0] * 5 + [60], below={"gb": [0] * 5 + [60]})[-1]
    assert sentence(both).en.startswith("gb is outside the range of training in 6.0\u00a0% of rows")
    low = findings([0] * 2, below={"gb": [0, 60]})[-1]
    assert sentence(low).en.startswith("gb is below all training values in 3.0\u00a0%")


def test_the_verdict_can_be_derived_by_hand() -> None:
    steps = [step.en for step in derivation(findings([0] * 5 + [60])[-1])]
    assert steps == [
        "60 of 2,000 rows are outside the range of training in gb: 3.0\u00a0%.",
        "0 are below it, 60 above.",
        "In training: 0 of 10,000, 0\u00a0%.",
        "That is 3\u00a0points more; amber asks for 1\u00a0point, red for 5\u00a0points.",
        "Training has none outside by construction, but its two ends are rows of its own: for the test, one training "
        "row counts as outside.",
        "If the batch were like training, so many or more would come with probability "
        "1\u00a0\u00d7\u00a010\u207b\u2074\u2075, less than the 1\u00a0\u00d7\u00a010\u207b\u2074 that a colour "
        "asks for.",
        "Both hold at the level of amber, not of red: amber.",
        "It began on 6\u00a0November, and has been amber since 6\u00a0November.",
        "It came at once: on 6\u00a0November one step between two batches made at least half of it, which points to a "
        "break upstream.",
    ]
