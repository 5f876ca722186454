"""The four families of rules for one batch: each with its colour, and the findings that give it or a calm sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.finding import Finding
from dashboard.rule import FAMILIES
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.families import FAMILIES as NAMES
from dashboard.web.components.finding_list import finding_list
from dashboard.web.components.stoplight import known, stoplight
from dashboard.web.page import Request

_FINE: Final = {
    "drift": Text(
        "No input has moved away from the training data.",
        "Aucune variable ne s\u2019est éloignée de l\u2019apprentissage.",
    ),
    "quality": Text("The data arrive complete and as expected.", "Les données arrivent complètes et conformes."),
    "performance": Text(
        "As good as at training, where the truth is known.",
        "Aussi bon qu\u2019à l\u2019apprentissage, là où la vérité est connue.",
    ),
    "freshness": Text("The batches arrive on time.", "Les lots arrivent à temps."),
}
_UNKNOWN: Final = {
    "drift": Text("Nothing can be said about drift yet.", "On ne peut encore rien dire de la dérive."),
    "quality": Text("Nothing can be said about quality yet.", "On ne peut encore rien dire de la qualité."),
    "performance": Text(
        "The truth is not known yet; until then this stays open.",
        "La vérité n\u2019est pas encore connue ; d\u2019ici là, la question reste ouverte.",
    ),
    "freshness": Text("A batch is due.", "Un lot est attendu."),
}
_PAGES: Final = {"drift": "inputs", "quality": "inputs", "performance": "performance"}
"""The page of the model that shows more of a family."""


def family_cards(request: Request, health: Mapping[str, Any], findings: Sequence[Finding]) -> html.Node:
    """One card a family; ``health`` has their colours, ``findings`` are those of its batch, worst first."""
    return html.div(
        [
            _family(request, key, known(health[key]), [finding for finding in findings if finding.family == key])
            for key in FAMILIES
        ],
        class_="families",
    )


def _family(request: Request, key: str, colour: str, findings: list[Finding]) -> html.Node:
    calm = {"green": _FINE, "grey": _UNKNOWN}.get(colour)
    explained = any(finding.colour == colour for finding in findings)
    return html.section(
        html.div(html.h3(_heading(request, key)), stoplight(colour, request.language), class_="family-head"),
        html.p(request.t(calm[key]), class_="calm") if calm and not explained else None,
        finding_list(request, findings) if findings else None,
        class_=f"family {colour}",
    )


def _heading(request: Request, key: str) -> html.Node:
    words, page = request.t(NAMES[key]), _PAGES.get(key, "")
    if page not in request.site.pages:
        return words
    return html.a(words, href=request.to(page, model_id=request.args["model_id"]))
