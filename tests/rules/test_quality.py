"""The rules missing, unseen, absent, constant, duplicate_ids and row_count: colours, facts and sentences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from dashboard.colour import AMBER, GREEN, GREY, NOTE, RED
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.judging.proportion import rise_p_value
from dashboard.policy import Policy
from dashboard.rule import Verdicts
from dashboard.rules import (
    absent,
    constant,
    derivation,
    duplicate_ids,
    missing,
    out_of_range,
    row_count,
    sentence,
    unseen,
)
from dashboard.tally import Tally
from tests.histories import START, categorical, counted, history, numeric, version

X = numeric("tenure_months", [24_950, 24_950, 100])
C = categorical("brand", [60_000, 40_000, 0, 0, 0])


def findings(rule: str, batches: Sequence[Any], **more: Any) -> list[Finding]:
    given_version = version([X, C], batches, **more)
    return [finding for finding in assess(history(given_version)).findings if finding.rule == rule]


def x(missing_rows: int, rows: int = 2000) -> dict[str, list[int]]:
    half = (rows - missing_rows) // 2
    return {"tenure_months": [half, rows - missing_rows - half, missing_rows], "brand": [rows, 0, 0, 0, 0]}


# -- is a share higher than in training? -------------------------------------------------------------------


def test_the_p_value_is_careful_with_a_handful_of_rows() -> None:
    # 2 of 200 against 10 of 50,000: Fisher says .0010; the normal approximation would say 10^-18.
    found = rise_p_value(np.array(2), np.array(200), np.array(10), np.array(50_000))
    assert found == pytest.approx(fisher_exact([[2, 198], [10, 49_990]], alternative="greater").pvalue, rel=0.01)
    assert found > 1e-4


@given(st.integers(0, 100), st.integers(100, 400), st.integers(0, 100), st.integers(100, 5000))
def test_it_never_calls_significant_what_fisher_does_not(hits: int, rows: int, known: int, training: int) -> None:
    found = float(rise_p_value(np.array(hits), np.array(rows), np.array(known), np.array(training)))
    exact = fisher_exact([[hits, rows - hits], [known, training - known]], alternative="greater").pvalue
    assert 0 <= found <= 1
    if found < 1e-4:
        assert exact < 1e-4


def test_common_values_keep_their_power() -> None:
    found = rise_p_value(np.array(900), np.array(900), np.array(98_000), np.array(100_000))
    assert found == pytest.approx(0.98**900, rel=0.5)


def test_no_hits_are_no_rise_and_no_rows_no_answer() -> None:
    assert rise_p_value(np.array(0), np.array(50), np.array(3), np.array(90)) == 1
    assert np.isnan(rise_p_value(np.array(0), np.array(0), np.array(3), np.array(90)))
    assert np.isnan(rise_p_value(np.array(4), np.array(9), np.array(0), np.array(0)))


# -- missing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing_rows", "rows", "code"),
    [
        (4, 2000, GREEN),  # as in training
        (23, 2000, GREEN),  # certain, but not one point more (.2 % + 1 point = 1.2 %)
        (24, 2000, AMBER),
        (103, 2000, AMBER),
        (104, 2000, RED),
        (2, 100, GREEN),  # two points more, but of two rows
        (100, 100, RED),
        (0, 0, GREY),
    ],
)
def test_missing_needs_effect_and_significance(missing_rows: int, rows: int, code: int) -> None:
    tally = counted([X], [{"tenure_months": x(missing_rows, rows)["tenure_months"]}])
    assert missing.judge(tally, Policy()).codes[0, 0] == code


def test_all_missing_is_red_whatever_the_training_share() -> None:
    variable = numeric("often", [1000, 1000, 98_000])
    tally = counted([variable], [{"often": [0, 0, 900]}, {"often": [18, 18, 864]}, {"often": [0, 0, 40]}])
    assert missing.judge(tally, Policy()).codes[:, 0].tolist() == [RED, GREEN, GREEN]


def test_a_missing_column_says_since_when_and_what_it_suggests() -> None:
    found = findings("missing", [x(4)] * 5 + [x(760)] * 2)
    assert [(f.colour, f.since.isoformat()) for f in found] == [("red", "2026-11-06")] * 2
    assert sentence(found[1]).en == (
        "tenure_months is missing in 38\u00a0% of rows since 6\u00a0November (0.2\u00a0% in training): "
        "an upstream break, to mend at its source."
    )
    assert sentence(found[1]).fr == (
        "tenure_months manque dans 38\u202f% des lignes depuis le 6\u00a0novembre (0,2\u202f% à l\u2019apprentissage)"
        "\u00a0: une rupture en amont, à réparer à la source."
    )
    slow = findings("missing", [x(12 * k) for k in range(12)])[-1]
    assert slow.facts["arrival"] == "gradual"
    assert "grew over several batches" in sentence(slow).en
    always = findings("missing", [x(760)] * 4)[-1]
    assert always.facts["arrival"] == "first"
    every = findings("missing", [x(4), x(2000)])[0]
    assert "in every row since 2\u00a0November" in sentence(every).en
    assert "dans toutes les lignes" in sentence(every).fr


def test_a_share_is_not_given_the_start_of_a_run_that_began_far_below_it() -> None:
    grown = findings("missing", [x(4)] * 4 + [x(120)] * 5 + [x(1000)] * 5)[-1]
    assert sentence(grown).en == (
        "tenure_months is missing in 50\u00a0% of rows (6.0\u00a0% on 5\u00a0November, 0.2\u00a0% in training): "
        "it rose at once on 10\u00a0November, an upstream break to mend at its source."
    )
    assert "(6,0\u202f% le 5\u00a0novembre, 0,2\u202f% à l\u2019apprentissage)" in sentence(grown).fr
    slow = findings("missing", [x(4)] * 4 + [x(120 + 60 * k) for k in range(15)])[-1]
    assert "it grew over several batches" in sentence(slow).en
    every = findings("missing", [x(4)] * 4 + [x(120)] * 5 + [x(2000)])[-1]
    assert "is missing in every row (6.0\u00a0% on 5\u00a0November" in sentence(every).en
    less = findings("missing", [x(4)] * 4 + [x(1000)] * 5 + [x(120)] * 2)[-1]
    assert (
        "in 6.0\u00a0% of rows (50\u00a0% on 5\u00a0November, 0.2\u00a0% in training): fewer than then"
        in sentence(less).en
    )
    assert "grew" not in sentence(less).en


# -- unseen ------------------------------------------------------------------------------------------------


def c(unseen_rows: int, rows: int = 2000) -> dict[str, list[int]]:
    return {"tenure_months": [rows // 2, rows // 2, 0], "brand": [rows - unseen_rows, 0, 0, unseen_rows, 0]}


@pytest.mark.parametrize(
    ("rows", "batch_rows", "code"),
    [(0, 2000, GREEN), (1, 2000, NOTE), (19, 2000, NOTE), (20, 2000, AMBER), (100, 2000, RED), (1, 20, NOTE)],
)
def test_unseen_levels(rows: int, batch_rows: int, code: int) -> None:
    tally = counted([X, C], [c(rows, batch_rows)])
    verdict = unseen.judge(tally, Policy())
    assert verdict.codes[0].tolist() == [code, GREEN], "variables are in order of their names, a number has no levels"


def test_new_levels_are_named_with_their_first_batch() -> None:
    levels = {(1, "brand"): [("Nothing", 3)], (3, "brand"): [("<script>", 6), ("Nothing", 30)]}
    found = findings("unseen", [c(0), c(3), c(0), c(36)], unseen=levels)
    assert [f.colour for f in found] == ["note", "amber"]
    assert found[1].facts["levels"] == [
        {"level": "Nothing", "rows": 30, "first_seen": "2026-11-02"},
        {"level": "<script>", "rows": 6, "first_seen": "2026-11-04"},
    ]
    assert sentence(found[1]).en == (
        "brand has 2 new levels, \u201cNothing\u201d and \u201c<script>\u201d (1.8\u00a0% of rows, first seen "
        "2\u00a0November): they came at once, check how the source codes them."
    )
    assert "a 2 nouvelles modalités, «\u00a0Nothing\u00a0» et «\u00a0<script>\u00a0»" in sentence(found[1]).fr
    assert sentence(found[0]).en.endswith("first seen 2\u00a0November), too few to matter yet.")
    many = {(0, "brand"): [(f"level {k}", 10) for k in range(6)]}
    assert (
        "6 new levels, \u201clevel 0\u201d, \u201clevel 1\u201d and 4 more"
        in sentence(findings("unseen", [c(60)], unseen=many)[0]).en
    )
    nameless = findings("unseen", [c(60)])[0]
    assert "levels unknown to training in 3.0\u00a0% of rows" in sentence(nameless).en


def test_new_levels_beyond_those_named_and_in_a_handful_of_rows() -> None:
    many = {(0, "brand"): [(f"level {k:02}", 3) for k in range(20)]}
    most = findings("unseen", [c(60)], unseen=many)[0]
    assert (
        "has at least 20 new levels, \u201clevel 00\u201d, \u201clevel 01\u201d and at least 18 more"
        in sentence(most).en
    )
    assert "a au moins 20 nouvelles modalités" in sentence(most).fr
    assert "et au moins 18 autres" in sentence(most).fr
    half = findings("unseen", [c(1, 20)], unseen={(0, "brand"): [("new", 1)]})[0]
    assert half.colour == "note"
    assert "(5.0\u00a0% of rows" in sentence(half).en
    assert sentence(half).en.endswith("; the batch has only 20 rows, too few to judge it.")
    assert sentence(half).fr.endswith("\u202f; le lot n\u2019a que 20 lignes, trop peu pour en juger.")


# -- absent ------------------------------------------------------------------------------------------------


def test_an_absent_variable_is_red_but_not_in_an_empty_batch() -> None:
    tally = counted([X], [{"tenure_months": [10, 10, 0]}, {}, {}], rows=[20, 20, 0])
    assert absent.judge(tally, Policy()).codes[:, 0].tolist() == [GREEN, RED, GREEN]
    found = findings("absent", [x(4), {"brand": [2000, 0, 0, 0, 0]}])
    assert [f.subject for f in found] == ["tenure_months"]
    assert sentence(found[0]).en.startswith("tenure_months has been absent since 2\u00a0November: ")
    assert sentence(found[0]).fr.startswith("tenure_months est absente depuis le 2\u00a0novembre\u00a0: ")


def test_a_variable_delivered_without_counts_is_not_green() -> None:
    none = [0, 0, 0]
    found = findings("absent", [x(4), {"tenure_months": none, "brand": [2000, 0, 0, 0, 0]}])
    assert [(f.subject, f.colour, f.facts["delivered"]) for f in found] == [("tenure_months", "red", True)]
    assert sentence(found[0]).en.startswith("tenure_months is delivered without any counts, absent since 2\u00a0Nov")
    assert sentence(found[0]).fr.startswith("tenure_months est livrée sans aucun effectif, absente depuis le 2")


# -- constant ----------------------------------------------------------------------------------------------


def frozen_or_not(tally: Tally) -> Verdicts:
    return constant.judge(tally, Policy(), frozen=constant.is_frozen(tally))


def test_a_frozen_level_must_be_improbable() -> None:
    flag = categorical("flag", [9700, 300, 0, 0, 0])
    tally = counted([flag], [{"flag": [200, 0, 0, 0, 0]}, {"flag": [2000, 0, 0, 0, 0]}, {"flag": [1999, 1, 0, 0, 0]}])
    assert frozen_or_not(tally).codes[:, 0].tolist() == [GREEN, AMBER, GREEN]


def test_a_range_is_only_frozen_when_its_distinct_values_say_so() -> None:
    batches = [{"x": [0] * 9 + [500, 0]}] * 3
    unknown = counted([numeric()], batches)
    assert frozen_or_not(unknown).codes[:, 0].tolist() == [GREEN] * 3, "a unit change fills one bin with many values"
    known = counted([numeric()], batches, distinct={"x": [480, 1, -1]})
    assert frozen_or_not(known).codes[:, 0].tolist() == [GREEN, AMBER, GREEN]


def test_a_frozen_variable_has_a_grey_drift_and_its_own_finding() -> None:
    given_version = version(
        [numeric()], [{"x": [100] * 10 + [0]}, {"x": [0] * 9 + [1000, 0]}], distinct={"x": [900, 1]}
    )
    assessment = assess(history(given_version))
    assert [(f.rule, f.colour) for f in assessment.findings if f.family in ("drift", "quality")] == [
        ("constant", "amber")
    ]
    assert (assessment.health[1].drift, assessment.health[1].quality) == ("grey", "amber")
    finding = next(f for f in assessment.findings if f.rule == "constant")
    assert finding.facts["case"] == "frozen"
    assert "one single value since 2\u00a0November" in sentence(finding).en
    assert "qu\u2019une seule valeur depuis le 2\u00a0novembre" in sentence(finding).fr


def test_a_variable_of_the_batch_is_a_note_and_not_a_frozen_source() -> None:
    day = numeric("weekday", [2000, 2000, 2000, 0])
    batches = [{"weekday": [500 * (place == t % 3) for place in range(3)] + [0]} for t in (0, 1, 2, 2, 0)]
    given_version = version([day], [*batches, {}, batches[0]], rows=[500] * 7, distinct={"weekday": [1] * 7})
    found = [f for f in assess(history(given_version)).findings if f.rule == "constant"]
    assert [f.colour for f in found] == ["amber", "note", "note", "amber", "note", "amber"]
    assert sentence(found[1]).en.startswith("weekday has one value in each batch and another the next time: ")
    assert [step.en[-30:] for step in derivation(found[1])][-1] == "but another: a note, no colour."[-30:]


def test_a_training_constant_that_varies_and_an_empty_one_that_fills_are_amber() -> None:
    still = numeric("still", [0, 5000, 0, 0])
    empty = numeric("empty", [0, 0, 0, 5000])
    batches = [
        {"still": [0, 2000, 0, 0], "empty": [0, 0, 0, 2000]},
        {"still": [5, 1990, 5, 0], "empty": [3, 2, 1, 1994]},
        {"still": [30, 1940, 30, 0], "empty": [20, 20, 0, 1960]},
    ]
    verdict = frozen_or_not(counted([still, empty], batches))
    assert verdict.subjects == ("empty", "still")
    assert verdict.codes.tolist() == [[GREEN, GREEN], [GREEN, GREEN], [AMBER, AMBER]]
    found = [f for f in assess(history(version([still, empty], batches))).findings if f.rule == "constant"]
    assert {f.subject: f.facts["case"] for f in found} == {"still": "varies", "empty": "filled"}
    assert "3.0\u00a0% of rows differ" in next(sentence(f).en for f in found if f.subject == "still")
    assert "n\u2019avait aucune valeur" in next(sentence(f).fr for f in found if f.subject == "empty")


# -- duplicate ids and row counts --------------------------------------------------------------------------


def test_duplicate_ids() -> None:
    tally = counted([X], [{}] * 6, rows=[1000] * 5 + [0], duplicate_ids=[None, 0, 9, 10, 50, 0])
    codes = duplicate_ids.judge(tally, Policy()).codes[:, 0].tolist()
    assert codes == [GREEN, GREEN, NOTE, AMBER, RED, GREEN]
    found = findings("duplicate_ids", [x(0), x(0)], duplicate_ids=[34, 1])
    assert sentence(found[0]).en == (
        "34 of 2,000 rows repeat an identifier (1.7\u00a0%): a join upstream may multiply rows."
    )
    assert sentence(found[0]).fr.startswith("34 lignes sur 2\u202f000 répètent un identifiant (1,7\u202f%)\u00a0: ")
    assert sentence(found[1]).en == "One of 2,000 rows repeats an identifier."


def row_codes(rows: Sequence[int]) -> list[int]:
    days = [START + timedelta(days=t) for t in range(len(rows))]
    return row_count.judge(np.array(rows, np.int64), days, Policy()).codes[:, 0].tolist()


def test_row_counts_against_the_usual() -> None:
    week = [18_000, 18_400, 18_200, 18_600, 18_300, 7_000, 6_800]
    assert row_codes(week * 6) == [GREEN] * 42, "quiet weekends are usual, from the first week on"
    assert row_codes([*week, 18_100, 3_000])[-1] == AMBER
    assert row_codes([*week, 18_100, 40_000])[-1] == AMBER
    assert row_codes([*week, 18_100, 10_000])[-1] == GREEN
    assert row_codes([*week[:6], 10]) == [GREEN] * 7, "six batches are no usual yet"
    assert row_codes([0, 5, 0]) == [AMBER, GREEN, AMBER], "an empty batch is amber from the first"
    assert row_codes([*week * 3, 0, 0, 18_000])[-3:] == [AMBER, AMBER, GREEN], "empty batches are not the new usual"
    assert row_codes([0] * 9 + [18_000])[-1] == GREEN, "nothing but empty batches is no usual"
    assert row_codes([]) == []


def test_row_count_sentences() -> None:
    batches = [x(0, 2000)] * 8 + [x(0, 300), x(0, 9000), {}]
    found = findings("row_count", batches, rows=[2000] * 8 + [300, 9000, 0])
    few, many, empty = (sentence(f) for f in found)
    assert few.en == "The batch of 9\u00a0November has 300 rows, usually 2,000: part of it may be missing."
    assert few.fr.startswith("Le lot du 9\u00a0novembre a 300 lignes, 2\u202f000 d\u2019habitude")
    assert "9,000 rows" in many.en
    assert "come twice" in many.en
    assert empty.en == "The batch of 11\u00a0November has no rows: check the scoring job's input."


# -- by variable, and by hand ------------------------------------------------------------------------------


def test_thresholds_are_those_of_the_variable_and_rules_may_leave_it_alone() -> None:
    batch = {name: [950, 950, 100] for name in ("a", "b", "c", "d")}
    variables = [numeric(name, [5000, 5000, 0]) for name in ("a", "b", "c")]
    tally = counted([*variables, replace(numeric("d", [5000, 5000, 0]), derived=True)], [batch])
    policy = Policy(variables={"a": {"missing_amber": 0.06, "missing_red": 0.5}, "b": {"off": ["missing"]}})
    found = missing.judge(tally, policy)
    assert found.codes[0].tolist() == [GREEN, GREEN, RED, GREEN], "d is computed by the model"
    plans = counted([X, C], [c(60)])
    assert unseen.judge(plans, Policy(variables={"brand": {"unseen_amber": 0.04}})).codes[0, 0] == NOTE
    assert unseen.judge(plans, Policy(variables={"brand": {"off": ["unseen"]}})).codes[0, 0] == GREEN
    gone = counted([X], [{}], rows=[10])
    assert absent.judge(gone, Policy(variables={"tenure_months": {"off": ["absent"]}})).codes[0, 0] == GREEN


def test_a_batch_of_nothing_is_grey_whatever_is_left_alone() -> None:
    policy = Policy(variables={"tenure_months": {"off": ["missing"]}})
    found = assess(history(version([X], [{"tenure_months": [0, 0, 0]}]), policy=policy))
    assert (found.health[0].quality, found.health[0].colour) == ("amber", "amber"), "an empty batch is amber"
    off = Policy(variables={"tenure_months": {"off": ["missing"]}}, off=frozenset({"row_count"}))
    assert assess(history(version([X], [{"tenure_months": [0, 0, 0]}]), policy=off)).health[0].quality == "grey"


@pytest.mark.parametrize("judge", [missing.judge, unseen.judge, out_of_range.judge])
def test_no_rows_are_never_green(judge: Any) -> None:
    nothing = counted([numeric("x", [0, 0, 0]), categorical("x2", [0, 0, 0, 0, 0])], [{"x": [5, 5, 0]}, {}])
    empty = counted([numeric(), categorical()], [{"x": [0] * 11, "c": [0] * 5}])
    for tally in (nothing, empty):
        codes = judge(tally, Policy()).codes
        of_kind = tally.categorical if judge is unseen.judge else ~tally.categorical
        assert (codes[:, of_kind] == GREY).all()


def steps(rule: str, batches: Sequence[Any], **more: Any) -> list[str]:
    finding = findings(rule, batches, **more)[-1]
    read = replace(finding, facts=json.loads(json.dumps(finding.facts, allow_nan=False)))
    assert len(derivation(read)) == len({step.fr for step in derivation(read)})
    return [plain(step.en) for step in derivation(read)]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_missing_values_can_be_derived_by_hand() -> None:
    assert steps("missing", [x(4)] * 5 + [x(60)] * 2) == [
        "60 of 2,000 rows have no value in tenure_months: 3.0 %.",
        "In training: 100 of 50,000, 0.2 %.",
        "That is 2.8 points more; amber asks for 1 point, red for 5 points.",
        "If the batch were like training, so many or more would come with probability 2 × 10⁻⁴², less than the "
        "1 × 10⁻⁴ that a colour asks for.",
        "Both hold at the level of amber, not of red: amber.",
        "It began on 6 November, and has been amber since 6 November.",
        "It came at once: on 6 November one step between two batches made at least half of it, which points to a break "
        "upstream.",
    ]
    every = steps("missing", [x(4), x(2000)])
    assert "No row has a value any more: red, however many were missing in training." in every


def test_unseen_levels_can_be_derived_by_hand() -> None:
    found = steps("unseen", [c(0), c(1)], unseen={(1, "brand"): [("new", 1)]})
    assert found[0] == "1 of 2,000 rows have a level that training did not have in brand: 0.1 %."
    assert found[3:] == [
        "If the batch were like training, so many or more would come with probability .020; a colour asks for less "
        "than 1 × 10⁻⁴.",
        "Not both hold: a note, no colour.",
        "“new”: 1 row, first seen on 2 November.",
    ]


def test_other_verdicts_can_be_derived_by_hand() -> None:
    assert steps("absent", [x(4), {"brand": [2000, 0, 0, 0, 0]}]) == [
        "The model was trained on tenure_months, in 50,000 rows.",
        "The batch has 2,000 rows and does not deliver it.",
        "There is nothing that chance could explain: red, since 2 November.",
    ]
    assert steps("duplicate_ids", [x(0)], duplicate_ids=[34]) == [
        "34 of 2,000 rows have an identifier that another row of the batch has too: 1.7 %.",
        "Amber asks for 1.0 %, red for 5.0 %. An identifier is unique: chance makes no duplicates.",
        "Amber, since 1 November.",
    ]
    same = {"tenure_months": [1000, 1000, 0], "brand": [2000, 0, 0, 0, 0]}
    assert steps("constant", [same]) == [
        "All 2,000 rows that have a value of brand have the same one (level “a”); it was 60 % of training, which had "
        "others too.",
        "Chance alone does that with probability below 1 × 10⁻³⁰⁰, less than the 1 × 10⁻⁴ asked for.",
        "Amber, since 1 November.",
    ]
