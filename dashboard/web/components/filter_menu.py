"""A filter as a menu: what is chosen of the values there are, each with how many it would show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.page import Request

ALL: Final = Text("all", "tous")
ALL_FEMININE: Final = Text("all", "toutes")


def filter_menu(
    request: Request,
    key: str,
    label: Text,
    counts: Mapping[str, int],
    names: Mapping[str, str] | None = None,
    *,
    everything: Text = ALL,
) -> html.Node:
    """The menu of the parameter ``key``: values of ``counts`` in the order of ``names``, else of the alphabet.

    What is chosen is there also when nothing has it now; ``everything`` agrees with the label. A choice leads to the
    first page.
    """
    order = [value for value in names if counts.get(value)] if names else sorted(counts, key=str.casefold)
    chosen = request.params[key]
    if chosen and chosen not in order:
        order.append(chosen)
    options = [chips.Choice(request.t(everything), request.link(**{key: None, "page": None}), not chosen)]
    options += [
        chips.Choice(
            (names or {}).get(value) or form.name(value),
            request.link(**{key: value, "page": None}),
            value == chosen,
            form.count(counts.get(value, 0), request.language),
        )
        for value in order
    ]
    return chips.menu(request.t(label), options)
