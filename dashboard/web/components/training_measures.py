"""Every measure that two versions were delivered with, side by side, with what chance leaves open."""

from __future__ import annotations

import math
from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.history import Baseline
from dashboard.metric import Unit
from dashboard.performance.by_task import KEYS
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.pair_facts import signed
from dashboard.web.components.sides import LETTERS, full_name, heading
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.performance import baseline
from dashboard.web.views.sides import Pair

_CAPTION: Final = Text("Measures at training, side by side", "Mesures à l\u2019apprentissage, côte à côte")
_MEASURE, _DIFFERENCE = Text("Measure", "Mesure"), Text("Difference", "Écart")
_VERDICT: Final = Text("Is it more than chance?", "Plus que le hasard\u00a0?")
_BETTER: Final = Text("{letter} is better", "{letter} est meilleure")
_CHANCE: Final = Text("no: within chance", "non\u00a0: dans le hasard")
_MORE: Final = Text("yes; they score different rows", "oui\u202f; les lignes notées diffèrent")
_NOT_TOLD: Final = Text("no standard error", "sans erreur type")
_NOTHING: Final = Text(
    "Neither was delivered with measures of performance.", "Aucune n\u2019a été livrée avec des mesures de performance."
)
_ERROR: Final = Text("{name}, standard error", "{name}, erreur type")
_BEYOND: Final = 1.959963984540054
"""Standard errors of a difference that chance exceeds once in twenty."""

Row = tuple[str, Baseline | None, Baseline | None]


def training_measures(request: Request, pair: Pair) -> html.Node:
    """One line a measure that either side has, each with half its 95 % interval; or a word that there is none."""
    rows = _rows(pair)
    if not rows:
        return html.p(request.t(_NOTHING), class_="calm")
    columns = [
        Column(request.t(_MEASURE)),
        *(Column(heading(request, pair, place), "number") for place in (0, 1)),
        Column(request.t(_DIFFERENCE), "number"),
        Column(request.t(_VERDICT)),
    ]
    cells = [_cells(request, pair, *row) for row in rows]
    return table(columns, cells, caption=request.t(_CAPTION), row_heading=0, class_="pair")


def training_measures_data(request: Request, pair: Pair) -> Data:
    """The same, unrounded, with standard errors."""
    names = [f"{letter} {full_name(side)}" for letter, side in zip(LETTERS, pair.sides, strict=True)]
    errors = [request.t(_ERROR).format(name=name) for name in names]
    rows = [
        [key, *(number for one in sides for number in ((one.value, one.se) if one else (None, None)))]
        for key, *sides in _rows(pair)
    ]
    return Data([request.t(_MEASURE), names[0], errors[0], names[1], errors[1]], rows)


def _rows(pair: Pair) -> list[Row]:
    keys = dict.fromkeys(key for side in pair.sides for key in KEYS.get(side.entry["task"], ()))
    left, right = (side.row["baselines"] for side in pair.sides)
    rows = [(key, baseline(left, key), baseline(right, key)) for key in keys]
    return [row for row in rows if row[1] or row[2]]


def _cells(request: Request, pair: Pair, key: str, left: Baseline | None, right: Baseline | None) -> list[html.Node]:
    language, metric = request.language, metrics.load()[key]
    change: str = "\u2013"
    if left and right:
        gap = left.value - right.value
        share = metric.unit == "share"
        text = form.points(abs(gap), language) if share else written(abs(gap), metric.unit, language)
        change = signed(text, up=gap > 0)
    return [
        term(request, metric.name[language], key),
        *(_value(one, metric.unit, language) for one in (left, right)),
        change,
        _verdict(request, metric.better, left, right, one_model=pair.one_model),
    ]


def _verdict(
    request: Request, better: str | None, left: Baseline | None, right: Baseline | None, *, one_model: bool
) -> str:
    """Whether the difference is more than chance; of one model's versions, which is better."""
    if left is None or right is None:
        return "\u2013"
    if left.se is None or right.se is None:
        return request.t(_NOT_TOLD)
    gap = left.value - right.value
    if abs(gap) <= _BEYOND * math.hypot(left.se, right.se):
        return request.t(_CHANCE)
    if not one_model:
        return request.t(_MORE)
    if better not in ("high", "low"):
        return "\u2013"
    return request.t(_BETTER).format(letter=LETTERS[0 if (gap > 0) == (better == "high") else 1])


def _value(one: Baseline | None, unit: Unit, language: Language) -> str:
    if one is None:
        return "\u2013"
    margin = f"\u00a0\u00b1\u00a0{written(_BEYOND * one.se, unit, language)}" if one.se else ""
    return f"{written(one.value, unit, language)}{margin}"


def written(value: float | None, unit: Unit, language: Language) -> str:
    """A measure with the digits a comparison needs."""
    if unit == "index":
        return form.index(value, language, digits=3)
    return (form.share if unit == "share" else form.quantity)(value, language)
