"""A tile: one number, what it counts, and how it changed; it may be a link."""

from __future__ import annotations

from dashboard.web import html


def tile(
    value: str,
    label: str,
    *,
    colour: str,
    change: str | None = None,
    href: str | None = None,
    selected: bool = False,
) -> html.Node:
    """``value`` in large, ``label`` beneath, ``change`` beside it, in words; None says nothing."""
    inside = [
        html.strong(value),
        html.span(html.span(label, class_=f"label {colour}"), html.span(change, class_="change") if change else None),
    ]
    name = f"tile {colour}{' selected' if selected else ''}"
    if href is None:
        return html.div(inside, class_=name)
    return html.a(inside, href=href, class_=name, aria_current="true" if selected else None)
