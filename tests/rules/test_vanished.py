"""The rule on vanished levels: what chance loses and what it does not, colours, names and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from dashboard.colour import AMBER, GREEN, GREY, NOTE, RED, Codes
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.policy import Policy
from dashboard.rules import constant, derivation, sentence, vanished
from tests.histories import categorical, counted, history, numeric, version

PLAN = categorical("plan", [60_000, 27_000, 12_000, 900, 100, 0, 0, 0])
"""Levels a to e."""
USUAL = [1200, 540, 240, 18, 2, 0, 0, 0]


def codes(batches: Sequence[Any], policy: Policy | None = None, variable: Any = PLAN) -> Codes:
    tally = counted([variable], [{"plan": batch} for batch in batches])
    return vanished.judge(tally, policy or Policy(), frozen=constant.is_frozen(tally)).codes[:, 0]


def findings(batches: Sequence[Any], **more: Any) -> list[Finding]:
    given = version([PLAN], [{"plan": batch} for batch in batches], **more)
    return [finding for finding in assess(history(given)).findings if finding.rule == "vanished"]


@pytest.mark.parametrize(
    ("batch", "code"),
    [
        (USUAL, GREEN),
        ([1200, 540, 240, 20, 0, 0, 0, 0], GREEN),  # .1 % in none of 2,000: once in seven
        ([1200, 560, 240, 0, 0, 0, 0, 0], NOTE),  # .9 % in none of 2,000
        ([12_000, 5600, 2400, 200, 0, 0, 0, 0], NOTE),  # .1 % in none of 20,000
        ([1400, 600, 0, 18, 2, 0, 0, 0], RED),
        ([30, 15, 0, 0, 0, 0, 0, 0], GREEN),  # 12 % in none of 45: chance does that three times in a thousand
        ([0, 540, 240, 18, 2, 0, 1200, 0], RED),
        ([0, 0, 0, 0, 0, 0, 0, 2000], GREY),  # no values at all: another rule's
        ([2000, 0, 0, 0, 0, 0, 0, 0], GREY),  # one single value: another rule's
        ([0] * 8, GREY),
    ],
)
def test_levels_vanish_beyond_chance(batch: list[int], code: int) -> None:
    assert codes([batch])[0] == code


def test_amber_lies_between() -> None:
    some = categorical("plan", [60_000, 37_000, 3_000, 0, 0, 0])
    assert codes([[1200, 800, 0, 0, 0, 0]], variable=some)[0] == AMBER
    strict = Policy(variables={"plan": {"vanished_red": 0.02}})
    assert codes([[1200, 800, 0, 0, 0, 0]], strict, some)[0] == RED


@pytest.mark.parametrize("rows", [50, 400, 3000])
def test_it_never_calls_beyond_chance_what_the_exact_probability_does_not(rows: int) -> None:
    for known in (5, 40, 300, 2000, 9000):
        variable = categorical("plan", [10_000 - known - 4000, 4000, known, 0, 0, 0])
        if codes([[rows // 2, rows - rows // 2, 0, 0, 0, 0]], variable=variable)[0] != GREEN:
            assert 3 * binom.pmf(0, rows, known / 10_000) < 1e-4


def test_of_one_law_levels_do_not_vanish() -> None:
    random = np.random.default_rng(3)
    shares = np.array([0.5, 0.3, 0.15, 0.03, 0.015, 0.005])
    training = [*random.multinomial(5_000, shares).tolist(), 0, 0, 0]
    batches = [[*counts, 0, 0, 0] for counts in random.multinomial(300, shares, 4_000).tolist()]
    assert (codes(batches, variable=categorical("plan", training)) == GREEN).all()


def test_numbers_computed_variables_and_those_of_no_interest_are_left_alone() -> None:
    gone = [1400, 600, 0, 18, 2, 0, 0, 0]
    assert codes([gone], Policy(variables={"plan": {"off": ["vanished"]}}))[0] == GREEN
    assert codes([gone], variable=replace(PLAN, derived=True))[0] == GREEN
    tally = counted([numeric()], [{"x": [2000] + [0] * 10}])
    assert vanished.judge(tally, Policy(), frozen=np.zeros((1, 1), bool)).codes[0, 0] == GREEN


def test_the_finding_names_the_levels_their_share_and_how_they_went() -> None:
    gone = [1400, 600, 0, 0, 0, 0, 0, 0]
    found = findings([USUAL] * 5 + [gone] * 2)
    assert [(f.colour, f.since.isoformat(), f.facts["arrival"]) for f in found] == [("red", "2026-11-06", "sudden")] * 2
    assert found[0].facts["levels"] == [
        {"level": "c", "rows": 12_000, "share": 0.12},
        {"level": "d", "rows": 900, "share": 0.009},
    ]
    assert sentence(found[1]).en == (
        "plan has had no row of 2 levels, \u201cc\u201d and \u201cd\u201d, since 6\u00a0November (13\u00a0% of "
        "training): it came at once on 6\u00a0November, see whether a filter or a source was lost upstream."
    )
    assert sentence(found[1]).fr.startswith(
        "plan n\u2019a plus aucune ligne de 2 modalités, «\u00a0c\u00a0» et «\u00a0d"
    )
    slow = findings([[1200, 540, rows, 18, 2, 0, 0, 0] for rows in (240, 200, 160, 120, 80, 40, 0)])
    assert [f.facts["arrival"] for f in slow] == ["gradual"]
    assert (
        "of its level \u201cc\u201d since 7\u00a0November (12\u00a0% of training): it died out" in sentence(slow[0]).en
    )
    assert findings([gone] * 2)[-1].facts["arrival"] == "first"
    small = findings([USUAL] * 3 + [[1200, 560, 240, 0, 0, 0, 0, 0]])[-1]
    assert (small.colour, sentence(small).en[-27:]) == ("note", ": too little to matter yet.")


def test_a_level_that_comes_under_another_name_is_called_so() -> None:
    recoded = findings([USUAL] * 3 + [[1200, 540, 0, 18, 2, 0, 240, 0]])[-1]
    assert sentence(recoded).en.endswith(
        ": 12\u00a0% of rows have levels unknown to training, so the source may code it in another way."
    )


def test_more_levels_than_a_sentence_can_name_are_counted() -> None:
    many = categorical("plan", [50_000, *[5000] * 9, 0, 0, 0])
    given = version([many], [{"plan": [1500, 500, *[0] * 8, 0, 0, 0]}])
    (found,) = [finding for finding in assess(history(given)).findings if finding.rule == "vanished"]
    assert found.facts["vanished"] == len(found.facts["levels"]) == 8
    assert "no row of 8 levels, \u201cc\u201d, \u201cd\u201d and 6 more, since" in sentence(found).en


def test_the_verdict_can_be_derived_by_hand() -> None:
    steps = [step.en for step in derivation(findings([USUAL] * 5 + [[1400, 600, 0, 18, 2, 0, 0, 0]])[-1])]
    assert steps[:5] == [
        "1 of the 5 levels that plan had in training is in none of 2,020 rows with a value.",
        "\u201cc\u201d had 12,000 rows in training, 12\u00a0%.",
        "Chance leaves none of the rarest of them with probability 6\u00a0\u00d7\u00a010\u207b\u00b9\u2070\u2075; "
        "times 5 levels tried, that is less than the 1\u00a0\u00d7\u00a010\u207b\u2074 asked for.",
        "It was 12\u00a0% of training; amber asks for 1.0\u00a0%, red for 5.0\u00a0%.",
        "Both hold at the level of red: red.",
    ]
    assert steps[5].startswith("It began on 6\u00a0November")
