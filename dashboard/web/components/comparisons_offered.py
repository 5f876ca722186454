"""What a reader may compare who has chosen nothing yet: versions of one model, and models that are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any, Final

from dashboard import format as form
from dashboard.plural import plural
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request

MOST: Final = 12
"""Offers of each kind."""

_VERSIONS: Final = Text("Models with several versions", "Modèles à plusieurs versions")
_ALIKE: Final = Text("Models of one team and task", "Modèles d\u2019une même équipe et d\u2019une même tâche")
_COUNT: Final = (Text("{n} version", "{n} version"), Text("{n} versions", "{n} versions"))
_AGAINST: Final = Text("{left} and {right}", "{left} et {right}")


def comparisons_offered(request: Request, models: Sequence[Mapping[str, Any]]) -> html.Node:
    """Two lists of links; ``models`` are rows of ``fleet``. A list without entries is left out."""
    by_id = {row["model_id"]: row for row in models}
    several = [row for row in request.rows("several_versions") if row["model_id"] in by_id][:MOST]
    versions = [
        html.li(
            html.a(
                form.name(by_id[row["model_id"]]["name"], longest=40),
                href=request.to("versions", model_id=row["model_id"]),
            ),
            " ",
            html.small(
                request.t(plural(row["versions"], *_COUNT)).format(n=form.count(row["versions"], request.language))
            ),
        )
        for row in several
    ]
    alike = [
        html.li(
            html.a(
                request.t(_AGAINST).format(
                    left=form.name(left["name"], longest=30), right=form.name(right["name"], longest=30)
                ),
                href=request.link(left=left["model_id"], right=right["model_id"]),
            )
        )
        for left, right in _pairs(models)[:MOST]
    ]
    lists = [(request.t(_VERSIONS), versions), (request.t(_ALIKE), alike)]
    return html.div(
        [html.div(html.h3(title), html.ul(items, class_="names")) for title, items in lists if items], class_="only"
    )


def _pairs(models: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Neighbours by name among the evaluated models of each team and task, one pair of each team and task first."""

    def kind(row: Mapping[str, Any]) -> tuple[str, str]:
        return str(row["team"] or ""), str(row["task"])

    evaluated = sorted((row for row in models if row["batch_id"] is not None and row["team"]), key=kind)
    found = [
        (rank, left, right)
        for _, group in groupby(evaluated, key=kind)
        for rank, (left, right) in enumerate(pairwise(group))
    ]
    return [(left, right) for _, left, right in sorted(found, key=lambda one: one[0])]
