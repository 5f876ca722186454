"""Findings as pages use them: read back from their rows, ordered, and grouped over models."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.finding import Finding

_RANK: Final = {"red": 0, "amber": 1, "grey": 2, "note": 3}


def from_row(row: Mapping[str, Any]) -> Finding:
    """The finding that a row of the table ``findings`` holds; without facts where the query leaves them out."""
    return Finding(
        model_id=row["model_id"],
        model_version=row["model_version"],
        batch_id=row["batch_id"],
        batch_date=row["batch_date"],
        subject=row["subject"],
        rule=row["rule"],
        family=row["family"],
        colour=row["colour"],
        since=row["since"],
        weight=row["weight"],
        facts=json.loads(row["facts"]) if row.get("facts") else {},
    )


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


@dataclass(frozen=True, slots=True)
class Shared:
    """A variable that broke or moved in several models on the same day: one cause, most likely."""

    subject: str
    since: date
    findings: tuple[Finding, ...]

    @property
    def colour(self) -> str:
        """The worst colour among them."""
        return "red" if any(finding.colour == "red" for finding in self.findings) else "amber"


def shared(findings: Sequence[Finding]) -> list[Shared]:
    """Findings on the same variable since the same day in two models or more; one finding a model, its worst.

    Of two alike, the broken data rather than the drift that comes of them. The newest first, then those of most models.
    """
    groups: dict[tuple[str, date], dict[str, Finding]] = {}
    for finding in sorted(worst_first(findings), key=lambda one: (_RANK.get(one.colour, 2), one.family == "drift")):
        groups.setdefault((finding.subject, finding.since), {}).setdefault(finding.model_id, finding)
    found = [
        Shared(subject, since, tuple(sorted(by_model.values(), key=lambda finding: finding.model_id)))
        for (subject, since), by_model in groups.items()
        if len(by_model) >= 2
    ]
    return sorted(found, key=lambda group: (-group.since.toordinal(), -len(group.findings), group.subject))
