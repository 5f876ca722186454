"""What the inputs of a model are looked at for: how far they drift, what is missing, unseen or outside the range."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Language, Text
from dashboard.web.figures.inputs_heatmap import PSI_STEPS, SHARE_STEPS, Cells
from dashboard.web.views.inputs import Measured, drift_states, rule_states


@dataclass(frozen=True, slots=True)
class Shown:
    """One of them: the measure, its unit in words, where shades change, and how a number is written."""

    name: Text
    measure: str
    unit: Text
    steps: Sequence[float]
    write: Callable[[float | None, Language], str]
    hover: str


_OF_ROWS: Final = Text("of rows", "des lignes")


def _share(name: Text, measure: str) -> Shown:
    return Shown(name, measure, _OF_ROWS, SHARE_STEPS, form.share, "%{customdata:.1%}")


SHOWN: Final = {
    "drift": Shown(Text("Drift", "Dérive"), "psi", Text("PSI", "PSI"), PSI_STEPS, form.index, "PSI %{customdata:.2f}"),
    "missing": _share(Text("Missing", "Manquants"), "missing_share"),
    "unseen": _share(Text("Unseen", "Inconnues"), "unseen_share"),
    "out_of_range": _share(Text("Outside range", "Hors plage"), "out_of_range_share"),
}
"""By the key of the rule that colours them."""


def cells_of(found: Measured, show: str, names: Sequence[str], findings: Iterable[Mapping[str, Any]]) -> Cells:
    """State and size of the variables ``names`` in each batch; ``findings`` may hold those of other rules."""
    own = (row for row in findings if row["rule"] == show)
    states = drift_states(found, names) if show == "drift" else rule_states(found, names, own)
    return Cells(names, states, found.rows(names, SHOWN[show].measure))
