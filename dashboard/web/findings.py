"""Findings as pages use them: in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dashboard.finding import Finding

_RANK: Final = {"red": 0, "amber": 1, "grey": 2, "note": 3}


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Red before amber before grey before notes; then by weight and by how far beyond its threshold."""
    return sorted(
        findings,
        key=lambda finding: (
            _RANK.get(finding.colour, 2),
            -(finding.weight if finding.weight is not None else 1.0),
            -float(finding.facts.get("size") or 0.0),
            finding.subject,
            finding.rule,
        ),
    )
