"""The assessment as a whole: order never matters, all at once equals day by day, and nothing breaks it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.evaluation.assess import assess
from dashboard.evaluation.memory import far, parse_memory
from dashboard.finding import Finding
from dashboard.history import Assessment, Baseline, Cohort, ModelHistory, VersionHistory
from dashboard.performance.truth_counts import ScoreCounts
from dashboard.policy import Policy
from dashboard.rules import sentence
from qod.contract import COLOURS
from tests.histories import START, categorical, history, model, numeric, version

VARIABLES = [
    numeric("age", importance=0.2),
    categorical("brand", [5500, 4000, 500, 0, 0, 0], 0.005),
    numeric("zone", [0, 900, 0, 40]),
]


def eventful(seed: int, days: int = 24) -> VersionHistory:
    """A version with calm and moved batches, absent, empty, missing, frozen and small ones, and lost levels."""
    rng = np.random.default_rng(seed)
    batches, rows, unseen, above = [], [], {}, []
    rare, outside = 0.05, 0.0
    for t in range(days):
        if t % 3 == 0:
            rare, outside = float(rng.choice([0.05, 0.05, 0.01, 0])), float(rng.choice([0, 0.02, 0.2]))
        n = int(rng.choice([0, 60, 150, 1000, 1000, 1000]))
        tilt = rng.choice([1.0, 1.0, 1.5, 4.0])
        shares = np.array([1.0] * 5 + [tilt] * 5 + [rng.choice([0, 0, 3.0])])
        batch = {
            "age": rng.multinomial(n, shares / shares.sum()).tolist(),
            "brand": rng.multinomial(n, [0.58, 0.4 - rare, rare, 0, 0.02, 0]).tolist(),
            "zone": rng.multinomial(n, [0, 0.9, 0.05, 0.05] if t % 7 == 3 else [0, 0.95, 0, 0.05]).tolist(),
        }
        if batch["brand"][4]:
            unseen[t, "brand"] = [(f"new {t % 3}", batch["brand"][4])]
        above.append(int(outside * n))
        if rng.random() < 0.1:
            del batch[str(rng.choice(["age", "zone"]))]
        batches.append(batch)
        rows.append(n)
    again = [t % 5 or None for t in range(days)]
    return version(VARIABLES, batches, rows=rows, duplicate_ids=again, unseen=unseen, above={"age": above})


def shuffled(given_version: VersionHistory, seed: int) -> VersionHistory:
    rng = np.random.default_rng(seed)
    t, v = rng.permutation(len(given_version.batches)), rng.permutation(len(given_version.variables))
    at, of = np.argsort(t), np.argsort(v)
    pick = np.ix_(t, v)
    return replace(
        given_version,
        batches=tuple(given_version.batches[i] for i in t),
        variables=tuple(given_version.variables[i] for i in v),
        counts=given_version.counts[pick],
        present=given_version.present[pick],
        below=given_version.below[pick],
        above=given_version.above[pick],
        unseen={(int(at[i]), int(of[j])): levels for (i, j), levels in given_version.unseen.items()},
        cohorts=tuple(reversed(given_version.cohorts)),
    )


def as_rows(assessment: Assessment) -> list[Any]:
    """Measures as sorted rows: their order is no promise."""
    return sorted(zip(*assessment.measures.columns().values(), strict=True), key=repr)


@given(st.integers(0, 10_000), st.integers(0, 100))
@settings(max_examples=15, deadline=None)
def test_the_order_of_batches_variables_and_versions_never_matters(seed: int, order: int) -> None:
    one, two = eventful(seed), replace(eventful(seed + 1, days=9), model_version="v2")
    there = assess(history(one, two))
    back = assess(history(shuffled(two, order), shuffled(one, order)))
    assert there.findings == back.findings
    assert there.health == back.health
    assert as_rows(there) == as_rows(back)


@given(st.integers(0, 10_000))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_all_at_once_equals_day_by_day(seed: int) -> None:
    whole = eventful(seed)
    at_once = assess(history(whole))
    for days in range(1, len(whole.batches) + 1):
        until = replace(
            whole,
            batches=whole.batches[:days],
            counts=whole.counts[:days],
            present=whole.present[:days],
            below=whole.below[:days],
            above=whole.above[:days],
            unseen={place: levels for place, levels in whole.unseen.items() if place[0] < days},
        )
        then = assess(history(until))
        today = whole.batches[days - 1].batch_id
        assert [f for f in then.findings if f.batch_id == today] == [f for f in at_once.findings if f.batch_id == today]
        assert replace(then.health[-1], valid_until=None) == replace(at_once.health[days - 1], valid_until=None)


def later(whole: VersionHistory, cut: int, found: Assessment) -> VersionHistory:
    """What is left of a version from batch ``cut`` on, and what that looks back at."""
    memory = found.health[cut].memory
    assert memory is not None
    oldest = max(cut - far(Policy()).batches, 0)
    return replace(
        whole,
        batches=whole.batches[oldest:],
        counts=whole.counts[oldest:],
        present=whole.present[oldest:],
        below=whole.below[oldest:],
        above=whole.above[oldest:],
        unseen={(t - oldest, v): levels for (t, v), levels in whole.unseen.items() if t >= oldest},
        since=whole.batches[cut].batch_date,
        before=parse_memory(memory.text()),
    )


@given(st.integers(0, 10_000), st.integers(1, 109))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_beginning_with_what_a_batch_found_gives_what_all_before_it_gives(seed: int, cut: int) -> None:
    """Runs, latches, onsets and first days carry on through grey gaps, however long ago they began."""
    whole = eventful(seed, days=110)
    from_nothing = assess(history(whole))
    resumed = assess(history(later(whole, cut, from_nothing)))
    assert resumed.health == from_nothing.health[cut:]
    days = {row.batch_id for row in resumed.health}
    assert resumed.findings == [finding for finding in from_nothing.findings if finding.batch_id in days]
    assert as_rows(resumed) == [row for row in as_rows(from_nothing) if row[2] in days]


def test_what_a_calm_batch_found_is_small() -> None:
    calm = version([numeric(f"v{v}") for v in range(50)], [{f"v{v}": [100] * 10 + [0] for v in range(50)}] * 100)
    memory = assess(history(calm)).health[-1].memory
    assert memory is not None
    assert len(memory.text()) < 800


def test_an_evaluation_of_the_same_history_is_the_same() -> None:
    one, two = assess(history(eventful(7))), assess(history(eventful(7)))
    assert (one.findings, one.health, as_rows(one)) == (two.findings, two.health, as_rows(two))
    assert one.measures.digests() == two.measures.digests()


@pytest.mark.parametrize("seed", range(4))
def test_facts_survive_json_and_their_sentences_with_them(seed: int) -> None:
    found = assess(history(eventful(seed)))
    assert {finding.rule for finding in found.findings} >= {"drift", "missing", "out_of_range", "row_count", "unseen"}
    for finding in found.findings:
        text = json.dumps(finding.facts, allow_nan=False, ensure_ascii=False)
        read = replace(finding, facts=json.loads(text))
        assert sentence(read) == sentence(finding)
        for words in (sentence(read).en, sentence(read).fr):
            assert words.endswith(".")
            assert "None" not in words
            assert "nan" not in words.split()
        assert finding.since <= finding.batch_date


@pytest.mark.parametrize("seed", range(4))
def test_health_follows_from_findings(seed: int) -> None:
    found = assess(history(eventful(seed)))
    by_batch: dict[str, list[Finding]] = {}
    for finding in found.findings:
        by_batch.setdefault(finding.batch_id, []).append(finding)
    for row in found.health:
        assert {row.colour, row.drift, row.quality, row.performance, row.freshness} <= set(COLOURS)
        colours = {
            "amber" if finding.colour == "red" and (finding.weight or 1) < 0.01 else finding.colour
            for finding in by_batch[row.batch_id]
        }
        worst = "red" if "red" in colours else "amber" if "amber" in colours else None
        assert row.colour == worst if worst else row.colour in ("green", "grey")
        if row.colour == "green":
            assert "grey" not in (row.drift, row.quality, row.freshness)
        assert row.headline_en
        assert row.headline_fr


def test_the_measures_are_the_contracts() -> None:
    table = assess(history(eventful(3))).measures.table(lambda _: True)
    assert table.num_rows > 0
    values = table.column("value").to_pylist()
    assert all(value is None or math.isfinite(value) for value in values)


# -- what there may not be ---------------------------------------------------------------------------------


def test_nothing_at_all() -> None:
    for given_history in (history(), history(version([], [])), history(version(VARIABLES, []))):
        found = assess(given_history)
        assert (found.findings, found.health) == ([], [])
        assert found.measures.columns()["value"] == []


def test_no_rows_no_variables_and_no_training_rows_are_never_green() -> None:
    empty = history(version([numeric()], [{"x": [0] * 11}], rows=[0]))
    assert assess(empty).health[0].colour == "amber"
    assert assess(empty).health[0].headline_en.startswith("The batch of 1\u00a0November has no rows")
    nothing = assess(history(version([numeric(counts=[0] * 11)], [{"x": [100] * 10 + [0]}])))
    row = nothing.health[0]
    assert (row.colour, row.drift, row.quality) == ("grey", "grey", "grey")
    assert row.headline_en.startswith("x has no training rows")
    all_missing = assess(history(version([numeric(counts=[0] * 10 + [900])], [{"x": [0] * 10 + [1000]}])))
    assert (all_missing.health[0].drift, all_missing.health[0].quality) == ("grey", "green")
    assert all_missing.health[0].colour == "grey"


def test_a_variable_that_cannot_be_judged_does_not_grey_the_others() -> None:
    pair = [numeric("good"), numeric("still", [0, 900, 0, 0])]
    found = assess(history(version(pair, [{"good": [100] * 10 + [0], "still": [0, 900, 0, 0]}])))
    assert found.health[0].drift == "green"
    assert [f.subject for f in found.findings if f.rule == "drift"] == ["still"]


def test_versions_do_not_share_their_state() -> None:
    moved = {"x": [65] * 5 + [135] * 5 + [0]}
    old = version([numeric()], [moved, moved], name="v1")
    new = version([numeric()], [moved, {"x": [100] * 10 + [0]}], name="v2", start=START + timedelta(days=2))
    found = assess(history(old, new))
    assert [(row.model_version, row.drift) for row in found.health] == [
        ("v1", "green"),
        ("v1", "amber"),
        ("v2", "green"),
        ("v2", "green"),
    ]
    assert {row.model_version for row in found.health if row.valid_until} == {"v2"}


def test_the_policy_decides() -> None:
    moved = {"x": [65] * 5 + [135] * 5 + [0]}
    strict = assess(history(version([numeric()], [moved] * 2), policy=Policy(drift_amber=0.01, drift_red=0.05)))
    assert strict.health[0].drift == "red"
    loose = assess(history(version([numeric()], [moved] * 2), policy=Policy(drift_amber=0.5, drift_red=0.6)))
    assert loose.health[1].drift == "green"


def test_a_variable_left_alone_makes_no_family_green() -> None:
    few = {"x": [2] * 10 + [0], "y": [2] * 10 + [0]}
    alone = Policy(variables={"x": {"off": frozenset({"drift"})}})
    row = assess(history(version([numeric(), numeric("y")], [few]), policy=alone)).health[0]
    assert (row.colour, row.drift) == ("grey", "grey")
    calm = {"x": [100] * 10 + [0], "y": [100] * 10 + [0]}
    row = assess(history(version([numeric(), numeric("y")], [calm]), policy=alone)).health[0]
    assert row.headline_en.startswith("One of 2 variables is stable, 1 cannot be judged.")


def test_a_green_headline_says_nothing_of_what_the_policy_switched_off() -> None:
    moved = {"x": [40] * 5 + [160] * 5 + [0]}
    row = assess(history(version([numeric()], [moved]), policy=Policy(off=frozenset({"drift", "immature"})))).health[0]
    assert (row.colour, row.headline_en) == ("green", "The policy judges the drift of no variable.")
    lacking = Cohort("month:2026-09", date(2026, 9, 1), date(2026, 9, 30), 1000, 1000, None)
    given = version([numeric()], [{"x": [100] * 10 + [0]}], cohorts=[lacking])
    row = assess(history(given, outcome_window_days=7, policy=Policy(off=frozenset({"auc"})))).health[0]
    assert row.headline_en == "The one variable is stable."


def test_since_is_the_first_day_of_the_run_and_grey_does_not_break_it() -> None:
    flat, moved = {"x": [100] * 10 + [0]}, {"x": [10] * 5 + [190] * 5 + [0]}
    stale = [False, False, False, True, False]
    found = assess(history(version([numeric()], [flat, moved, moved, moved, moved], rows=[1000] * 5, stale=stale)))
    assert [(row.drift, row.since.day) for row in found.health] == [
        ("green", 1),
        ("red", 2),
        ("red", 2),
        ("grey", 4),
        ("red", 2),
    ]
    last = [f for f in found.findings if f.rule == "drift" and f.colour == "red"][-1]
    assert last.since == date(2026, 11, 2)


def test_a_green_headline_tells_the_newest_truth() -> None:
    data = ScoreCounts(np.array([0.2, 0.8]), np.array([100, 400]), np.array([400, 100]))
    cohort = Cohort("month:2026-09", date(2026, 9, 1), date(2026, 9, 30), 1000, 1000, data)
    one = version([numeric()], [{"x": [100] * 10 + [0]}], baselines={"auc": Baseline(0.81, 0.01)}, cohorts=[cohort])
    row = assess(ModelHistory(model(outcome_window_days=7), START, (one,))).health[0]
    assert row.headline_en == "The one variable is stable. AUC of September is .80 (.81 on the test set)."
    assert row.headline_fr.endswith("L\u2019AUC de septembre est de 0,80 (0,81 sur le jeu de test).")


def test_the_newest_version_is_the_one_trained_last_whatever_its_name() -> None:
    calm = [{"x": [100] * 10 + [0]}]
    old, new = version([numeric()], calm, name="v9", order=1), version([numeric()], calm, name="v10", order=2)
    found = assess(history(new, old))
    assert [(row.model_version, row.version_order) for row in found.health] == [("v9", 1), ("v10", 2)]
    assert {row.model_version for row in found.health if row.valid_until} == {"v10"}
