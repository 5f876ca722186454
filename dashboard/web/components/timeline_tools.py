"""The links that choose which part of a model's history a page shows: how many batches, and which version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.page import Request
from dashboard.web.param import Param, choice
from dashboard.web.views.timeline import WINDOWS, Timeline

LAST_BATCHES: Final = Text("Last batches", "Derniers lots")
_ALL: Final = Text("all", "tous")
_VERSION: Final = Text("Version", "Version")
IN_USE: Final = Text("in use", "en service")


def window_param(windows: Sequence[int] = WINDOWS, *, default: int = 90) -> Param:
    """``last``: how many of the newest are shown; 0 stands for all."""
    return choice("last", [*(str(window) for window in windows), "0"], default=str(default))


def window_switch(
    request: Request, windows: Sequence[int] = WINDOWS, *, label: Text = LAST_BATCHES, everything: Text = _ALL
) -> html.Node:
    """Links for each of ``windows`` and for ``everything``, which agrees with ``label``."""
    chosen = request.params["last"]
    choices = [chips.Choice(str(window), request.link(last=str(window)), chosen == str(window)) for window in windows]
    choices.append(chips.Choice(request.t(everything), request.link(last="0"), chosen == "0"))
    words = request.t(label)
    return html.div(html.span(words, class_="switch-label"), chips.switch(words, choices), class_="labelled")


def version_menu(request: Request, known: Timeline, chosen: str, *, none: Text | None = IN_USE) -> html.Node:
    """The versions, after ``none``: what is shown when none is chosen. Nothing when there is one version only."""
    if len(known.versions) < 2:
        return None
    choices = [chips.Choice(request.t(none), request.link(version=None), not chosen)] if none else []
    choices += [
        chips.Choice(form.name(version.name, longest=24), request.link(version=version.name), version.name == chosen)
        for version in reversed(known.versions)
    ]
    return chips.menu(request.t(_VERSION), choices)
