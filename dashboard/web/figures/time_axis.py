"""Time runs along one axis: a batch stands at its day, and a batch that is missing leaves a gap."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, TypeVar

from dashboard import format as form
from dashboard.text import Language, Text
from dashboard.web.figures.label import plain, shorten
from dashboard.web.figures.mark_labels import Wanted, placed
from dashboard.web.figures.palette import QUIET

T = TypeVar("T")

_LATE: Final = 1.5
"""A step longer than this many cadences means that at least one batch is missing."""

Kind = Literal["deployment", "retraining", "note"]

KINDS: Final[tuple[Kind, ...]] = ("deployment", "retraining", "note")
"""By importance: of labels that would touch, the first stays; of marks that coincide, its line is drawn."""
GLYPHS: Final[dict[Kind, str]] = {"deployment": "\u25c6", "retraining": "\u21bb", "note": "\u00b6"}
WORDS: Final[dict[Kind, Text]] = {
    "deployment": Text("{name} deployed", "{name} en service"),
    "retraining": Text("retraining asked", "réentraînement demandé"),
    "note": Text("note", "note"),
}
_DASHES: Final[dict[Kind, str]] = {"deployment": "dot", "retraining": "dashdot", "note": "longdash"}


@dataclass(frozen=True, slots=True)
class Mark:
    """What happened to a model on a day, to stand on every time axis.

    ``name`` is that of the version, or of whoever wrote or asked; ``text`` what they wrote.
    """

    kind: Kind
    name: str
    day: date
    text: str = ""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Where each of n batches stands in time; ISO strings, as plotly takes them.

    ``x`` (n + gaps) are the centres of the columns, and ``columns`` says which batch a column shows (None: a gap).
    ``starts`` and ``ends`` (n) bound a batch's column; ``first`` and ``last`` bound the axis.
    """

    x: tuple[str, ...]
    columns: tuple[int | None, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    first: str
    last: str

    def spread(self, values: Sequence[T | None]) -> list[T | None]:
        """One value a column: those of the batches, None in the gaps (where lines break and heat maps are bare)."""
        return [None if column is None else values[column] for column in self.columns]

    def fill(self, values: Sequence[T], gap: T) -> list[T]:
        """As ``spread``, with ``gap`` in the gaps."""
        return [gap if column is None else values[column] for column in self.columns]

    def at(self, batch: int) -> str:
        """Where the batch stands."""
        return self.x[self.columns.index(batch)]

    def heat_x(self) -> list[str]:
        """The x of a heat map: its centres, or the two edges where there is one column only."""
        return list(self.x) if len(self.x) > 1 else [self.first, self.last]


def time_axis(days: Sequence[date], *, cadence_days: float) -> TimeAxis:
    """The axis of batches at ``days`` (ascending, at least one), one due every ``cadence_days``.

    Batches of the same day share it, side by side in their order. ValueError when there is none, or the days go back.
    """
    if not days or any(later < earlier for earlier, later in itertools.pairwise(days)):
        raise ValueError("a time axis needs batches in the order of their days")
    width = timedelta(days=max(cadence_days, 1.0))
    sharing = Counter(days)
    distinct = sorted(sharing)
    centres: list[datetime] = []
    columns: list[int | None] = []
    batch = 0
    for index, day in enumerate(distinct):
        midnight = datetime(day.year, day.month, day.day)
        for place in range(sharing[day]):
            centres.append(midnight + timedelta(days=1) * place / sharing[day])
            columns.append(batch)
            batch += 1
        if index + 1 < len(distinct):
            following = distinct[index + 1]
            step = timedelta(days=(following - day).days)
            if step > width * _LATE:
                begins, ends = midnight + width, midnight + step - width
                gap = [begins, ends] if ends - begins >= width / 2 else [begins + (ends - begins) / 2]
                centres += gap
                columns += [None] * len(gap)
    edges = _edges(centres, width)
    return TimeAxis(
        x=tuple(map(_iso, centres)),
        columns=tuple(columns),
        starts=tuple(_iso(edges[i]) for i, column in enumerate(columns) if column is not None),
        ends=tuple(_iso(edges[i + 1]) for i, column in enumerate(columns) if column is not None),
        first=_iso(edges[0]),
        last=_iso(edges[-1]),
    )


def period_axis(periods: Sequence[tuple[date, date]]) -> TimeAxis:
    """The axis of periods (first day, last day), ascending and at least one: each is as wide as it lasts.

    Several of the same period stand side by side in it. ValueError when there is none, or they go back.
    """
    if not periods or any(later < earlier for earlier, later in itertools.pairwise(periods)):
        raise ValueError("a time axis needs periods in the order of their days")
    sharing = Counter(periods)
    starts: list[datetime] = []
    ends: list[datetime] = []
    columns: list[int | None] = []
    centres: list[datetime] = []
    for first, last in sorted(sharing):
        begin = datetime(first.year, first.month, first.day)
        length = timedelta(days=(last - first).days + 1)
        if ends and begin > ends[-1]:
            columns.append(None)
            centres.append(ends[-1] + (begin - ends[-1]) / 2)
        for place in range(sharing[first, last]):
            columns.append(len(starts))
            starts.append(begin + length * place / sharing[first, last])
            ends.append(begin + length * (place + 1) / sharing[first, last])
            centres.append(starts[-1] + (ends[-1] - starts[-1]) / 2)
    return TimeAxis(
        x=tuple(map(_iso, centres)),
        columns=tuple(columns),
        starts=tuple(map(_iso, starts)),
        ends=tuple(map(_iso, ends)),
        first=_iso(starts[0]),
        last=_iso(max(ends)),
    )


def _edges(centres: list[datetime], width: timedelta) -> list[datetime]:
    """The bounds of columns, midway between centres, as plotly draws a heat map."""
    between = [a + (b - a) / 2 for a, b in itertools.pairwise(centres)]
    if not between:
        return [centres[0] - width / 2, centres[0] + width / 2]
    return [centres[0] - (between[0] - centres[0]), *between, centres[-1] + (centres[-1] - between[-1])]


def x_axis(axis: TimeAxis) -> dict[str, Any]:
    """The layout of the one shared x axis; its range is fixed, so that every panel over it lines up."""
    return {
        "type": "date",
        "showgrid": False,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "range": [axis.first, axis.last],
        "hoverformat": "%-d %b %Y",
        "tickformatstops": [
            {"dtickrange": [None, 86_399_999], "value": "%H:%M\n%-d %b"},
            {"dtickrange": [86_400_000, 2_500_000_000], "value": "%-d %b\n%Y"},
            {"dtickrange": ["M1", "M6"], "value": "%b\n%Y"},
            {"dtickrange": ["M12", None], "value": "%Y"},
        ],
    }


def mark_lines(
    axis: TimeAxis, marks: Sequence[Mark], *, language: Language, snap: bool = True
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Vertical lines where something happened, and their labels above the plot (never over the data).

    A line stands before the first batch of that day or later, or with ``snap`` off at the day itself. Its dashes and
    the glyph of its label tell the kind. Marks that coincide share one; labels that would touch are left out, the least
    important first. Marks outside the axis are left out.
    """
    first, last = datetime.fromisoformat(axis.first), datetime.fromisoformat(axis.last)
    groups = sorted(_by_moment(axis, marks, snap=snap).items())
    wanted = [
        Wanted((moment - first) / (last - first), *_words(group, language), rank=KINDS.index(group[0].kind))
        for moment, group in groups
    ]
    lines = [_vertical(_iso(moment), dash=_DASHES[group[0].kind]) for moment, group in groups]
    labels = []
    for (moment, group), label in zip(groups, placed(wanted), strict=True):
        if label is not None:
            labels.append(
                {
                    "xref": "x",
                    "yref": "paper",
                    "x": _iso(moment),
                    "y": 1,
                    "yanchor": "bottom",
                    "xanchor": "right" if label.right else "left",
                    "text": plain(label.text),
                    "hovertext": "<br>".join(plain(mark_words(mark, language)) for mark in group),
                    "showarrow": False,
                    "font": {"size": 11},
                }
            )
    return lines, labels


def shown_marks(axis: TimeAxis, marks: Sequence[Mark], *, snap: bool = True) -> list[Mark]:
    """The marks that ``mark_lines`` draws on the axis, oldest first."""
    found = [mark for group in _by_moment(axis, marks, snap=snap).values() for mark in group]
    return sorted(found, key=lambda mark: (mark.day, KINDS.index(mark.kind)))


def mark_words(mark: Mark, language: Language) -> str:
    """What happened and when: ``v2 deployed, 4 June 2026``."""
    return f"{WORDS[mark.kind][language].format(name=shorten(mark.name, 40))}, {form.day(mark.day, language)}"


def _by_moment(axis: TimeAxis, marks: Sequence[Mark], *, snap: bool) -> dict[datetime, list[Mark]]:
    """The marks on the axis by where they stand, the most important of each place first."""
    first, last = datetime.fromisoformat(axis.first), datetime.fromisoformat(axis.last)
    starts = [datetime.fromisoformat(start) for start in axis.starts]
    days = [datetime.fromisoformat(axis.x[i]).date() for i, column in enumerate(axis.columns) if column is not None]
    found: dict[datetime, list[Mark]] = {}
    for mark in marks:
        moment: datetime | None = datetime(mark.day.year, mark.day.month, mark.day.day)
        if snap:
            place = bisect_left(days, mark.day)
            moment = starts[place] if place < len(days) else None
        if moment is not None and moment <= last and mark.day >= first.date():
            found.setdefault(moment, []).append(mark)
    for group in found.values():
        group.sort(key=lambda mark: (KINDS.index(mark.kind), -mark.day.toordinal()))
    return found


def _words(group: Sequence[Mark], language: Language) -> tuple[str, str]:
    """The long label of marks that coincide, and the short one: glyphs, and what the most important is called.

    Two deployments have both their names, where these are short also in the short label.
    """
    kinds = Counter(mark.kind for mark in group)
    glyphs = " ".join(GLYPHS[kind] + (str(kinds[kind]) if kinds[kind] > 1 else "") for kind in KINDS if kinds[kind])
    top = group[0]
    if top.kind != "deployment":
        alone = f"{GLYPHS[top.kind]} {WORDS[top.kind][language]}"
        return (alone if len(group) == 1 else glyphs), glyphs
    rest = glyphs.partition(" ")[2]
    name = shorten(top.name, 12) + (f" +{kinds['deployment'] - 1}" if kinds["deployment"] > 1 else "")
    written = WORDS["deployment"][language].format(name=name)
    if kinds["deployment"] == 2:
        written = ", ".join(shorten(mark.name, 11) for mark in group[:2])
        name = written if len(written) <= 15 else name
    long, short = (f"{GLYPHS['deployment']} {words} {rest}".rstrip() for words in (written, name))
    return long, short


def _vertical(x: str, *, dash: str) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1.5, "dash": dash}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}


def outline(axis: TimeAxis, batch: int, *, dash: str = "solid") -> dict[str, Any]:
    """A frame around the column of one batch, over all panels."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": axis.starts[batch],
        "x1": axis.ends[batch],
        "y0": 0,
        "y1": 1,
        "line": {"color": QUIET, "width": 1.5, "dash": dash},
    }


def _iso(moment: datetime) -> str:
    if moment.hour == moment.minute == moment.second == 0:
        return moment.strftime("%Y-%m-%d")
    return moment.strftime("%Y-%m-%d %H:%M")
