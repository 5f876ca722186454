"""What a variable is that Vigie made itself, for a reader who does not know its column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request
from dashboard.web.views.score import is_predicted_class
from qod.derived import ERROR, PREDICTION

_WHAT: Final = {
    ERROR: Text(
        "Made by Vigie: how far a row\u2019s numeric variables are from going together as they did in training. The "
        "training rows counted here are others than those it was learnt on.",
        "Calculée par Vigie\u00a0: de combien les variables numériques d\u2019une ligne s\u2019écartent de "
        "l\u2019ensemble qu\u2019elles formaient à l\u2019apprentissage. Les lignes d\u2019apprentissage comptées ici "
        "ne sont pas celles dont elle a été apprise.",
    ),
    PREDICTION: Text(
        "Made by Vigie: whether a row\u2019s score reaches the model\u2019s threshold.",
        "Calculée par Vigie\u00a0: si le score d\u2019une ligne atteint le seuil du modèle.",
    ),
}


def derived_note(request: Request, reference: Mapping[str, Any], name: str) -> html.Node:
    """The sentence on a derived variable; None for a column of the training rows, whatever it is called."""
    made = {ERROR: reference["kind"] == "numeric", PREDICTION: is_predicted_class(reference)}
    return html.p(request.t(_WHAT[name]), class_="notice") if made.get(name) else None
