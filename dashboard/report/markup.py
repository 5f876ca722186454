"""The nodes of a page as HTML that runs nothing: text escaped, controls left out, figures drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.report.drawing.ink import escaped
from dashboard.report.links import Links
from dashboard.web.html import Node, flat


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONTROLS: Final = _names(
    "skip top search tabs breadcrumbs chip switch labelled tools tool steps step batch-choice download "
    "chart-table chart-files actions on-screen paper"
)
"""Classes of what only a reader before a screen can use, and of what takes its place on a page's own sheet of paper."""

_VOID: Final = _names("br hr img col wbr")
_PLAIN: Final = _names(
    "a abbr article aside b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure "
    "footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strong "
    "sub summary sup table tbody td tfoot th thead time tr u ul var"
)
_RENAMED: Final = {
    "className": "class",
    "colSpan": "colspan",
    "rowSpan": "rowspan",
    "dateTime": "datetime",
    "tabIndex": "tabindex",
    "hrefLang": "hreflang",
}
_ATTRIBUTES: Final = _names(
    "class colspan rowspan datetime tabindex hreflang title lang dir scope alt width height start reversed role"
)
_LINK_CLASSES: Final = _names("sort term outside button")
"""Classes that promise a link: gone with it."""
_HEADING: Final = re.compile(r"h[1-5]")
_STYLE: Final = re.compile(r"[\w\s.,%#()/+-]*")
_TAG: Final = re.compile(r"<(?!svg|img)[^>]*>")
_CAPITAL: Final = re.compile(r"[A-Z]")

Draw = Callable[[Mapping[str, Any], str, str], str]
"""A figure with its message and its key, as SVG."""


@dataclass(slots=True)
class Writer:
    """Writes the nodes of one part of a report. ``prefix`` makes its anchors its own.

    ``draw`` is asked for every figure; ``instead`` are headings of the first level that another one takes the place of.
    """

    links: Links
    draw: Draw
    prefix: str
    instead: Mapping[str, str]

    def html(self, node: Node, *, alt: str = "") -> str:
        """The node as HTML; ``alt`` is the message of the figure around it."""
        if isinstance(node, list | tuple):
            return "".join(self.html(child, alt=alt) for child in node)
        if node is None or isinstance(node, bool):
            return ""
        if isinstance(node, str | int | float):
            return escaped(str(node))
        made = node if isinstance(node, dict) else node.to_plotly_json()
        kind, props = made["type"].lower(), made["props"]
        if made["namespace"] != "dash_html_components":
            if kind == "graph":
                return self.draw(props["figure"], alt, f"{self.prefix}-{props.get('id', 'figure')}")
            return ""
        if kind not in _PLAIN or is_control(props):
            return ""
        return self._element(kind, props, alt)

    def _element(self, kind: str, props: Mapping[str, Any], alt: str) -> str:
        children = flat(props.get("children"))
        around = dict(props)
        if kind == "figure" and any(element["type"] == "Graph" for element in elements(children)):
            # The drawing carries the message itself.
            alt = str(around.pop("aria-label", alt))
            children = [child for child in children if not _unseen_caption(child)]
        if kind == "h1":
            other = self.instead.get(text_of(children))
            children = children if other is None else [other]
        if kind == "th":
            children = flat([_unlinked(child) for child in children])
        if _HEADING.fullmatch(kind):  # the report has a heading above those of its pages
            kind = f"h{int(kind[1]) + 1}"
        attributes = self._attributes(around)
        if kind == "a":
            kind = self._link(props, attributes)
        if kind == "details":
            attributes["open"] = None
        if kind == "img" and not _picture(props.get("src"), attributes):
            return ""
        opened = kind + "".join(
            f" {name}" if value is None else f' {name}="{escaped(value)}"' for name, value in attributes.items()
        )
        if kind in _VOID:
            return f"<{opened}>"
        inside = [self.html(child, alt=alt) for child in children]
        if kind == "section" and _bare(children, inside):
            return ""
        return f"<{opened}>{''.join(inside)}</{kind}>"

    def _attributes(self, props: Mapping[str, Any]) -> dict[str, str | None]:
        made: dict[str, str | None] = {}
        for key, value in props.items():
            name = _RENAMED.get(key, key)
            if value is None or value is False:
                continue
            if name == "id":
                made["id"] = f"{self.prefix}-{value}"
            elif name == "style":
                written = _style(value)
                if written:
                    made["style"] = written
            elif name in _ATTRIBUTES or (name.startswith("aria-") and name not in ("aria-controls", "aria-sort")):
                made[name] = None if value is True and not name.startswith("aria-") else str(value)
        return made

    def _link(self, props: Mapping[str, Any], attributes: dict[str, str | None]) -> str:
        """The element that stands for a link: itself where it leads somewhere, else a span."""
        href = props.get("href")
        target = self.links.target(href) if isinstance(href, str) else None
        if target is not None:
            attributes["href"] = target
            if target.startswith("http"):
                attributes["rel"] = "noopener noreferrer"
            return "a"
        classes = [name for name in (attributes.get("class") or "").split() if name not in _LINK_CLASSES]
        attributes.pop("class", None)
        attributes.pop("hreflang", None)
        attributes.pop("aria-label", None)  # it named the link
        if classes:
            attributes["class"] = " ".join(classes)
        return "span"


def is_control(props: Mapping[str, Any]) -> bool:
    """Whether an element with these properties is for a screen alone, such as a link that changes what a page shows."""
    return (
        not CONTROLS.isdisjoint((props.get("className") or "").split())
        or "data-screen-only" in props
        or "data-menu" in props
        or "data-reload" in props
        or "data-stay" in props
        or props.get("rel") in ("prev", "next")
        or "download" in props
    )


def elements(node: Node, *, controls: bool = True) -> Iterator[dict[str, Any]]:
    """Every element at and beneath a node, in order, as a dictionary; without ``controls``, those of a report alone."""
    if isinstance(node, list | tuple):
        for child in node:
            yield from elements(child, controls=controls)
    elif node is not None and not isinstance(node, str | int | float):
        made = node if isinstance(node, dict) else node.to_plotly_json()
        if controls or not is_control(made["props"]):
            yield made
            yield from elements(made["props"].get("children"), controls=controls)


def text_of(node: Node) -> str:
    """The words of a node, one after the other."""
    if isinstance(node, list | tuple):
        return "".join(map(text_of, node))
    if isinstance(node, dict):
        return text_of(node["props"].get("children"))
    return "" if node is None else str(node)


def _bare(children: list[Node], written: list[str]) -> bool:
    """Whether of a card nothing is left but its head: it held controls alone."""
    rest = [text for child, text in zip(children, written, strict=True) if not _is_head(child)]
    return len(rest) < len(children) and not _TAG.sub("", "".join(rest)).strip()


def _is_head(node: Node) -> bool:
    return isinstance(node, dict) and "card-head" in (node["props"].get("className") or "").split()


def _unlinked(node: Node) -> Node:
    """The words of a heading that sorts its table, without the link."""
    return node["props"].get("children") if isinstance(node, dict) and "data-stay" in node["props"] else node


def _unseen_caption(node: Node) -> bool:
    return isinstance(node, dict) and node["type"] == "Figcaption" and node["props"].get("className") == "unseen"


def _picture(src: object, attributes: dict[str, str | None]) -> bool:
    """Whether an image has its picture within itself; nothing else may be asked for."""
    if not isinstance(src, str) or not src.startswith("data:image/"):
        return False
    attributes["src"] = src
    if attributes.get("title") == attributes.get("alt"):
        attributes.pop("title", None)  # said once is enough, in a file that is kept
    return True


def _style(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    said = {_CAPITAL.sub(lambda found: "-" + found[0].lower(), key): str(entry) for key, entry in value.items()}
    return ";".join(
        f"{key}:{entry}" for key, entry in said.items() if _STYLE.fullmatch(entry) and "url(" not in entry.lower()
    )
