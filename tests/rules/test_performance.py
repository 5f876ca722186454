"""The rules auc, accuracy, rmse and immature: colours by hand, which cohort counts when, sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from dashboard.colour import AMBER, GREEN, GREY, NAMES, NOTE, RED
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.history import Assessment, Baseline, Cohort
from dashboard.judging.comparison import compare
from dashboard.metric import Estimate
from dashboard.metrics.auc import auc as auc_of
from dashboard.performance.cohorts import timeline
from dashboard.performance.truth_counts import Residuals, ScoreCounts
from dashboard.policy import Policy
from dashboard.rule import Verdicts
from dashboard.rules import accuracy, auc, immature, rmse, sentence
from tests.histories import START, classes, history, model, version

DAY = timedelta(days=1)


def judged(value: float, se: float, baseline: Baseline | None, **more: Any) -> int:
    estimate = Estimate(value, se, None, None, 5000)
    given: dict[str, Any] = {"fewest": 500, "amber": 0.01, "red": 0.03, "sign": 1, **more}
    return compare(estimate, baseline, **given).code


@pytest.mark.parametrize(
    ("value", "se", "code"),
    [
        (0.71, 0.008, RED),  # drop .06, z = .06 / hypot(.005, .008) = 6.4
        (0.74, 0.008, RED),  # drop .03, z = 3.18
        (0.74, 0.009, AMBER),  # z = 2.91
        (0.741, 0.002, AMBER),  # drop .029
        (0.76, 0.0001, GREEN),  # drop .01, but z = 2.0
        (0.755, 0.0001, AMBER),  # z = 3.0
        (0.74, 0.03, GREEN),  # z = .99
        (0.80, 0.001, GREEN),  # better
    ],
)
def test_a_fall_needs_effect_and_significance(value: float, se: float, code: int) -> None:
    assert judged(value, se, Baseline(0.77, 0.005, 20_000)) == code


def test_a_rise_of_rmse_is_relative() -> None:
    options: dict[str, Any] = {"sign": -1, "relative": True, "amber": 0.05, "red": 0.15}
    baseline = Baseline(10.0, 0.1)
    assert judged(12.0, 0.1, baseline, **options) == RED
    assert judged(11.4, 0.1, baseline, **options) == AMBER
    assert judged(10.4, 0.01, baseline, **options) == GREEN
    assert judged(8.0, 0.1, baseline, **options) == GREEN


@pytest.mark.parametrize(
    ("fewest", "baseline", "reason"),
    [
        (9, Baseline(0.77, 0.005), "no_value"),
        (29, Baseline(0.77, 0.005), "few"),
        (500, None, "no_baseline"),
        (500, Baseline(float("nan"), 0.005), "no_baseline"),
        (500, Baseline(0.77, None), "no_baseline_error"),
    ],
)
def test_what_cannot_be_judged_is_grey_and_says_why(fewest: int, baseline: Baseline | None, reason: str) -> None:
    found = compare(Estimate(0.5, 0.01, None, None, 900), baseline, fewest=fewest, amber=0.01, red=0.03, sign=1)
    assert (found.code, found.facts["reason"]) == (GREY, reason)


def test_green_on_few_positives_is_a_note() -> None:
    assert judged(0.77, 0.02, Baseline(0.77, 0.005), note_above=0.05) == NOTE
    assert judged(0.77, 0.01, Baseline(0.77, 0.005), note_above=0.05) == GREEN


@pytest.mark.parametrize(("positives", "negatives", "code"), [(300, 1200, NOTE), (350, 1400, GREEN)])
@pytest.mark.parametrize("more", [1.0, 1.25])
def test_a_fall_of_five_points_takes_some_350_positives_to_be_seen(
    positives: int, negatives: int, code: int, more: float
) -> None:
    """Scores of a binormal model of AUC .75, one positive in five; with two in five it takes a quarter more."""
    positives = int(positives * more)
    negatives = int(positives * (1.5 if more > 1 else 4))
    score = np.concatenate(
        [norm.ppf(np.linspace(0, 1, positives + 2)[1:-1]) + 0.954, norm.ppf(np.linspace(0, 1, negatives + 2)[1:-1])]
    )
    y = np.repeat([1, 0], [positives, negatives])
    counts = ScoreCounts(score, y, 1 - y)
    estimate = auc_of(counts)
    assert estimate.value == pytest.approx(0.75, abs=0.002)
    assert auc.judge(estimate, Baseline(0.75, 0.005), counts, Policy()).code == code


def test_each_task_takes_its_own_numbers() -> None:
    policy, counts = Policy(), ScoreCounts(np.array([0.5]), np.array([40]), np.array([400]))
    estimate = Estimate(0.6, 0.01, None, None, 440)
    found = auc.judge(estimate, Baseline(0.8, 0.01), counts, policy)
    assert (found.code, found.facts["positives"], found.facts["rarer"]) == (RED, 40, "positives")
    assert accuracy.judge(estimate, Baseline(0.62, 0.001), classes(440, 264), policy).code == GREEN
    assert accuracy.judge(estimate, Baseline(0.65, 0.001), classes(440, 264), policy).code == RED
    residuals = Residuals(440, 0, 0, 0, 0)
    assert rmse.judge(estimate, Baseline(0.5, 0.01), residuals, policy).code == RED
    assert rmse.judge(estimate, Baseline(0.0, 0.01), residuals, policy).facts["reason"] == "no_baseline"


# -- which cohort counts when ------------------------------------------------------------------------------

GOOD = ScoreCounts(np.array([0.2, 0.5, 0.8]), np.array([100, 400, 1500]), np.array([3000, 1500, 500]))
BAD = ScoreCounts(np.array([0.2, 0.5, 0.8]), np.array([300, 700, 1000]), np.array([2000, 1500, 1500]))
BASELINE = {"auc": Baseline(0.886, 0.004, 7000)}


def month(number: int, data: Any = GOOD, known: int = 7000) -> Cohort:
    last = {7: 31, 8: 31, 9: 30, 10: 31, 11: 30}[number]
    return Cohort(f"month:2026-{number:02}", date(2026, number, 1), date(2026, number, last), 7000, known, data)


def assessed(
    *cohorts: Cohort, as_of: date = date(2026, 11, 3), baselines: Mapping[str, Baseline] = BASELINE, **changes: Any
) -> Assessment:
    given = version([], [{}] * 3, rows=[10] * 3, baselines=baselines, cohorts=cohorts)
    return assess(history(given, as_of=as_of, **changes))


def test_the_newest_matured_cohort_counts_on_each_day() -> None:
    # With a window of 2 days October matures on 2 November, the second of three batches.
    found = assessed(month(9), month(10, BAD), outcome_window_days=2)
    assert [row.performance for row in found.health] == ["green", "red", "red"]
    reds = [f for f in found.findings if f.rule == "auc"]
    assert [(f.batch_date.day, f.since.day, f.facts["cohort"]) for f in reds] == [
        (2, 2, "month:2026-10"),
        (3, 2, "month:2026-10"),
    ]


def test_the_newest_batch_is_seen_today() -> None:
    cohorts = (month(9), month(10, BAD))
    before = assessed(*cohorts, as_of=date(2026, 11, 29))
    assert [row.performance for row in before.health] == ["green", "green", "green"]
    assert before.health[-1].valid_until == date(2026, 11, 30), "October's 30 days are over then"
    after = assessed(*cohorts, as_of=date(2026, 11, 30))
    assert [row.performance for row in after.health] == ["green", "green", "red"]


def test_incomplete_truth_never_counts() -> None:
    found = assessed(month(9, BAD, known=6649), as_of=date(2026, 12, 24))
    assert [row.performance for row in found.health] == ["grey"] * 3
    assert assessed(month(9, BAD, known=6650)).health[-1].performance == "red"
    assert assessed(month(9, BAD, known=6300), policy=Policy(completeness=0.9)).health[-1].performance == "red"
    nothing = assessed(month(9, None, known=0), policy=Policy(completeness=0))
    assert [f.rule for f in nothing.findings if f.family == "performance"][-1] == "immature"


def last_sentence(found: Assessment, rule: str, language: Any = "en") -> str:
    return sentence([f for f in found.findings if f.rule == rule][-1])[language]


def test_immature_says_when_it_will_be_final() -> None:
    found = assessed(month(10, GOOD, known=4270), month(11, None, known=0), as_of=date(2026, 11, 19))
    assert last_sentence(found, "immature") == (
        "October is provisional: 61\u00a0% of outcomes known, final on 30\u00a0November."
    )
    assert last_sentence(found, "immature", "fr") == (
        "Octobre\u00a0: encore provisoire, 61\u202f% des résultats connus, définitif le 30\u00a0novembre."
    )
    first = next(f for f in found.findings if f.rule == "immature")
    assert "completeness" not in first.facts, "what was known on an earlier day is not kept"
    assert sentence(first).en == "October was provisional: its outcomes are final on 30\u00a0November."
    awaited = assessed(month(10, None, known=0))
    assert last_sentence(awaited, "immature") == (
        "No outcome is known yet; those of October are final on 30\u00a0November."
    )
    assert "ceux d\u2019octobre sont définitifs" in last_sentence(awaited, "immature", "fr")
    overdue = assessed(month(9, GOOD, known=5600))
    assert last_sentence(overdue, "immature") == (
        "September was due on 30\u00a0October, but only 80\u00a0% of its outcomes are known: deliver the rest "
        "(95\u00a0% needed)."
    )
    none = assessed(month(9, GOOD, known=0))
    assert last_sentence(none, "immature") == (
        "September was due on 30\u00a0October, but none of its outcomes is known: deliver them (95\u00a0% needed)."
    )
    assert "aucun résultat n\u2019est connu" in last_sentence(none, "immature", "fr")
    nothing = assessed()
    assert last_sentence(nothing, "immature").startswith("No predictions with identifiers")
    assert all(row.performance == "grey" for row in nothing.health)


def test_truth_that_stops_is_a_note_beside_the_last_judged_cohort() -> None:
    found = assessed(month(8), month(9, GOOD, known=100))
    last = [f for f in found.findings if f.rule == "immature"][-1]
    assert (last.colour, last.facts["cohort"]) == ("note", "month:2026-09")
    assert found.health[-1].performance == "green"


def test_performance_sentences() -> None:
    bad = assessed(month(9, BAD))
    assert last_sentence(bad, "auc") == (
        "AUC of September is .65, .24 below the test set (.89 ± .01; 2,000 positives): find what changed, or retrain."
    )
    assert last_sentence(bad, "auc", "fr") == (
        "L\u2019AUC de septembre est de 0,65, soit 0,24 sous le jeu de test (0,89 ± 0,01\u202f; 2\u202f000 positifs)"
        "\u00a0: chercher ce qui a changé, ou réentraîner."
    )
    few = ScoreCounts(np.array([0.2, 0.8]), np.array([2, 10]), np.array([6000, 988]))
    assert last_sentence(assessed(month(9, few)), "auc") == (
        "AUC of September is .85, but rests on 12 positives: too few for a colour (30 needed)."
    )
    none = ScoreCounts(np.array([0.2]), np.array([7]), np.array([6993]))
    assert last_sentence(assessed(month(9, none)), "auc") == (
        "The truth of September has 7 positives: too few for an AUC (10 needed)."
    )
    assert "training delivered no baseline" in last_sentence(assessed(month(9), baselines={}), "auc")
    errors = Residuals(7000, 70_000.0, 1_050_000.0, 0.0, 400_000_000.0)
    worse = assessed(month(9, errors), task="regression", baselines={"rmse": Baseline(10.4, 0.1)})
    assert last_sentence(worse, "rmse") == (
        "RMSE of September is 12.2, 18\u00a0% above the test set (10.4 ± 0.196; 7,000 rows): find what changed, or "
        "retrain."
    )
    found = assessed(month(9, classes(7000, 5670)), task="multiclass", baselines={"accuracy": Baseline(0.83, 0.002)})
    assert last_sentence(found, "accuracy") == (
        "Accuracy of September is 81\u00a0%, 2\u00a0points below the test set (83\u00a0% ± 0.4\u00a0%; 7,000 rows): "
        "watch the next cohort."
    )
    assert "soit 2\u00a0points sous le jeu de test" in last_sentence(found, "accuracy", "fr")


def test_cohorts_of_weeks_and_batches_are_named() -> None:
    week = Cohort("week:2026-W40", date(2026, 9, 28), date(2026, 10, 4), 7000, 7000, BAD)
    assert last_sentence(assessed(week), "auc", "fr").startswith("L\u2019AUC de la semaine 40 est de 0,65")
    batch = Cohort("b-7", date(2026, 10, 1), date(2026, 10, 1), 7000, 7000, BAD)
    assert last_sentence(assessed(batch), "auc").startswith("AUC of the batch of 1\u00a0October is .65")
    assert last_sentence(assessed(batch), "auc", "fr").startswith("L\u2019AUC du lot du 1er\u00a0octobre est de 0,65")


def test_a_note_on_few_positives_has_a_sentence() -> None:
    few = ScoreCounts(np.array([0.2, 0.5, 0.8]), np.array([2, 8, 30]), np.array([3000, 1500, 500]))
    found = assessed(month(9, few), baselines={"auc": Baseline(0.88, 0.004)})
    assert found.health[-1].performance == "green"
    assert "rests on 40 positives: a fall smaller than" in last_sentence(found, "auc")
    assert GREEN == 0


def test_french_agrees_with_the_period_and_a_cohort_without_predictions_has_a_sentence() -> None:
    week = Cohort("week:2026-W41", date(2026, 10, 5), date(2026, 10, 11), 100, 50, None)
    late = immature.judge(
        timeline([week], model(cohort="week")), model(cohort="week"), [START + DAY * 30], is_newest=True
    )
    assert said(late, "fr") == (
        "La semaine 41\u00a0: attendue le 10\u00a0novembre, mais 50\u202f% seulement des résultats sont connus\u00a0: "
        "livrer le reste (95\u202f% requis)."
    )
    young = immature.judge(timeline([week], model()), model(), [START], is_newest=True)
    assert "définitive le 10\u00a0novembre" in said(young, "fr")
    nobody = replace(week, predicted=0, known=0)
    for day in (START, START + DAY * 30):
        assert said(immature.judge(timeline([nobody], model()), model(), [day], is_newest=True), "en").endswith(".")


def said(verdicts: Verdicts, language: Any) -> str:
    _, _, code, facts = next(verdicts.not_green())
    finding = Finding("m", "v", "b", START, "model", "immature", "performance", NAMES[code], START, None, facts)
    return sentence(finding)[language]


def test_one_row_and_one_positive_are_singular() -> None:
    few = assessed(month(9, ScoreCounts(np.array([0.5]), np.array([1]), np.array([6999]))))
    assert last_sentence(few, "auc") == "The truth of September has 1 positive: too few for an AUC (10 needed)."
    assert "compte 1 positif\u00a0:" in last_sentence(few, "auc", "fr")
