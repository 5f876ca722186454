"""All versions of a model side by side: when, on what, how good, and the colours of their batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.performance.by_task import KEYS
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.cohort_words import cohort_within
from dashboard.web.components.measure_words import writer
from dashboard.web.components.pair_facts import in_use_words
from dashboard.web.components.sides import badge
from dashboard.web.components.strip import strip
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.components.version_table import baselines
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.cohorts import Cold
from dashboard.web.views.performance import MAIN, baseline
from dashboard.web.views.sides import Pair, Side

_CAPTION: Final = Text("Versions, newest first", "Versions, les plus récentes d\u2019abord")
_VERSION, _TRAINED, _USED = Text("Version", "Version"), Text("Trained", "Entraînée"), Text("In use", "En service")
_DEPLOYED: Final = Text("Deployed", "Mise en service")
_ROWS, _VARIABLES = Text("Training rows", "Lignes d\u2019apprentissage"), Text("Variables", "Variables")
_BATCHES, _BASELINE = Text("Batches", "Lots"), Text("At training", "À l\u2019apprentissage")
_COLD: Final = Text("{metric}, truth known", "{metric}, vérité connue")
_MEAN: Final = Text("mean of {n}: {value}", "moyenne de {n}\u00a0: {value}")
_FRAMEWORK: Final = Text("Framework", "Outil")
_NEWEST, _COHORT = Text("Newest final cohort", "Dernière cohorte définitive"), Text("Cohort", "Cohorte")
_MEANS, _COHORTS = Text("Mean of final cohorts", "Moyenne des cohortes"), Text("Final cohorts", "Cohortes définitives")
_FIRST, _LAST = Text("First batch", "Premier lot"), Text("Last batch", "Dernier lot")
_ERROR: Final = Text("{name}, standard error", "{name}, erreur type")
_PLACES: Final = 60


def version_overview(
    request: Request, sides: Sequence[Side], cold: Mapping[str, Cold | None], pair: Pair | None
) -> html.Node:
    """One row a version, those of ``pair`` marked by their letters; ``cold`` is by version."""
    t, language = request.t, request.language
    task = sides[0].entry["task"]
    main = metrics.load()[MAIN.get(task, "auc")]
    columns = [
        Column(t(_VERSION)),
        Column(t(_TRAINED), "nowrap"),
        Column(t(_USED), "nowrap"),
        Column(t(_ROWS), "number"),
        Column(t(_VARIABLES), "number"),
        Column(t(_BASELINE), "nowrap"),
        Column(term(request, t(_COLD).format(metric=main.name[language]), main.key), "nowrap"),
        Column(t(_BATCHES), "c-batches"),
    ]
    letters = [] if pair is None else [side.version for side in pair.sides]
    rows = [_cells(request, side, cold[side.version], letters) for side in sides]
    return table(columns, rows, caption=t(_CAPTION), row_heading=0, class_="versions")


def _cells(request: Request, side: Side, cold: Cold | None, letters: Sequence[str]) -> list[html.Node]:
    language, row = request.language, side.row
    return [
        [
            badge(letters.index(side.version)) if side.version in letters else None,
            html.span(form.name(side.version, longest=24), title=side.version),
            html.small(form.name(row["framework"])) if row["framework"] else None,
        ],
        _day(request, row["trained_at"]),
        in_use_words(request, side),
        form.count(row["rows"], language),
        form.count(len(side.variables), language),
        baselines(row["baselines"], language),
        _cold(request, side, cold),
        [
            strip(side.colours, language, places=min(_PLACES, max(len(side.colours), 1))) if side.colours else None,
            html.small(form.count(len(side.batches), language)),
        ],
    ]


def _cold(request: Request, side: Side, cold: Cold | None) -> html.Node:
    if cold is None:
        return "\u2013"
    language, write = request.language, writer(side.entry["task"])
    mean = request.t(_MEAN).format(n=form.count(cold.cohorts, language), value=write(cold.mean, language))
    return [
        f"{write(cold.newest.value, language)} ({cohort_within(request, cold.newest)})",
        html.small(mean) if cold.cohorts > 1 else None,
    ]


def _day(request: Request, when: datetime | None) -> str:
    return form.short_day(when.date(), request.language, near=request.today) if when else "\u2013"


def version_overview_data(request: Request, sides: Sequence[Side], cold: Mapping[str, Cold | None]) -> Data:
    """The same as plain values, with every measure at training."""
    t = request.t
    keys = KEYS.get(sides[0].entry["task"], ())
    columns = [
        *(_VERSION, _TRAINED, _DEPLOYED, _FIRST, _LAST, _ROWS, _FRAMEWORK, _VARIABLES, _BATCHES),
        *(_COHORT, _NEWEST, _MEANS, _COHORTS),
    ]
    measures = [name for key in keys for name in (key, t(_ERROR).format(name=key))]
    rows = []
    for side in sides:
        row, own = side.row, cold[side.version]
        levels = [baseline(row["baselines"], key) for key in keys]
        rows.append(
            [
                side.version,
                *(row[key].isoformat() if row[key] else None for key in
                  ("trained_at", "deployed_at", "first_batch_date", "last_batch_date")),
                row["rows"], row["framework"], len(side.variables), len(side.batches),
                *((own.newest.cohort_id, own.newest.value, own.mean, own.cohorts) if own else (None,) * 4),
                *(value for level in levels for value in ((level.value, level.se) if level else (None, None))),
            ]
        )  # fmt: skip
    return Data([*(t(words) for words in columns), *measures], rows)
