"""The variables that two sides have in common: how far each moved, and how their newest batches differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chart import graph
from dashboard.web.components.share_pair import share_pair
from dashboard.web.components.sides import LETTERS, badge
from dashboard.web.components.stoplight import glyph
from dashboard.web.components.table import Column, sorting, table
from dashboard.web.components.variable_differences import ROWS, variable_link
from dashboard.web.data import Data
from dashboard.web.figures.batch_against_training import batch_against_training
from dashboard.web.figures.bin_names import MISSING, range_names
from dashboard.web.page import Request
from dashboard.web.views.compared_batches import Compared, Standing, shares
from dashboard.web.views.references import CommonBins
from dashboard.web.views.sides import Pair

DEFAULT_SORT: Final = "-difference"

_CAPTION: Final = Text("Variables in common", "Variables communes")
_VARIABLE: Final = Text("Variable", "Variable")
_PSI: Final = Text("PSI", "PSI")
_APART: Final = Text("A against B", "A face à B")
_APART_TITLE: Final = Text(
    "PSI of the one newest batch against the other, in the bins that both have",
    "PSI du dernier lot de l\u2019un face à celui de l\u2019autre, dans leurs classes communes",
)
_SHARES: Final = Text("Shares, A above, B below", "Parts, A au-dessus, B au-dessous")
_BINS: Final = Text("bins differ", "classes différentes")
_KINDS: Final = Text("types differ", "types différents")
_ABSENT: Final = Text("not in a batch", "absente d\u2019un lot")
_DRIFT: Final = Text("Drift", "Dérive")
_PAGE: Final = Text("{letter}: {variable}", "{letter}\u00a0: {variable}")
_CLOSER: Final = Text("look closer", "voir de près")
_ALL: Final = Text("Show all {n} variables", "Montrer les {n} variables")
_REST: Final = Text("(all other levels)", "(autres modalités)")
_NONE: Final = Text("They have no variable in common.", "Ils n\u2019ont aucune variable en commun.")
_BIN: Final = Text("Bin", "Classe")
_ALT: Final = Text(
    "{variable} in the newest batches: {a} (bars) against {b} (line). Largest difference: {bin}, {left} against "
    "{right}.",
    "{variable} dans les derniers lots\u00a0: {a} (barres) face à {b} (ligne). Plus grand écart\u00a0: {bin}, {left} "
    "contre {right}.",
)

_SORTS: Final[dict[str, Callable[[Compared], Any]]] = {
    "difference": lambda one: one.apart if one.apart is not None else one.gap,
    "left": lambda one: one.left.psi,
    "right": lambda one: one.right.psi,
    "variable": lambda one: one.variable.lower(),
}
SORTS: Final = sorting(tuple(_SORTS))


def in_order(found: Sequence[Compared], sort: str) -> list[Compared]:
    """Sorted by ``sort`` (one of ``SORTS``); what has no value stands last either way."""
    value = _SORTS[sort.removeprefix("-")]
    known = [one for one in found if value(one) is not None]
    known.sort(key=value, reverse=sort.startswith("-"))
    return known + [one for one in found if value(one) is None]


def common_variables(request: Request, pair: Pair, found: Sequence[Compared]) -> html.Node:
    """The table, sorted as the address says; each row leads to the variable's page of either side."""
    if not found:
        return html.p(request.t(_NONE), class_="calm")
    t, sort = request.t, request.params["sort"]
    ordered = in_order(found, sort)
    shown = ordered if request.params["all"] else ordered[:ROWS]
    columns = [
        Column(t(_VARIABLE), sort="variable"),
        *(
            Column([t(_PSI), " ", badge(place)], "number", sort=key, descending=True)
            for place, key in enumerate(("left", "right"))
        ),
        Column(t(_APART), "number", sort="difference", descending=True, title=t(_APART_TITLE)),
        Column(t(_SHARES)),
    ]
    return [
        table(
            columns,
            [_cells(request, pair, one) for one in shown],
            caption=t(_CAPTION),
            sorted_by=sort,
            link=lambda value: request.link(sort=value),
            row_heading=0,
            class_="pair variables",
        ),
        html.p(html.a(t(_ALL).format(n=form.count(len(found), request.language)), href=request.link(all=True),
                      data_stay="true")) if len(shown) < len(found) else None,
    ]  # fmt: skip


def common_variables_data(request: Request, found: Sequence[Compared]) -> Data:
    """Every variable in common, as plain values."""
    t = request.t
    columns = [t(_VARIABLE), *(f"{t(_PSI)} {letter}" for letter in LETTERS), t(_APART)]
    ordered = in_order(found, request.params["sort"])
    return Data(columns, [[one.variable, one.left.psi, one.right.psi, one.apart] for one in ordered])


def _cells(request: Request, pair: Pair, one: Compared) -> list[html.Node]:
    language = request.language
    return [
        [
            html.span(form.name(one.variable, longest=40), title=one.variable),
            html.small(
                *(
                    [
                        variable_link(
                            request,
                            side,
                            one.variable,
                            words=request.t(_PAGE).format(letter=letter, variable=form.name(one.variable, longest=24)),
                        ),
                        " ",
                    ]
                    for letter, side in zip(LETTERS, pair.sides, strict=True)
                )
            ),
        ],
        _standing(request, one.left),
        _standing(request, one.right),
        form.index(one.apart, language),
        _picture(request, one),
    ]


def _standing(request: Request, one: Standing) -> html.Node:
    return [glyph(one.colour, request.t(_DRIFT), request.language), form.index(one.psi, request.language)]


def _picture(request: Request, one: Compared) -> html.Node:
    if one.bins is None:
        return html.span(request.t(_KINDS if one.kinds[0] != one.kinds[1] else _BINS), class_="calm")
    if one.left_counts is None or one.right_counts is None:
        return html.span(request.t(_ABSENT), class_="calm")
    labels = bin_labels(request, one.bins)
    return html.a(
        share_pair(shares(one.left_counts), shares(one.right_counts), labels, request.language),
        href=request.link(variable=one.variable, fragment="variable"),
        title=request.t(_CLOSER),
        data_stay="true",
    )


def bin_labels(request: Request, bins: CommonBins) -> list[str]:
    """What the common bins are called, in their order."""
    if bins.kind == "numeric":
        return [*range_names(bins.edges, language=request.language), MISSING[request.language]]
    return [*bins.levels, request.t(_REST), MISSING[request.language]]


def drawable(found: Sequence[Compared], wanted: str) -> Compared | None:
    """The variable called ``wanted``, else the first of ``found`` that can be drawn; None where none can."""
    able = [one for one in found if one.left_counts is not None and one.right_counts is not None]
    return next((one for one in able if one.variable == wanted), able[0] if able else None)


def common_variable(request: Request, pair: Pair, one: Compared) -> html.Node:
    """The figure of one variable (a ``drawable`` one) in the newest batches of both sides."""
    bins, language, names = one.bins, request.language, pair.names()
    if bins is None or one.left_counts is None or one.right_counts is None:
        return html.p(request.t(_BINS), class_="calm")
    left, right, labels = shares(one.left_counts), shares(one.right_counts), bin_labels(request, bins)
    numeric = bins.kind == "numeric"
    most = bins.size - (1 if numeric else 2)
    # High above low, as on the variable's page; beneath, what is missing or another level where there is any.
    order = [*(range(most)[::-1] if numeric else range(most)),
             *(place for place in range(most, bins.size) if left[place] or right[place])]  # fmt: skip
    left, right = ([row[place] for place in order] for row in (left, right))
    labels = [labels[place] for place in order]
    figure = batch_against_training(
        labels, right, left, joined=len(bins.edges) + 1 if numeric else 0, names=(names[1], names[0], ""),
        language=language,
    )  # fmt: skip
    top = max(range(len(labels)), key=lambda place: abs(left[place] - right[place]))
    alt = request.t(_ALT).format(
        variable=form.name(one.variable),
        a=names[0],
        b=names[1],
        bin=labels[top],
        left=form.share(left[top], language),
        right=form.share(right[top], language),
    )
    key = html.p(
        html.span(html.span(class_="sign bar"), badge(0), names[0]),
        html.span(html.span(class_="sign line"), badge(1), names[1]),
        class_="key",
    )
    rows = list(zip(labels, left, right, strict=True))
    return [key, graph(request, figure, key="batch", alt=alt, data=Data([request.t(_BIN), *names], rows))]
