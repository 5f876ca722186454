"""A verdict can be re-derived by hand: a finding's colour follows from the numbers it keeps, and from no others."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from dashboard import rules
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.history import Baseline, Cohort, ModelHistory, VersionHistory
from dashboard.performance.truth_counts import Residuals, ScoreCounts
from dashboard.stated import parse_policy
from dashboard.text import LANGUAGES
from tests.histories import START, categorical, classes, history, numeric, version

SEEDS = range(6)
DAYS = 24
POLICY = parse_policy(
    '{"variables": {"age": {"drift": {"amber": 0.05, "red": 0.12}, "missing": {"amber": 0.005, "red": 0.02}}}}'
)


def eventful(seed: int) -> VersionHistory:
    """Calm and moved batches of all sizes, holes, new levels, rows out of range, repeated identifiers."""
    chance = np.random.default_rng(seed)
    batches, unseen, tilt = [], {}, 1.0
    for t in range(DAYS):
        n = int(chance.choice([40, 150, 250, 400, 2000, 2000]))
        tilt = float(chance.choice([1.0, 1.3, 1.6, 1.9, 2.5])) if t % 4 == 0 else tilt
        holes, new = chance.choice([0, 0, 0.012, 0.05, 0.4]), chance.choice([0, 0, 0.004, 0.03, 0.3])
        shares = np.array([1.0] * 5 + [tilt] * 5)
        shares = [*(shares / shares.sum() * (1 - holes)), holes]
        levels = [0.6 * (1 - new), 0.4 * (1 - new), 0, new, 0]
        batches.append({"age": chance.multinomial(n, shares).tolist(), "plan": chance.multinomial(n, levels).tolist()})
        if rows := batches[-1]["plan"][3]:
            unseen[t, "plan"] = [(f"new {t % 3}", rows)]
    repeated = [int(chance.choice([0, 0, 5, 150])) for _ in range(DAYS)]
    found = version(
        [numeric("age", importance=0.4), categorical("plan", importance=0.002)],
        batches,
        duplicate_ids=[min(rows, sum(batch["age"])) for rows, batch in zip(repeated, batches, strict=True)],
        unseen=unseen,
        baselines={"auc": Baseline(0.8, 0.01, 4000)},
        cohorts=[truth(chance, t) for t in range(4)],
    )
    found.above[:, 0] = chance.choice([0, 0, 30, 300], DAYS) * (found.counts[:, 0].sum(axis=-1) > 1000)
    return found


def truth(chance: np.random.Generator, week: int) -> Cohort:
    """A week's scores and outcomes, from worthless to good."""
    scores = np.linspace(0.05, 0.95, 10)
    slope = float(chance.choice([0.2, 0.5, 0.9]))
    rows = int(chance.choice([30, 400, 4000]))
    positives = chance.binomial(rows, 0.5 + slope * (scores - 0.5))
    first = START + timedelta(days=7 * week - START.weekday())
    name = f"{first.isocalendar()[0]}-W{first.isocalendar()[1]:02d}"
    counts = ScoreCounts(scores, positives, rows - positives)
    return Cohort(name, first, first + timedelta(days=6), 10 * rows, 10 * rows, counts)


def world(seed: int) -> ModelHistory:
    as_of = START + timedelta(days=DAYS - 1)
    return history(eventful(seed), as_of=as_of, policy=POLICY, cohort="week", outcome_window_days=0)


@pytest.fixture(scope="module")
def found() -> list[Finding]:
    """Findings of many small histories, as they are read back from the table."""
    return read_back(finding for seed in SEEDS for finding in assess(world(seed)).findings)


def of(found: list[Finding], rule: str) -> list[Finding]:
    return [finding for finding in found if finding.rule == rule]


def graded(value: float, facts: dict[str, Any], *, otherwise: str = "green") -> str:
    """By the two thresholds alone."""
    reached = value + 1e-12
    return "red" if reached >= facts["red"] else "amber" if reached >= facts["amber"] else otherwise


def test_the_histories_show_every_colour_of_every_rule_that_is_derived_here(found: list[Finding]) -> None:
    seen = Counter((finding.rule, finding.colour) for finding in found)
    for rule, colours in {
        "drift": ("amber", "red"),
        "missing": ("amber", "red"),
        "unseen": ("note", "amber", "red"),
        "out_of_range": ("amber", "red"),
        "duplicate_ids": ("note", "amber", "red"),
        "auc": ("red",),
    }.items():
        for colour in colours:
            assert seen[rule, colour] > 0, f"no {rule} is {colour}: {seen}"


def test_drift(found: list[Finding]) -> None:
    """PSI, its noise, its size and the bound above it follow from rows and bins; the soft colour from the clauses."""
    clauses = Counter()
    for finding in of(found, "drift"):
        facts = finding.facts
        if finding.colour == "grey":
            continue
        scale, free = 1 / facts["training_n"] + 1 / facts["n"], facts["bins"] - 1
        size = max(facts["psi"] - scale * free, 0.0)
        upper = scale * (size / scale + 1.645 * math.sqrt(2 * free + 4 * size / scale))
        real = facts["psi"] >= scale * stats.chi2.isf(0.005, free)
        certain = facts["psi"] >= scale * stats.chi2.isf(1e-6, free)
        assert facts["noise"] == pytest.approx(scale * free)
        assert facts["debiased"] == pytest.approx(size)
        assert facts["upper"] == pytest.approx(upper, rel=1e-3)
        clause = (
            *(["at_once"] if certain and size >= facts["red"] else []),
            *(["red"] if real and size >= facts["red"] else []),
            *(["amber"] if real and size >= facts["amber"] else []),
            *(["upper"] if real and upper >= facts["red"] else []),
            "",
        )[0]
        assert facts["clause"] == clause
        soft = {"at_once": 2, "red": 2, "amber": 1, "upper": 1, "": 0}[clause]
        assert facts["soft"] == soft
        level = {"amber": 1, "red": 2}[finding.colour]
        votes = [{"green": 0, "amber": 1, "red": 2}[vote["colour"]] for vote in facts["votes"]]
        # It rises by two of three votes or at once; it stays until three batches in a row are below.
        reached = sum(vote >= level for vote in votes) >= 2 or (level == 2 and clause == "at_once")
        assert reached or facts["below"] < 3
        assert (facts["amber_set"], facts["red_set"]) == ((0.05, 0.12) if finding.subject == "age" else (0.1, 0.25))
        clauses[clause] += 1
    assert len(clauses) >= 4, clauses


def test_missing(found: list[Finding]) -> None:
    for finding in of(found, "missing"):
        facts = finding.facts
        assert facts["value"] == facts["rows"] / facts["n"]
        assert facts["training"] == facts["training_rows"] / facts["training_n"]
        assert facts["p_value"] < 1e-4
        every = facts["rows"] == facts["n"]
        assert finding.colour == ("red" if every else graded(facts["value"] - facts["training"], facts))
        assert (facts["amber"], facts["red"]) == ((0.005, 0.02) if finding.subject == "age" else (0.01, 0.05))


def test_unseen(found: list[Finding]) -> None:
    for finding in of(found, "unseen"):
        facts = finding.facts
        assert facts["value"] == facts["rows"] / facts["n"]
        # Chance gives this many or more of all unseen rows to the batch, as its part of all rows.
        part = facts["n"] / (facts["n"] + facts["training_n"])
        chance = stats.binom.sf(facts["rows"] - 1, facts["rows"], part)
        significant = chance < 1e-4
        assert finding.colour == (graded(facts["value"], facts, otherwise="note") if significant else "note")


def test_out_of_range(found: list[Finding]) -> None:
    for finding in of(found, "out_of_range"):
        facts = finding.facts
        assert facts["rows"] == facts["below"] + facts["above"]
        assert facts["value"] == facts["rows"] / facts["n"]
        assert facts["p_value"] < 1e-4
        assert finding.colour == graded(facts["value"], facts)


def test_duplicate_ids(found: list[Finding]) -> None:
    for finding in of(found, "duplicate_ids"):
        facts = finding.facts
        assert facts["value"] == facts["rows"] / facts["n"]
        assert finding.colour == graded(facts["value"], facts, otherwise="note")


def test_auc(found: list[Finding]) -> None:
    for finding in of(found, "auc"):
        facts = finding.facts
        if facts["fewest"] < 30:
            assert finding.colour == "grey"
            continue
        drop = facts["baseline"] - facts["value"]
        z = drop / math.hypot(facts["se"], facts["baseline_se"])
        red, amber = z >= 3 and drop >= facts["red"] - 1e-12, z >= 2.33 and drop >= facts["amber"] - 1e-12
        assert facts["z"] == pytest.approx(z)
        assert finding.colour == ("red" if red else "amber" if amber else "note")


def broken() -> Iterator[ModelHistory]:
    """A history for each of the rules that the others do not break."""
    plan = categorical("plan", (5000, 3000, 2000, 0, 0, 0))
    age, calm = replace(numeric("age"), type="number"), {"age": [200] * 10 + [0], "plan": [1000, 600, 400, 0, 0, 0]}
    strange = [
        calm,
        {"plan": calm["plan"]},
        {"age": [0] * 4 + [2000] + [0] * 6, "plan": [1250, 750, 0, 0, 0, 0]},
        {"age": [4] * 10 + [0], "plan": [20, 12, 8, 0, 0, 0]},
    ]
    types = {"age": ["number", None, "number", "text"]}
    yield history(
        version([age, plan], strange, every=3, types=types, distinct={"age": [50, 0, 1, 9]}, rows=[2000] * 3 + [40]),
        as_of=START + timedelta(days=30),
    )
    yield history(version([], [{}], rows=[100]))
    yield history(version([numeric("age")], [{"age": calm["age"]}] * 2, stale=[True, False]))
    small = {"age": [4] * 10 + [0]}
    yield history(version([numeric("age")], [small] * 3))
    days = {"start": date(2026, 11, 15)}
    errors = Residuals(5000, 4800.0, 20_000.0, 50.0, 300_000.0)
    for task, metric, baseline, data in (
        ("multiclass", "accuracy", Baseline(0.83, 0.002), classes(7000, 5000)),
        ("regression", "rmse", Baseline(1.0, 0.01), errors),
    ):
        month = Cohort("2026-09", date(2026, 9, 1), date(2026, 9, 30), 7000, 7000, data)
        of = version([numeric("age")], [{"age": calm["age"]}], baselines={metric: baseline}, cohorts=[month], **days)
        yield history(of, task=task)
    yield history(version([numeric("age")], [{"age": calm["age"]}], **days))


def read_back(findings: Iterable[Finding]) -> list[Finding]:
    """The findings as they come from the table."""
    return [
        Finding(*(getattr(f, n) for n in Finding.__slots__ if n != "facts"), facts=json.loads(json.dumps(f.facts)))
        for f in findings
    ]


def test_every_rule_derives_what_it_found_in_both_languages(found: list[Finding]) -> None:
    every = [*found, *read_back(finding for one in broken() for finding in assess(one).findings)]
    assert {finding.rule for finding in every} == set(rules.load())
    for finding in every:
        steps = rules.derivation(finding)
        assert steps, finding.rule
        for step in steps:
            for language in LANGUAGES:
                assert step[language].strip().endswith("."), (finding.rule, step)
                assert "{" not in step[language]
                assert "None" not in step[language]
                assert "nan" not in step[language].split()
