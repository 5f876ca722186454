"""docs/statistics.md is made from the declarations and is not stale."""

from __future__ import annotations

import re
from pathlib import Path

from dashboard import metrics, rules
from dashboard.derived_variables import DERIVED
from dashboard.glossary import statistics_page, written
from dashboard.metric import Metric
from dashboard.policy import POLICY_KEYS
from dashboard.text import Text

PAGE = Path(__file__).resolve().parents[1] / "docs" / "statistics.md"


def test_the_page_is_what_the_declarations_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == statistics_page(), "run `make docs`"


def test_the_page_holds_every_metric_rule_and_policy_key() -> None:
    page = statistics_page()
    for declared in (*metrics.load().values(), *rules.load().values(), *DERIVED):
        assert f"`{declared.key}`" in page
        assert declared.example.en in page
    for key in POLICY_KEYS:
        assert f"| `{key}` |" in page


SYMBOLS = {"ln", "sqrt", "sum", "min", "max", "se", "al"}
"""Words in lower case that belong to no language: functions, and the al. of a citation."""


def test_what_has_words_has_them_in_both_languages() -> None:
    fields = [
        (declared.key, value)
        for declared in (*metrics.load().values(), *rules.load().values())
        for value in (
            declared.source,
            *((declared.formula,) if isinstance(declared, Metric) else (declared.condition,)),
        )
    ]
    for key, value in fields:
        if isinstance(value, Text):
            assert value.en != value.fr, f"{key}: {value.en}"
        else:
            words = {word for word in re.findall(r"\b[a-z]{2,}\b", value.replace("et al.", ""))} - SYMBOLS
            assert not words, f"{key} speaks English only: {words}"


def test_what_is_written_in_french_is_typeset() -> None:
    assert written("p < 1e-4", "fr") == "p < 1e-4"
    assert written(Text("a; b", "l'a ; b"), "fr") == "l\u2019a\u202f; b"
    assert written(Text("a; b", "l'a ; b")) == "a; b"
