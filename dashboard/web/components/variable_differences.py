"""The variables of two versions: which came, went or changed, and how far their training rows are apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.sides import LETTERS, badge
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.references import Change, Difference
from dashboard.web.views.sides import Pair, Side

ROWS: Final = 40
"""Variables shown before the reader asks for all."""

_CAPTION: Final = Text("Variables of both versions", "Variables des deux versions")
_VARIABLE, _CHANGE = Text("Variable", "Variable"), Text("Change", "Changement")
_IMPORTANCE: Final = Text("Importance", "Importance")
_APART: Final = Text("Training data apart", "Écart d\u2019apprentissage")
_MEAN, _MISSING = Text("Mean", "Moyenne"), Text("Missing", "Manquants")
_CHANGES: Final[dict[Change, Text]] = {
    "came": Text("came", "ajoutée"),
    "went": Text("went", "retirée"),
    "type": Text("type: {left}, was {right}", "type\u00a0: {left}, était {right}"),
    "levels": Text("levels differ", "modalités différentes"),
}
_BINS: Final = Text("bins differ", "classes différentes")
_SOME: Final = Text("in {n} of {most} ranges that both have", "sur {n} plages communes de {most}")
_LEVELS: Final = Text("in {n} levels that both have", "sur {n} modalités communes")
_LEAST: Final = Text("at least {share} of rows", "au moins {share} des lignes")
_SHIFT: Final = Text("{shift} sd", "{shift} écart type")
_KINDS: Final = {
    "numeric": Text("numeric", "numérique"),
    "categorical": Text("categorical", "catégorielle"),
    "number": Text("number", "nombre"),
    "boolean": Text("boolean", "booléen"),
    "text": Text("text", "texte"),
    "time": Text("time", "date"),
}
_ALL: Final = Text("Show all {n} variables", "Montrer les {n} variables")
_HOW: Final = Text(
    "{psi} compares the training rows of both in the bins they share. Where bins differ and cannot be added up to "
    "common ones, there is no PSI: what is told is the share of rows that must lie elsewhere, whatever the bins.",
    "Le {psi} compare les lignes d\u2019apprentissage des deux dans leurs classes communes. Là où les classes "
    "diffèrent sans pouvoir se regrouper, il n\u2019y a pas de PSI\u00a0: on donne la part des lignes "
    "qui ont forcément changé de place, quelles que soient les classes.",
)


def variable_differences(request: Request, pair: Pair, found: Sequence[Difference], *, every: bool) -> html.Node:
    """The table in the order given, its first rows unless ``every``, and how to read it."""
    t = request.t
    columns = [
        Column(t(_VARIABLE)),
        Column(t(_CHANGE)),
        Column([t(_IMPORTANCE), " ", badge(0)], "number"),
        Column(badge(1), "number", title=t(_IMPORTANCE)),
        Column(term(request, t(_APART), "psi"), "number"),
        Column([t(_MEAN), " ", badge(0)], "number"),
        Column(badge(1), "number", title=t(_MEAN)),
        Column([t(_MISSING), " ", badge(0)], "number"),
        Column(badge(1), "number", title=t(_MISSING)),
    ]
    shown = found if every else found[:ROWS]
    more = t(_ALL).format(n=form.count(len(found), request.language))
    before, _, after = t(_HOW).partition("{psi}")
    return [
        table(columns, [_cells(request, pair, one) for one in shown], caption=t(_CAPTION), row_heading=0,
              class_="pair variables"),
        html.p(html.a(more, href=request.link(all=True), data_stay="true")) if len(shown) < len(found) else None,
        html.p(before, term(request, "PSI", "psi"), after, class_="reading"),
    ]  # fmt: skip


def variable_differences_data(request: Request, pair: Pair, found: Sequence[Difference]) -> Data:
    """The whole table as plain values."""
    t = request.t
    sided = [f"{t(words)} {letter}" for words in (_IMPORTANCE, _MEAN, _MISSING) for letter in LETTERS]
    rows = []
    for one in found:
        numbers = [
            value
            for read in (_importance, _mean, _missing)
            for value in (read(one.left), read(one.right))
        ]  # fmt: skip
        rows.append([one.variable, _change(request, one), one.psi, one.least, one.shift, *numbers])
    return Data([t(_VARIABLE), t(_CHANGE), "PSI", t(_LEAST).format(share=""), t(_SHIFT).format(shift=""), *sided], rows)


def _cells(request: Request, pair: Pair, one: Difference) -> list[html.Node]:
    language = request.language
    side = pair.left if one.left is not None else pair.right
    means = [form.quantity(_mean(row), language) for row in (one.left, one.right)]
    shift = None if one.shift is None or abs(one.shift) < 0.005 else f"{one.shift:+.2f}".replace("-", "\u2212")
    if shift and language == "fr":
        shift = shift.replace(".", ",")
    return [
        variable_link(request, side, one.variable),
        _change(request, one),
        form.share(_importance(one.left), language),
        form.share(_importance(one.right), language),
        _apart(request, one),
        [means[0], html.small(request.t(_SHIFT).format(shift=shift)) if shift else None],
        means[1],
        form.share(_missing(one.left), language),
        form.share(_missing(one.right), language),
    ]


def variable_link(request: Request, side: Side, variable: str, *, words: str | None = None) -> html.Node:
    """The variable's name, or ``words``, as a link to its page, of this version."""
    address = request.to("variable", model_id=side.model_id, variable=variable, version=side.version)
    return html.a(words or form.name(variable, longest=40), href=address, title=variable)


def _change(request: Request, one: Difference) -> str:
    if not one.change:
        return ""
    words = request.t(_CHANGES[one.change])
    if one.change == "type" and one.left and one.right:
        key = "kind" if one.left["kind"] != one.right["kind"] else "type"
        left, right = (
            request.t(_KINDS[row[key]]) if row[key] in _KINDS else form.name(row[key]) for row in (one.left, one.right)
        )
        return words.format(left=left, right=right)
    return words


def _apart(request: Request, one: Difference) -> html.Node:
    t, language = request.t, request.language
    if one.left is None or one.right is None or one.left["kind"] != one.right["kind"]:
        return "\u2013"
    if one.bins is None:
        least = t(_LEAST).format(share=form.share(one.least, language)) if one.least is not None else None
        return [least if least and (one.least or 0) >= 0.001 else "\u2013", html.small(t(_BINS))]
    if one.bins.whole:
        return form.index(one.psi, language)
    if one.bins.kind == "categorical":
        return [form.index(one.psi, language), html.small(t(_LEVELS).format(n=len(one.bins.levels)))]
    most = max(len(one.left["edges"]), len(one.right["edges"])) + 1
    return [form.index(one.psi, language), html.small(t(_SOME).format(n=len(one.bins.edges) + 1, most=most))]


def _importance(row: Mapping[str, Any] | None) -> float | None:
    return row["importance"] if row else None


def _mean(row: Mapping[str, Any] | None) -> float | None:
    return row["mean"] if row else None


def _missing(row: Mapping[str, Any] | None) -> float | None:
    total = sum(row["counts"]) if row else 0
    return row["counts"][-1] / total if row and total else None
