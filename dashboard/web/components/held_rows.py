"""Rows that a guard held back before they were scored: of which batch, for which reason, how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard.plural import rows_word
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.card import card
from dashboard.web.components.download import download
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data
from dashboard.web.failure import guarded
from dashboard.web.page import Request

BATCHES: Final = 30
"""The newest batches whose rows are shown."""
LINES: Final = 60
"""Lines of the table at most."""

_TITLE: Final = Text("Held back", "Lignes écartées")
_NOTE: Final = Text("rows set aside by a guard, last {n} batches", "lignes mises de côté, {n} derniers lots")
_CAPTION: Final = Text("Rows held back before scoring, newest batch first", "Lignes écartées avant le score, par lot")
_DAY, _BATCH, _VERSION = Text("Day", "Jour"), Text("Batch", "Lot"), Text("Version", "Version")
_VARIABLE, _REASON = Text("Variable", "Variable"), Text("Why", "Pourquoi")
_ROWS, _SHARE = Text("Rows", "Lignes"), Text("Share", "Part")
_REASONS: Final = {
    "unseen": Text("other new levels", "autres modalités inconnues"),
    "out_of_range": Text("out of range", "hors plage"),
    "missing": Text("no value", "sans valeur"),
}
_LEVEL: Final = Text("new level {level}", "modalité inconnue {level}")
_MORE: Final = Text("Further lines are in the CSV file.", "La suite est dans le fichier CSV.")
_IN_ALL: Final = Text("in all", "en tout")
_LATEST: Final = Text(
    "Of the batch of {day}, {rows} {word} in {all} ({share}) waited; they are not in its counts. Retrain with them, "
    "then score them with the new version.",
    "Du lot du {day}, {rows} {word} sur {all} ({share}) attendent ; elles ne sont pas dans ses effectifs. Réentraîner "
    "avec elles, puis les noter avec la nouvelle version.",
)


def held_rows_card(request: Request, model_id: str, days: Sequence[date]) -> html.Node:
    """The card; nothing where no row of the newest batches was held back. ``days`` are those of all, newest first."""
    if not days:
        return None
    since = days[min(len(days), BATCHES) - 1]

    def draw() -> html.Node:
        rows = request.rows("held_rows", model_id=model_id, since=since)
        if not rows:
            return None
        return card(
            request,
            request.t(_TITLE),
            lambda: [html.p(_lead(request, rows[0]), class_="card-lead"), held_rows_table(request, rows)],
            note=request.t(_NOTE).format(n=min(len(days), BATCHES)),
            tools=download(request, "held", lambda: held_rows_data(request, model_id)),
            id="held",
        )

    return guarded(request, "held rows", draw)


def held_rows_table(request: Request, rows: Sequence[Mapping[str, Any]]) -> html.Node:
    """One line a batch, variable, reason and level, and, of a batch with several, one line of all its rows."""
    named = any(row["batch_id"] != row["batch_date"].isoformat() for row in rows)
    several = len({row["model_version"] for row in rows}) > 1
    columns = [
        Column(request.t(_DAY), "nowrap"),
        *([Column(request.t(_BATCH))] if named else []),
        *([Column(request.t(_VERSION))] if several else []),
        *(Column(request.t(words), "c-words") for words in (_VARIABLE, _REASON)),
        *(Column(request.t(words), "number") for words in (_ROWS, _SHARE)),
    ]
    of_batch: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        of_batch.setdefault((row["model_version"], row["batch_id"]), []).append(row)
    cells: list[list[html.Node]] = []
    for own in of_batch.values():
        place: list[html.Node] = [_day(request, own[0])]
        place += [_short(own[0]["batch_id"])] if named else []
        place += [_short(own[0]["model_version"])] if several else []
        if len(own) > 1:
            total = html.span(request.t(_IN_ALL), class_="calm")
            cells.append([*place, total, None, *_amounts(request, own[0], own[0]["held_rows"])])
        for row in own:
            cells.append(
                [
                    *(place if len(own) == 1 else [None] * len(place)),
                    _variable(request, row),
                    _why(request, row),
                    *_amounts(request, row, row["rows"]),
                ]
            )
    more = html.p(request.t(_MORE), class_="calm card-lead") if len(cells) > LINES else None
    return [table(columns, cells[:LINES], caption=request.t(_CAPTION), class_="held-rows"), more]


def held_rows_data(request: Request, model_id: str) -> Data:
    """Every row of the table ``held`` of the model, newest batch first."""
    columns = (
        *("batch_date", "batch_id", "model_version", "variable", "reason", "level"),
        *("rows", "held_rows", "all_rows"),
    )
    rows = request.rows("held_rows", model_id=model_id, since=date.min)
    return Data(columns, [[_plain(row[column]) for column in columns] for row in rows])


def _lead(request: Request, row: Mapping[str, Any]) -> str:
    language = request.language
    return request.t(_LATEST).format(
        day=form.day(row["batch_date"], language, near=request.today),
        rows=form.count(row["held_rows"], language),
        word=rows_word(row["held_rows"])[language],
        all=form.count(row["all_rows"], language),
        share=form.share(_share(row, row["held_rows"]), language),
    )


def _day(request: Request, row: Mapping[str, Any]) -> html.Node:
    day = form.short_day(row["batch_date"], request.language, near=request.today)
    return html.a(day, href=request.link(batch=row["batch_id"], version=row["model_version"]))


def _short(name: str) -> html.Node:
    return html.span(form.name(name, longest=24), title=name)


def _variable(request: Request, row: Mapping[str, Any]) -> html.Node:
    href = request.to(
        "variable",
        model_id=request.args["model_id"],
        variable=row["variable"],
        batch=row["batch_id"],
        version=row["model_version"],
    )
    return html.a(form.name(row["variable"]), href=href, title=row["variable"])


def _why(request: Request, row: Mapping[str, Any]) -> html.Node:
    if row["level"] is not None:
        level = form.quoted(row["level"], request.language)
        return html.span(request.t(_LEVEL).format(level=level), title=row["level"])
    return request.t(_REASONS[row["reason"]]) if row["reason"] in _REASONS else form.name(row["reason"])


def _amounts(request: Request, row: Mapping[str, Any], rows: int) -> tuple[str, str]:
    return form.count(rows, request.language), form.share(_share(row, rows), request.language)


def _share(row: Mapping[str, Any], rows: int) -> float | None:
    return rows / row["all_rows"] if row["all_rows"] else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
