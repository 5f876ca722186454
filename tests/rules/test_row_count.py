"""The rule on row counts: what is usual on a weekday, in a month and of late, and how a change came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from dashboard.colour import AMBER, GREEN
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.policy import Policy
from dashboard.rule import Verdicts
from dashboard.rules import derivation, row_count, sentence
from tests.histories import START, history, numeric, version

DAY = timedelta(days=1)
MONDAY = date(2026, 9, 7)
WEEK = [18_000, 18_400, 18_200, 18_600, 18_300, 7_000, 6_800]


def judged(rows: Sequence[int], dates: Sequence[date], policy: Policy | None = None, **more: Any) -> Verdicts:
    return row_count.judge(np.array(rows, np.int64), dates, policy or Policy(), **more)


def daily(number: int, start: date = MONDAY) -> list[date]:
    return [start + DAY * t for t in range(number)]


def months(number: int) -> list[date]:
    return [date(2020 + t // 12, t % 12 + 1, 1) for t in range(number)]


def test_a_monday_like_a_sunday_is_seen_once_there_were_four_mondays() -> None:
    rows = [*WEEK * 4, 7_100]
    assert judged(rows, daily(29)).codes[:, 0].tolist() == [GREEN] * 28 + [AMBER]
    assert judged(rows[7:], daily(22)).codes[-1, 0] == GREEN, "three Mondays are no usual Monday yet"
    assert judged(rows, daily(29), Policy(row_count_season="none")).codes[-1, 0] == GREEN
    assert judged([*WEEK * 5, 18_300, 18_300, 18_300, 18_300, 18_300, 18_300], daily(41)).codes[-1, 0] == AMBER
    numbers = judged(rows, daily(29)).numbers
    assert [numbers[key][28, 0] for key in ("usual", "usual_low", "usual_high", "usual_of", "season")] == [
        18_000,
        18_000,
        18_000,
        4,
        "weekday",
    ]


def test_one_broken_monday_of_eight_does_not_make_the_next_one_usual() -> None:
    rows = WEEK * 9
    rows[7 * 5] = 900
    assert judged([*rows, 1_000], daily(64)).codes[-1, 0] == AMBER


def test_a_weekly_model_is_judged_as_if_there_were_no_weekdays() -> None:
    random = np.random.default_rng(2)
    rows = random.integers(300, 2000, 90).tolist()
    dates = [MONDAY + 7 * DAY * t for t in range(90)]
    with_season, without = judged(rows, dates), judged(rows, dates, Policy(row_count_season="none"))
    np.testing.assert_array_equal(with_season.codes[7:], without.codes[7:])
    np.testing.assert_array_equal(with_season.numbers["usual"][7:], without.numbers["usual"][7:])


def test_large_decembers_are_usual_in_the_third_year() -> None:
    year = [1000] * 11 + [5000]
    monthly = Policy(row_count_season="month")
    found = judged(year * 4, months(48), monthly).codes[:, 0]
    assert np.flatnonzero(found).tolist() == [11, 23], "two Decembers make one usual"
    assert judged([*year * 3, *[1000] * 12], months(48), monthly).codes[-1, 0] == AMBER
    assert np.flatnonzero(judged(year * 4, months(48)).codes).size > 2
    twice = [day for day in months(30) for _ in range(2)]
    same_year = judged([1000] * 46 + [5000] * 2 + [1000] * 12, twice, monthly)
    assert same_year.codes[46:48, 0].tolist() == [AMBER, AMBER], "a batch of the same December is not an earlier one"


@pytest.mark.parametrize("season", ["none", "weekday", "month"])
@pytest.mark.parametrize("window", [5, 28, 80])
def test_what_is_usual_is_what_a_simple_count_says(season: str, window: int) -> None:
    """Against the definition, one batch at a time; and begun anywhere, with what was kept, it comes out the same."""
    random = np.random.default_rng(window)
    rows = random.choice([0, 700, 900, 1000, 1100, 1300, 4000], 150)
    dates = months(150) if season == "month" else [MONDAY + DAY * t for t in sorted(random.choice(200, 150).tolist())]
    policy = Policy(row_count_season=season, row_count_batches=window)
    whole = judged(rows.tolist(), dates, policy)
    for t in range(150):
        before = [s for s in range(t) if rows[s]]
        same: list[int] = []
        if season == "weekday":
            near = before[-56:]
            same = [s for s in near if dates[s].weekday() == dates[t].weekday()][-window:]
        elif season == "month":
            same = [s for s in before[-60:] if dates[s].month == dates[t].month and dates[s].year < dates[t].year]
            same = same[-window:]
        enough = len(same) >= {"weekday": 4, "month": 2}.get(season, 999)
        chosen = same if enough else before[-window:]
        expected = np.median(rows[chosen]) if len(chosen) >= (2 if enough else 7) else np.nan
        np.testing.assert_equal(whole.numbers["usual"][t, 0], expected)
    assert whole.kept is not None
    for first in (0, 7, 60, 149):
        back = max(first - 6, 0)
        part = judged(rows[back:].tolist(), dates[back:], policy, first=first - back, kept=whole.kept[first])
        assert [facts for *_, facts in part.not_green(first - back)] == [facts for *_, facts in whole.not_green(first)]
        assert part.kept == whole.kept[first:]


def findings(rows: Sequence[int], start: date = START) -> list[Finding]:
    given = version([numeric()], [{"x": [n // 10] * 10 + [0]} for n in rows], rows=list(rows), start=start)
    return [finding for finding in assess(history(given)).findings if finding.rule == "row_count"]


def test_a_sentence_says_on_which_days_it_is_usual_and_how_it_came() -> None:
    (found,) = findings([*WEEK * 4, 7_100], MONDAY)
    assert found.facts["arrival"] == "sudden"
    assert sentence(found).en == (
        "The batch of 5\u00a0October has 7,100 rows, usually 18,000 on Mondays: part of it may be missing."
    )
    assert sentence(found).fr == (
        "Le lot du 5\u00a0octobre a 7\u202f100 lignes, 18\u202f000 d\u2019habitude le lundi\u00a0: il en manque "
        "peut-être une partie."
    )
    assert [step.en for step in derivation(found)][:4] == [
        "The batch of 5\u00a0October has 7,100 rows.",
        "What is usual on Mondays is told by 4 earlier batches: the middle one has 18,000 rows, most lie between "
        "18,000 and 18,000.",
        "With fewer than 9,000 or more than 36,000 rows a batch is amber: by half or twice the middle, and well "
        "outside what most had.",
        "It has fewer: amber.",
    ]
    shrinking = findings([2000] * 9 + [1800, 1600, 1400, 1200, 1000, 800])
    assert [f.facts["arrival"] for f in shrinking] == ["gradual"]
    assert "it has been shrinking over several batches" in sentence(shrinking[0]).en
    growing = findings([2000] * 9 + [2300, 2700, 3100, 3500, 3900, 4400])
    assert "it has been growing over several batches" in sentence(growing[0]).en
    (early,) = findings([0])
    assert [step.en for step in derivation(early)] == [
        "The batch of 1\u00a0November has 0 rows.",
        "An empty batch is amber.",
    ]
