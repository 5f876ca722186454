"""Plain parts of a page folded into few components, so that the browser draws them at once.

Dash keeps a subscription and sends itself a message for every component it draws, and each message wakes every
subscription: 100 rows of a table, some 2,000 elements, take seconds. What has no live part in it needs none of that.
It travels as nested lists ``[tag, properties, child, ...]`` in one component, drawn by React (assets/static.js).
"""

from __future__ import annotations

from typing import Any, Final

from dashboard.web.html import Node

_PLAIN: Final = "dash_html_components"
NAMESPACE: Final = "vigie_html"
"""Where assets/static.js puts the component, in the browser's window."""


def fold(nodes: list[Node]) -> list[Node]:
    """The nodes with every run of plain siblings folded into one component; what holds a live one stays an element."""
    folded: list[Node] = []
    run: list[Any] = []
    for node in nodes:
        packed = _packed(node)
        if packed is not None:
            run.append(packed)
            continue
        if run:
            folded.append(_static(run))
            run = []
        folded.append(_opened(node))
    if run:
        folded.append(_static(run))
    return folded


def _static(run: list[Any]) -> dict[str, Any]:
    return {"type": "Static", "namespace": NAMESPACE, "props": {"nodes": run}}


def _opened(node: Node) -> Node:
    """An element with something live in it: its children are folded around that."""
    if not isinstance(node, dict) or node["namespace"] != _PLAIN:
        return node
    return {**node, "props": {**node["props"], "children": fold(_children(node))}}


def _packed(node: Node) -> Any | None:
    """The node as nested lists; None when it, or anything in it, is live."""
    if isinstance(node, str):
        return node
    if not isinstance(node, dict):
        return node if isinstance(node, int | float) else None
    if node["namespace"] != _PLAIN:
        return None
    packed: list[Any] = [node["type"].lower(), {k: v for k, v in node["props"].items() if k != "children"}]
    for child in _children(node):
        made = _packed(child)
        if made is None:
            return None
        packed.append(made)
    return packed


def _children(node: dict[str, Any]) -> list[Node]:
    children = node["props"].get("children")
    if children is None:
        return []
    return children if isinstance(children, list) else [children]


def unfold(nodes: Any) -> Any:
    """The inverse of ``fold``: plain elements again, for whoever looks through a page (tests do)."""
    if isinstance(nodes, list):
        return [found for node in nodes for found in _unfolded(node)]
    return unfold([nodes])


def _unfolded(node: Any) -> list[Any]:
    if not isinstance(node, dict):
        return [node]
    if node["namespace"] == NAMESPACE:
        return [_unpacked(packed) for packed in node["props"]["nodes"]]
    if "children" in node["props"]:
        return [{**node, "props": {**node["props"], "children": unfold(node["props"]["children"])}}]
    return [node]


def _unpacked(packed: Any) -> Any:
    if not isinstance(packed, list):
        return packed
    tag, props, *children = packed
    made = [_unpacked(child) for child in children]
    inside = {"children": made[0] if len(made) == 1 else made} if made else {}
    return {"type": tag.capitalize(), "namespace": _PLAIN, "props": {**inside, **props}}
