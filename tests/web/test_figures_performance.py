"""The figures of performance: cohorts with their estimates, and curves; accepted by plotly, and true to their data."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.web.figures.curve import curve_figure, line, points, straight
from dashboard.web.figures.frame import value_ticks
from dashboard.web.figures.performance_by_cohort import BaselineSpan, CohortPoint, performance_by_cohort
from dashboard.web.figures.time_axis import Mark, period_axis

DEPLOYED = [Mark("deployment", "v2", date(2026, 7, 1))]


def cohort(value: float | None, **changes: Any) -> CohortPoint:
    given: dict[str, Any] = {
        "version": "v1",
        "value": value,
        "low": None if value is None else value - 0.01,
        "high": None if value is None else value + 0.01,
        "colour": "green",
        "mature": True,
        "completeness": 0.99,
        "words": ["October", "<b>"],
        "amber": 0.75,
        "red": 0.73,
        **changes,
    }
    return CohortPoint(**given)


def performance(cohorts: list[CohortPoint] | None = None) -> dict[str, Any]:
    provisional = {"colour": None, "mature": False, "amber": None, "red": None}
    cohorts = cohorts or [
        cohort(0.78),
        cohort(0.72, colour="red", version="v2"),
        cohort(0.95, completeness=0.6, version="v2", **provisional),
        cohort(None, completeness=0.0, version="v2", **provisional),
    ]
    days = [date(2026, month, 1) for month in range(6, 6 + len(cohorts))]
    return performance_by_cohort(
        cohorts,
        axis=period_axis([(day, day + timedelta(days=27)) for day in days]),
        baselines=[BaselineSpan(0, 0, 0.77, 0.005), BaselineSpan(1, len(cohorts) - 1, 0.78, None)][: len(cohorts)],
        completeness_needed=0.95,
        title="AUC",
        unit="index",
        marks=DEPLOYED,
        language="en",
    )


def curve() -> dict[str, Any]:
    axis = {**value_ticks(0, 1, "en", unit="share"), "range": [0, 1]}
    drawn = points([0.123456, 0.5], [0.1, 0.6], ["<b>", "two"], colour="#4a7fb5")
    traces = [straight((0.0, 1.0)), line((0, 1), (0.2, 0.654321), colour="#c06c3e"), drawn]
    return curve_figure(traces, x=axis, y=axis, titles=("Mean <score>", "Positives"), language="en")


@pytest.mark.parametrize("figure", [performance, curve])
def test_a_figure_fits_plotlys_schema(figure: Any) -> None:
    drawn = figure()
    go.Figure(drawn)
    assert isinstance(drawn["layout"]["height"], int)
    assert drawn["layout"]["dragmode"] is False
    assert all(value["fixedrange"] for key, value in drawn["layout"].items() if key.startswith("yaxis"))
    json.dumps(drawn, allow_nan=False)


def test_a_curve_is_rounded_to_what_a_pixel_shows_and_its_titles_are_text() -> None:
    figure = curve()
    assert figure["data"][2]["x"] == [0.1235, 0.5]
    assert figure["data"][1]["y"] == [0.2, 0.6543]
    assert figure["layout"]["xaxis"]["title"]["text"] == "Mean &lt;score&gt;"


def test_provisional_cohorts_are_hollow_without_colour_and_hatched() -> None:
    figure = performance()
    settled, provisional = (trace for trace in figure["data"] if trace.get("mode") == "markers")
    assert settled["y"][:2] == [0.78, 0.72]
    assert settled["y"][2:] == [None, None], "a place a cohort, so that a click knows which it was on"
    assert settled["marker"]["symbol"][:2] == ["circle", "square"]
    assert provisional["marker"]["symbol"][2] == "circle-open"
    assert provisional["marker"]["color"][2] == "#8a949e"
    assert [len(trace["x"]) for trace in (settled, provisional)] == [4, 4]
    bars = next(trace for trace in figure["data"] if trace["type"] == "bar")
    assert bars["marker"]["pattern"]["shape"] == ["", "", "/", "/"]
    assert bars["y"] == [99.0, 99.0, 60.0, 0.0]


def test_a_measure_that_does_not_colour_is_drawn_without_colours() -> None:
    figure = performance([cohort(0.3, colour=None, amber=None, red=None), cohort(0.4, colour=None, mature=False)])
    settled, provisional = (trace for trace in figure["data"] if trace.get("mode") == "markers")
    assert (settled["marker"]["symbol"][0], settled["marker"]["color"][0]) == ("circle", "#4a7fb5")
    assert provisional["marker"]["symbol"][1] == "circle-open"


def test_an_estimate_is_a_line_in_the_band_of_past_errors_with_diamonds_where_truth_is_to_come() -> None:
    known = {"estimate": 0.77, "off": 0.01}
    to_come: dict[str, Any] = {"colour": None, "mature": False, "amber": None, "red": None}
    figure = performance(
        [cohort(0.78, **known), cohort(0.72, **known, version="v2"), cohort(None, estimate=0.7, off=None, **to_come)]
    )
    band = next(trace for trace in figure["data"] if trace.get("fill"))
    line = next(trace for trace in figure["data"] if trace.get("line", {}).get("color") == "#c06c3e")
    diamonds = next(trace for trace in figure["data"] if trace.get("name") == "estimate")
    assert band["y"] == [0.78, 0.78, 0.76, 0.76, None, 0.78, 0.78, 0.76, 0.76], "one outline for each version"
    assert line["y"] == [0.77, None, 0.77, None, 0.7], "the line breaks where the version changes"
    assert diamonds["y"] == [None, None, 0.7]
    assert diamonds["marker"]["symbol"] == "diamond"
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 0.7 < 0.78 < high


def test_whiskers_reach_from_low_to_high() -> None:
    whiskers = next(trace for trace in performance()["data"] if trace.get("mode") == "markers")["error_y"]
    assert whiskers["array"][:2] == whiskers["arrayminus"][:2] == [0.01, 0.01]
    assert whiskers["symmetric"] is False


def test_a_wild_provisional_value_does_not_flatten_the_cohorts_that_count() -> None:
    low, high = performance()["layout"]["yaxis"]["range"]
    assert high < 0.9
    assert low < 0.72
    provisional = [trace for trace in performance()["data"] if trace.get("mode") == "markers"][1]
    assert provisional["y"][2] == round(high, 4)
    alone = performance([cohort(0.95, mature=False, colour=None, amber=None, red=None)])
    assert alone["layout"]["yaxis"]["range"][1] > 0.95


def test_the_line_through_cohorts_breaks_where_the_version_changes() -> None:
    line = next(
        trace for trace in performance()["data"] if trace["type"] == "scatter" and trace["line"].get("dash") == "dot"
    )
    assert line["y"] == [0.78, None, 0.72]


def test_baselines_and_thresholds_stand_over_their_own_cohorts() -> None:
    figure = performance()
    whole = next(
        trace for trace in figure["data"] if trace["type"] == "scatter" and trace["line"]["color"] == "#5b6875"
    )
    assert whole["y"] == [0.77, 0.77, None, 0.78, 0.78, None]
    bands = [shape for shape in figure["layout"]["shapes"] if shape["type"] == "rect"]
    assert [(band["y0"], band["y1"]) for band in bands] == [(0.7602, 0.7798)]
    amber = next(
        trace for trace in figure["data"] if trace["type"] == "scatter" and trace["line"]["color"] == "#d08c0a"
    )
    assert amber["y"] == [0.75, 0.75, None, 0.75, 0.75, None]
