"""docs/statistics.md is made from the declarations and is not stale."""

from __future__ import annotations

from pathlib import Path

from dashboard import metrics, rules
from dashboard.glossary import statistics_page
from dashboard.policy import POLICY_KEYS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "statistics.md"


def test_the_page_is_what_the_declarations_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == statistics_page(), "run `make docs`"


def test_the_page_holds_every_metric_rule_and_policy_key() -> None:
    page = statistics_page()
    for declared in (*metrics.load().values(), *rules.load().values()):
        assert f"`{declared.key}`" in page
        assert declared.example.en in page
    for key in POLICY_KEYS:
        assert f"| `{key}` |" in page
