"""The card of a variable's history: bins by batches, PSI and guard rows over one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import format as form
from dashboard.policy import Policy
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.batch_choice import batch_words
from dashboard.web.components.chart import Targets, graph
from dashboard.web.components.stoplight import WORDS
from dashboard.web.components.term import term
from dashboard.web.components.timeline_tools import version_menu, window_switch
from dashboard.web.data import Data
from dashboard.web.figures.bins_by_batch import MODES, TITLES, Mode, bins_by_batch
from dashboard.web.figures.guards_over_time import Guard, guards_over_time
from dashboard.web.figures.psi_over_time import psi_over_time
from dashboard.web.figures.time_axis import time_axis
from dashboard.web.figures.variable_history import variable_history
from dashboard.web.page import Request
from dashboard.web.views.timeline import Timeline, cadence_days
from dashboard.web.views.variable import BinRow, VariableHistory, folded_counts, shares

_MODE: Final = Text("Cells show", "Les cases montrent")
_MODES: Final[Mapping[Mode, Text]] = {
    "columns": Text("share", "part"),
    "change": Text("change", "écart"),
    "rows": Text("each bin", "par classe"),
    "counts": Text("rows", "lignes"),
}
_HOW: Final[Mapping[Mode, Text]] = {
    "columns": Text(
        "The stronger the colour, the larger the share.", "Plus la couleur est forte, plus la part est grande."
    ),
    "change": Text(
        "Blue: more rows than at training; orange: fewer.",
        "Bleu\u00a0: plus de lignes qu\u2019à l\u2019apprentissage\u202f; orange\u00a0: moins.",
    ),
    "rows": Text(
        "Strongest where this bin had its largest share.", "La plus forte là où la classe avait sa plus grande part."
    ),
    "counts": Text("The stronger the colour, the more rows.", "Plus la couleur est forte, plus il y a de lignes."),
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
class OverTime:
    """What the card draws: the history from its batch ``begin`` on, and the rows of bins with their names."""

    history: VariableHistory
    begin: int
    rows: Sequence[BinRow]
    labels: Sequence[str]
    chosen: int
    against: int | None
    sentence: str


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


def variable_over_time(
    request: Request, shown: OverTime, *, entry: Mapping[str, Any], known: Timeline, policy: Policy
) -> html.Node:
    """The figure and how to read it."""
    language, history, begin = request.language, shown.history, shown.begin
    mode: Mode = request.params["mode"]
    batches = history.batches[begin:]
    days = [batch.day for batch in batches]
    axis = time_axis(days, cadence_days=cadence_days(entry["cadence"], days))
    counts = folded_counts(history.counts[begin:], shown.rows)
    training = folded_counts(history.training, shown.rows)
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
            bins_by_batch(shown.labels, counts, shares(training), axis=axis, mode=mode, title=TITLES[mode][language]),
            psi_over_time(
                measures["psi"],
                chance=measures["chance"],
                colours=colours,
                words=[WORDS[colour or "grey"][language] for colour in colours],
                amber=policy.drift_amber,
                red=policy.drift_red,
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
        chosen=_within(shown.chosen, begin),
        against=_within(shown.against, begin),
        marks=known.marks,
        language=language,
    )
    alt = request.t(_ALT).format(
        variable=form.name(history.reference["variable"]),
        n=form.count(len(batches), language),
        first=form.day(days[0], language),
        last=form.day(days[-1], language),
        sentence=shown.sentence,
    )
    targets = Targets(
        rows=[request.link(batch=None)],
        keys=("batch",),
        columns=[None if column is None else [batches[column].batch_id] for column in axis.columns],
    )
    return [
        graph(request, figure, key="history", alt=alt, data=_data(request, shown, counts), targets=targets),
        html.p(
            request.t(_HOW[mode]), " ", term(request, request.t(_CHANCE_NOTE), "psi_noise"), " ", request.t(_CLICK),
            class_="reading",
        ),
    ]  # fmt: skip


def _within(place: int | None, begin: int) -> int | None:
    return None if place is None or place < begin else place - begin


def _data(request: Request, shown: OverTime, counts: Any) -> Data:
    history, begin, language = shown.history, shown.begin, request.language
    rows = []
    colours = history.colours
    for place, batch in enumerate(history.batches[begin:]):
        at = begin + place
        numbers = [history.measures[key][at] for key in ("psi", "chance", "missing_share")]
        psi, chance, missing = [None if number is None else round(number, 4) for number in numbers]
        state = WORDS[colours[at] or "grey"][language]
        rows.append([batch_words(request, batch), batch.rows, psi, chance, state, missing, *counts[place].tolist()])
    return Data(columns=[*(column[language] for column in _COLUMNS), *shown.labels], rows=rows)
