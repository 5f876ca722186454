"""The pages: one file each, with ``PAGE = Page(...)`` and ``layout(request)``; found from this folder."""

from __future__ import annotations

from dashboard.declared import modules
from dashboard.web.page import Page
from dashboard.web.router import Route
from qod.errors import VigieError


def load() -> dict[str, Route]:
    """Every page by its key, which is its module's name.

    Raises VigieError when a module declares no page, and when two pages answer the same address.
    """
    routes: dict[str, Route] = {}
    for name, module in modules(__name__).items():
        page, layout = getattr(module, "PAGE", None), getattr(module, "layout", None)
        if not isinstance(page, Page) or not callable(layout):
            raise VigieError(f"pages/{name}.py should declare PAGE = Page(...) and a function layout(request).")
        if page.key != name:
            raise VigieError(f"pages/{name}.py: its page has the key {page.key!r}; it must be the file's name.")
        shape = _shape(page)
        for other in routes.values():
            if _shape(other.page) == shape:
                raise VigieError(f"pages/{name}.py answers the same address as pages/{other.page.key}.py: {page.path}")
        routes[name] = Route(page, layout)
    return routes


def _shape(page: Page) -> tuple[str, ...]:
    return tuple("<>" if part.startswith("<") else part for part in page.parts)
