"""What is known of two versions, side by side, and how they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from dashboard import format as form
from dashboard import metrics
from dashboard.retrain import gate_row
from dashboard.retrain.gate_words import gate_words
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.cohort_words import cohort_within
from dashboard.web.components.measure_words import writer
from dashboard.web.components.sides import LETTERS, full_name, heading
from dashboard.web.components.stoplight import WORDS, known, stoplight
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data, Value
from dashboard.web.page import Request
from dashboard.web.views.cohorts import Cold
from dashboard.web.views.performance import MAIN
from dashboard.web.views.sides import Pair, Side

T = TypeVar("T")

MINUS: Final = "\u2212"
_NOTHING: Final = "\u2013"

_CAPTION: Final = Text("What is known of both, side by side", "Ce que l\u2019on sait des deux, côte à côte")
_FACT, _DIFFERENCE = Text("Fact", "Fait"), Text("Difference", "Écart")
_STATE, _TASK = Text("State", "État"), Text("Task", "Tâche")
_TASKS: Final = {
    "binary": Text("binary", "binaire"),
    "multiclass": Text("multiclass", "multiclasse"),
    "regression": Text("regression", "régression"),
}
_TRAINED, _USED = Text("Trained", "Entraînée"), Text("In use", "En service")
_TRIAL: Final = Text("Trial against the version before", "Essai face à la version précédente")
_ROWS, _FRAMEWORK = Text("Training rows", "Lignes d\u2019apprentissage"), Text("Framework", "Outil")
_VARIABLES, _BATCHES = Text("Variables", "Variables"), Text("Batches", "Lots")
_NEWEST: Final = Text("{metric}, newest final cohort", "{metric}, dernière cohorte définitive")
_MEAN: Final = Text("{metric}, mean of final cohorts", "{metric}, moyenne des cohortes définitives")
_SPAN: Final = Text("{first} to {last}", "du {first} au {last}")
_SINCE: Final = Text("since {first}", "depuis le {first}")
_BESIDE: Final = Text("not yet: scores beside the one in use", "pas encore\u00a0: note à côté de celle en service")
_NOT_YET: Final = Text("not yet: no batch", "pas encore\u00a0: aucun lot")
_OF: Final = Text("{value} {period}", "{value} {period}")
_OVER: Final = Text("{value} over {n} cohorts", "{value} sur {n} cohortes")
_OVER_ONE: Final = Text("{value} over one cohort", "{value} sur une cohorte")
_SAME: Final = Text("the same", "identique")
_DAYS: Final = Text("{days} later", "{days} plus tard")
_EARLIER: Final = Text("{days} earlier", "{days} plus tôt")


@dataclass(frozen=True, slots=True)
class _Fact:
    """One row: what both sides show, their raw values, and the difference in words."""

    label: str
    shown: tuple[html.Node, html.Node]
    raw: tuple[Value, Value]
    difference: str = ""


def pair_facts(request: Request, pair: Pair, cold: tuple[Cold | None, Cold | None]) -> html.Node:
    """The table; ``cold`` is the cold performance of both, None where no cohort is final."""
    facts = _facts(request, pair, cold)
    columns = [
        Column(request.t(_FACT)),
        *(Column(heading(request, pair, place)) for place in (0, 1)),
        Column(request.t(_DIFFERENCE), "nowrap"),
    ]
    rows = [[fact.label, *fact.shown, fact.difference] for fact in facts]
    return table(columns, rows, caption=request.t(_CAPTION), row_heading=0, class_="pair")


def pair_facts_data(request: Request, pair: Pair, cold: tuple[Cold | None, Cold | None]) -> Data:
    """The same as plain values: days in ISO, numbers unrounded."""
    names = [f"{letter} {full_name(side)}" for letter, side in zip(LETTERS, pair.sides, strict=True)]
    rows = [[fact.label, *fact.raw] for fact in _facts(request, pair, cold)]
    return Data([request.t(_FACT), *names], rows)


def _facts(request: Request, pair: Pair, cold: tuple[Cold | None, Cold | None]) -> list[_Fact]:
    t, language, sides = request.t, request.language, pair.sides
    facts = [_states(request, sides)]
    if not pair.one_model:
        tasks = [side.entry["task"] for side in sides]
        shown = [t(_TASKS[task]) if task in _TASKS else form.name(task) for task in tasks]
        facts.append(_Fact(t(_TASK), _two(shown), _two(tasks), t(_SAME) if tasks[0] == tasks[1] else ""))
    trained = [side.row["trained_at"] for side in sides]
    facts.append(
        _Fact(
            t(_TRAINED),
            _two([_day(request, when) for when in trained]),
            _two([when.date().isoformat() if when else None for when in trained]),
            _later(request, *trained),
        )
    )
    used = [_two([day.isoformat() for day in side.used]) if side.used else (None, None) for side in sides]
    facts.append(
        _Fact(
            t(_USED),
            _two([in_use_words(request, side) for side in sides]),
            _two([f"{first}/{last}" if first else None for first, last in used]),
        )
    )
    states = [side.row["state"] for side in sides]
    if any(states):
        facts.append(_Fact(t(_TRIAL), _two([_trial(request, side) for side in sides]), _two(states)))
    for label, counts, relative in (
        (_ROWS, [side.row["rows"] for side in sides], True),
        (_VARIABLES, [len(side.variables) for side in sides], False),
        (_BATCHES, [len(side.batches) for side in sides], False),
    ):
        change = _per_cent(request, *counts) if relative else _signed(request, *counts)
        facts.append(_Fact(t(label), _two([form.count(count, language) for count in counts]), _two(counts), change))
    tools = [side.row["framework"] for side in sides]
    if any(tools):
        same = t(_SAME) if tools[0] == tools[1] else ""
        facts.append(_Fact(t(_FRAMEWORK), _two([form.name(tool or "") for tool in tools]), _two(tools), same))
    return [*facts, *_cold(request, pair, cold)]


def _states(request: Request, sides: tuple[Side, Side]) -> _Fact:
    language = request.language

    def shown(side: Side) -> html.Node:
        newest = side.newest
        if newest is None:
            return stoplight(None, language)
        day = form.short_day(newest["batch_date"], language, near=request.today)
        return [
            stoplight(newest["colour"], language),
            html.small(f"{day}\u00a0\u00b7 {newest[f'headline_{language}']}"),
        ]

    colours = [WORDS[known(side.newest["colour"] if side.newest else None)][language] for side in sides]
    return _Fact(request.t(_STATE), _two([shown(side) for side in sides]), _two(colours))


def _trial(request: Request, side: Side) -> html.Node:
    """What is said of the gate of a version that was trained because another was red."""
    if side.row["state"] is None:
        return _NOTHING
    words = gate_words(gate_row.from_row({**side.row, "model_id": side.model_id}))
    return html.small(" ".join(request.t(one) for one in words))


def in_use_words(request: Request, side: Side) -> str:
    """From when to when a version was in use."""
    t, language = request.t, request.language
    if side.used is None:
        return t(_BESIDE if side.batches else _NOT_YET)
    first, last = (form.short_day(day, language, near=request.today) for day in side.used)
    if side.version == side.known.current:
        return t(_SINCE).format(first=first)
    return first if side.used[0] == side.used[1] else t(_SPAN).format(first=first, last=last)


def _cold(request: Request, pair: Pair, cold: tuple[Cold | None, Cold | None]) -> list[_Fact]:
    if not any(cold):
        return []
    language, facts = request.language, []
    writers = [writer(side.entry["task"]) for side in pair.sides]
    names = [metrics.load()[MAIN.get(side.entry["task"], "auc")].name[language] for side in pair.sides]
    metric = names[0] if names[0] == names[1] else " / ".join(names)
    values = [one.newest.value if one else None for one in cold]
    means = [one.mean if one else None for one in cold]
    newest = [
        _NOTHING
        if one is None
        else request.t(_OF).format(value=write(one.newest.value, language), period=_period(request, one))
        for one, write in zip(cold, writers, strict=True)
    ]
    over = [
        _NOTHING
        if one is None
        else request.t(_OVER_ONE if one.cohorts == 1 else _OVER).format(
            value=write(one.mean, language), n=form.count(one.cohorts, language)
        )
        for one, write in zip(cold, writers, strict=True)
    ]
    for label, shown, raw in ((_NEWEST, newest, values), (_MEAN, over, means)):
        change = "" if pair.task is None else difference(request, pair.task, raw[0], raw[1])
        facts.append(_Fact(request.t(label).format(metric=metric), _two(shown), _two(raw), change))
    return facts


def difference(request: Request, task: str, left: float | None, right: float | None) -> str:
    """Left minus right of the main measure of ``task``, with its sign; '' where a side has none."""
    if left is None or right is None:
        return ""
    if metrics.load()[MAIN.get(task, "auc")].unit == "share":
        text = form.points(abs(left - right), request.language)
    else:
        text = writer(task)(abs(left - right), request.language)
    return signed(text, up=left > right)


def signed(text: str, *, up: bool) -> str:
    """The words of a difference with its sign; one that is nothing, or too small to tell, has none."""
    return text if text == "0" or text.startswith("<") else f"{'+' if up else MINUS}{text}"


def _period(request: Request, one: Cold) -> str:
    return f"({cohort_within(request, one.newest)})"


def _day(request: Request, when: datetime | date | None) -> str:
    if when is None:
        return _NOTHING
    return form.short_day(when.date() if isinstance(when, datetime) else when, request.language, near=request.today)


def _later(request: Request, left: datetime | None, right: datetime | None) -> str:
    if left is None or right is None:
        return ""
    days = (left.date() - right.date()).days
    if not days:
        return request.t(_SAME)
    return request.t(_DAYS if days > 0 else _EARLIER).format(days=form.duration(abs(days), request.language))


def _per_cent(request: Request, left: int, right: int) -> str:
    if left == right:
        return request.t(_SAME)
    ratio = left / right if right else 0.0
    if ratio >= 2:
        return f"\u00d7\u00a0{form.edge(ratio, request.language)}"
    return signed(form.share(abs(ratio - 1), request.language), up=ratio > 1) if right else ""


def _signed(request: Request, left: int, right: int) -> str:
    if left == right:
        return request.t(_SAME)
    return signed(form.count(abs(left - right), request.language), up=left > right)


def _two(values: Sequence[T]) -> tuple[T, T]:
    left, right = values
    return left, right
