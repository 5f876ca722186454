"""The versions of a model: trained, deployed, how many batches, and what they were held to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from dashboard import format as form
from dashboard import metrics
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.table import Column, table
from dashboard.web.page import Request

_CAPTION: Final = Text("Versions, newest first", "Versions, les plus récentes d\u2019abord")
_VERSION, _TRAINED, _USED = Text("Version", "Version"), Text("Trained", "Entraînée"), Text("In use", "En service")
_ROWS, _VARIABLES = Text("Training rows", "Lignes d\u2019apprentissage"), Text("Variables", "Variables")
_LEADING: Final = ("auc", "accuracy", "rmse", "mae")
"""The baselines that stand in the table; a version has more."""
_BATCHES, _BASELINE = Text("Batches", "Lots"), Text("At training", "À l\u2019apprentissage")


def version_table(
    request: Request, versions: Sequence[Mapping[str, Any]], variables: Mapping[str, int], *, today: date | None
) -> html.Node:
    """The ``versions`` of ``versions_of``, with how many ``variables`` each has."""
    language = request.language
    columns = [
        Column(request.t(_VERSION)),
        Column(request.t(_TRAINED), "nowrap"),
        Column(request.t(_USED), "nowrap"),
        Column(request.t(_BASELINE), "nowrap"),
        Column(request.t(_ROWS), "number"),
        Column(request.t(_VARIABLES), "number"),
        Column(request.t(_BATCHES), "number"),
    ]
    rows = [
        [
            [
                html.span(form.name(row["model_version"], longest=24), title=row["model_version"]),
                html.small(form.name(row["framework"])) if row["framework"] else None,
            ],
            _day(row["trained_at"], language, today),
            _day(row["deployed_at"] or row["first_batch_date"], language, today),
            baselines(row["baselines"], language),
            form.count(row["rows"], language),
            form.count(variables.get(row["model_version"], 0), language),
            form.count(row["batches"], language),
        ]
        for row in versions
    ]
    return table(columns, rows, caption=request.t(_CAPTION), row_heading=0)


def baselines(text: str | None, language: Language) -> str:
    """The performance at training in words: ``AUC .77 ± .01``; an en dash when there is none."""
    known = metrics.load()
    parts = []
    held = json.loads(text) if text else {}
    for key, entry in ((key, held[key]) for key in _LEADING if key in held):
        value, error = entry.get("value"), entry.get("se")
        metric = known.get(key)
        name = metric.name[language] if metric else key
        write = {"quantity": form.quantity, "share": form.share}.get(metric.unit if metric else "index", form.index)
        if value is not None:
            # Half the 95 % interval, as in the sentences and on the performance page.
            margin = f"\u00a0\u00b1\u00a0{write(1.96 * error, language)}" if error else ""
            parts.append(f"{name}\u00a0{write(value, language)}{margin}")
    return ", ".join(parts) or "\u2013"


def _day(when: date | datetime | None, language: Language, today: date | None) -> str:
    if when is None:
        return "\u2013"
    return form.short_day(when.date() if isinstance(when, datetime) else when, language, near=today)
