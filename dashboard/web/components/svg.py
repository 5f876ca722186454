"""Small drawings as images: an SVG in a data address, which no script and no inline markup has to make."""

from __future__ import annotations

from typing import Final

from dashboard.web import html

TONES: Final = {"red": "#d5463c", "amber": "#c98500", "green": "#2f9e73", "grey": "#8a949e"}
"""Middle tones: each has a contrast of 3 to 1 and more on the light ground and on the dark one."""


def picture(markup: str, *, width: int, height: int, alt: str, class_: str, stretch: bool = False) -> html.Node:
    """An image of ``markup`` (SVG elements in single quotes, nothing in it from the data) on a transparent ground.

    ``alt`` states its message. ``stretch`` lets the style sheet give it another shape.
    """
    shape = " preserveAspectRatio='none'" if stretch else ""
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'{shape}>{markup}</svg>"
    # The least that must be encoded for a data address in a double-quoted attribute; long escapes would triple it.
    address = "data:image/svg+xml," + svg.replace("%", "%25").replace("#", "%23").replace("<", "%3C").replace(
        ">", "%3E"
    )
    return html.img(src=address, alt=alt, title=alt, width=str(width), height=str(height), class_=class_)
