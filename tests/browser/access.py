"""What axe finds wrong with a page for readers who do not see it well, or use no mouse: WCAG 2.1, levels A and AA."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
AXE: Final = Path(__file__).parent / "axe" / "axe.min.js"

_RUN: Final = """
    (tags) => axe.run(document, {runOnly: tags, resultTypes: ["violations"], elementRef: false}).then(
      (found) => found.violations.flatMap((rule) => rule.nodes.map(
        (node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`)))
"""


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule: the rule, where the element is, and what is wrong with it."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_source())
    found: list[str] = page.evaluate(_RUN, list(TAGS))
    return found


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")
