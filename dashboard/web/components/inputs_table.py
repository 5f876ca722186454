"""The table of a model's inputs: where each variable stands in the newest batch, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from dashboard import format as form
from dashboard import rules
from dashboard.finding import Finding
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.stoplight import WORDS, WORST_FIRST, known, stoplight
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.inputs import Standing

SORTS: Final = ("impact", "state", "name", "psi", "missing", "unseen", "outside", "importance")
DEFAULT_SORT: Final = "-impact"

_CAPTION: Final = Text("Variables in the newest batch", "Variables dans le dernier lot")
_STATE, _VARIABLE, _WHY = Text("State", "État"), Text("Variable", "Variable"), Text("Why", "Pourquoi")
_PSI, _PSI_TITLE = (
    Text("PSI", "PSI"),
    Text(
        "How far it is from training; what chance alone gives",
        "Distance à l\u2019apprentissage\u202f; ce que donne le hasard",
    ),
)
_NOISE: Final = Text("noise {noise}", "bruit {noise}")
_CHANCE: Final = Text("Noise", "Bruit")
_MISSING_TRAINING: Final = Text("Missing at training", "Manquants à l\u2019apprentissage")
_MISSING, _UNSEEN = Text("Missing", "Manquants"), Text("Unseen", "Inconnues")
_UNSEEN_TITLE: Final = Text(
    "Rows with a level that training did not have", "Lignes d\u2019une modalité absente de l\u2019apprentissage"
)
_OUTSIDE: Final = Text("Outside", "Hors plage")
_OUTSIDE_TITLE: Final = Text(
    "Rows below the smallest or above the largest value of training",
    "Lignes sous la plus petite ou au-dessus de la plus grande valeur de l\u2019apprentissage",
)
_TRAINING: Final = Text("{share} at training", "{share} à l\u2019apprentissage")
_IMPORTANCE, _SINCE = Text("Importance", "Importance"), Text("Since", "Depuis")
_IMPORTANCE_TITLE: Final = Text("Its share in the model\u2019s decisions", "Sa part dans les décisions du modèle")
_IMPACT: Final = Text("Importance \u00d7 drift", "Importance \u00d7 dérive")
_IMPACT_TITLE: Final = Text("What to look at first: its importance times how far it has moved, noise taken off",
                            "Par où commencer\u00a0: son importance fois son déplacement, bruit déduit")  # fmt: skip
_ABSENT: Final = Text("Not in the newest batch.", "Absente du dernier lot.")
_STABLE: Final = Text("Stable", "Stable")
_UNJUDGED: Final = Text("Could not be judged", "N\u2019a pu être jugée")


def inputs_table(
    request: Request, standing: Sequence[Standing], findings: Mapping[str, Finding], *, version: str
) -> html.Node:
    """The rows in the order given; ``findings`` holds the one that speaks for each variable that is not calm."""
    t = request.t
    columns = [
        Column(t(_STATE), "c-state", sort="state"),
        Column(t(_VARIABLE), "c-model", sort="name"),
        Column(t(_WHY), "c-why"),
        Column(t(_PSI), "number c-psi", sort="psi", descending=True, title=t(_PSI_TITLE)),
        Column(t(_MISSING), "number c-missing", sort="missing", descending=True),
        Column(t(_UNSEEN), "number c-more", sort="unseen", descending=True, title=t(_UNSEEN_TITLE)),
        Column(t(_OUTSIDE), "number c-more", sort="outside", descending=True, title=t(_OUTSIDE_TITLE)),
        Column(t(_IMPORTANCE), "number c-more", sort="importance", descending=True, title=t(_IMPORTANCE_TITLE)),
        Column(t(_IMPACT), "number c-more", sort="impact", descending=True, title=t(_IMPACT_TITLE)),
        Column(t(_SINCE), "number nowrap c-more"),
    ]
    return table(
        columns,
        [_cells(request, row, findings.get(row.variable), version=version) for row in standing],
        caption=t(_CAPTION),
        sorted_by=request.params["sort"],
        link=lambda value: request.link(sort=value),
        class_="inputs",
        row_heading=1,
    )


def inputs_data(request: Request, standing: Sequence[Standing], findings: Mapping[str, Finding]) -> Data:
    """The same for a file, numbers as they are."""
    t = request.t
    columns = (_VARIABLE, _STATE, _WHY, _PSI, _CHANCE, _MISSING, _MISSING_TRAINING, _UNSEEN, _OUTSIDE, _IMPORTANCE)
    return Data(
        [t(words) for words in (*columns, _IMPACT, _SINCE)],
        [
            [
                *(row.variable, t(WORDS[known(row.colour)]), _words(request, row, findings.get(row.variable))),
                *(row.psi, row.noise, row.missing, row.missing_training, row.unseen, row.outside, row.importance),
                *(row.impact, row.since.isoformat() if row.since else None),
            ]
            for row in standing
        ],
    )


def in_order(standing: Sequence[Standing], sort: str) -> list[Standing]:
    """By the sort asked for, ``state`` the worst first; ties by impact, then the worse state, then by name.

    What is not known stands last.
    """
    urgency = {colour: place for place, colour in enumerate(WORST_FIRST)}
    ordered = sorted(standing, key=lambda row: (-row.impact, urgency[known(row.colour)], row.variable.casefold()))
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key == "name":
        return sorted(ordered, key=lambda row: row.variable.casefold(), reverse=down)
    if key == "state":
        return sorted(ordered, key=lambda row: urgency[known(row.colour)], reverse=down)
    values = {row.variable: getattr(row, key) for row in ordered}
    have = [row for row in ordered if values[row.variable] is not None]
    have.sort(key=lambda row: values[row.variable] or 0.0, reverse=down)
    return [*have, *(row for row in ordered if values[row.variable] is None)]


def _cells(request: Request, row: Standing, finding: Finding | None, *, version: str) -> list[html.Node]:
    language, t = request.language, request.t
    name = form.name(row.variable, longest=40)
    href = request.to("variable", model_id=request.args["model_id"], variable=row.variable, version=version)
    near = request.today or date.max
    return [
        stoplight(row.colour, language),
        html.a(name, href=href, title=row.variable if row.variable != name else None),
        _why(request, row, finding),
        [
            form.index(row.psi, language),
            html.small(t(_NOISE).format(noise=form.index(row.noise, language))) if row.noise is not None else None,
        ],
        [
            form.share(row.missing, language),
            html.small(t(_TRAINING).format(share=form.share(row.missing_training, language)))
            if row.missing_training is not None
            else None,
        ],
        form.share(row.unseen, language) if row.kind == "categorical" else "",
        form.share(row.outside, language) if row.kind == "numeric" else "",
        form.share(row.importance, language),
        form.index(row.impact, language),
        form.short_day(row.since, language, near=near) if row.since else "\u2013",
    ]


def _why(request: Request, row: Standing, finding: Finding | None) -> html.Node:
    words = _words(request, row, finding)
    calm = finding is None or finding.colour in ("grey", "note")
    return html.span(words, class_="calm") if calm else words


def _words(request: Request, row: Standing, finding: Finding | None) -> str:
    if finding is not None:
        return request.t(rules.sentence(finding))
    absent = row.psi is None and row.missing is None
    return request.t(_ABSENT if absent else _UNJUDGED if known(row.colour) == "grey" else _STABLE)
