"""Which variable of each version is what the model itself says: its score, predicted value or predicted class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.web.page import Request
from qod.derived import CLASSES, PREDICTION


def scores(versions: Iterable[Mapping[str, Any]], variables: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The variables by version, the delivered score first, then the class that was made of it; versions without: none.

    From rows of ``versions`` and of ``variables``.
    """
    delivered = {row["model_version"]: row["score_variable"] for row in versions}
    found: dict[str, list[str]] = {}
    for row in variables:
        version, variable = row["model_version"], row["variable"]
        if variable == delivered.get(version):
            found.setdefault(version, []).insert(0, variable)
        elif is_predicted_class(row):
            found.setdefault(version, []).append(variable)
    return found


def is_predicted_class(reference: Mapping[str, Any]) -> bool:
    """Whether a row of ``variables`` is the class that was made of the score, not a column that has its name."""
    return reference["variable"] == PREDICTION and sorted(reference["levels"] or ()) == sorted(CLASSES)


def scores_of(request: Request, model_id: str) -> dict[str, list[str]]:
    """The same of one model, from the tables."""
    return scores(request.rows("versions", model_id=model_id), request.rows("variables", model_id=model_id))
