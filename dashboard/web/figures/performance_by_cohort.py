"""Performance by cohort: values with intervals, baseline and thresholds, and how much of the truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dashboard.metric import Unit
from dashboard.text import Language, Text
from dashboard.web.figures.estimate_by_cohort import EstimatePoint, bounds, estimate_traces
from dashboard.web.figures.frame import Panel, percent_ticks, stack, value_ticks, y_axis
from dashboard.web.figures.label import four_digits, plain
from dashboard.web.figures.palette import NOISE, QUIET, SERIES, STATE, SYMBOL
from dashboard.web.figures.time_axis import Mark, TimeAxis, mark_lines, outline, x_axis

VALUE_HEIGHT: Final = 240
COMPLETENESS_HEIGHT: Final = 84

_COMPLETENESS: Final = Text(en="Outcomes known", fr="Résultats connus")


@dataclass(frozen=True, slots=True)
class CohortPoint:
    """One cohort: its value with the interval, its colour (None: it has none), and the share of outcomes known.

    ``words`` are the lines under the pointer. ``amber`` and ``red`` are the values from which this cohort would be
    coloured, where a baseline allows to say so. ``estimate`` is what was expected, with how far off that may be.
    """

    version: str
    value: float | None
    low: float | None
    high: float | None
    colour: str | None
    mature: bool
    completeness: float | None
    words: Sequence[str]
    amber: float | None = None
    red: float | None = None
    estimate: float | None = None
    off: float | None = None


@dataclass(frozen=True, slots=True)
class BaselineSpan:
    """A version's baseline over its cohorts, first to last (places on the axis), with its standard error."""

    first: int
    last: int
    value: float
    se: float | None


def performance_by_cohort(
    cohorts: Sequence[CohortPoint],
    *,
    axis: TimeAxis,
    baselines: Sequence[BaselineSpan],
    completeness_needed: float,
    title: str,
    unit: Unit,
    marks: Sequence[Mark] = (),
    chosen: int | None = None,
    language: Language,
) -> dict[str, Any]:
    """The figure: values above, completeness below, on one axis. Provisional cohorts are hollow and without colour.

    ``unit`` is the measure's: it says how the axis is written. The place ``chosen`` is framed. Each trace that has a
    point under the pointer has one place a cohort.
    """
    lines, labels = mark_lines(axis, marks, language=language, snap=False)
    frame = [] if chosen is None else [outline(axis, chosen, dash="dot")]
    estimates = [_estimate(cohort) for cohort in cohorts]
    low, high = _range(cohorts, baselines, bounds(estimates))
    values = Panel(
        title=title,
        height=VALUE_HEIGHT,
        axis=y_axis(range=[low, high], **value_ticks(low, high, language, unit=unit)),
        traces=[
            *_baselines(baselines, axis),
            *_thresholds(cohorts, axis),
            *estimate_traces(estimates, axis),
            _line(cohorts, axis),
            *_values(cohorts, axis, low, high),
        ],
        shapes=_bands(baselines, axis),
    )
    known = Panel(
        title=_COMPLETENESS[language],
        height=COMPLETENESS_HEIGHT,
        axis=y_axis(range=[0, 104], **percent_ticks(0, 100, language, most=3)),
        traces=[_completeness(cohorts, axis)],
        shapes=[_level(100 * completeness_needed)],
    )
    return stack(
        [values, known],
        x={**x_axis(axis), "ticklabelmode": "period"},
        left=56,
        right=14,
        language=language,
        shapes=[*frame, *lines],
        annotations=labels,
    )


def _estimate(cohort: CohortPoint) -> EstimatePoint | None:
    if cohort.estimate is None:
        return None
    return EstimatePoint(cohort.version, cohort.estimate, cohort.off, not cohort.mature, _words(cohort))


def _line(cohorts: Sequence[CohortPoint], axis: TimeAxis) -> dict[str, Any]:
    """Through the cohorts that count, one stroke for each version."""
    x: list[str | None] = []
    y: list[float | None] = []
    before: CohortPoint | None = None
    for place, cohort in enumerate(cohorts):
        if cohort.value is None or not cohort.mature:
            continue
        if before is not None and before.version != cohort.version:
            x.append(None)
            y.append(None)
        x.append(axis.at(place))
        y.append(four_digits(cohort.value))
        before = cohort
    line = {"color": SERIES, "width": 1, "dash": "dot"}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "connectgaps": False, "hoverinfo": "skip"}


def _values(cohorts: Sequence[CohortPoint], axis: TimeAxis, low: float, high: float) -> list[dict[str, Any]]:
    """The points with their whiskers: matured ones filled, provisional ones hollow and faint.

    One beyond the axis from ``low`` to ``high`` stands at its edge; the words under the pointer tell its value.
    """
    traces = []
    for mature in (True, False):
        drawn = [cohort if cohort.mature == mature and cohort.value is not None else None for cohort in cohorts]
        if not any(drawn):
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [axis.at(place) for place in range(len(drawn))],
                "y": [None if one is None else four_digits(min(max(one.value or low, low), high)) for one in drawn],
                "text": ["" if one is None else _words(one) for one in drawn],
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": [None if one is None else _gap(one.high, one.value) for one in drawn],
                    "arrayminus": [None if one is None else _gap(one.value, one.low) for one in drawn],
                    "color": SERIES if mature else QUIET,
                    "thickness": 1.4 if mature else 1,
                    "width": 4,
                },
                "marker": {
                    "size": 9,
                    "color": [_colour(one, mature) for one in drawn],
                    "symbol": [SYMBOL[one.colour] if one and one.colour else _PLAIN[mature] for one in drawn],
                    "line": {"width": 0 if mature else 1.5},
                },
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    return traces


_PLAIN: Final = {True: "circle", False: "circle-open"}
"""The marker of a cohort without colour, by whether it counts."""


def _colour(cohort: CohortPoint | None, mature: bool) -> str:
    return STATE[cohort.colour] if cohort is not None and cohort.colour else SERIES if mature else STATE["grey"]


def _baselines(baselines: Sequence[BaselineSpan], axis: TimeAxis) -> list[dict[str, Any]]:
    x: list[str | None] = []
    y: list[float | None] = []
    for span in baselines:
        x += [axis.starts[span.first], axis.ends[span.last], None]
        y += [four_digits(span.value), four_digits(span.value), None]
    if not x:
        return []
    line = {"color": "#5b6875", "width": 1.6}
    return [
        {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "connectgaps": False, "hoverinfo": "skip"}
    ]


def _bands(baselines: Sequence[BaselineSpan], axis: TimeAxis) -> list[dict[str, Any]]:
    return [
        {
            "type": "rect",
            "xref": "x",
            "x0": axis.starts[span.first],
            "x1": axis.ends[span.last],
            "y0": four_digits(span.value - 1.96 * span.se),
            "y1": four_digits(span.value + 1.96 * span.se),
            "fillcolor": NOISE,
            "line": {"width": 0},
            "layer": "below",
        }
        for span in baselines
        if span.se
    ]


def _thresholds(cohorts: Sequence[CohortPoint], axis: TimeAxis) -> list[dict[str, Any]]:
    """A short dash under each cohort: from there on it would be amber, or red; few rows move it away."""
    traces = []
    for state in ("amber", "red"):
        x: list[str | None] = []
        y: list[float | None] = []
        for place, cohort in enumerate(cohorts):
            value = cohort.amber if state == "amber" else cohort.red
            if value is not None:
                x += [axis.starts[place], axis.ends[place], None]
                y += [four_digits(value), four_digits(value), None]
        if x:
            line = {"color": STATE[state], "width": 1.4, "dash": "dash"}
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": x,
                    "y": y,
                    "line": line,
                    "connectgaps": False,
                    "hoverinfo": "skip",
                }
            )
    return traces


def _completeness(cohorts: Sequence[CohortPoint], axis: TimeAxis) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [axis.at(place) for place in range(len(cohorts))],
        "y": [None if cohort.completeness is None else round(100 * cohort.completeness, 1) for cohort in cohorts],
        "text": [_words(cohort) for cohort in cohorts],
        "textposition": "none",
        "width": [0.78 * _milliseconds(axis.starts[place], axis.ends[place]) for place in range(len(cohorts))],
        "marker": {
            "color": SERIES,
            "opacity": [0.8 if cohort.mature else 0.45 for cohort in cohorts],
            "pattern": {"shape": ["" if cohort.mature else "/" for cohort in cohorts], "size": 6, "solidity": 0.4},
        },
        "hovertemplate": "%{text}<extra></extra>",
    }


def _words(cohort: CohortPoint) -> str:
    return "<br>".join(plain(line) for line in cohort.words)


def _milliseconds(start: str, end: str) -> int:
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() * 1000)


def _level(percent: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dash"}
    return {"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "y0": percent, "y1": percent, "line": line}


def _range(
    cohorts: Sequence[CohortPoint], baselines: Sequence[BaselineSpan], estimates: Sequence[float]
) -> tuple[float, float]:
    """Bounds that show every value that counts, the baselines, the thresholds and the estimates.

    Whiskers and provisional values, which may be anywhere, widen them by as much again at most.
    """
    core = [
        number
        for cohort in cohorts
        for number in (cohort.value if cohort.mature else None, cohort.amber, cohort.red)
        if number is not None
    ] + [*(span.value for span in baselines), *estimates]
    loose = [number for cohort in cohorts for number in (cohort.value, cohort.low, cohort.high) if number is not None]
    if not any(cohort.mature and cohort.value is not None for cohort in cohorts):
        core += [cohort.value for cohort in cohorts if cohort.value is not None]
    if not core:
        return 0.0, 1.0
    low, high = min(core), max(core)
    reach = max(high - low, 0.04 * max(abs(high), 1e-9))
    floor, ceiling = max(min([low, *loose]), low - reach), min(max([high, *loose]), high + reach)
    pad = 0.06 * (ceiling - floor)
    return floor - pad, ceiling + pad


def _gap(upper: float | None, lower: float | None) -> float | None:
    return None if upper is None or lower is None else four_digits(max(0.0, upper - lower))
