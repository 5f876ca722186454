"""A tile: one number, what it counts, and how it changed; it may be a link."""

from __future__ import annotations

from dashboard.web import html


def tile(
    value: str,
    label: str,
    *,
    colour: str,
    change: str | None = None,
    change_label: str | None = None,
    href: str | None = None,
    selected: bool = False,
) -> html.Node:
    """``value`` in large, ``label`` beneath, ``change`` beside it (``change_label`` says it in full)."""
    inside = [
        html.strong(value),
        html.span(html.span(label, class_=f"label {colour}"), _change(change, change_label)),
    ]
    name = f"tile {colour}{' selected' if selected else ''}"
    if href is None:
        return html.div(inside, class_=name)
    return html.a(inside, href=href, class_=name, aria_current="true" if selected else None)


def _change(change: str | None, label: str | None) -> html.Node:
    return None if change is None else html.span(change, class_="change", title=label)
