"""The rule late: from which day on, for which batch, and its sentence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.evaluation.assess import assess
from dashboard.policy import Policy
from dashboard.rules import derivation, sentence
from dashboard.rules.late import late_from
from qod.cadence import parse_cadence
from tests.histories import START, history, numeric, version

FLAT = {"x": [100] * 10 + [0]}


@pytest.mark.parametrize(
    ("cadence", "newest", "expected"),
    [
        ("P1D", date(2026, 11, 15), date(2026, 11, 18)),  # due on the 16th, one day of grace
        ("P7D", date(2026, 11, 2), date(2026, 11, 12)),  # due on the 9th, 1.75 days rounded up
        ("P1W", date(2026, 11, 2), date(2026, 11, 12)),
        ("P1M", date(2026, 1, 31), date(2026, 3, 9)),  # due on 28 February, 7.6 days rounded up
    ],
)
def test_the_first_late_day(cadence: str, newest: date, expected: date) -> None:
    assert late_from(newest, parse_cadence(cadence), Policy()) == expected


def test_only_the_newest_batch_of_the_model_is_late() -> None:
    old = version([numeric()], [FLAT] * 2, name="v1")
    new = version([numeric()], [FLAT] * 3, name="v2", start=START + timedelta(days=2))
    on_time = assess(history(old, new, as_of=date(2026, 11, 7)))
    assert {row.freshness for row in on_time.health} == {"green"}
    assert on_time.health[-1].valid_until == date(2026, 11, 8)
    late = assess(history(old, new, as_of=date(2026, 11, 8)))
    assert [(row.model_version, row.freshness) for row in late.health] == [
        ("v1", "green"),
        ("v1", "green"),
        ("v2", "green"),
        ("v2", "green"),
        ("v2", "grey"),
    ]
    last = late.health[-1]
    assert (last.colour, last.since) == ("grey", date(2026, 11, 6)), "since the day the next one was due"
    assert last.headline_en == "No batch since 5\u00a0November; one is due every day."
    assert last.headline_fr == "Aucun lot depuis le 5\u00a0novembre\u202f; il en est attendu un chaque jour."


def test_lateness_does_not_hide_a_red_batch() -> None:
    moved = {"x": [10] * 5 + [190] * 5 + [0]}
    found = assess(history(version([numeric()], [FLAT, moved, moved]), as_of=date(2026, 12, 24)))
    last = found.health[-1]
    assert (last.colour, last.freshness, last.since) == ("red", "grey", date(2026, 11, 2))
    assert last.headline_en.endswith("And one more finding.")


def test_next_year_the_sentence_names_the_year() -> None:
    one = version([numeric()], [FLAT])
    before = assess(history(one, as_of=date(2026, 12, 31)))
    assert before.health[0].valid_until == date(2027, 1, 1)
    after = assess(history(one, as_of=date(2027, 1, 1), cadence="P1W"))
    finding = next(f for f in after.findings if f.rule == "late")
    assert sentence(finding).en == "No batch since 1\u00a0November 2026; one is due every week."
    assert sentence(finding).fr.endswith("il en est attendu un chaque semaine.")


def test_lateness_can_be_derived_by_hand() -> None:
    found = assess(history(version([numeric()], [FLAT]), as_of=date(2026, 11, 12), cadence="P1W"))
    (finding,) = [finding for finding in found.findings if finding.rule == "late"]
    assert [step.en for step in derivation(finding)] == [
        "The model's newest batch is of 1\u00a0November; one is due every week, so the next on 8\u00a0November.",
        "With a grace of 2 days, it is late from 11\u00a0November on.",
        "That day has come and no batch has: grey, as nothing is known of today.",
    ]
