"""Words that several commands write over their tables, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.text import Language, Text

COLOURS: Final = {
    "green": Text("green", "vert"),
    "amber": Text("amber", "orange"),
    "red": Text("red", "rouge"),
    "grey": Text("grey", "gris"),
    "note": Text("a note, no colour", "une note, sans couleur"),
}

HEADS: Final = {
    "colour": Text("colour", "couleur"),
    "model": Text("model", "modèle"),
    "version": Text("version", "version"),
    "batch": Text("batch", "lot"),
    "headline": Text("headline", "résumé"),
    "by family": Text("by family", "par famille"),
    "drift": Text("drift", "dérive"),
    "quality": Text("quality", "qualité"),
    "performance": Text("performance", "performance"),
    "freshness": Text("freshness", "fraîcheur"),
    "date": Text("date", "date"),
    "before": Text("before", "avant"),
    "after": Text("after", "après"),
    "batches": Text("batches", "lots"),
    "subject": Text("subject", "sujet"),
    "rule": Text("rule", "règle"),
}
"""The heads of columns."""


def heads(names: Sequence[str], language: Language) -> list[str]:
    """The columns ``names`` as the language heads them."""
    return [HEADS[name][language] for name in names]
