"""A table: semantic, sorted by links, wide ones scroll inside themselves on a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.web import html


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, how it is set, and the word that sorts by it ('' when it does not sort).

    A ``descending`` column is sorted from its largest value first when it is first asked for.
    """

    label: html.Node
    class_: str | None = None
    sort: str = ""
    descending: bool = False
    title: str | None = None


def sorting(columns: Sequence[str]) -> tuple[str, ...]:
    """The values a ``sort`` parameter may take for sortable columns: ``name`` and ``-name`` for each."""
    return tuple(value for column in columns for value in (column, f"-{column}"))


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[html.Node]],
    *,
    caption: str,
    sorted_by: str = "",
    link: Callable[[str], str] | None = None,
    row_classes: Sequence[str] | None = None,
    class_: str = "",
    row_heading: int | None = None,
) -> html.Node:
    """The table with its cells by row; ``caption`` is its name for those who do not see it.

    ``sorted_by`` is the present sort, ``name`` or ``-name``; ``link`` gives the address of another one.
    ``row_heading`` is the place of the cell that names its row.
    """
    classes = [column.class_ for column in columns]
    body = []
    for number, cells in enumerate(rows):
        made = [
            (html.th(cell, class_=kind, scope="row") if place == row_heading else html.td(cell, class_=kind))
            for place, (cell, kind) in enumerate(zip(cells, classes, strict=True))
        ]
        body.append(html.tr(made, class_=row_classes[number] if row_classes else None))
    head = html.tr([_heading(column, sorted_by, link) for column in columns])
    return html.div(
        html.table(html.caption(caption, class_="unseen"), html.thead(head), html.tbody(body)),
        class_=f"table {class_}".rstrip(),
        role="region",
        aria_label=caption,
        tabindex="0",
    )


def _heading(column: Column, sorted_by: str, link: Callable[[str], str] | None) -> html.Node:
    if not column.sort or link is None:
        return html.th(column.label, class_=column.class_, scope="col", title=column.title)
    direction = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(sorted_by)
    first = f"-{column.sort}" if column.descending else column.sort
    second = column.sort if column.descending else f"-{column.sort}"
    target = second if sorted_by == first else first
    return html.th(
        html.a(column.label, href=link(target), class_="sort", data_stay="true"),
        class_=column.class_,
        scope="col",
        title=column.title,
        aria_sort=direction,
    )
