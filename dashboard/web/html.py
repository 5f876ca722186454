"""HTML elements as plain dictionaries: what Dash sends to the browser, without the cost of its component objects.

``html.td("3", class_="number", aria_label="three rows")`` makes one node. Children are nodes, strings, numbers, lists
of these, or None (left out). Python's names stand for HTML's: ``class_``, ``for_``, ``aria_label``, ``data_key``.
Text needs no escaping: it reaches the browser as text. A node made by ``dash.dcc`` may stand among the children.
"""

from __future__ import annotations

from typing import Any, Protocol

Node = Any
"""A dictionary made here, a string, a number, or a Dash component."""

_RENAMED = {
    "class_": "className",
    "for_": "htmlFor",
    "colspan": "colSpan",
    "rowspan": "rowSpan",
    "datetime": "dateTime",
    "tabindex": "tabIndex",
}


class Maker(Protocol):
    """A function that makes one kind of element."""

    def __call__(self, *children: Node, **props: Any) -> dict[str, Any]:
        """The element with these children and properties."""
        ...


def _flat(children: tuple[Node, ...] | list[Node], into: list[Node]) -> list[Node]:
    for child in children:
        if isinstance(child, list | tuple):
            _flat(child, into)
        elif child is not None:
            into.append(child)
    return into


def flat(*nodes: Node) -> list[Node]:
    """The nodes as one list: lists within lists opened, None left out."""
    return _flat(nodes, [])


def _maker(kind: str) -> Maker:
    def make(*children: Node, **props: Any) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        if children:
            flat = _flat(children, [])
            if flat:
                kept["children"] = flat[0] if len(flat) == 1 else flat
        for name, value in props.items():
            if value is None:
                continue
            if name in _RENAMED:
                name = _RENAMED[name]
            elif name.startswith(("aria_", "data_")):
                name = name.replace("_", "-")
            kept[name] = value
        return {"type": kind, "namespace": "dash_html_components", "props": kept}

    make.__name__ = make.__qualname__ = kind.lower()
    return make


a = _maker("A")
abbr = _maker("Abbr")
article = _maker("Article")
aside = _maker("Aside")
b = _maker("B")
br = _maker("Br")
button = _maker("Button")
caption = _maker("Caption")
code = _maker("Code")
col = _maker("Col")
colgroup = _maker("Colgroup")
dd = _maker("Dd")
details = _maker("Details")
dialog = _maker("Dialog")
div = _maker("Div")
dl = _maker("Dl")
dt = _maker("Dt")
em = _maker("Em")
figcaption = _maker("Figcaption")
figure = _maker("Figure")
footer = _maker("Footer")
form = _maker("Form")
h1 = _maker("H1")
h2 = _maker("H2")
h3 = _maker("H3")
h4 = _maker("H4")
header = _maker("Header")
hr = _maker("Hr")
img = _maker("Img")
kbd = _maker("Kbd")
label = _maker("Label")
li = _maker("Li")
main = _maker("Main")
mark = _maker("Mark")
nav = _maker("Nav")
ol = _maker("Ol")
p = _maker("P")
pre = _maker("Pre")
section = _maker("Section")
small = _maker("Small")
span = _maker("Span")
strong = _maker("Strong")
sub = _maker("Sub")
summary = _maker("Summary")
sup = _maker("Sup")
table = _maker("Table")
tbody = _maker("Tbody")
td = _maker("Td")
tfoot = _maker("Tfoot")
th = _maker("Th")
thead = _maker("Thead")
time = _maker("Time")
tr = _maker("Tr")
ul = _maker("Ul")
