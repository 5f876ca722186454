"""The card of a variable's history: bins by batches, PSI and guard rows over one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.batch_targets import batch_targets
from dashboard.web.components.chart import graph
from dashboard.web.components.mark_list import mark_list, marks_told
from dashboard.web.components.stoplight import WORDS
from dashboard.web.components.term import term
from dashboard.web.components.timeline_tools import version_menu, window_switch
from dashboard.web.data import Data
from dashboard.web.figures.bins_by_batch import MODES, TITLES, Mode, bins_by_batch, scale_end
from dashboard.web.figures.guards_over_time import Guard, guards_over_time
from dashboard.web.figures.psi_over_time import psi_over_time
from dashboard.web.figures.time_axis import time_axis
from dashboard.web.figures.variable_history import variable_history
from dashboard.web.page import Request
from dashboard.web.views.timeline import Timeline, cadence_days
from dashboard.web.views.variable import BinRow, folded_counts, shares
from dashboard.web.views.variable_on_screen import OnScreen

_MODE: Final = Text("Cells show", "Les cases montrent")
_MODES: Final[Mapping[Mode, Text]] = {
    "columns": Text("share of batch", "part du lot"),
    "change": Text("change", "écart"),
    "rows": Text("bin by bin", "classe par classe"),
    "counts": Text("row counts", "lignes"),
}
_HOW: Final[Mapping[Mode, Text]] = {
    "columns": Text(
        "The stronger the colour, the larger the share of the batch: {most} at the strongest.",
        "Plus la couleur est forte, plus la part du lot est grande\u00a0: {most} pour la plus forte.",
    ),
    "change": Text(
        "Blue: a larger share than at training; orange: a smaller one; {most} at the strongest.",
        "Bleu : une part plus grande qu\u2019à l\u2019apprentissage ; orange : plus petite ; {most} "
        "pour la plus forte.",
    ),
    "rows": Text(
        "Strongest where this bin had its largest share.", "La plus forte là où la classe avait sa plus grande part."
    ),
    "counts": Text(
        "The stronger the colour, the more rows: {most} at the strongest.",
        "Plus la couleur est forte, plus il y a de lignes\u00a0: {most} pour la plus forte.",
    ),
}
_PSI: Final = Text("PSI against training", "PSI face à l\u2019apprentissage")
_CHANCE: Final = Text("chance alone", "hasard seul")
_CHANCE_NOTE: Final = Text(
    "Grey band: the PSI that chance alone gives at these row counts.",
    "Bande grise\u00a0: le PSI que donne le hasard avec ces nombres de lignes.",
)
_MISSING, _TRAINING = Text("missing", "manquants"), Text("training", "apprentissage")
_UNSEEN, _OUTSIDE = Text("unseen", "inconnues"), Text("outside range", "hors plage")
_CLICK: Final = Text("Click a batch to look at it.", "Cliquer un lot pour le regarder.")
_ALT: Final = Text(
    "{variable} over {n} batches, from {first} to {last}: its distribution, PSI and missing rows. {sentence}",
    "{variable} sur {n} lots, du {first} au {last}\u00a0: sa distribution, son PSI et ses valeurs manquantes. "
    "{sentence}",
)
_COLUMNS: Final = (
    Text("Batch", "Lot"), Text("Rows", "Lignes"), Text("PSI", "PSI"), Text("Chance alone", "Hasard seul"),
    Text("State", "État"), Text("Missing", "Manquants"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of the figures about a variable: their bins, their names, and whether they stand by their change."""

    bins: Sequence[BinRow]
    labels: Sequence[str]
    by_change: bool


def tools(request: Request, known: Timeline, version: str) -> html.Node:
    """What the cells show, how many batches, which version."""
    modes = [
        chips.Choice(request.t(_MODES[mode]), request.link(mode=mode), mode == request.params["mode"]) for mode in MODES
    ]
    return html.div(
        chips.switch(request.t(_MODE), modes),
        window_switch(request),
        version_menu(request, known, version, none=None),
        class_="tools",
    )


def variable_over_time(request: Request, on: OnScreen, rows: Rows, *, sentence: str) -> html.Node:
    """The figure and how to read it; ``sentence`` is what there is to say of the batch on screen."""
    language, history, begin = request.language, on.history, on.begin
    mode: Mode = request.params["mode"]
    batches = history.batches[begin:]
    days = [batch.day for batch in batches]
    axis = time_axis(days, cadence_days=cadence_days(on.entry["cadence"], days))
    counts = folded_counts(history.counts[begin:], rows.bins)
    training = shares(folded_counts(history.training, rows.bins))
    colours = history.colours[begin:]
    measures = {key: values[begin:] for key, values in history.measures.items()}
    band = f'<span style="color:#8a949e">\u2592</span> {request.t(_CHANCE)}'
    numeric = history.reference["kind"] == "numeric"
    second = Guard(
        request.t(_OUTSIDE if numeric else _UNSEEN), measures["out_of_range_share" if numeric else "unseen_share"]
    )
    at_training = float(shares(history.training)[-1])
    figure = variable_history(
        [
            bins_by_batch(rows.labels, counts, training, axis=axis, mode=mode, title=TITLES[mode][language]),
            psi_over_time(
                measures["psi"],
                chance=measures["chance"],
                colours=colours,
                words=[WORDS[colour or "grey"][language] for colour in colours],
                amber=on.policy.drift_amber,
                red=on.policy.drift_red,
                axis=axis,
                title=f"{request.t(_PSI)}</b> &nbsp; {band}<b>",
                language=language,
            ),
            guards_over_time(
                [Guard(request.t(_MISSING), measures["missing_share"], at_training), second],
                axis=axis,
                training=request.t(_TRAINING),
                language=language,
            ),
        ],
        axis=axis,
        chosen=_within(on.place, begin),
        against=_within(on.against, begin),
        marks=on.known.marks,
        language=language,
    )
    alt = request.t(_ALT).format(
        variable=form.name(on.variable),
        n=form.count(len(batches), language),
        first=form.day(days[0], language),
        last=form.day(days[-1], language),
        sentence=sentence,
    ) + marks_told(request, on.known.marks, axis)
    targets = batch_targets(request, batches, axis)
    how = _how(request, mode, scale_end(mode, counts, training))
    return [
        graph(request, figure, key="history", alt=alt, data=_data(request, on, rows, counts), targets=targets),
        mark_list(request, on.entry["model_id"], on.known.marks, axis),
        html.p(
            [
                how,
                " ",
                term(request, request.t(_CHANCE_NOTE), "psi_noise"),
                " ",
                html.span(request.t(_CLICK), class_="on-screen"),
            ],
            class_="reading",
        ),
    ]


def _within(place: int | None, begin: int) -> int | None:
    return None if place is None or place < begin else place - begin


def _how(request: Request, mode: Mode, end: float) -> str:
    """How to read the cells, with what the strongest colour stands for."""
    write = form.count if mode == "counts" else form.points if mode == "change" else form.share
    return request.t(_HOW[mode]).format(most=write(end, request.language))


def _data(request: Request, on: OnScreen, shown: Rows, counts: Any) -> Data:
    history, begin, language = on.history, on.begin, request.language
    rows = []
    colours = history.colours
    for place, batch in enumerate(history.batches[begin:]):
        at = begin + place
        numbers = [history.measures[key][at] for key in ("psi", "chance", "missing_share")]
        psi, chance, missing = [None if number is None else round(number, 4) for number in numbers]
        state = WORDS[colours[at] or "grey"][language]
        rows.append([batch.batch_id, batch.rows, psi, chance, state, missing, *counts[place].tolist()])
    return Data(columns=[*(column[language] for column in _COLUMNS), *shown.labels], rows=rows)
