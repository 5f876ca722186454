"""A field that a reader types into, a name to look for or a day: what it holds becomes a parameter of the address."""

from __future__ import annotations

from datetime import date
from typing import Literal

from dashboard.web import html
from dashboard.web.page import Request


def search_field(request: Request, key: str, label: str) -> html.Node:
    """A native search box for the parameter ``key``, which holds text; ``label`` names it."""
    return _field(request, "search", key, label, request.params[key])


def day_field(request: Request, key: str, label: str, *, value: date | None, first: date, last: date) -> html.Node:
    """A native date box for the parameter ``key``; days before ``first`` and after ``last`` are not taken."""
    written = value.isoformat() if value else ""
    return _field(request, "date", key, label, written, data_least=first.isoformat(), data_most=last.isoformat())


def _field(
    request: Request, kind: Literal["search", "date"], key: str, label: str, value: str, **bounds: str
) -> html.Node:
    """The place that assets/field.js fills with the input; its size is that of the input, so that nothing moves."""
    return html.span(
        class_=f"field field-{kind}",
        data_field=kind,
        data_key=key,
        data_label=label,
        data_value=value,
        data_address=request.link(**{key: None}),
        **bounds,
    )
