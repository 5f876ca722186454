"""The rule on types: what it compares, and that it is silent where nobody can say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dashboard.colour import AMBER, GREEN
from dashboard.evaluation.assess import assess
from dashboard.policy import Policy
from dashboard.rules import derivation, sentence, type_changed
from tests.histories import counted, history, numeric, version

X = numeric("x", [5000, 5000, 0])
BATCH = {"x": [100, 100, 0]}


@pytest.mark.parametrize(
    ("training", "batch", "code"),
    [
        ("number", "number", GREEN),
        ("number", "text", AMBER),
        ("text", "number", AMBER),
        ("boolean", "number", AMBER),
        ("time", "text", AMBER),
        (None, "text", GREEN),
        ("number", None, GREEN),
        ("something of a later release", "text", GREEN),
    ],
)
def test_two_known_types_are_compared(training: str | None, batch: str | None, code: int) -> None:
    tally = counted([replace(X, type=training)], [BATCH], types={"x": [batch]})
    assert type_changed.judge(tally, Policy()).codes[0, 0] == code


def test_it_leaves_alone_what_it_is_told_to_and_what_the_model_computes() -> None:
    given: dict[str, Any] = {"batches": [BATCH], "types": {"x": ["text"]}}
    off = Policy(variables={"x": {"off": ["type_changed"]}})
    assert type_changed.judge(counted([replace(X, type="number")], **given), off).codes[0, 0] == GREEN
    computed = counted([replace(X, type="number", derived=True)], **given)
    assert type_changed.judge(computed, Policy()).codes[0, 0] == GREEN


def test_a_finding_says_both_types_and_since_when() -> None:
    given = version([replace(X, type="number")], [BATCH] * 4, types={"x": ["number", "text", "text", None]})
    found = [finding for finding in assess(history(given)).findings if finding.rule == "type_changed"]
    assert [(f.colour, f.since.isoformat()) for f in found] == [("amber", "2026-11-02")] * 2
    assert sentence(found[1]).en == (
        "x has come as text since 2\u00a0November, training had numbers: check the schema of its source."
    )
    assert sentence(found[1]).fr.startswith("x arrive en texte depuis le 2\u00a0novembre, l\u2019apprentissage avait")
    assert [step.en for step in derivation(found[1])] == [
        "In training the values of x were numbers, in 10,000 rows.",
        "In the batch of 200 rows they are text.",
        "A type is of a whole column, chance does not change it: amber, since 2\u00a0November.",
    ]
