"""Which variables moved when: all inputs of a model over its batches, and where each stands now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard import rules
from dashboard.finding import Finding, from_row
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.awaiting import awaiting
from dashboard.web.components.card import card
from dashboard.web.components.download import download
from dashboard.web.components.inputs_map import TABLE_BATCHES, inputs_map, map_data
from dashboard.web.components.inputs_multiples import inputs_multiples
from dashboard.web.components.inputs_shown import SHOWN, cells_of
from dashboard.web.components.inputs_table import in_order, inputs_data, inputs_table
from dashboard.web.components.inputs_tools import PARAMS, row_tools, view_tools
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.term import term
from dashboard.web.findings import worst_first
from dashboard.web.page import Page, Request
from dashboard.web.views.inputs import NOTHING, Measured, Standing, having, holds, measured, picked, standings
from dashboard.web.views.policy import policy_of
from dashboard.web.views.score import scores_of
from dashboard.web.views.timeline import Batch, last, timeline_of
from dashboard.web.views.versions import versions_of

TITLE: Final = Text("Inputs", "Variables")

PAGE: Final = Page(
    "inputs",
    "/models/<model_id>/inputs",
    lambda request: f"{request.t(TITLE)} \u00b7 {form.name(model_entry(request)['name'])}",
    params=PARAMS,
)

ROWS: Final = 40
"""Variables drawn before the reader asks for all of them."""

_MAP: Final = Text("Which variables moved when", "Quelles variables ont bougé, et quand")
_MAP_NOTE: Final = Text(
    "click a cell for the variable in that batch", "cliquer une case\u00a0: la variable dans ce lot"
)
_NOW: Final = Text("Each variable in the batch of {day}", "Chaque variable dans le lot du {day}")
_PSI_HELP: Final = Text("what PSI means", "ce que veut dire PSI")
_MORE: Final = Text("Show all {n} variables", "Montrer les {n} variables")
_FEWER: Final = Text("Show the first {n}", "Montrer les {n} premières")
_NONE_FOUND: Final = Text("No variable is called so.", "Aucune variable ne porte ce nom.")
_NONE_COLOURED: Final = Text(
    "No variable is amber or red in the newest batch.",
    "Aucune variable n\u2019est orange ou rouge dans le dernier lot.",
)
_NONE_SUCH: Final = Text(
    "None of these variables can have such rows.", "Aucune de ces variables ne peut avoir de telles lignes."
)
_SHOW_ALL: Final = Text("Show all variables", "Montrer toutes les variables")
_SCORE: Final = Text(
    "What the model itself says is no input: it stands among its {predictions}.",
    "Ce que dit le modèle n\u2019est pas une variable d\u2019entrée\u00a0: voir ses {predictions}.",
)
_PREDICTIONS: Final = Text("predictions", "prédictions")
_STABLE: Final = Text(
    "All {n} variables are stable in the batch of {day}: none has moved beyond what chance gives, none breaks.",
    "Les {n} variables sont stables dans le lot du {day}\u00a0: aucune n\u2019a bougé plus que le hasard, aucune "
    "rupture.",
)
_TROUBLE: Final = Text("{m} of {n} variables need a look.", "{m} variables sur {n} sont à regarder.")
_TROUBLE_ONE: Final = Text("One of {n} variables needs a look.", "Une variable sur {n} est à regarder.")
_GREY: Final = Text(
    "{m} of {n} variables could not be judged in the batch of {day}.",
    "{m} variables sur {n} n\u2019ont pu être jugées dans le lot du {day}.",
)


def layout(request: Request) -> list[html.Node]:
    """The sentence, the map or the small charts, and the table."""
    entry = model_entry(request)
    model_id = entry["model_id"]
    known = timeline_of(request, model_id)
    version = request.params["version"] if request.params["version"] in known.names else ""
    batches = last(known.of(version) if version else known.in_use(), window=int(request.params["last"] or 0))
    found = _measured(request, model_id, batches)
    if not found.batches:
        return [*model_head(request, entry), awaiting(request, model_id, versions_of(request, model_id))]
    newest = found.batches[-1]
    findings = _findings(request, model_id, found)
    worst = _worst(findings)
    said = {variable for variables in scores_of(request, model_id).values() for variable in variables}
    references = [row for row in request.rows("variables", model_id=model_id)
                  if row["model_version"] == newest.model_version and row["variable"] not in said]  # fmt: skip
    ordered = in_order(standings(found, references, worst), request.params["sort"])
    show = request.params["show"]
    find, coloured = request.params["find"], bool(request.params["only"])
    rows = picked(ordered, find=find, coloured=coloured)
    sentence = _sentence(request, ordered, worst, newest)
    names = having(found, SHOWN[show].measure, _names(found, ordered, rows, said, find, coloured))

    def draw() -> html.Node:
        if not names:
            return _nothing(request, rows)
        shown = names if request.params["all"] else names[:ROWS]
        cells = cells_of(found, show, shown, findings)
        if request.params["view"] == "multiples":
            policy, link = policy_of(request, entry), {"model_id": model_id, "version": version}
            drawn = inputs_multiples(request, found.batches, cells, policy=policy, link=link)
        else:
            drawn = inputs_map(request, entry, known, found.batches, cells, sentence=sentence)
        return [row_tools(request), drawn, _all_or_fewer(request, len(names))]

    def whole() -> html.Node:
        """All of it as a file, where the figure and its own file do not hold all, or there is no figure."""
        drawn = len(names) <= ROWS or request.params["all"]
        if not names or (drawn and not request.params["view"] and len(found.batches) <= TABLE_BATCHES):
            return None
        return download(
            request, "map", lambda: map_data(request, found.batches, cells_of(found, show, names, findings))
        )

    return [
        *model_head(request, entry, lead=sentence),
        card(
            request,
            request.t(_MAP),
            draw,
            note=None if request.params["view"] else html.span(request.t(_MAP_NOTE), class_="on-screen"),
            tools=html.div(view_tools(request, known, version), whole(), class_="tools"),
            id="map",
        ),
        card(
            request,
            request.t(_NOW).format(day=form.day(newest.day, request.language, near=request.today)),
            lambda: inputs_table(request, rows, worst, version=version),
            note=term(request, request.t(_PSI_HELP), "psi"),
            tools=html.div(download(request, "variables", lambda: inputs_data(request, rows, worst)), class_="tools"),
            id="variables",
        )
        if rows
        else None,
        _of_score(request, model_id) if said else None,
    ]


def _names(
    found: Measured,
    ordered: Sequence[Standing],
    rows: Sequence[Standing],
    said: Collection[str],
    find: str,
    coloured: bool,
) -> list[str]:
    """The variables to draw: those picked, then those that only earlier versions had."""
    measured_ones = set(found.variables)
    names = [row.variable for row in rows if row.variable in measured_ones]
    if coloured:
        return names
    known = {row.variable for row in ordered} | set(said)
    return names + [name for name in found.variables if name not in known and holds(name, find)]


def _nothing(request: Request, rows: Sequence[Standing]) -> html.Node:
    """That no variable is what was asked for, and the way back."""
    words = request.t(_NONE_SUCH if rows else _NONE_FOUND if request.params["find"] else _NONE_COLOURED)
    href = request.link(find=None, only=None, show=None)
    return [row_tools(request), html.p(words, " ", html.a(request.t(_SHOW_ALL), href=href, data_stay="true"))]


def _of_score(request: Request, model_id: str) -> html.Node:
    if "predictions" not in request.site.pages:
        return None
    before, after = request.t(_SCORE).split("{predictions}")
    link = html.a(request.t(_PREDICTIONS), href=request.to("predictions", model_id=model_id))
    return html.p(before, link, after, class_="calm")


def _measured(request: Request, model_id: str, batches: Sequence[Batch]) -> Measured:
    """What was measured in ``batches``; those that no evaluation has seen yet are left out."""
    if not batches:
        return NOTHING
    since, until = batches[0].day, batches[-1].day
    key = ("inputs", model_id, since.isoformat(), until.isoformat(), len(batches), request.params["version"])

    def compute() -> Measured:
        table = request.reading.once("inputs_measures", model_id=model_id, since=since, until=until)
        pairs = table.group_by(["model_version", "batch_id"]).aggregate([]).to_pylist()
        seen = {(pair["model_version"], pair["batch_id"]) for pair in pairs}
        of_model = request.rows("variables", model_id=model_id)
        return measured(
            table,
            [batch for batch in batches if (batch.model_version, batch.batch_id) in seen],
            categorical={row["variable"] for row in of_model if row["kind"] == "categorical"},
        )

    return request.reading.keep(key, compute)


def _findings(request: Request, model_id: str, found: Measured) -> list[dict[str, Any]]:
    """The findings of the newest batch, and where a rule's findings are shown, those of the rule in all batches.

    Only the newest batch's have facts.
    """
    newest, show = found.batches[-1], request.params["show"]
    batch = {
        "model_id": model_id,
        "model_version": newest.model_version,
        "batch_id": newest.batch_id,
        "batch_date": newest.day,
    }
    if show == "drift":
        return request.rows("model_findings", **batch)
    return request.rows("inputs_findings", **batch, rule=show, since=found.batches[0].day)


def _worst(findings: Sequence[Mapping[str, Any]]) -> dict[str, Finding]:
    """The gravest finding of each variable of the newest batch."""
    worst: dict[str, Finding] = {}
    own = (from_row(row) for row in findings if row["facts"] and row["family"] in ("drift", "quality"))
    for finding in worst_first(own):
        worst.setdefault(finding.subject, finding)
    return worst


def _sentence(request: Request, ordered: Sequence[Standing], worst: Mapping[str, Finding], newest: Batch) -> str:
    """How many variables need a look, and what the gravest finding says."""
    t, language = request.t, request.language
    n, day = form.count(len(ordered), language), form.day(newest.day, language, near=request.today)
    troubled = [row for row in ordered if row.colour in ("amber", "red")]
    if troubled:
        count = t(_TROUBLE_ONE if len(troubled) == 1 else _TROUBLE).format(m=form.count(len(troubled), language), n=n)
        names = {row.variable for row in troubled}
        gravest = worst_first(finding for subject, finding in worst.items() if subject in names)
        return f"{count} {t(rules.sentence(gravest[0]))}"
    grey = sum(row.colour == "grey" for row in ordered)
    if grey:
        return t(_GREY).format(m=form.count(grey, language), n=n, day=day)
    return t(_STABLE).format(n=n, day=day)


def _all_or_fewer(request: Request, total: int) -> html.Node:
    if total <= ROWS:
        return None
    if request.params["all"]:
        return html.p(html.a(request.t(_FEWER).format(n=ROWS), href=request.link(all=None), data_stay="true"))
    words = request.t(_MORE).format(n=form.count(total, request.language))
    return html.p(html.a(words, href=request.link(all=True), data_stay="true"))
