"""One variable: its distribution over time, and the batch on screen held against training."""

from __future__ import annotations

import shlex
from typing import Any, Final

from dashboard import format as form
from dashboard import rules
from dashboard.finding import Finding, from_row
from dashboard.judged_by import CHANGED, has_changed
from dashboard.policy import Policy
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.also import also
from dashboard.web.components.batch_against import batch_against, names_of_bins
from dashboard.web.components.batch_choice import batch_words
from dashboard.web.components.calm_sentence import calm_sentence
from dashboard.web.components.card import card
from dashboard.web.components.derived_note import derived_note
from dashboard.web.components.empty import empty
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.timeline_tools import window_param
from dashboard.web.components.unseen_table import unseen_table
from dashboard.web.components.variable_facts import variable_facts
from dashboard.web.components.variable_over_time import OverTime, tools, variable_over_time
from dashboard.web.figures.bin_names import FOLDED
from dashboard.web.figures.bins_by_batch import MODES
from dashboard.web.findings import worst_first
from dashboard.web.page import NotFoundError, Page, Request
from dashboard.web.param import choice, flag, words
from dashboard.web.views.drift_thresholds import with_floor
from dashboard.web.views.policy import policy_of
from dashboard.web.views.timeline import Timeline, timeline_of
from dashboard.web.views.variable import (
    VariableHistory,
    bin_rows,
    together_from,
    unseen_levels,
    variable_history,
    without_batches,
)

PAGE: Final = Page(
    "variable",
    "/models/<model_id>/inputs/<variable>",
    lambda request: f"{form.name(request.args['variable'])} \u00b7 {form.name(model_entry(request)['name'])}",
    params=(
        words("version"),
        words("batch"),
        words("against"),
        choice("mode", MODES, default="columns"),
        window_param(),
        flag("levels"),
    ),
)

LEVELS: Final = 20
"""Levels drawn before the reader asks for all of them."""

_VARIABLE, _INPUTS = Text("variable", "variable"), Text("Inputs", "Variables")
_OVER_TIME, _IN_BATCH = (
    Text("Over time", "Au fil du temps"),
    Text("{day} against training", "{day} face à l\u2019apprentissage"),
)
_NUMBERS, _LEVELS = Text("In numbers", "En chiffres"), Text("Unseen levels", "Modalités inconnues")
_IMPORTANCE: Final = Text("Importance {share}.", "Importance\u00a0: {share}.")
_OLD: Final = Text("You look at the batch of {day}.", "Vous regardez le lot du {day}.")
_TO_NEWEST: Final = Text("Go to the newest, of {day}", "Aller au dernier, du {day}")
_GONE: Final = Text(
    "The batch this address names is no longer there; this is the newest one.",
    "Le lot que nomme cette adresse n\u2019existe plus\u202f; voici le dernier.",
)
_NO_BATCH: Final = Text("No batch of this version yet.", "Pas encore de lot de cette version.")
_NO_BATCH_MEANING: Final = Text(
    "Training froze the bins of this variable; with the first batch its distribution can be held against them.",
    "L\u2019apprentissage a figé les classes de cette variable\u202f; dès le premier lot, sa distribution "
    "leur est comparée.",
)
_ALL_LEVELS, _FEWER = (
    Text("Draw all {n} levels", "Dessiner les {n} modalités"),
    Text("Draw fewer levels", "Dessiner moins de modalités"),
)


def layout(request: Request) -> list[html.Node]:
    """The sentence; the history beside the batch on screen with what moved, the facts and the unseen levels."""
    entry = model_entry(request)
    known = timeline_of(request, entry["model_id"])
    policy = policy_of(request, entry).for_variable(request.args["variable"])
    version = _version(request, known)
    history = _history(request, version, known, policy)
    judged = policy
    policy = with_floor(policy, history.reference)
    place = _place(history, request.params["batch"])
    if not history.batches or place is None:
        head = _head(request, entry, None, None)
        command = f"vigie batch {shlex.quote(entry['model_id'])} {shlex.quote(version)} DATE batch.parquet"
        return [*head, empty(request, _NO_BATCH, _NO_BATCH_MEANING, command=command)]
    findings = _findings(request, history, version, place)
    changed = any(has_changed(finding, judged) for finding in findings)
    sentence = request.t(rules.sentence(findings[0])) if findings else calm_sentence(request, history, place, policy)
    colour = findings[0].colour if findings and findings[0].colour != "note" else history.colours[place]
    shown = _shown(request, history, place, sentence)
    day = batch_words(request, history.batches[place])
    unseen = unseen_levels(history, place)
    against = shown.against
    headings = [batch_words(request, history.batches[at]) for at in (against, place) if at is not None]
    return [
        *_head(request, entry, colour, _lead(request, history, sentence)),
        derived_note(request, history.reference, request.args["variable"]),
        _notice(request, history, place),
        html.p(f"{form.capital(request.t(CHANGED))}.", class_="notice") if changed else None,
        also(request, findings[1:]),
        html.div(
            card(
                request,
                request.t(_OVER_TIME),
                lambda: [
                    variable_over_time(request, shown, entry=entry, known=known, policy=policy),
                    _more_levels(request, history),
                ],
                tools=tools(request, known, version),
                id="history",
                class_="wide",
            ),
            html.div(
                card(
                    request,
                    request.t(_IN_BATCH).format(day=day),
                    lambda: batch_against(request, shown, policy),
                    id="batch",
                ),
                card(
                    request,
                    request.t(_LEVELS),
                    lambda: unseen_table(request, unseen, rows=int(history.counts[place].sum())),
                    id="unseen",
                )
                if unseen
                else None,
                class_="side",
            ),
            card(
                request,
                request.t(_NUMBERS),
                lambda: variable_facts(request, history, [at for at in (against, place) if at is not None], headings),
                id="numbers",
            ),
            class_="variable-columns",
        ),
    ]


def _head(request: Request, entry: dict[str, Any], colour: str | None, lead: html.Node) -> list[html.Node]:
    inputs = request.to("inputs", model_id=entry["model_id"])
    trail = [(request.t(_INPUTS), inputs), (request.args["variable"], None)]
    return model_head(request, entry, title=request.args["variable"], colour=colour, trail=trail, lead=lead)


def _version(request: Request, known: Timeline) -> str:
    """The version asked for, else one that has the batch asked for, else the present one; it must have the variable."""
    name, variable = request.args["model_id"], request.args["variable"]
    rows = request.rows("variables", model_id=name)
    having = {row["model_version"] for row in rows if row["variable"] == variable}
    if not having:
        raise NotFoundError(_VARIABLE, variable, tuple(sorted({row["variable"] for row in rows})))
    asked, batch = request.params["version"], request.params["batch"]
    if asked in having:
        return str(asked)
    newest_first = [*filter(None, [known.current]), *(version.name for version in reversed(known.versions))]
    if batch:
        with_batch = {found.model_version for found in known.batches if found.batch_id == batch}
        newest_first = [version for version in newest_first if version in with_batch] + newest_first
    return next(version for version in newest_first if version in having)


def _history(request: Request, version: str, known: Timeline, policy: Policy) -> VariableHistory:
    """The batches of the window, of those on screen, and before them as many as may be judged together."""
    key = {"model_id": request.args["model_id"], "model_version": version, "variable": request.args["variable"]}
    batches = known.of(version)
    asked = [place for place, batch in enumerate(batches) if batch.batch_id in _on_screen(request)]
    begin = together_from(batches, min([_window(request, len(batches)), *asked]), policy)
    rows = request.rows("variables", model_id=key["model_id"])
    reference = next(r for r in rows if (r["model_version"], r["variable"]) == (version, key["variable"]))
    if not batches:
        return without_batches(reference)
    days = {"since": batches[begin].day, "until": batches[-1].day}
    return request.reading.keep(
        ("variable_history", *key.values(), begin, *(day.isoformat() for day in days.values())),
        lambda: variable_history(
            reference,
            batches,
            request.read("variable_counts", **key, **days),
            request.read("variable_measures", **key, **days),
            begin=begin,
        ),
    )


def _on_screen(request: Request) -> set[str]:
    return {request.params["batch"], request.params["against"]} - {""}


def _window(request: Request, batches: int) -> int:
    """Where the window asked for begins."""
    window = int(request.params["last"])
    return max(0, batches - window) if window else 0


def _place(history: VariableHistory, batch_id: str) -> int | None:
    """The batch asked for, else the newest that was evaluated, else the newest."""
    found = history.place(batch_id) if batch_id else None
    if found is not None:
        return found
    evaluated = [place for place, seen in enumerate(history.evaluated) if seen]
    return evaluated[-1] if evaluated else (len(history.batches) - 1 if history.batches else None)


def _findings(request: Request, history: VariableHistory, version: str, place: int) -> list[Finding]:
    rows = request.rows(
        "model_findings",
        model_id=request.args["model_id"],
        model_version=version,
        batch_id=history.batches[place].batch_id,
        batch_date=history.batches[place].day,
    )
    subject = request.args["variable"]
    return worst_first(
        from_row(row) for row in rows if row["subject"] == subject and row["family"] in ("drift", "quality")
    )


def _lead(request: Request, history: VariableHistory, sentence: str) -> html.Node:
    importance = history.reference["importance"]
    if importance is None:
        return sentence
    words = request.t(_IMPORTANCE).format(share=form.share(importance, request.language))
    return [sentence, " ", html.span(words, class_="calm")]


def _notice(request: Request, history: VariableHistory, place: int) -> html.Node:
    asked, language = request.params["batch"], request.language
    if not asked:
        return None
    if history.batches[place].batch_id != asked:
        return html.p(request.t(_GONE), class_="notice")
    newest = history.batches[-1]
    if place == len(history.batches) - 1:
        return None
    return html.p(
        request.t(_OLD).format(day=form.day(history.batches[place].day, language)),
        " ",
        html.a(
            request.t(_TO_NEWEST).format(day=form.day(newest.day, language)),
            href=request.link(batch=None),
            data_stay="true",
        ),
        class_="notice",
    )


def _shown(request: Request, history: VariableHistory, place: int, sentence: str) -> OverTime:
    """The window's first batch, widened to hold the batches on screen, and the rows of the figures."""
    against = history.place(request.params["against"]) if request.params["against"] else None
    against = None if against == place else against
    begin = _window(request, len(history.batches))
    begin = min([begin, place, *([against] if against is not None else [])])
    most = len(history.training) if request.params["levels"] else LEVELS
    rows = bin_rows(history.reference["kind"], history.training, history.counts[begin:], most=most)
    names = names_of_bins(request, history.reference)
    labels = [
        names[row.bins[0]]
        if len(row.bins) == 1
        else request.t(FOLDED).format(n=form.count(len(row.bins), request.language))
        for row in rows
    ]
    return OverTime(history, begin, rows, labels, place, against, sentence)


def _more_levels(request: Request, history: VariableHistory) -> html.Node:
    levels = len(history.training) - 3
    if history.reference["kind"] == "numeric" or levels <= LEVELS:
        return None
    if request.params["levels"]:
        return html.p(html.a(request.t(_FEWER), href=request.link(levels=None), data_stay="true"))
    words = request.t(_ALL_LEVELS).format(n=form.count(levels, request.language))
    return html.p(html.a(words, href=request.link(levels=True), data_stay="true"))
