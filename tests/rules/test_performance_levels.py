"""The rules auc, accuracy, rmse and immature: floors and bands, truth that stops, and every verdict step by step."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from dashboard.colour import AMBER, GREEN, GREY, NOTE, RED
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.history import Assessment, Baseline, Cohort, Spread
from dashboard.metric import Estimate
from dashboard.performance.truth_counts import Residuals, ScoreCounts
from dashboard.policy import Policy
from dashboard.rules import auc, derivation, sentence
from tests.histories import classes, history, version

COUNTS = ScoreCounts(np.array([0.2, 0.8]), np.array([200, 300]), np.array([3000, 500]))
FLOOR = Policy(auc_rule="floor", auc_floor=0.7)
BAND = Policy(auc_rule="band")
CHUNKS = Baseline(0.8, 0.01, 5000, Spread(20, 0.8, 0.02))


def judged(
    value: float, low: float | None, high: float | None, policy: Policy, baseline: Baseline | None = None
) -> Any:
    return auc.judge(Estimate(value, 0.01, low, high, 4000), baseline, COUNTS, policy)


@pytest.mark.parametrize(
    ("value", "low", "high", "code"),
    [
        (0.66, 0.63, 0.69, RED),
        (0.66, 0.61, 0.71, AMBER),
        (0.70, 0.66, 0.74, GREEN),
        (0.95, 0.94, 0.96, GREEN),
        (1.0, None, None, GREEN),
        (0.0, None, None, RED),
    ],
)
def test_a_floor_is_amber_below_and_red_when_the_whole_interval_is(
    value: float, low: float | None, high: float | None, code: int
) -> None:
    found = judged(value, low, high, FLOOR)
    assert (found.code, found.facts["level"], found.facts["rule"]) == (code, 0.7, "floor")


@pytest.mark.parametrize(
    ("value", "low", "high", "code"),
    [
        (0.70, 0.67, 0.73, RED),
        (0.72, 0.69, 0.75, AMBER),
        (0.75, 0.72, 0.78, GREEN),
        (0.85, 0.83, 0.87, GREEN),
        (0.87, 0.85, 0.89, NOTE),
    ],
)
def test_a_band_is_three_deviations_of_the_slices_to_both_sides(
    value: float, low: float, high: float, code: int
) -> None:
    found = judged(value, low, high, BAND, CHUNKS)
    assert found.code == code
    assert (found.facts["level"], found.facts["top"]) == pytest.approx((0.74, 0.86))


@pytest.mark.parametrize("chunks", [None, Spread(19, 0.8, 0.02)])
def test_too_few_slices_make_no_band(chunks: Spread | None) -> None:
    found = judged(0.5, 0.4, 0.6, BAND, replace(CHUNKS, chunks=chunks))
    assert (found.code, found.facts["reason"]) == (GREY, "few_chunks")
    assert found.facts["chunks"] == (0 if chunks is None else 19)
    assert judged(0.5, 0.4, 0.6, BAND).facts["reason"] == "few_chunks"


@pytest.mark.parametrize("chunks", [Spread(30, np.nan, 0.02), Spread(30, 0.8, np.nan), Spread(30, 0.8, np.inf)])
def test_a_band_that_is_no_number_never_colours_green(chunks: Spread) -> None:
    found = judged(0.5, 0.4, 0.6, BAND, replace(CHUNKS, chunks=chunks))
    assert (found.code, found.facts["reason"], found.facts["chunks"]) == (GREY, "few_chunks", 0)


@pytest.mark.parametrize("policy", [FLOOR, BAND])
def test_few_positives_are_grey_however_they_are_judged(policy: Policy) -> None:
    few = ScoreCounts(np.array([0.2, 0.8]), np.array([5, 20]), np.array([3000, 500]))
    found = auc.judge(Estimate(0.2, 0.01, 0.1, 0.3, 4000), CHUNKS, few, policy)
    assert (found.code, found.facts["reason"]) == (GREY, "few")


# -- whole assessments -------------------------------------------------------------------------------------

BAD = ScoreCounts(np.array([0.2, 0.5, 0.8]), np.array([300, 700, 1000]), np.array([2000, 1500, 1500]))
GOOD = ScoreCounts(np.array([0.2, 0.5, 0.8]), np.array([100, 400, 1500]), np.array([3000, 1500, 500]))
OF_TWO = {"auc": Baseline(0.886, 0.004, 7000, Spread(24, 0.886, 0.01))}


def month(number: int, data: Any = GOOD, known: int = 7000) -> Cohort:
    last = {7: 31, 8: 31, 9: 30, 10: 31}[number]
    return Cohort(f"month:2026-{number:02}", date(2026, number, 1), date(2026, number, last), 7000, known, data)


def assessed(*cohorts: Cohort, as_of: date = date(2026, 11, 3), baselines: Any = OF_TWO, **changes: Any) -> Assessment:
    given = version([], [{}] * 3, rows=[10] * 3, baselines=baselines, cohorts=cohorts)
    return assess(history(given, as_of=as_of, **changes))


def last(found: Assessment, rule: str) -> Finding:
    """The rule's finding of the newest batch, as it is read back from the table."""
    finding = [one for one in found.findings if one.rule == rule][-1]
    return replace(finding, facts=json.loads(json.dumps(finding.facts)))


def steps(finding: Finding) -> str:
    found = derivation(finding)
    for step in found:
        for text in (step.en, step.fr):
            assert text.endswith(".")
            assert "{" not in text
            assert "None" not in text
    return " ".join(step.en for step in found)


def test_floors_and_bands_speak() -> None:
    low = last(assessed(month(9, BAD), policy=FLOOR), "auc")
    assert sentence(low).en == (
        "AUC of September is .65 (up to .66), below the .70 that the policy asks for: find what changed, or retrain."
    )
    assert "jusqu\u2019à 0,66" in sentence(low).fr
    said = steps(low)
    assert "The policy asks for at least .70. Even the upper end lies below: red." in said
    assert "Its truth has 2,000 positives and 5,000 negatives" in said
    below = last(assessed(month(9, BAD), policy=BAND), "auc")
    assert "below what slices of the training rows show by themselves (.86 to .92)" in sentence(below).en
    assert "24 slices of the training rows have mean .8860 and standard deviation .01000" in steps(below)
    best = assessed(month(9), policy=BAND, baselines={"auc": Baseline(0.7, 0.01, 700, Spread(24, 0.7, 0.01))})
    assert best.health[-1].performance == "green"
    assert "check that no variable knows the outcome" in sentence(last(best, "auc")).en
    assert "It lies above: a note." in steps(last(best, "auc"))
    none = last(assessed(month(9), policy=BAND, baselines={}), "auc")
    assert "training delivered 0 of them (20 needed)" in sentence(none).en
    assert "20 are needed: grey." in steps(none)
    for policy in (FLOOR, BAND):
        assert assessed(month(9), policy=policy).health[-1].performance == "green"


def test_a_verdict_against_the_test_set_can_be_gone_step_by_step() -> None:
    said = steps(last(assessed(month(9, BAD)), "auc"))
    for words in (
        "ended on 30\u00a0September: its outcome window was over on 30\u00a0October, and 100\u00a0% of its outcomes",
        "On the test set of training it was .8860 with standard error .004000.",
        "Amber asks for 2.33 standard errors and .01; red for 3 and .03.",
        "Both hold at the level of red: red.",
    ):
        assert words in said
    worse = {"rmse": Baseline(10.4, 0.1)}
    errors = Residuals(7000, 70_000.0, 1_050_000.0, 0.0, 400_000_000.0)
    assert "The rise is 1.847, .1776 times what it was." in steps(
        last(assessed(month(9, errors), task="regression", baselines=worse), "rmse")
    )
    fewer = {"accuracy": Baseline(0.83, 0.002)}
    amber = last(assessed(month(9, classes(7000, 5670)), task="multiclass", baselines=fewer), "accuracy")
    assert "Both hold at the level of amber, not of red: amber." in steps(amber)


@pytest.mark.parametrize(
    ("data", "baselines", "words"),
    [
        (ScoreCounts(np.array([0.5]), np.array([7]), np.array([6993])), OF_TWO, "A value takes 10 positives"),
        (ScoreCounts(np.array([0.5]), np.array([12]), np.array([6988])), OF_TWO, "A colour takes 30 positives"),
        (GOOD, {}, "Training delivered nothing to compare it with: grey."),
        (GOOD, {"auc": Baseline(0.8)}, "without a standard error"),
        (ScoreCounts(np.array([np.nan]), np.array([700]), np.array([6300])), OF_TWO, "cannot be used"),
    ],
)
def test_so_can_a_grey_one(data: ScoreCounts, baselines: Any, words: str) -> None:
    assert words in steps(last(assessed(month(9, data), baselines=baselines), "auc"))


def test_a_note_says_what_would_be_seen() -> None:
    few = ScoreCounts(np.array([0.2, 0.5, 0.8]), np.array([2, 8, 30]), np.array([3000, 1500, 500]))
    said = steps(last(assessed(month(9, few), baselines={"auc": Baseline(0.88, 0.004)}), "auc"))
    assert "would be seen four times out of five, and that is more than .05: a note." in said


# -- truth that stops --------------------------------------------------------------------------------------


def test_truth_that_stops_is_grey_after_half_the_window_and_says_so() -> None:
    # September is due on 30 October; half of its 30 days later truth has stopped.
    cohorts = (month(8), month(9, GOOD, known=100), month(10, None, known=0))
    early = assessed(*cohorts, as_of=date(2026, 11, 13))
    assert (early.health[-1].performance, last(early, "immature").colour) == ("green", "note")
    assert early.health[-1].valid_until == date(2026, 11, 14)
    late = assessed(*cohorts, as_of=date(2026, 11, 14))
    assert (late.health[-1].performance, late.health[-1].colour) == ("grey", early.health[-1].colour)
    stopped = last(late, "immature")
    assert (stopped.colour, stopped.facts["case"]) == ("grey", "stopped")
    assert sentence(stopped).en == (
        "Truth has stopped coming since August: September was due on 30\u00a0October, and 1.4\u00a0% of its outcomes "
        "are known (95\u00a0% needed). Find out why."
    )
    assert "La vérité n\u2019arrive plus depuis août" in sentence(stopped).fr
    assert "15 days later, on 14\u00a0November" in steps(stopped)


def test_a_red_stands_though_truth_stops() -> None:
    found = assessed(month(8, BAD), month(9, None, known=0), as_of=date(2026, 12, 24))
    assert found.health[-1].performance == "red"
    assert {last(found, "auc").colour, last(found, "immature").colour} == {"red", "grey"}


def test_truth_that_comes_again_is_no_longer_missed() -> None:
    found = assessed(month(7), month(8, None, known=0), month(9), as_of=date(2026, 12, 24))
    assert found.health[-1].performance == "green"
    assert not [one for one in found.findings if one.rule == "immature" and one.batch_date == date(2026, 11, 3)]


def test_a_short_window_leaves_truth_a_week() -> None:
    cohorts = (
        Cohort("b-1", date(2026, 10, 20), date(2026, 10, 20), 7000, 7000, GOOD),
        Cohort("b-2", date(2026, 10, 28), date(2026, 10, 28), 7000, 0, None),
    )
    for day, colour in ((3, "green"), (4, "grey")):
        found = assessed(*cohorts, as_of=date(2026, 11, day), outcome_window_days=0)
        assert found.health[-1].performance == colour


@pytest.mark.parametrize(
    ("cohorts", "words"),
    [
        ((), "There is no cohort to judge: grey."),
        ((month(10, None, known=0),), "That day has not come, and no earlier cohort"),
        ((month(10, GOOD, known=4270),), "4,270 of 7,000 outcomes are known, 61\u00a0%; it takes 95\u00a0%."),
        ((month(9, GOOD, known=5600),), "and no other cohort of this version counts: grey."),
        ((month(8), month(9, GOOD, known=100)), "an older cohort counts in its place: a note."),
    ],
)
def test_every_provisional_truth_can_be_gone_step_by_step(cohorts: tuple[Cohort, ...], words: str) -> None:
    assert words in steps(last(assessed(*cohorts), "immature"))
