"""The four families of rules as their glyphs, in one dense cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.stoplight import glyph

FAMILIES: Final = {
    "drift": Text("Drift", "Dérive"),
    "quality": Text("Quality", "Qualité"),
    "performance": Text("Performance", "Performance"),
    "freshness": Text("Freshness", "Fraîcheur"),
}
"""The families by key, in the order they are always shown in."""


def glyphs(row: Mapping[str, Any], language: Language) -> html.Node:
    """The glyph of each family's colour in ``row``."""
    return [glyph(row[key], name[language], language) for key, name in FAMILIES.items()]


def heading(language: Language) -> html.Node:
    """The head of a column of glyphs: the families' initials, each with its name."""
    return html.span(
        [html.abbr(name[language][0], title=name[language]) for name in FAMILIES.values()], class_="families-head"
    )
