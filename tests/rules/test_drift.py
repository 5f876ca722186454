"""The drift rule and too_few_rows: soft colours by hand, what shows, pooling, what cannot be judged, sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.false_colours import WOBBLE, calm, seen
from dashboard.colour import AMBER, GREEN, GREY, RED
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.judging.pooling import pool
from dashboard.judging.soft_colour import compared, soft_colours
from dashboard.policy import Policy
from dashboard.rules import constant, drift, sentence
from dashboard.tally import Tally, tally
from tests.histories import categorical, counted, history, numeric, version

FLAT = [100] * 10 + [0]
MOVED = [40] * 5 + [160] * 5 + [0]
SLIGHT = [65] * 5 + [135] * 5 + [0]


def judge(tally: Tally, **policy: Any) -> drift.Drift:
    return drift.judge(tally, Policy(**policy), frozen=constant.is_frozen(tally))


def shown(*batches: list[int], **policy: Any) -> list[int]:
    return judge(counted([numeric()], [{"x": b} for b in batches]), **policy).shown[:, 0].tolist()


@pytest.mark.parametrize(
    ("value", "scale", "bins", "code", "at_once", "clause"),
    [
        # c = .001, B = 11: noise .01, K(.005) = .0252, K(1e-6) = .0466.
        (0.10, 0.001, 11, GREEN, False, ""),  # D = .09
        (0.11, 0.001, 11, AMBER, False, "amber"),
        (0.259, 0.001, 11, AMBER, False, "amber"),  # D = .249
        (0.26, 0.001, 11, RED, True, "at_once"),
        # c = .008: noise .08, K(.005) = .2015, K(1e-6) = .3721.
        (0.19, 0.008, 11, GREEN, False, ""),  # D = .11, but chance gives more once in 200
        (0.21, 0.008, 11, AMBER, False, "amber"),
        (0.34, 0.008, 11, RED, False, "red"),  # D = .26, not beyond one in a million
        (0.38, 0.008, 11, RED, True, "at_once"),
        # c = .005, B = 31: noise .15, K(.005) = .2684; D = .09 but U = .09 + .005 * 1.645 * sqrt(60 + 72) = .1845.
        (0.24, 0.005, 31, GREEN, False, ""),
        # c = .012, B = 5: noise .048, K(.005) = .1783; D = .132, U = .132 + .012 * 1.645 * sqrt(52) = .274.
        (0.18, 0.012, 5, AMBER, False, "amber"),
        (np.nan, 0.001, 11, GREY, False, ""),
    ],
)
def test_soft_colours_by_hand(value: float, scale: float, bins: int, code: int, at_once: bool, clause: str) -> None:
    found = compared(np.array([value]), np.array([scale]), np.array([bins]))
    soft, once, why = soft_colours(found, np.array([0.1]), np.array([0.25]))
    assert (soft[0], once[0], why[0]) == (code, at_once, clause)


def test_red_that_cannot_be_excluded_is_amber() -> None:
    # c = .02, B = 3: noise .04, K(.005) = .2119; PSI .22 is D = .18 below an amber of .2; U = .35 is above red.
    found = compared(np.array([0.22]), np.array([0.02]), np.array([3]))
    soft, _, clause = soft_colours(found, np.array([0.2]), np.array([0.3]))
    assert (soft[0], clause[0]) == (AMBER, "upper")


def test_a_change_shows_in_its_second_batch_and_goes_after_three_calm_ones() -> None:
    assert shown(FLAT, SLIGHT, SLIGHT, FLAT, FLAT, FLAT) == [0, 0, 1, 1, 1, 0]
    assert shown(FLAT, SLIGHT, FLAT, FLAT) == [0, 0, 0, 0]
    assert shown(FLAT, MOVED, FLAT) == [0, 2, 2]
    assert shown(SLIGHT, SLIGHT, drift_amber=0.2) == [0, 0]


def test_batches_below_200_rows_are_judged_together() -> None:
    flat, moved = [10] * 10 + [0], [4] * 5 + [16] * 5 + [0]
    found = judge(counted([numeric()], [{"x": b} for b in (flat, flat, moved, moved, moved)]))
    assert found.rows[:, 0].tolist() == [100, 200, 200, 200, 200]
    assert found.batches[:, 0].tolist() == [1, 2, 2, 2, 2]
    assert found.too_few[:, 0].tolist() == [True, False, False, False, False]
    assert found.shown[:, 0].tolist() == [GREY, GREEN, GREEN, RED, RED]
    few = judge(counted([numeric()], [{"x": [2] * 10 + [0]}] * 9))
    assert few.rows[:, 0].tolist() == [20, 40, 60, 80, 100, 120, 140, 140, 140]
    assert (few.shown == GREY).all()


def test_pooling_takes_as_many_batches_as_it_needs() -> None:
    counts = np.array([50, 500, 120, 60, 30, 0, 190]).reshape(7, 1, 1)
    pooled, taken = pool(counts, enough=200, most=3)
    assert pooled[:, 0, 0].tolist() == [50, 500, 620, 680, 210, 0, 220]
    assert taken[:, 0].tolist() == [1, 1, 2, 3, 3, 1, 3]
    same, taken = pool(counts, enough=200, most=1)
    assert same[:, 0, 0].tolist() == counts[:, 0, 0].tolist()


@pytest.mark.parametrize(
    ("variable", "batch", "reason"),
    [
        (numeric(counts=[0] * 11), FLAT, "training_empty"),
        (numeric(counts=[0] * 10 + [500]), FLAT, "training_missing"),
        (numeric(counts=[0] * 4 + [500] + [0] * 6), [0] * 4 + [1000] + [0] * 6, "training_constant"),
        (numeric(counts=[0] * 4 + [500] + [0] * 5 + [90]), FLAT, "training_constant"),
    ],
)
def test_a_training_that_cannot_be_compared_with_is_grey(variable: Any, batch: list[int], reason: str) -> None:
    found = judge(counted([variable], [{"x": batch}] * 3))
    assert (found.shown == GREY).all()
    finding = next(f for f in assess(history(version([variable], [{"x": batch}]))).findings if f.rule == "drift")
    assert (finding.colour, finding.facts["reason"]) == ("grey", reason)
    assert "cannot be judged" in sentence(finding).en or "to compare with" in sentence(finding).en


def test_no_rows_all_missing_and_absent_are_grey_and_said_once_by_another_rule() -> None:
    tally = counted([numeric()], [{"x": FLAT}, {"x": [0] * 11}, {"x": [0] * 10 + [1000]}, {}], rows=[1000] * 4)
    assert judge(tally).shown[:, 0].tolist() == [GREEN, GREY, GREY, GREY]
    given = version([numeric()], [{"x": FLAT}, {"x": [0] * 11}, {"x": [0] * 10 + [1000]}, {}], rows=[1000] * 4)
    rules = [(f.batch_id[-2:], f.rule) for f in assess(history(given)).findings if f.family in ("drift", "quality")]
    assert rules == [("02", "absent"), ("03", "missing"), ("04", "absent")]


def told(*batches: list[int], variable: Any = None, start: int = -1) -> Finding:
    given = version([variable or numeric("wait")], [{"wait": batch} for batch in batches])
    found = [f for f in assess(history(given)).findings if f.rule == "drift"]
    return found[start]


def test_sentences_say_what_how_much_and_since_when() -> None:
    finding = told(FLAT, FLAT, FLAT, FLAT, SLIGHT, SLIGHT)
    assert finding.facts["psi"] == pytest.approx(0.127, abs=0.001)
    assert sentence(finding).en == (
        "wait moved: PSI .13 (noise .01, amber from .10), at once on 5\u00a0November; "
        "notably values up to 1 (10\u00a0% in training, 6.5\u00a0% now)."
    )
    assert sentence(finding).fr == (
        "wait a bougé\u00a0: PSI de 0,13 (bruit 0,01, orange dès 0,10), d\u2019un coup le 5\u00a0novembre\u202f; "
        "notamment les valeurs jusqu\u2019à 1 (10\u202f% à l\u2019apprentissage, 6,5\u202f% maintenant)."
    )
    steps = [[100 - 6 * k] * 5 + [100 + 6 * k] * 5 + [0] for k in range(10)]
    gradual = told(*steps)
    assert gradual.colour == "red"
    assert "drifting since" in sentence(gradual).en
    assert "en dérive depuis" in sentence(gradual).fr
    assert "since this version's first batch" in sentence(told(MOVED, MOVED)).en


def test_a_change_that_goes_says_so() -> None:
    finding = told(SLIGHT, SLIGHT, FLAT, FLAT)
    assert sentence(finding).en == (
        "wait is coming back: PSI 0 in this batch, below amber (.10); one more like it confirms."
    )
    assert "encore un lot semblable" in sentence(finding).fr
    assert finding.facts["below"] == 2


def test_a_pooled_finding_names_its_batches_and_rows() -> None:
    flat, moved = [10] * 10 + [0], [4] * 5 + [16] * 5 + [0]
    finding = told(flat, flat, moved, moved)
    assert "over 2 batches (200 rows)" in sentence(finding).en
    assert "sur 2 lots (200 lignes)" in sentence(finding).fr


def test_the_bin_that_moved_is_named() -> None:
    variable = categorical("wait", [600, 390, 10, 0, 0])
    finding = told([600, 390, 10, 0, 0], [300, 190, 10, 0, 500], variable=variable)
    assert finding.facts["top"] == {"kind": "missing", "part": pytest.approx(1.0), "training": 0.0, "value": 0.5}
    assert "mostly rows without a value" in sentence(finding).en
    finding = told([600, 390, 10, 0, 0], [200, 790, 10, 0, 0], variable=variable)
    assert "mostly level \u201cb\u201d (39\u00a0% in training, 79\u00a0% now)" in sentence(finding).en
    assert "surtout la modalité «\u00a0b\u00a0»" in sentence(finding).fr


def test_too_few_rows_is_one_finding_a_batch() -> None:
    small = {"x": [2] * 10 + [0], "c": [12, 8, 0, 0, 0]}
    assessment = assess(history(version([numeric(), categorical()], [small] * 3)))
    found = [f for f in assessment.findings if f.rule == "too_few_rows"]
    assert [(f.colour, f.subject, f.facts["n"], f.facts["variables"]) for f in found] == [
        ("grey", "batch", 20, 2),
        ("grey", "batch", 40, 2),
        ("grey", "batch", 60, 2),
    ]
    assert sentence(found[-1]).en == (
        "The last 3 batches have 60 rows together: too few to judge drift, which needs 200."
    )
    assert "trop peu pour juger la dérive" in sentence(found[0]).fr
    assert [row.colour for row in assessment.health] == ["grey"] * 3


def test_no_reference_is_grey_with_its_sentence() -> None:
    assessment = assess(history(version([], [{}], rows=[5000])))
    assert (assessment.health[0].colour, assessment.health[0].drift, assessment.health[0].quality) == ("grey",) * 3
    finding = next(f for f in assessment.findings if f.rule == "no_reference")
    assert sentence(finding).en == ("No training set was delivered for version v1: drift and quality cannot be judged.")
    assert assessment.health[0].headline_en == sentence(finding).en


def test_batches_without_drift_stay_green_and_a_true_one_turns_red() -> None:
    rng = np.random.default_rng(20261119)
    variables = [numeric(f"v{v:02}", [5000] * 10 + [0]) for v in range(50)]
    calm = rng.multinomial(1000, [0.1] * 10, (60, 50))
    tally = counted(variables, [{f"v{v:02}": [*calm[t, v], 0] for v in range(50)} for t in range(60)])
    assert (judge(tally).shown == GREEN).all()
    # A shift by .55 sd of a normal: PSI .287 against deciles.
    from scipy.stats import norm

    edges = norm.ppf(np.arange(1, 10) / 10)
    shares = np.diff(norm.cdf(np.concatenate([[-np.inf], edges, [np.inf]]), loc=0.55))
    moved = rng.multinomial(1000, shares, (7, 50))
    tally = counted(variables, [{f"v{v:02}": [*moved[t, v], 0] for v in range(50)} for t in range(7)])
    assert (judge(tally).shown[6] == RED).mean() >= 0.99


# -- small batches -----------------------------------------------------------------------------------------

FIFTY = [5] * 10 + [0]


def test_one_unlucky_batch_does_not_confirm_itself() -> None:
    # Amber is amber in every one of the four windows that hold the odd batch, and in none that does not.
    odd = [36, 2, 2, 2, 2, 2, 1, 1, 1, 1, 0]
    found = judge(counted([numeric()], [{"x": b} for b in [FIFTY] * 8 + [odd] + [FIFTY] * 8]))
    assert (found.soft[8:12, 0] == AMBER).all(), "the case must be one"
    assert (found.shown[3:, 0] == GREEN).all()


def test_a_step_in_small_batches_is_sudden_and_a_slope_gradual() -> None:
    step = told(*[FIFTY] * 10, *[[2] * 5 + [8] * 5 + [0]] * 10)
    assert (step.facts["arrival"], step.facts["onset"]) == ("sudden", "2026-11-11")
    slope = told(*[[50 - k] * 5 + [50 + k] * 5 + [0] for k in range(0, 45)], variable=numeric("wait"))
    assert slope.facts["arrival"] == "gradual"


def test_batches_without_rows_are_not_counted_among_those_judged_together() -> None:
    half = [10] * 10 + [0]
    found = drift.judge(counted([numeric()], [{"x": half}, {}, {"x": half}]), Policy(), frozen=np.zeros((3, 1), bool))
    assert found.batches[:, 0].tolist() == [1, 0, 2]


def returning(**facts: Any) -> str:
    base = told(SLIGHT, SLIGHT, FLAT, FLAT)
    return sentence(replace(base, colour=facts.pop("colour", "red"), facts={**base.facts, **facts})).en


def test_numbers_of_a_change_that_goes_support_its_words() -> None:
    assert "PSI .29 in this batch, .24 with the noise taken off, below red (.25)" in returning(psi=0.29, debiased=0.24)
    assert ".249 with the noise taken off, below red (.25)" in returning(psi=0.29, debiased=0.2496)
    assert "PSI .29 in this batch, no more than chance alone can give (.31)" in returning(
        psi=0.29, debiased=0.26, critical=0.31
    )
    pooled = returning(psi=0.12, debiased=0.09, batches=4, n=200, colour="red")
    assert "PSI .12 over 4 batches (200 rows), below red (.25)" in pooled
    assert "in this batch" not in pooled


# -- counted in other bins ---------------------------------------------------------------------------------


def test_a_batch_counted_in_other_bins_is_grey_and_nothing_rests_on_it() -> None:
    variables = [numeric(), categorical()]
    calm = {"x": FLAT, "c": [600, 400, 0, 0, 0]}
    broken = {"x": [0] * 10 + [1000], "c": [0, 0, 0, 1000, 0]}
    stale = [False, True, False, True]
    unseen = {(1, "c"): [("old", 1000)]}
    given = version(variables, [calm, broken, calm, {}], stale=stale, unseen=unseen, rows=[1000] * 4)
    found = assess(history(given))
    assert [(row.drift, row.quality, row.colour) for row in found.health] == [
        ("green", "green", "green"),
        ("grey", "grey", "grey"),
        ("green", "green", "green"),
        ("grey", "grey", "grey"),
    ]
    told_of = [f for f in found.findings if f.family in ("drift", "quality")]
    assert [(f.rule, f.subject, f.family, f.colour) for f in told_of] == [("other_bins", "batch", "drift", "grey")] * 2
    assert sentence(told_of[0]).en == (
        "The batch of 2\u00a0November was counted in the bins of an earlier training set: deliver the batch again."
    )
    assert "livrer à nouveau ce lot" in sentence(told_of[0]).fr
    assert found.health[1].headline_en == sentence(told_of[0]).en
    columns = found.measures.columns()
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    second = [row for row in rows if row["batch_id"] == "2026-11-02"]
    assert {row["metric"] for row in second if row["value"] is not None} == {"rows"}


def test_a_stale_batch_takes_no_part_in_pooling_or_in_the_rise() -> None:
    moved = [65] * 5 + [135] * 5 + [0]
    given = version([numeric()], [{"x": b} for b in (FLAT, moved, moved)], stale=[False, True, False])
    assert [row.drift for row in assess(history(given)).health] == ["green", "grey", "green"]
    small = version([numeric()], [{"x": [10] * 10 + [0]}] * 3, stale=[False, True, False])
    found = drift.judge(tally(small), Policy(), frozen=np.zeros((3, 1), bool))
    assert found.rows[2, 0] == 200
    assert found.batches[2, 0] == 2


def test_the_simulation_of_false_colours() -> None:
    """The bars, for a few models; docs/statistics.md has many."""
    few = calm(200, models=20)
    assert few["fixed"].alarms == 1
    assert few["p-value"].alarms > 0.3
    assert few["rule"].false <= 0.003
    assert calm(1000, models=20)["rule"].alarms == 0
    assert calm(10_000, models=10, wobble=WOBBLE)["rule"].false <= 0.003
    assert calm(50, models=20)["rule"].alarms <= 0.1
    true = seen(200, 0.55, models=4)
    assert true.red[-1] >= 0.98
    assert true.held > 0.99
    assert seen(50, 0.55, models=4).amber[-1] >= 0.9
