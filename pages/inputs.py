"""Which variables moved when: all inputs of a model over its batches, and where each stands now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard import rules
from dashboard.finding import Finding, from_row
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.awaiting import awaiting
from dashboard.web.components.card import card
from dashboard.web.components.chart import Targets, graph
from dashboard.web.components.heat_legend import heat_legend
from dashboard.web.components.inputs_table import DEFAULT_SORT, SORTS, in_order, inputs_table
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.table import sorting
from dashboard.web.components.term import term
from dashboard.web.components.timeline_tools import version_menu, window_param, window_switch
from dashboard.web.data import Data
from dashboard.web.figures.inputs_heatmap import PSI_STEPS, SHARE_STEPS, Row, inputs_heatmap
from dashboard.web.figures.time_axis import time_axis
from dashboard.web.findings import worst_first
from dashboard.web.page import Page, Request
from dashboard.web.param import choice, flag, words
from dashboard.web.views.inputs import NOTHING, Measured, Standing, drift_colours, measured, rule_colours, standings
from dashboard.web.views.timeline import Batch, Timeline, cadence_days, last, timeline_of
from dashboard.web.views.versions import versions_of

TITLE: Final = Text("Inputs", "Variables")
SHOWS: Final = ("drift", "missing", "unseen")

PAGE: Final = Page(
    "inputs",
    "/models/<model_id>/inputs",
    lambda request: f"{request.t(TITLE)} \u00b7 {form.name(model_entry(request)['name'])}",
    params=(
        choice("show", SHOWS, default="drift"),
        choice("sort", sorting(SORTS), default=DEFAULT_SORT),
        window_param(),
        words("version"),
        flag("all"),
    ),
)

ROWS: Final = 40
"""Variables drawn before the reader asks for all of them."""

_MAP: Final = Text("Which variables moved when", "Quelles variables ont bougé, et quand")
_MAP_NOTE: Final = Text(
    "click a cell for the variable in that batch", "cliquer une case\u00a0: la variable dans ce lot"
)
_NOW: Final = Text("Each variable in the batch of {day}", "Chaque variable dans le lot du {day}")
_SHOW: Final = Text("Show", "Montrer")
_SHOWN: Final = {
    "drift": Text("Drift", "Dérive"),
    "missing": Text("Missing", "Manquants"),
    "unseen": Text("Unseen", "Inconnues"),
}
_MEASURE: Final = {"drift": "psi", "missing": "missing_share", "unseen": "unseen_share"}
_PSI_HELP: Final = Text("what PSI means", "ce que veut dire PSI")
_UNIT: Final = {
    "drift": Text("PSI", "PSI"),
    "missing": Text("of rows", "des lignes"),
    "unseen": Text("of rows", "des lignes"),
}
_MORE: Final = Text("Show all {n} variables", "Montrer les {n} variables")
_FEWER: Final = Text("Show the first {n}", "Montrer les {n} premières")
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
_ALT: Final = Text(
    "{shown}: {n} variables by {batches} batches, from {first} to {last}. {sentence}",
    "{shown}\u00a0: {n} variables sur {batches} lots, du {first} au {last}. {sentence}",
)
_BATCH, _VERSION = Text("Batch", "Lot"), Text("Version", "Version")


def layout(request: Request) -> list[html.Node]:
    """The sentence, the heat map with its legend, and the table."""
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
    references = [row for row in request.rows("variables", model_id=model_id)
                  if row["model_version"] == newest.model_version]  # fmt: skip
    ordered = in_order(standings(found, references, worst), request.params["sort"])
    sentence = _sentence(request, ordered, worst, newest)
    return [
        *model_head(request, entry, lead=sentence),
        card(
            request,
            request.t(_MAP),
            lambda: _map(request, entry, known, found, ordered, findings, sentence),
            note=request.t(_MAP_NOTE),
            tools=_tools(request, known, version),
            id="map",
        ),
        card(
            request,
            request.t(_NOW).format(day=form.day(newest.day, request.language, near=request.today)),
            lambda: inputs_table(request, ordered, worst, version=version),
            note=term(request, request.t(_PSI_HELP), "psi"),
            id="variables",
        ),
    ]


def _measured(request: Request, model_id: str, batches: Sequence[Batch]) -> Measured:
    """What was measured in ``batches``; those that no evaluation has seen yet are left out."""
    if not batches:
        return NOTHING
    since, until = batches[0].day, batches[-1].day
    key = ("inputs", model_id, since.isoformat(), until.isoformat(), len(batches), request.params["version"])

    def compute() -> Measured:
        table = request.read("inputs_measures", model_id=model_id, since=since, until=until)
        seen = set(zip(table.column("model_version").to_pylist(), table.column("batch_id").to_pylist(), strict=True))
        of_model = request.rows("variables", model_id=model_id)
        return measured(
            table,
            [batch for batch in batches if (batch.model_version, batch.batch_id) in seen],
            categorical={row["variable"] for row in of_model if row["kind"] == "categorical"},
        )

    return request.reading.keep(key, compute)


def _findings(request: Request, model_id: str, found: Measured) -> list[dict[str, Any]]:
    """The findings of the newest batch, and where the map shows what a rule found, those of the rule in all batches.

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


def _tools(request: Request, known: Timeline, version: str) -> html.Node:
    shows = [
        chips.Choice(request.t(_SHOWN[show]), request.link(show=show), show == request.params["show"]) for show in SHOWS
    ]
    return html.div(
        chips.switch(request.t(_SHOW), shows),
        window_switch(request),
        version_menu(request, known, version),
        class_="tools",
    )


def _map(
    request: Request,
    entry: Mapping[str, Any],
    known: Timeline,
    found: Measured,
    ordered: Sequence[Standing],
    findings: Sequence[Mapping[str, Any]],
    sentence: str,
) -> html.Node:
    language, show = request.language, request.params["show"]
    names = [row.variable for row in ordered if row.variable in found.variables]
    names += [name for name in found.variables if name not in set(names)]
    shown = names if request.params["all"] else names[:ROWS]
    colours = (
        drift_colours(found, shown)
        if show == "drift"
        else rule_colours(found, shown, (row for row in findings if row["rule"] == show))
    )
    rows = [Row(name, own, found.row(name, _MEASURE[show], digits=3)) for name, own in zip(shown, colours, strict=True)]
    days = [batch.day for batch in found.batches]
    axis = time_axis(days, cadence_days=cadence_days(entry["cadence"], days))
    steps = PSI_STEPS if show == "drift" else SHARE_STEPS
    figure = inputs_heatmap(
        rows,
        axis=axis,
        steps=steps,
        value="PSI %{customdata:.2f}" if show == "drift" else "%{customdata:.1%}",
        marks=known.marks,
        language=language,
    )
    alt = request.t(_ALT).format(
        shown=request.t(_SHOWN[show]),
        n=len(rows),
        batches=form.count(len(days), language),
        first=form.day(days[0], language),
        last=form.day(days[-1], language),
        sentence=sentence,
    )
    targets = Targets(
        rows=[request.to("variable", model_id=entry["model_id"], variable=name) for name in shown],
        keys=("batch", "version"),
        columns=[None if column is None else [found.batches[column].batch_id, found.batches[column].model_version]
                 for column in axis.columns],
    )  # fmt: skip
    return [
        graph(request, figure, key=f"inputs-{show}", alt=alt, data=_data(request, found, shown, show), targets=targets),
        _all_or_fewer(request, len(names)),
        heat_legend(request, steps=steps, edges=_edges(steps, request), unit=request.t(_UNIT[show])),
    ]


def _data(request: Request, found: Measured, names: Sequence[str], show: str) -> Data:
    values = [found.row(name, _MEASURE[show], digits=4) for name in names]
    return Data(
        columns=[request.t(_BATCH), request.t(_VERSION), *names],
        rows=[
            [batch.batch_id, batch.model_version, *numbers]
            for batch, numbers in zip(found.batches, zip(*values, strict=True), strict=True)
        ],
    )


def _edges(steps: Sequence[float], request: Request) -> list[str]:
    write = form.index if request.params["show"] == "drift" else form.share
    return [write(step, request.language) if place % 2 else "" for place, step in enumerate(steps)]


def _all_or_fewer(request: Request, total: int) -> html.Node:
    if total <= ROWS:
        return None
    if request.params["all"]:
        return html.p(html.a(request.t(_FEWER).format(n=ROWS), href=request.link(all=None), data_stay="true"))
    words = request.t(_MORE).format(n=form.count(total, request.language))
    return html.p(html.a(words, href=request.link(all=True), data_stay="true"))
