"""The roll-up: the table of family colours, importance, what a headline says."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from dashboard import rules
from dashboard.colour import AMBER, GREEN, GREY, NOTE, RED, Codes
from dashboard.evaluation.assess import assess
from dashboard.evaluation.health import family_codes, model_codes, rank
from dashboard.finding import Finding
from dashboard.rule import FAMILIES, Verdicts
from tests.histories import categorical, history, numeric, version

LETTERS = {"g": GREEN, "a": AMBER, "r": RED, ".": GREY}


@pytest.mark.parametrize(
    ("drift", "quality", "performance", "freshness", "expected"),
    [
        *("gggg" + "g", "gg.g" + "g"),  # a truth that has not come leaves the model green
        *(".ggg.", "g.gg.", "ggg..", "....."),
        *("aggga", "gagga", "ggaga", ".agga", "a...a"),
        *("rgggr", "garar"[0:2] + "r.r", "ggrgr", "r...r", "arggr"),
    ],
)
def test_the_worst_counts_and_grey_is_never_hidden(
    drift: str, quality: str, performance: str, freshness: str, expected: str
) -> None:
    given = dict(zip(FAMILIES, (drift, quality, performance, freshness), strict=True))
    found = model_codes({family: np.array([LETTERS[letter]], np.int8) for family, letter in given.items()})
    assert found[0] == LETTERS[expected]


def verdicts(rule: str, codes: list[list[int]], weights: tuple[float | None, ...] | None = None) -> Verdicts:
    subjects = tuple(f"v{s}" for s in range(len(codes[0])))
    return Verdicts(rules.load()[rule], subjects, np.array(codes, np.int8), weights=weights)


def families(*given: Verdicts, grey: str = "", light: float = 0.01) -> dict[str, Codes]:
    blind = {family: np.array([family in grey]) for family in FAMILIES}
    return family_codes(given, blind, light=light)


def test_a_red_on_an_unimportant_variable_counts_amber() -> None:
    for weight, expected in ((0.009, AMBER), (0.01, RED), (None, RED), (0.0, AMBER)):
        assert families(verdicts("drift", [[RED]], (weight,)))["drift"][0] == expected
    assert families(verdicts("drift", [[AMBER]], (0.001,)))["drift"][0] == AMBER
    assert families(verdicts("drift", [[RED, RED]], (0.001, 0.4)))["drift"][0] == RED
    assert families(verdicts("row_count", [[AMBER]]))["quality"][0] == AMBER


def test_colours_win_over_grey_and_notes_have_none() -> None:
    assert families(verdicts("drift", [[GREY, AMBER]]), grey="drift")["drift"][0] == AMBER
    assert families(verdicts("drift", [[GREY, GREEN]]))["drift"][0] == GREEN
    assert families(verdicts("drift", [[GREY]]), grey="drift")["drift"][0] == GREY
    assert families(verdicts("unseen", [[NOTE]]))["quality"][0] == GREEN


def finding(rule: str, family: str, colour: str, *, weight: float | None = None, **facts: Any) -> Finding:
    day = date(2026, 11, 19)
    return Finding("m", "v1", "b", day, "x", rule, family, colour, day, weight, facts)


def test_what_is_told_first() -> None:
    late = finding("late", "freshness", "grey")
    missing = finding("missing", "quality", "red")
    drift = finding("drift", "drift", "red", size=8.0)
    larger = finding("drift", "drift", "red", size=9.0)
    light = finding("drift", "drift", "red", weight=0.001, size=99.0)
    heavy = finding("drift", "drift", "red", weight=0.4, size=2.0)
    amber = finding("unseen", "quality", "amber")
    note = finding("unseen", "quality", "note")
    given = [note, late, light, amber, drift, larger, heavy, missing]
    told = sorted(given, key=lambda one: rank(one, light=0.01))
    assert told == [missing, heavy, larger, drift, amber, light, late, note]


FLAT, MOVED = [100] * 10 + [0], [10] * 5 + [190] * 5 + [0]


def headline(*batches: dict[str, list[int]], variables: Any = None, **more: Any) -> tuple[str, str]:
    given = variables or [numeric("a"), numeric("b"), categorical("c")]
    row = assess(history(version(given, batches, **more))).health[-1]
    return row.headline_en, row.headline_fr


def test_headlines() -> None:
    calm = {"a": FLAT, "b": FLAT, "c": [600, 400, 0, 0, 0]}
    en, fr = headline(calm)
    assert en.startswith("All 3 variables are stable. No predictions")
    assert fr.startswith("Les 3 variables sont stables. Aucune prédiction")
    assert headline({"x": FLAT}, variables=[numeric()])[0].startswith("The one variable is stable.")
    still = [numeric("a"), numeric("b", [0, 500, 0, 0])]
    en, fr = headline({"a": FLAT, "b": [0, 500, 0, 0]}, variables=still)
    assert en.startswith("One of 2 variables is stable, 1 cannot be judged.")
    assert fr.startswith("Variables stables\u00a0: 1 sur 2\u202f; impossibles à juger\u00a0: 1.")
    assert headline({**calm, "a": MOVED})[0].startswith("a moved: PSI")
    both = headline({**calm, "a": MOVED, "b": MOVED})
    assert both[0].startswith("a moved: ")
    assert both[0].endswith(". And one more finding.")
    assert both[1].endswith(". Et un autre constat.")
    # A variable that is missing also drifts: one thing has happened, not two.
    gone = {**calm, "b": [50] * 10 + [500]}
    assert headline(calm, gone)[0] == (
        "b is missing in 50\u00a0% of rows since 2\u00a0November (0\u00a0% in training): an upstream break, to mend at "
        "its source."
    )


def test_a_name_with_everything_in_it_stands_in_the_sentence_as_it_is() -> None:
    name = "<script>alert('%s {x}')</script> ../ \U0001f600"
    en, fr = headline({name: MOVED}, variables=[numeric(name)])
    assert en.startswith(f"{name} moved: ")
    assert fr.startswith(f"{name} a bougé\u00a0: ")
    long = headline({"n" * 300: MOVED}, variables=[numeric("n" * 300)])[0]
    assert len(long) < 220
