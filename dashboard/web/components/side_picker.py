"""The menus that choose a side of a comparison: a model, and one of its versions; each choice is a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.sides import LETTERS, badge
from dashboard.web.page import Request
from dashboard.web.views.sides import Side

_MODEL: Final = Text("Model", "Modèle")
_VERSION: Final = Text("Version", "Version")
_CHOOSE: Final = Text("choose", "choisir")
_FILTER: Final = Text("Filter the models", "Filtrer les modèles")
_KEYS: Final = (("left", "left_version"), ("right", "right_version"))
_MANY: Final = 12
"""From so many models on, the menu may be filtered by typing."""


def side_picker(
    request: Request, place: int, models: Sequence[Mapping[str, Any]], sides: Sequence[Side], chosen: Side | None
) -> html.Node:
    """The menus of one side (0 or 1): ``models`` are rows of ``fleet``, ``sides`` the versions of the chosen model."""
    of_model, of_version = _KEYS[place]
    t = request.t
    here = chosen.model_id if chosen else None
    links = [chips.Choice(t(_CHOOSE), request.link(**{of_model: None, of_version: None}), chosen is None)]
    links += [
        chips.Choice(
            form.name(row["name"], longest=40),
            request.link(**{of_model: row["model_id"], of_version: None, "variable": None}),
            row["model_id"] == here,
            form.name(row["team"], longest=20) if row["team"] else None,
        )
        for row in models
    ]
    versions = [
        chips.Choice(
            form.name(side.version, longest=24),
            request.link(**{of_version: side.version, "variable": None}),
            side is chosen,
        )
        for side in sides
    ]
    return html.div(
        badge(place),
        html.div(
            chips.menu(t(_MODEL), links),
            class_="picker-models",
            data_filter=t(_FILTER) if len(models) > _MANY else None,
        ),
        chips.menu(t(_VERSION), versions) if versions else None,
        class_="picker",
        role="group",
        aria_label=LETTERS[place],
    )
