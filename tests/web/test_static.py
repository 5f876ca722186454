"""Folding the plain parts of a page, and what must stay a component."""

from __future__ import annotations

from dash import dcc

from dashboard.web import html
from dashboard.web.static import NAMESPACE, fold, unfold
from tests.web.asking import walk

GRAPH = dcc.Graph(id="g").to_plotly_json()


def test_plain_siblings_become_one_component() -> None:
    nodes = [html.h1("a", class_="x"), "text", html.p(html.b("b"), " c", title="t")]
    (only,) = fold(nodes)
    assert only["namespace"] == NAMESPACE
    assert only["props"]["nodes"] == [
        ["h1", {"className": "x"}, "a"],
        "text",
        ["p", {"title": "t"}, ["b", {}, "b"], " c"],
    ]


def test_what_holds_something_live_stays_an_element() -> None:
    nodes = [
        html.h1("a"),
        html.section(html.h2("b"), html.p("c"), html.div(GRAPH, id="here"), html.p("d")),
        html.p("e"),
    ]
    folded = fold(nodes)
    assert [node["type"] for node in folded] == ["Static", "Section", "Static"]
    inside = folded[1]["props"]["children"]
    assert [node["type"] for node in inside] == ["Static", "Div", "Static"]
    assert inside[1]["props"] == {"id": "here", "children": [GRAPH]}
    assert len(inside[0]["props"]["nodes"]) == 2


def test_a_dash_component_among_the_children_is_live_too() -> None:
    graph = dcc.Graph(id="g")
    (folded,) = fold([html.div(html.p("a"), graph)])
    assert folded["props"]["children"][1] is graph


def test_unfolding_gives_the_nodes_back() -> None:
    nodes = [html.h1("a"), html.section(html.p("c", html.br()), GRAPH, class_="k"), html.p(html.b("x"), "y")]
    unfolded = unfold(fold(nodes))
    assert [node["type"] for node in walk(unfolded)] == [node["type"] for node in walk(nodes)]
    assert unfolded[0] == nodes[0]
    assert unfolded[2] == nodes[2]
