from __future__ import annotations

import dash.html
import pytest

from dashboard.web import html

NOT_ELEMENTS = {"flat", "_flat", "_maker", "Maker", "Any", "Protocol"}
KINDS = sorted(
    name for name, made in vars(html).items() if getattr(made, "__name__", "") == name and name not in NOT_ELEMENTS
)


def test_an_element_is_what_dash_would_have_sent() -> None:
    ours = html.td(
        "3", html.b("x"), None, [html.small("y"), ["z"]], class_="number", aria_label="three", colspan=2, data_key="k"
    )
    theirs = dash.html.Td(
        ["3", dash.html.B("x"), dash.html.Small("y"), "z"],
        className="number",
        colSpan=2,
        **{"aria-label": "three", "data-key": "k"},
    )
    assert html_of(theirs) == ours


def html_of(component: object) -> object:
    if hasattr(component, "to_plotly_json"):
        made = component.to_plotly_json()
        made["props"] = {key: html_of(value) for key, value in made["props"].items()}
        return made
    return [html_of(item) for item in component] if isinstance(component, list) else component


@pytest.mark.parametrize("name", KINDS)
def test_every_element_exists_in_dash(name: str) -> None:
    node = getattr(html, name)()
    assert hasattr(dash.html, node["type"])
    assert node["props"] == {}


def test_there_are_elements() -> None:
    assert len(KINDS) > 40
