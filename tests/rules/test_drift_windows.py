"""Drift in windows of days, against the same weekday, above the floor of training's own slices, by variable."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from dashboard.colour import AMBER, GREEN, GREY, RED
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.history import ReferenceVariable, Spread, VersionHistory
from dashboard.judging.same_weekday import mixed_reference
from dashboard.judging.windows import windows_of
from dashboard.policy import Policy
from dashboard.rules import constant, derivation, drift, sentence
from dashboard.tally import Tally, tally
from tests.histories import START, categorical, counted, history, numeric, version

FLAT = [100] * 10 + [0]
SLIGHT = [65] * 5 + [135] * 5 + [0]
MOVED = [40] * 5 + [160] * 5 + [0]


def judge(tally: Tally, **policy: Any) -> drift.Drift:
    return drift.judge(tally, Policy(**policy), frozen=constant.is_frozen(tally))


def fact(found: drift.Drift, name: str) -> np.ndarray:  # type: ignore[type-arg]
    return np.broadcast_to(found.verdicts.numbers[name], found.shown.shape)


def told(variable: ReferenceVariable, *batches: list[int], every: int = 1, **policy: Any) -> Finding:
    """The newest finding on the drift of the variable."""
    given = version([variable], [{variable.name: batch} for batch in batches], every=every)
    found = [f for f in assess(history(given, policy=Policy(**policy))).findings if f.rule == "drift"]
    return found[-1]


# -- the floor -----------------------------------------------------------------------------------------------


def noisy(mean: float, sd: float, n: int = 90, **more: Any) -> ReferenceVariable:
    return replace(numeric("wait"), noise=Spread(n, mean, sd), **more)


@pytest.mark.parametrize(
    ("noise", "shown"),
    [
        (None, [0, 0, 1, 2]),
        (Spread(90, 0.01, 0.01), [0, 0, 1, 2]),  # t = .04 is below amber
        (Spread(90, 0.05, 0.03), [0, 0, 0, 2]),  # t = .14: amber from .14, red from .35
        (Spread(90, 0.10, 0.05), [0, 0, 0, 0]),  # t = .25: red from .625, which .49 does not reach
        (Spread(19, 0.05, 0.03), [0, 0, 1, 2]),  # too few slices to say
        (Spread(20, 0.05, 0.03), [0, 0, 0, 2]),
        (Spread(90, np.nan, 0.03), [0, 0, 1, 2]),  # what is no number lifts nothing
        (Spread(90, 1e308, 1e308), [-1, -1, -1, -1]),
        (Spread(90, 0.10, 0.06), [-1, -1, -1, -1]),  # t = .28
    ],
)
def test_what_training_shows_itself_is_no_drift(noise: Spread | None, shown: list[int]) -> None:
    variable = replace(numeric(), noise=noise)
    assert judge(counted([variable], [{"x": b} for b in (FLAT, SLIGHT, SLIGHT, MOVED)])).shown[:, 0].tolist() == shown


def test_a_lifted_threshold_is_said_and_kept_with_its_slices() -> None:
    finding = told(noisy(0.05, 0.03), FLAT, FLAT, MOVED)
    assert (finding.colour, finding.facts["slices"]) == ("red", {"n": 90, "mean": 0.05, "sd": 0.03})
    assert [finding.facts[name] for name in ("floor", "amber", "red", "amber_set", "red_set")] == pytest.approx(
        [0.14, 0.14, 0.35, 0.10, 0.25]
    )
    assert "(noise .01, red from .35, so much do slices of training differ themselves)" in sentence(finding).en
    assert "rouge dès 0,35, tant des tranches" in sentence(finding).fr


def test_a_variable_that_cannot_be_monitored_says_what_to_do() -> None:
    finding = told(noisy(0.10, 0.06), FLAT, MOVED)
    assert (finding.colour, finding.facts["reason"]) == ("grey", "not_monitorable")
    assert sentence(finding).en == (
        "wait is not monitorable at this batch length, as slices of training itself differ by .28: use a 7-day window "
        "(drift.window_days = 7 in its policy)."
    )
    assert "fenêtre de 7 jours (drift.window_days = 7 dans sa politique)" in sentence(finding).fr
    assert derivation(finding)[0].en == (
        "90 slices of the training rows differ from all of them by D = .1000 on average, with a standard deviation of "
        ".0600: the floor is t = mean + 3 sd = .2800."
    )


def test_a_reader_who_sets_red_above_the_floor_may_monitor_it() -> None:
    found = judge(counted([noisy(0.10, 0.06)], [{"wait": b} for b in (FLAT, MOVED, MOVED)]), drift_red=0.3)
    assert found.shown[:, 0].tolist() == [GREEN, GREEN, AMBER]


def test_nothing_else_is_said_of_a_batch_that_is_empty_or_too_small() -> None:
    batches = [{"wait": [5] * 10 + [0]}, {"wait": [0] * 11}, {"wait": [0] * 10 + [900]}, {}]
    found = assess(history(version([noisy(0.10, 0.06)], batches, rows=[900] * 4)))
    assert not [f for f in found.findings if f.rule == "drift"]


# -- by variable ---------------------------------------------------------------------------------------------


def test_each_variable_has_its_own_thresholds() -> None:
    variables = [numeric("a"), numeric("b"), numeric("c")]
    own = {"b": {"drift_amber": 0.2, "drift_red": 0.6}, "c": {"off": frozenset({"drift"})}}
    found = judge(counted(variables, [{v: b for v in "abc"} for b in (FLAT, MOVED, MOVED)]), variables=own)
    assert found.shown.tolist() == [[GREEN] * 3, [RED, GREEN, GREEN], [RED, AMBER, GREEN]]
    assert fact(found, "red")[0].tolist() == [0.25, 0.6, 0.25]


def test_a_variable_that_is_not_judged_leaves_no_finding_whatever_it_lacks() -> None:
    policy = Policy(variables={"c": {"off": frozenset({"drift"})}})
    variables = [numeric(), replace(noisy(0.1, 0.1), name="c")]
    small = [3] * 10 + [0]
    found = assess(history(version(variables, [{"x": FLAT, "c": small}, {"x": FLAT, "c": FLAT}]), policy=policy))
    assert not [f for f in found.findings if f.family == "drift"]


# -- windows of days -----------------------------------------------------------------------------------------


def at(days: list[int], batches: list[list[int]], variable: ReferenceVariable | None = None) -> VersionHistory:
    """A version whose batches are of these days."""
    given = version([variable or numeric()], [{"x": batch} for batch in batches])
    dated = tuple(
        replace(batch, batch_id=f"{place:03}", batch_date=START + timedelta(days=day))
        for place, (batch, day) in enumerate(zip(given.batches, days, strict=True))
    )
    return replace(given, batches=dated)


def test_a_window_holds_the_batches_of_its_days() -> None:
    small = [10] * 10 + [0]
    found = judge(tally(at([0, 1, 1, 2, 9, 10], [small] * 6)), drift_window_days=3)
    assert found.batches[:, 0].tolist() == [1, 2, 3, 4, 1, 2]
    assert found.rows[:, 0].tolist() == [100, 200, 300, 400, 100, 200]
    assert found.too_few[:, 0].tolist() == [True, False, False, False, True, False]


def test_a_window_is_judged_as_one_batch_of_all_its_rows() -> None:
    batches = [FLAT, SLIGHT, MOVED, FLAT, SLIGHT]
    found = judge(tally(at([0, 1, 2, 3, 4], batches)), drift_window_days=3)
    sums = np.add.reduce([np.array(b) for b in batches[1:4]])
    alone = judge(counted([numeric()], [{"x": sums.tolist()}]))
    for name in ("psi", "noise", "critical", "debiased", "upper", "n"):
        assert fact(found, name)[3, 0] == pytest.approx(fact(alone, name)[0, 0]), name


def test_windows_that_share_a_batch_do_not_second_each_other() -> None:
    # From the second moved day on every window of three days is amber; those that end on days 5 and 8 share no batch.
    found = judge(tally(at(list(range(12)), [FLAT] * 4 + [SLIGHT] * 8)), drift_window_days=3)
    assert found.soft[:, 0].tolist() == [0] * 6 + [1] * 6
    assert found.shown[:, 0].tolist() == [0] * 9 + [1] * 3


def test_seven_days_make_monitorable_what_only_follows_the_week() -> None:
    # A day of training holds only its own weekday's rows: D is far above .25, and all of it is the weekday.
    week = np.eye(7, 11, dtype=np.int64) * 5000
    size = 6.0
    weekly = replace(numeric(counts=[5000] * 7 + [0] * 4), weekdays=week, noise=Spread(90, size, 0.1))
    days = [(week[(START + timedelta(days=t)).weekday()] // 10).tolist() for t in range(28)]
    given = tally(at(list(range(28)), days, weekly))
    everyday = drift.judge(given, Policy(), frozen=np.zeros((28, 1), bool))
    assert (everyday.shown == GREY).all()
    rolling = drift.judge(given, Policy(drift_window_days=7), frozen=np.zeros((28, 1), bool))
    assert (rolling.shown[:6] == GREY).all(), "a window without a Sunday is no week"
    assert (rolling.shown[6:] == GREEN).all()
    broken = [*days[:21], *[days[0]] * 7]
    moved = drift.judge(
        tally(at(list(range(28)), broken, weekly)), Policy(drift_window_days=7), frozen=np.zeros((28, 1), bool)
    )
    assert moved.shown[-1, 0] == RED


def test_the_floor_of_a_window_falls_with_the_root_of_its_days() -> None:
    batches = [FLAT] * 8
    found = judge(tally(at([0, 0, 1, 2, 3, 4, 5, 6], batches, noisy(0.1, 0.05, name="x"))), drift_window_days=7)
    assert fact(found, "floor")[:, 0] == pytest.approx(0.25 / np.sqrt([1, 1, 2, 3, 4, 5, 6, 7]))
    short = judge(tally(at([0, 0, 1, 2, 3, 4, 5, 6], batches, noisy(0.1, 0.05, name="x"))), drift_window_days=6)
    assert fact(short, "floor")[:, 0] == pytest.approx([0.25] * 8)


# -- the same weekday ----------------------------------------------------------------------------------------


def by_weekday(saturday: list[int], sunday: list[int], other: list[int]) -> ReferenceVariable:
    week = np.array([other] * 5 + [saturday, sunday], np.int64)
    return replace(numeric(counts=week.sum(axis=0).tolist()), weekdays=week)


HIGH = [100] * 5 + [900] * 5 + [0]
LOW = [900] * 5 + [100] * 5 + [0]


def test_a_batch_is_compared_with_its_own_weekday() -> None:
    # 1 November 2026 is a Sunday.
    variable = by_weekday(LOW, HIGH, LOW)
    sunday, monday = [[c // 10 for c in counts] for counts in (HIGH, LOW)]
    batches = [{"x": sunday}, {"x": monday}, {"x": sunday}]
    found = judge(counted([variable], batches), drift_reference="weekday")
    assert found.shown[:, 0].tolist() == [GREEN, GREEN, RED]
    assert fact(found, "psi")[0, 0] == pytest.approx(fact(judge(counted([numeric(counts=HIGH)], batches)), "psi")[0, 0])
    assert fact(found, "training_n")[0, 0] == 5000
    finding = told(replace(variable, name="wait"), sunday, monday, sunday, drift_reference="weekday")
    assert "in training on such weekdays" in sentence(finding).en
    assert "Against the training rows of the same weekdays" in " ".join(step.en for step in derivation(finding))


def test_a_window_is_compared_with_the_mix_of_its_weekdays() -> None:
    variable = by_weekday(LOW, HIGH, FLAT)
    given = counted([variable], [{"x": FLAT}, {"x": [3 * c for c in FLAT]}])
    mixed = mixed_reference(given, windows_of(given, Policy(drift_window_days=7)))
    sunday, monday = np.array(HIGH) / sum(HIGH), np.array(FLAT) / sum(FLAT)
    np.testing.assert_allclose(mixed.counts[0, 0], HIGH)
    np.testing.assert_allclose(mixed.counts[1, 0] / mixed.counts[1, 0].sum(), (sunday + 3 * monday) / 4)
    assert mixed.counts[1, 0].sum() == pytest.approx(1 / ((1 / 4) ** 2 / 5000 + (3 / 4) ** 2 / 1000))


@pytest.mark.parametrize(
    ("variable", "batch", "reason", "says"),
    [
        (numeric("wait"), FLAT, "no_weekdays", "deliver the training set again with the column of its dates"),
        (by_weekday(LOW, [15] * 10 + [0], LOW), FLAT, "few_of_weekday", "deliver a training set of more weeks"),
        (by_weekday(LOW, [0] * 9 + [900, 0], LOW), [0] * 9 + [900, 0], "constant_of_weekday", "no distribution"),
    ],
)
def test_what_cannot_be_compared_with_its_weekday_is_grey_and_says_why(
    variable: ReferenceVariable, batch: list[int], reason: str, says: str
) -> None:
    given = counted([variable], [{variable.name: batch}])
    found = drift.judge(given, Policy(drift_reference="weekday"), frozen=np.zeros((1, 1), bool))
    ((_, _, code, facts),) = found.verdicts.not_green()
    assert (found.shown[0, 0], code, facts["reason"]) == (GREY, GREY, reason)
    finding = Finding("m", "1", "b", START, "wait", "drift", "drift", "grey", START, None, facts)
    assert says in sentence(finding).en
    assert sentence(finding).en in [step.en for step in derivation(finding)]


def test_what_weekdays_make_of_the_slices_is_not_in_the_floor_of_a_weekday() -> None:
    variable = replace(by_weekday(LOW, HIGH, LOW), noise=Spread(90, 0.5, 0.7))
    everyday, own = (
        fact(judge(counted([variable], [{"x": FLAT}]), drift_reference=reference), "floor")[0, 0]
        for reference in ("training", "weekday")
    )
    assert everyday == pytest.approx(2.6)
    assert own < 0.6


# -- derived variables ---------------------------------------------------------------------------------------


def test_derived_variables_say_in_plain_words_what_moved() -> None:
    error = replace(numeric("reconstruction_error"), derived=True)
    assert sentence(told(error, FLAT, MOVED)).en.startswith(
        "The variables no longer go together as in training (reconstruction_error moved): PSI .41 (noise"
    )
    assert "ne vont plus ensemble" in sentence(told(error, FLAT, MOVED)).fr
    predicted = replace(categorical("prediction", [9000, 1000, 0, 0, 0]), derived=True)
    finding = told(predicted, [900, 100, 0, 0, 0], [500, 500, 0, 0, 0])
    assert sentence(finding).en.startswith("The share of predicted positives moved (prediction): PSI")
    assert "La part des positifs prédits" in sentence(finding).fr
    assert sentence(told(numeric("prediction"), FLAT, MOVED)).en.startswith("prediction moved")


def test_a_batch_of_one_predicted_class_is_a_distribution_and_is_judged() -> None:
    predicted = replace(categorical("prediction", [6000, 4000, 0, 0, 0]), derived=True)
    batches = [{"prediction": [2000, 0, 0, 0, 0]}] * 3
    found = [one for one in assess(history(version([predicted], batches))).findings if one.subject == "prediction"]
    assert {(finding.rule, finding.colour) for finding in found} == {("drift", "red")}
    assert "The share of predicted positives moved" in sentence(found[-1]).en


def test_a_batch_without_a_derived_variable_is_grey_and_silent() -> None:
    error = replace(numeric("reconstruction_error"), derived=True)
    found = assess(history(version([numeric(), error], [{"x": FLAT}])))
    assert not [f for f in found.findings if f.family in ("drift", "quality")]
    assert found.health[0].drift == "green"


# -- what a finding holds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("batches", "clause", "steps"),
    [
        ((FLAT, FLAT, MOVED), "at_once", ["red by itself, and at once", "waits for no second batch: red"]),
        ((FLAT, SLIGHT, SLIGHT), "amber", ["amber by itself", "was amber by itself", "2 of the last 3 reach amber"]),
        ((SLIGHT, SLIGHT, FLAT), "", ["green by itself", "falls after 3 batches in a row below .1000; 1 so far"]),
        ((SLIGHT, SLIGHT, FLAT, FLAT, SLIGHT), "amber", ["rose to amber before", "amber by itself"]),
    ],
)
def test_the_colour_can_be_derived_from_what_the_finding_holds(
    batches: tuple[list[int], ...], clause: str, steps: list[str]
) -> None:
    finding = told(numeric("wait"), *batches)
    assert finding.facts["clause"] == clause
    said = " ".join(step.en for step in derivation(finding))
    for step in (*steps, "Amber begins at .1000, red at .2500", "10,000 training rows"):
        assert step in said
    assert all(step.fr for step in derivation(finding))
    # By hand, from the facts alone.
    facts = finding.facts
    assert facts["debiased"] == pytest.approx(max(0, facts["psi"] - facts["noise"]))
    c = 1 / facts["n"] + 1 / facts["training_n"]
    assert facts["noise"] == pytest.approx(c * (facts["bins"] - 1))
    real = facts["psi"] >= facts["critical"]
    soft = 2 if real and facts["debiased"] >= facts["red"] else 1 if real and facts["debiased"] >= facts["amber"] else 0
    assert facts["soft"] == soft
