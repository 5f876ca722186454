"""What a change of performance is made of: other segments in the cohort, or worse answers within them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.performance.segment_report import SegmentReport, change_of, split_sentences
from dashboard.performance.split import Split
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.cohort_words import cohort_name
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.performance import CohortRow

TRAINING: Final = "training"
"""What the parameter ``against`` holds unless it names a cohort."""
MOST: Final = 60
"""Cohorts in the menu, and segments in the table."""

_AGAINST, _TRAINING = Text("Since", "Depuis"), Text("training", "l\u2019apprentissage")
_NO_TRAINING: Final = Text(
    "This version has no performance by segment at training: deliver its reference with its segment, score and "
    "outcome, or compare with an earlier cohort.",
    "Cette version n\u2019a pas de performance par segment à l\u2019apprentissage\u00a0: livrez sa référence avec "
    "segment, score et résultat, ou comparez à une cohorte antérieure.",
)
_NO_SPLIT: Final = Text(
    "The change cannot be split: one of the two sides has no truth to measure.",
    "Le changement ne se décompose pas\u00a0: l\u2019un des deux côtés n\u2019a pas de vérité à mesurer.",
)
_CAPTION: Final = Text("What each segment has to do with the change", "Ce que chaque segment doit au changement")
_SEGMENT, _MIX = Text("Segment", "Segment"), Text("By the mix", "Par la composition")
_WITHIN, _NEW = Text("Within it", "En son sein"), Text("New", "Nouveau")
_SUM, _ALL = Text("Together", "Ensemble"), Text("All segments", "Tous les segments")


def against_menu(request: Request, earlier: Sequence[CohortRow], chosen: CohortRow | None) -> html.Node:
    """Training, or one of the ``earlier`` cohorts (the newest first), as links."""
    choices = [chips.Choice(request.t(_TRAINING), request.link(against=None), chosen is None)]
    choices += [
        chips.Choice(cohort_name(request, row), request.link(against=row.cohort_id), row is chosen)
        for row in earlier[:MOST]
    ]
    return chips.menu(request.t(_AGAINST), choices)


def split_card(request: Request, report: SegmentReport, *, trained: bool, chosen: CohortRow | None) -> html.Node:
    """The sentences of every measure that was split, and by segment the first of them.

    ``trained`` says whether training delivered its segments; ``chosen`` is the cohort compared with, if any.
    """
    t = request.t
    if not report.splits:
        return html.p(t(_NO_TRAINING if chosen is None and not trained else _NO_SPLIT), class_="calm")
    sentences = dict.fromkeys(t(one) for key, split in report.splits.items() for one in split_sentences(key, split))
    key, split = next(iter(report.splits.items()))
    heads = _heads(split)
    parts = [(one.segment, one.mix, one.within, one.new) for one in split.segments[:MOST]]
    parts.append((t(_ALL), split.mix, split.within, split.new))
    cells = [_cells(request, key, split, *part, heads=heads) for part in parts]
    columns = [Column(t(_SEGMENT)), *(Column(t(head), "number") for head in heads)]
    return [
        *(html.p(sentence, class_="reading") for sentence in sentences),
        table(columns, cells, caption=t(_CAPTION), row_heading=0, class_="split"),
    ]


def split_data(request: Request, report: SegmentReport) -> Data:
    """Every part of every split, as plain values: the measure's key, the segment, its parts."""
    heads = (_SEGMENT, _MIX, _WITHIN, _NEW)
    return Data(
        ["metric", *(request.t(head) for head in heads)],
        [
            [key, one.segment, one.mix, one.within, one.new]
            for key, split in report.splits.items()
            for one in split.segments
        ],
    )


def _heads(split: Split) -> tuple[Text, ...]:
    return (_MIX, _WITHIN, _NEW, _SUM) if split.new else (_MIX, _WITHIN, _SUM)


def _cells(
    request: Request, key: str, split: Split, name: str, mix: float, within: float, new: float, *, heads: Sequence[Text]
) -> list[html.Node]:
    values = {_MIX: mix, _WITHIN: within, _NEW: new, _SUM: mix + within + new}
    words = [change_of(key, values[head], split)[request.language] for head in heads]
    return [html.span(form.name(name, longest=40), title=name), *words]
