"""Words inside a figure: short enough for its margins, and shown as they are."""

from __future__ import annotations


def shorten(text: str, most: int) -> str:
    """``text`` in at most ``most`` characters, cut with an ellipsis; on one line."""
    line = " ".join(text.split()) or "∅"
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def plain(text: str) -> str:
    """``text`` so that plotly, which reads a little HTML in its labels, shows it as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
