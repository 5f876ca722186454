"""A bin in words: a level, a range of values, or one of the guard bins."""

from __future__ import annotations

from typing import Any

from dashboard.format import quoted
from dashboard.history import ReferenceVariable
from dashboard.say import say
from dashboard.text import Text


def bin_facts(variable: ReferenceVariable, place: int) -> dict[str, Any]:
    """What the bin at ``place`` of ``variable`` holds, as plain JSON: ``kind`` and a level or the ends of a range."""
    if place == len(variable.counts) - 1:
        return {"kind": "missing"}
    if variable.kind == "categorical":
        if place < len(variable.levels):
            return {"kind": "level", "level": variable.levels[place]}
        return {"kind": "other" if place == len(variable.levels) else "unseen"}
    edges = variable.edges
    return {
        "kind": "range",
        "above": edges[place - 1] if place else None,
        "to": edges[place] if place < len(edges) else None,
    }


def bin_words(facts: dict[str, Any], *, near: Any) -> Text:
    """The bin in a sentence: ``rows without a value``, ``level "Nothing"``, ``values above 120``."""
    kind = facts["kind"]
    if kind == "level":
        return Text(f"level {quoted(facts['level'], 'en')}", f"la modalité {quoted(facts['level'], 'fr')}")
    if kind != "range":
        return _GUARDS[kind]
    if facts["above"] is None and facts["to"] is None:
        return Text("all values", "toutes les valeurs")
    if facts["above"] is None:
        return say(Text("values up to {to:edge}", "les valeurs jusqu'à {to:edge}"), facts, near=near)
    if facts["to"] is None:
        return say(Text("values above {above:edge}", "les valeurs au-dessus de {above:edge}"), facts, near=near)
    return say(
        Text("values from {above:edge} to {to:edge}", "les valeurs de {above:edge} à {to:edge}"),
        facts,
        near=near,
    )


_GUARDS = {
    "missing": Text("rows without a value", "les lignes sans valeur"),
    "other": Text("rare levels", "les modalités rares"),
    "unseen": Text("levels unknown to training", "les modalités inconnues à l’apprentissage"),
}
