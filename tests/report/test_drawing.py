"""Figures drawn without a browser: everything stands where plotly puts it, and nothing unknown passes in silence."""

import base64
import re
import struct
import xml.etree.ElementTree as ET
import zlib
from typing import Any

import pytest

from dashboard.report.drawing.axis import axes_of
from dashboard.report.drawing.figure import svg
from dashboard.report.drawing.ink import words
from dashboard.report.drawing.ticks import ticks
from dashboard.web.figures.frame import layout
from dashboard.web.figures.label import plain
from qod.errors import UnknownNameError, VigieError

AXES: dict[str, Any] = {"xaxis": {"range": [0, 10]}, "yaxis": {"range": [0, 100]}}


def figure(*traces: dict[str, Any], **more: Any) -> dict[str, Any]:
    """200 by 100 pixels of plot, from (50, 20) on, over 0..10 and 0..100."""
    return {
        "data": list(traces),
        "layout": layout(height=160, left=50, top=20, right=10, bottom=40, language="en", **{**AXES, **more}),
    }


def drawn(*traces: dict[str, Any], **more: Any) -> ET.Element:
    made = svg(figure(*traces, **more), alt="It moved.", key="f1", language="en", width=260)
    return ET.fromstring(made)


def paths(root: ET.Element, **wanted: str) -> list[str]:
    return [
        node.attrib["d"]
        for node in root.iter("path")
        if all(node.get(key.replace("_", "-")) == value for key, value in wanted.items())
    ]


def test_a_line_goes_through_its_points_and_breaks_where_there_is_none() -> None:
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 5, 6, 10],
        "y": [0, 100, None, 50],
        "line": {"color": "#123456"},
    }
    assert paths(drawn(line), stroke="#123456") == ["M50 120L150 20"]
    joined = drawn({**line, "connectgaps": True})
    assert paths(joined, stroke="#123456") == ["M50 120L150 20L250 70"]


def test_an_area_reaches_down_to_zero() -> None:
    area = {
        "type": "scatter", "mode": "lines", "x": [0, 10], "y": [50, 100], "fill": "tozeroy",
        "fillcolor": "rgba(1,2,3,0.5)", "line": {"width": 0},
    }  # fmt: skip
    assert paths(drawn(area), fill="rgba(1,2,3,0.5)") == ["M50 70L250 20L250 120L50 120Z"]


def test_whiskers_reach_from_low_to_high() -> None:
    points = {
        "type": "scatter", "mode": "markers", "x": [5], "y": [50], "marker": {"color": "#010203", "size": 8},
        "error_y": {"symmetric": False, "array": [10], "arrayminus": [30], "color": "#aabbcc", "thickness": 1},
    }  # fmt: skip
    (whisker,) = paths(drawn(points), stroke="#aabbcc")
    assert whisker.startswith("M150 100V60")
    assert paths(drawn(points), fill="#010203")


def test_bars_stand_on_zero_lie_or_pile_up() -> None:
    upright = {"type": "bar", "x": [5], "y": [40], "width": 2, "marker": {"color": "#111111"}}
    assert paths(drawn(upright), fill="#111111") == ["M130.00 80.00H170.00V120.00H130.00z"]
    lying = {**upright, "orientation": "h", "x": [5], "y": [50], "width": 20}
    assert paths(drawn(lying), fill="#111111") == ["M50.00 60.00H150.00V80.00H50.00z"]
    second = {**upright, "marker": {"color": "#222222"}}
    piled = drawn(upright, second, barmode="stack")
    assert paths(piled, fill="#222222") == ["M130.00 40.00H170.00V80.00H130.00z"]
    beside = [{key: value for key, value in bar.items() if key != "width"} for bar in (upright, second)]
    left, right = (paths(drawn(*beside, barmode="group", bargap=0), fill=shade)[0] for shade in ("#111111", "#222222"))
    assert left == "M140.00 80.00H150.00V120.00H140.00z"
    assert right == "M150.00 80.00H160.00V120.00H150.00z"


def pixels(root: ET.Element) -> list[list[tuple[int, int, int]]]:
    """The picture of the heat map, row by row."""
    (image,) = root.iter("image")
    raw = base64.b64decode(image.attrib["href"].partition(",")[2])
    width, height = struct.unpack(">II", raw[16:24])
    colours, data, place = b"", b"", 8
    while place < len(raw):
        (size,) = struct.unpack(">I", raw[place : place + 4])
        kind, body = raw[place + 4 : place + 8], raw[place + 8 : place + 8 + size]
        assert struct.unpack(">I", raw[place + 8 + size : place + 12 + size])[0] == zlib.crc32(kind + body)
        colours, data = (body if kind == b"PLTE" else colours), (data + body if kind == b"IDAT" else data)
        place += 12 + size
    rows = zlib.decompress(data)
    lines = [rows[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height)]
    return [[tuple(colours[3 * at : 3 * at + 3]) for at in line] for line in lines]  # type: ignore[misc]


def heat(**more: Any) -> dict[str, Any]:
    scale = [[0, "rgb(0,0,0)"], [0.5, "rgb(0,0,0)"], [0.5, "rgb(200,0,0)"], [1, "rgb(200,0,0)"]]
    return {
        "type": "heatmap", "x": ["2026-11-01", "2026-11-02", "2026-11-03"], "y": ["a", "b"],
        "z": [[0, 1, None], [1, 1, 0]], "zmin": -0.5, "zmax": 1.5, "colorscale": scale, "showscale": False, **more,
    }  # fmt: skip


def test_a_heat_map_is_a_picture_with_a_point_a_cell_top_row_first() -> None:
    axes = {
        "xaxis": {"type": "date", "range": ["2026-10-31 12:00", "2026-11-03 12:00"]},
        "yaxis": {"type": "category", "range": [1.5, -0.5]},
    }
    root = drawn(heat(), **axes)
    black, red, bare = (0, 0, 0), (200, 0, 0), (255, 255, 255)
    assert pixels(root) == [[black, red, bare], [red, red, black]]
    (image,) = root.iter("image")
    assert [float(image.attrib[key]) for key in ("x", "y", "width", "height")] == [50, 20, 200, 100]
    upside = drawn(heat(), **{**axes, "yaxis": {"type": "category", "range": [-0.5, 1.5]}})
    assert pixels(upside) == [[red, red, black], [black, red, bare]]


def test_columns_of_other_widths_keep_them() -> None:
    axes = {
        "xaxis": {"type": "date", "range": ["2026-10-31 12:00", "2026-11-13 12:00"]},
        "yaxis": {"type": "category", "range": [1.5, -0.5]},
    }
    first = pixels(drawn(heat(x=["2026-11-01", "2026-11-02", "2026-11-12"]), **axes))[0]
    black, red = first.count((0, 0, 0)), first.count((200, 0, 0))
    assert red / black == pytest.approx(5.5, rel=0.1)  # from 1.5 to 7 November, and from 0.5 to 1.5


def test_a_year_of_fifty_variables_stays_small() -> None:
    import random

    chance = random.Random(4)
    z = [[chance.randrange(24) for _ in range(365)] for _ in range(50)]
    trace = heat(x=list(range(365)), y=[f"v{place}" for place in range(50)], z=z, zmin=-0.5, zmax=23.5)
    made = svg(
        figure(trace, xaxis={"range": [-0.5, 364.5]}, yaxis={"type": "category"}), alt="", key="h", language="en"
    )
    assert len(made) < 25_000


def test_shapes_and_words_stand_by_axis_by_domain_and_by_paper() -> None:
    line = {
        "type": "line",
        "xref": "x domain",
        "x0": 0,
        "x1": 1,
        "y0": 25,
        "y1": 25,
        "line": {"color": "#abcdef", "width": 1},
    }
    band = {"type": "rect", "xref": "x", "x0": 2, "x1": 4, "yref": "y domain", "y0": 0, "y1": 1, "fillcolor": "#fedcba"}
    note = {
        "text": "<b>PSI</b>",
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xshift": -50,
        "showarrow": False,
        "xanchor": "left",
    }
    root = drawn(shapes=[line, band], annotations=[note])
    assert paths(root, stroke="#abcdef") == ["M50 95L250 95"]
    assert paths(root, fill="#fedcba") == ["M90 120H130V20H90z"]
    (text,) = [node for node in root.iter("text") if "".join(node.itertext()) == "PSI"]
    assert text.attrib["x"] == "0"


@pytest.mark.parametrize(
    ("days", "width", "expected"),
    [
        (("2026-11-01", "2026-11-08"), 800, ["1 Nov<br>2026", "2 Nov", "3 Nov", "4 Nov"]),
        (("2026-09-01", "2026-11-21"), 800, ["14 Sep<br>2026", "28 Sep", "12 Oct", "26 Oct"]),
        (("2025-11-20", "2026-11-20"), 800, ["Jan<br>2026", "Mar", "May", "Jul"]),
        (("2010-01-01", "2026-01-01"), 400, ["2010", "2015", "2020", "2025"]),
    ],
)
def test_days_weeks_months_or_years_are_written_as_have_room(days: Any, width: int, expected: list[str]) -> None:
    axis = {"type": "date", "range": list(days)}
    axes = axes_of({"height": 100, "margin": {"l": 0, "r": 0}, "xaxis": axis}, [], width=width, height=100)
    assert [tick.text for tick in ticks(axes["x"], "en")][:4] == expected


def test_months_are_written_in_their_middle_and_in_french() -> None:
    axis = {"type": "date", "range": ["2025-11-20", "2026-11-20"], "ticklabelmode": "period"}
    axes = axes_of({"height": 100, "margin": {"l": 0, "r": 0}, "xaxis": axis}, [], width=800, height=100)
    first = ticks(axes["x"], "fr")[0]
    assert first.text == "janv.<br>2026"
    assert (first.middle - first.at) / 86_400_000 == pytest.approx(15.2, abs=0.1)


def test_names_are_text_whatever_they_hold() -> None:
    name = '<b>"x" & </svg><script>alert(1)</script> \u202e \x00'
    root = drawn(yaxis={"range": [0, 1], "tickvals": [0.5], "ticktext": [plain(name)]})
    assert '<b>"x" & </svg><script>alert(1)</script>' in "".join(root.itertext())
    assert not list(root.iter("script"))
    assert "".join(words("a <i>b</i><br><b>c</b> <img src=x onerror=y> &lt;p&gt;")) == (
        'a <tspan font-style="italic">b</tspan><tspan font-weight="650" fill="#16202a">c</tspan>  &lt;p&gt;'
    )
    alt = ET.fromstring(svg(figure(), alt='"><script>', key="k", language="en"))
    assert alt.attrib["aria-label"] == '"><script>'
    assert alt.attrib["role"] == "img"


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        ({"data": [{"type": "pie", "x": [], "y": []}]}, "pie"),
        ({"data": [{"type": "scatter", "x": [1], "y": [1], "stackgroup": "a"}]}, "stackgroup"),
        ({"data": [{"type": "scatter", "x": [1], "y": [1], "mode": "lines+bubbles"}]}, "bubbles"),
        ({"data": [{"type": "scatter", "mode": "markers", "x": [1], "y": [1], "marker": {"symbol": "star"}}]}, "star"),
        ({"data": [{"type": "bar", "x": [1], "y": [1], "marker": {"colorscale": []}}]}, "colorscale"),
        ({"data": [{"type": "heatmap", "x": [1], "y": [1], "z": [[1]], "showscale": True}]}, "True"),
        ({"xaxis": {"rangeslider": {}}}, "rangeslider"),
        ({"yaxis": {"type": "log"}}, "log"),
        ({"legend": {}}, "legend"),
        ({"showlegend": True}, "showlegend"),
        ({"shapes": [{"type": "path", "path": "M0 0"}]}, "path"),
        ({"annotations": [{"text": "x", "x": 0, "y": 0, "ax": 3}]}, "ax"),
    ],
)
def test_what_is_not_drawn_is_refused_by_name(broken: dict[str, Any], word: str) -> None:
    broken = dict(broken)
    data = broken.pop("data", [])
    with pytest.raises(UnknownNameError, match=re.escape(word)):
        svg(figure(*data, **broken), alt="", key="k", language="en")


def test_a_colour_that_is_none_is_refused() -> None:
    bad = {"type": "scatter", "mode": "lines", "x": [0, 1], "y": [0, 1], "line": {"color": 'red" onload="x'}}
    with pytest.raises(VigieError, match="colour"):
        drawn(bad)
