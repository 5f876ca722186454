"""The cards about a variable, wherever it stands: its history, the batch on screen, distances, numbers, new levels."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard import format as form
from dashboard import rules
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.batch_against import (
    batch_against,
    distance_card,
    distances_of,
    names_of_bins,
)
from dashboard.web.components.batch_choice import batch_words
from dashboard.web.components.calm_sentence import calm_sentence
from dashboard.web.components.card import card
from dashboard.web.components.distance_table import distance_data
from dashboard.web.components.download import download
from dashboard.web.components.landing import landing_params
from dashboard.web.components.timeline_tools import window_param
from dashboard.web.components.unseen_table import unseen_data, unseen_table
from dashboard.web.components.variable_facts import facts_data, variable_facts
from dashboard.web.components.variable_over_time import Rows, tools, variable_over_time
from dashboard.web.figures.bin_names import FOLDED
from dashboard.web.figures.bins_by_batch import MODES
from dashboard.web.page import Request
from dashboard.web.param import choice, flag, words
from dashboard.web.views.unseen import unnamed_rows, unseen_levels
from dashboard.web.views.variable import bin_rows, moved
from dashboard.web.views.variable_on_screen import OnScreen

PARAMS: Final = (
    words("version"),
    words("batch"),
    words("against"),
    choice("mode", MODES, default="columns"),
    # The figures stand as defined and the table by change, unless one order is asked for both.
    choice("order", ("defined", "change")),
    window_param(),
    flag("levels"),
    *landing_params(),
)
"""What a page that shows these cards must declare."""

LEVELS: Final = 20
"""Levels drawn before the reader asks for all of them."""

_OVER_TIME, _IN_BATCH = (
    Text("Over time", "Au fil du temps"),
    Text("{day} against training", "{day} face à l\u2019apprentissage"),
)
_NUMBERS, _LEVELS = Text("In numbers", "En chiffres"), Text("Unseen levels", "Modalités inconnues")
_DISTANCES: Final = Text("How far apart", "À quelle distance")
_ALL_LEVELS, _FEWER = (
    Text("Draw all {n} levels", "Dessiner les {n} modalités"),
    Text("Draw fewer levels", "Dessiner moins de modalités"),
)


def sentence_of(request: Request, on: OnScreen) -> str:
    """The sentence of the gravest finding about the batch on screen, else why the variable is calm."""
    assert on.place is not None
    if on.findings:
        return request.t(rules.sentence(on.findings[0]))
    return calm_sentence(request, on.history, on.place, on.policy)


def variable_cards(request: Request, on: OnScreen, *, sentence: str) -> html.Node:
    """The cards; the history beside the batch on screen. There must be a batch."""
    history, place = on.history, on.place
    assert place is not None
    places = [at for at in (on.against, place) if at is not None]
    headings = [batch_words(request, history.batches[at]) for at in places]
    rows = _rows(request, on)
    levels, others = unseen_levels(history, place), unnamed_rows(history, place)
    delivered = int(history.counts[place].sum())
    return html.div(
        card(
            request,
            request.t(_OVER_TIME),
            lambda: [variable_over_time(request, on, rows, sentence=sentence), _more_levels(request, on)],
            tools=tools(request, on.known, on.version),
            id="history",
            class_="wide",
        ),
        html.div(
            card(
                request,
                request.t(_IN_BATCH).format(day=headings[-1]),
                lambda: batch_against(request, on, rows),
                id="batch",
            ),
            card(
                request,
                request.t(_DISTANCES),
                lambda: distance_card(request, on),
                tools=_file(download(request, "distances", lambda: distance_data(request, *distances_of(request, on)))),
                id="distances",
            ),
            card(
                request,
                request.t(_LEVELS),
                lambda: unseen_table(request, levels, rows=delivered, others=others),
                tools=_file(
                    download(request, "unseen", lambda: unseen_data(request, levels, rows=delivered, others=others))
                ),
                id="unseen",
            )
            if levels or others
            else None,
            class_="variable-side",
        ),
        card(
            request,
            request.t(_NUMBERS),
            lambda: variable_facts(request, history, places, headings),
            tools=_file(download(request, "numbers", lambda: facts_data(request, history, places, headings))),
            id="numbers",
        ),
        class_="variable-columns",
    )


def _file(link: html.Node) -> html.Node:
    return html.div(link, class_="tools")


def _rows(request: Request, on: OnScreen) -> Rows:
    """The rows of the figures, in the order that is asked for."""
    history, place = on.history, on.place
    assert place is not None
    by_change = request.params["order"] == "change"
    change = np.zeros(len(history.training)) if by_change else None
    if change is not None:
        for row in moved(history.training, history.judged(place, on.policy)[0]):
            change[row.place] = row.part
    most = len(history.training) if request.params["levels"] else LEVELS
    bins = bin_rows(history.reference["kind"], history.training, history.counts[on.begin :], most=most, change=change)
    names = names_of_bins(request, history.reference)
    folded = request.t(FOLDED)
    labels = [
        names[row.bins[0]] if len(row.bins) == 1 else folded.format(n=form.count(len(row.bins), request.language))
        for row in bins
    ]
    return Rows(bins, labels, by_change)


def _more_levels(request: Request, on: OnScreen) -> html.Node:
    levels = len(on.history.training) - 3
    if on.history.reference["kind"] == "numeric" or levels <= LEVELS:
        return None
    if request.params["levels"]:
        return html.p(html.a(request.t(_FEWER), href=request.link(levels=None), data_stay="true"))
    words = request.t(_ALL_LEVELS).format(n=form.count(levels, request.language))
    return html.p(html.a(words, href=request.link(levels=True), data_stay="true"))
