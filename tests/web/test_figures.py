"""Every figure: accepted by plotly's schema, calm, fixed in height, rounded; and what each shows where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.web.figures.batch_against_training import batch_against_training
from dashboard.web.figures.bins_by_batch import MODES, Mode, bins_by_batch
from dashboard.web.figures.frame import Panel, percent_ticks, round_values, value_ticks
from dashboard.web.figures.guards_over_time import Guard, guards_over_time
from dashboard.web.figures.inputs_heatmap import PSI_STEPS, STATES, Cells, inputs_heatmap
from dashboard.web.figures.palette import shades, stepped
from dashboard.web.figures.psi_over_time import psi_over_time
from dashboard.web.figures.time_axis import Mark, TimeAxis, time_axis
from dashboard.web.figures.variable_history import variable_history

FIRST = date(2026, 9, 1)
DAYS = [FIRST + timedelta(days=day) for day in range(40) if day not in (20, 21, 22)]
GAP = 20
"""Where the two columns of the gap stand among the columns."""
DEPLOYED = [Mark("deployment", "v2", FIRST + timedelta(days=30))]


def axis() -> TimeAxis:
    return time_axis(DAYS, cadence_days=1)


Row = tuple[str, list[str | None], list[float | None]]


def cells(rows: list[Row]) -> Cells:
    """The cells of variables, each with its states and sizes."""
    states = np.array([[STATES.index(state) for state in colours] for _, colours, _ in rows], np.int8)
    return Cells([name for name, _, _ in rows], states, np.array([values for _, _, values in rows], np.float64))


def heat_map(rows: list[Row] | None = None) -> dict[str, Any]:
    calm: list[str | None] = ["green"] * 30 + ["amber"] * 4 + ["red"] * 3
    psi: list[float | None] = [0.012] * 30 + [0.17] * 4 + [2.3456] * 3
    grey: list[str | None] = ["grey"] * 37
    nothing: list[float | None] = [None] * 37
    rows = rows or [("wait <b>", calm, psi), ("other", grey, nothing)]
    return inputs_heatmap(
        cells(rows), axis=axis(), steps=PSI_STEPS, value="PSI %{customdata:.2f}", marks=DEPLOYED, language="en"
    )


def bins(mode: Mode) -> Panel:
    counts = np.array([[60, 30, 10]] * 36 + [[0, 0, 0]])
    counts[35] = [20, 30, 50]
    training = np.array([0.6, 0.3, 0.1])
    return bins_by_batch(["> 2", "≤ 2", "(missing)"], counts, training, axis=axis(), mode=mode, title="t")


def psi(values: list[float | None], **changes: Any) -> Panel:
    given: dict[str, Any] = {
        "chance": [0.02] * 37,
        "colours": ["green"] * 37,
        "words": ["Green"] * 37,
        "amber": 0.1,
        "red": 0.25,
        "axis": axis(),
        "title": "PSI",
        "language": "en",
        **changes,
    }
    return psi_over_time(values, **given)


def guards() -> Panel:
    shares: list[float | None] = [0.004] * 36 + [0.4]
    return guards_over_time(
        [Guard("missing", shares, 0.004), Guard("unseen", [0.0] * 37)], axis=axis(), training="training", language="en"
    )


def history(mode: Mode = "columns") -> dict[str, Any]:
    panels = [bins(mode), psi([0.01] * 37), guards()]
    return variable_history(panels, axis=axis(), chosen=36, against=3, marks=DEPLOYED, language="fr")


def overlay(second: list[float] | None = None) -> dict[str, Any]:
    labels, training, batch = ["> 2", "1–2", "≤ 1", "(missing)"], [0.2, 0.3, 0.4, 0.1], [0.5, 0.2, 0.2, 0.1]
    return batch_against_training(
        labels, training, batch, second=second, joined=3, names=("training", "19 Nov", "1 Oct"), language="en"
    )


FIGURES = {
    "inputs_heatmap": heat_map,
    **{f"history_{mode}": lambda mode=mode: history(mode) for mode in MODES},
    "overlay": overlay,
    "overlay_second": lambda: overlay([0.1, 0.2, 0.3, 0.4]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_fits_plotlys_schema_and_keeps_its_word(name: str) -> None:
    figure = FIGURES[name]()  # type: ignore[operator]
    go.Figure(figure)
    layout = figure["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert isinstance(layout["height"], int)
    assert layout["dragmode"] is False
    assert not layout["showlegend"]
    assert {trace["type"] for trace in figure["data"]} <= {"heatmap", "scatter", "bar"}
    assert all(value["fixedrange"] for key, value in layout.items() if key.startswith("yaxis"))
    json.dumps(figure, allow_nan=False)


@pytest.mark.parametrize("name", FIGURES)
def test_no_number_has_more_digits_than_a_reader_sees(name: str) -> None:
    figure = FIGURES[name]()  # type: ignore[operator]
    for trace in figure["data"]:
        for key in ("x", "y", "z", "customdata"):
            for number in numbers(trace.get(key)):
                assert len(f"{number:.10g}".replace("-", "").replace(".", "").strip("0")) <= 5, (trace["type"], key)


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float):
        yield value


def test_the_heat_maps_cells_tell_state_and_size_and_a_gap_is_bare() -> None:
    heat = heat_map()["data"][0]
    wait, grey = heat["z"]
    shade_count = len(PSI_STEPS) + 1
    assert wait[0] == 1
    assert wait[33] == 1 + shade_count + 4
    assert wait[-1] == 1 + 2 * shade_count + shade_count - 1
    assert wait[GAP] is None
    assert grey[0] == 0
    assert heat["zmax"] == 3 * shade_count + 0.5
    assert (heat["customdata"][0][0], heat["customdata"][0][-1]) == (0.012, 2.3)
    assert len(heat["x"]) == len(wait) == len(axis().columns)


def test_worse_states_have_colours_of_their_own_that_darken_with_size() -> None:
    assert stepped(["a", "b"]) == [[0.0, "a"], [0.5, "a"], [0.5, "b"], [1.0, "b"]]
    alphas = [float(shade.split(",")[-1][:-1]) for shade in shades("amber", 8)]
    assert alphas == sorted(alphas)
    assert len(set(alphas)) == 8


def test_a_glyph_stands_where_trouble_begins_and_covers_no_neighbour() -> None:
    traces = {trace["text"][0]: trace for trace in heat_map()["data"][1:]}
    assert traces["▲"]["x"] == [axis().at(30)]
    assert traces["■"]["x"] == [axis().at(34)]
    long = time_axis([FIRST + timedelta(days=day) for day in range(365)], cadence_days=1)
    blip: list[str | None] = ["green"] * 364 + ["red"]
    figure = inputs_heatmap(cells([("a", blip, [0.1] * 365)]), axis=long, steps=PSI_STEPS, value="", language="en")
    assert len(figure["data"]) == 1


def test_names_in_a_heat_map_are_text_and_all_different() -> None:
    twice: Row = ("wait <b>", ["green"] * 37, [0.1] * 37)
    figure = heat_map([twice, twice])
    assert figure["layout"]["yaxis"]["ticktext"] == ["wait &lt;b&gt;"] * 2
    assert len(set(figure["data"][0]["y"])) == 2


def test_a_heat_map_is_as_tall_as_its_rows_are_many() -> None:
    one, three = (heat_map([(str(n), ["green"] * 37, [0.1] * 37) for n in range(rows)]) for rows in (1, 3))
    assert three["layout"]["height"] - one["layout"]["height"] == 2 * 22


def test_cells_are_shares_changes_or_rows_as_asked() -> None:
    by_mode = {mode: bins(mode).traces[0]["z"] for mode in MODES}
    last = -2  # the batch of 20, 30, 50; the very last has no rows
    assert [row[last] for row in by_mode["columns"]] == [20.0, 30.0, 50.0]
    assert [row[last] for row in by_mode["change"]] == [-40.0, 0.0, 40.0]
    assert [row[last] for row in by_mode["rows"]] == [0.33, 1.0, 1.0]
    assert [row[last] for row in by_mode["counts"]] == [20, 30, 50]
    for mode in MODES:
        assert [row[-1] for row in by_mode[mode]] == [None] * 3
        assert by_mode[mode][0][GAP] is None
    change = bins("change").traces[0]
    assert change["zmin"] == -change["zmax"] == -40.0


def test_an_enormous_psi_does_not_flatten_the_others() -> None:
    panel = psi([0.01] * 36 + [8.0])
    line = panel.traces[1]
    assert panel.axis["range"][1] < 1.1
    assert line["y"][-1] == 1.0
    assert line["customdata"][-1] == 8.0
    assert panel.axis["ticktext"][-1].startswith("≥ 1")


def test_the_psi_axis_names_the_thresholds_with_their_glyphs() -> None:
    axis_of = psi([0.3] * 37).axis
    assert axis_of["tickvals"] == [0.0, 0.1, 0.25]
    assert axis_of["ticktext"] == ["0", "▲ .10", "■ .25"]
    assert psi([0.3] * 37, language="fr").axis["ticktext"][1] == "▲ 0,10"


def test_psi_points_carry_the_shape_of_their_state_and_gaps_break_the_line() -> None:
    panel = psi([0.1] * 36 + [None], colours=["green"] * 20 + ["amber"] * 10 + ["red"] * 6 + [None])
    line = panel.traces[1]
    assert line["marker"]["symbol"][0] == "circle"
    assert line["marker"]["symbol"][-2] == "square"
    assert line["y"][GAP] is None
    assert line["y"][-1] is None
    assert line["connectgaps"] is False


def test_the_band_of_chance_is_as_wide_as_each_batch() -> None:
    band = psi([0.01] * 37, chance=[0.02] * 36 + [None]).traces[0]
    assert band["x"][:2] == [axis().starts[0], axis().ends[0]]
    assert band["y"][:2] == [0.02, 0.02]
    assert band["y"][-1] is None


def test_guards_are_in_per_cent_beside_their_training_level() -> None:
    panel = guards()
    assert panel.traces[0]["y"][-1] == 40.0
    assert [shape["y0"] for shape in panel.shapes] == [0.4]
    assert panel.axis["ticktext"][0] == "0\u00a0%"
    small = guards_over_time([Guard("missing", [0.0001] * 37)], axis=axis(), training="t", language="en")
    assert small.axis["range"][1] > 2


def test_all_panels_share_one_time_axis_and_nothing_crosses_a_title() -> None:
    figure = history()
    layout = figure["layout"]
    assert {trace["xaxis"] for trace in figure["data"]} == {"x"}
    assert [key for key in layout if key.startswith("xaxis")] == ["xaxis"]
    domains = [layout[key]["domain"] for key in ("yaxis", "yaxis2", "yaxis3")]
    assert domains[0][1] == 1.0
    assert domains[2][0] == 0.0
    assert domains[0][0] > domains[1][1] > domains[1][0] > domains[2][1]
    assert all(shape["yref"] != "paper" for shape in layout["shapes"])
    marks = [shape for shape in layout["shapes"] if shape["line"].get("dash") == "dot" and shape["type"] == "line"]
    assert {mark["yref"] for mark in marks if mark.get("xref") == "x"} == {"y domain", "y2 domain", "y3 domain"}


def test_the_chosen_batch_is_framed_and_the_one_beside_it_dotted() -> None:
    frames = [shape for shape in history()["layout"]["shapes"] if shape["type"] == "rect"]
    assert {(frame["x0"], frame["line"]["dash"]) for frame in frames} == {
        (axis().starts[36], "solid"),
        (axis().starts[3], "dot"),
    }


def test_the_training_line_joins_ranges_but_not_levels() -> None:
    line = overlay()["data"][-1]
    assert line["x"] == [20.0, 20.0, 30.0, 30.0, 40.0, 40.0, None, 10.0, 10.0]
    assert line["y"][:4] == [-0.5, 0.5, 0.5, 1.5]


def test_a_second_batch_is_a_frame_over_the_first() -> None:
    first, second, _ = overlay([0.1, 0.2, 0.3, 0.4])["data"]
    assert first["x"] == [50.0, 20.0, 20.0, 10.0]
    assert second["x"] == [10.0, 20.0, 30.0, 40.0]
    assert second["marker"]["color"] == "rgba(0,0,0,0)"


def test_round_values_are_few_and_round() -> None:
    assert round_values(0, 100, most=3) == [0.0, 50.0, 100.0]
    assert round_values(0.713, 0.787, most=5) == [0.72, 0.74, 0.76, 0.78]
    assert round_values(3, 3, most=5) == [3]
    assert percent_ticks(0, 15, "fr", most=4)["ticktext"] == ["0\u202f%", "5\u202f%", "10\u202f%", "15\u202f%"]
    assert percent_ticks(0, 1, "en", most=3)["ticktext"][1] == "0.5\u00a0%"


def test_ticks_of_an_axis_have_the_same_decimals_in_the_unit_of_the_measure() -> None:
    assert value_ticks(0.7, 0.8, "en", unit="index", most=3)["ticktext"] == [".70", ".75", ".80"]
    assert value_ticks(0.7, 0.8, "fr", unit="index", most=3)["ticktext"] == ["0,70", "0,75", "0,80"]
    assert value_ticks(90, 110, "en", unit="quantity", most=3)["ticktext"] == ["90", "100", "110"]
    shares = value_ticks(0.5, 0.6, "en", unit="share", most=3)
    assert shares["ticktext"] == ["50\u00a0%", "55\u00a0%", "60\u00a0%"]
    assert shares["tickvals"] == [0.5, 0.55, 0.6]


def test_a_value_under_the_pointer_is_named_in_both_languages() -> None:
    assert "{version} en service" in str(
        [annotation["text"] for annotation in history()["layout"]["annotations"]]
    ).replace("v2", "{version}")
