"""The rule on gaps: how many batches are missing, by which cadence, and whatever version should have had them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.evaluation.assess import assess
from dashboard.rules import derivation, gap, sentence
from tests.histories import START, history, numeric, version

FLAT = {"x": [100] * 10 + [0]}


@pytest.mark.parametrize(
    ("cadence", "days", "missing"),
    [
        ("P1D", ["2026-11-15", "2026-11-16", "2026-11-18", "2026-11-21"], [0, 0, 1, 2]),
        ("P1D", ["2026-11-15", "2026-11-15"], [0, 0]),
        ("P7D", ["2026-11-02", "2026-11-09", "2026-11-19", "2026-11-30"], [0, 0, 0, 1]),  # three days late, four early
        ("P1W", ["2026-11-02", "2026-11-24"], [0, 2]),
        ("P1M", ["2026-01-31", "2026-02-28", "2026-04-30", "2026-05-02"], [0, 0, 1, 0]),
        ("P1Y", ["2020-01-01", "2024-01-01"], [0, 3]),
    ],
)
def test_batches_missing_by_the_cadence(cadence: str, days: list[str], missing: list[int]) -> None:
    dates = [date.fromisoformat(day) for day in days]
    found = gap.judge(dates, days=dates[::-1], cadence=cadence)
    assert found.numbers["value"][:, 0].tolist() == missing
    assert found.codes[:, 0].tolist() == [int(number > 0) for number in missing]
    assert gap.judge([], days=[], cadence=cadence).codes.shape == (0, 1)


def test_a_batch_of_another_version_fills_a_gap() -> None:
    old = version([numeric()], [FLAT] * 2, name="v1", every=4)
    new = version([numeric()], [FLAT] * 3, name="v2", start=START + timedelta(days=1))
    found = [finding for finding in assess(history(old, new)).findings if finding.rule == "gap"]
    assert found == []
    (found,) = [finding for finding in assess(history(old)).findings if finding.rule == "gap"]
    assert (found.batch_date, found.facts["value"]) == (START + timedelta(days=4), 3)


def test_it_is_amber_for_one_batch_and_says_what_is_missing() -> None:
    early = version([numeric()], [FLAT] * 2, name="v1")
    late = version([numeric()], [FLAT] * 3, name="v2", start=START + timedelta(days=4))
    assessment = assess(history(early, late))
    assert [row.quality for row in assessment.health] == ["green", "green", "amber", "green", "green"]
    (found,) = [finding for finding in assessment.findings if finding.rule == "gap"]
    assert (found.colour, found.since, found.subject) == ("amber", date(2026, 11, 5), "batch")
    assert sentence(found).en == (
        "2 batches are missing between 2\u00a0November and 5\u00a0November: deliver them, or see why the job did not "
        "run."
    )
    assert sentence(found).fr.startswith("2 lots manquent entre le 2\u00a0novembre et le 5\u00a0novembre\u00a0: ")
    assert [step.en for step in derivation(found)] == [
        "The model's batch before that of 5\u00a0November is of 2\u00a0November, 3 days earlier.",
        "One is due every day, so 2 should lie between them; from 1 on, something is missing.",
        "Amber for this batch alone: the next one is counted from it.",
    ]
    single = version([numeric()], [FLAT] * 2, every=2)
    (found,) = [finding for finding in assess(history(single)).findings if finding.rule == "gap"]
    assert sentence(found).en.startswith("One batch is missing between 1\u00a0November and 3\u00a0November: deliver it")
