"""What a page is: its declaration, and the request its layout function answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import pyarrow as pa

from dashboard.address import decode_part, encode_part, split_path, write_query
from dashboard.format import french
from dashboard.text import Language, Text
from dashboard.web.data import Data
from dashboard.web.param import LANGUAGE_KEY, Param
from dashboard.web.reader import Reading
from qod.errors import UnknownNameError, VigieError


class NotFoundError(VigieError):
    """The address names something that does not exist; the reader sees a page that says so.

    ``kind`` is what it should be ("model", "variable", ...), ``name`` what was asked for, ``known`` what there is.
    """

    def __init__(self, kind: Text, name: str, known: tuple[str, ...] = ()) -> None:
        self.kind = kind
        self.name = name
        self.known = known
        super().__init__(f"{kind.en} {name!r} was not found.")


@dataclass(frozen=True, slots=True)
class Page:
    """The declaration of one page: ``PAGE = Page(...)`` beside ``def layout(request)`` in pages/<key>.py.

    ``path`` is like ``/models/<model_id>/inputs/<variable>``; ``title`` a text, or a function of the request for a
    title that holds a name; ``nav`` the word in the header's navigation, for the few pages that stand there, in the
    order of ``nav_place``. A ``live`` page is drawn anew for each request: it shows more than the tables say.
    """

    key: str
    path: str
    title: Text | Callable[[Request], str]
    params: tuple[Param, ...] = ()
    nav: Text | None = None
    nav_place: int = 0
    live: bool = False

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            raise VigieError(f"page {self.key}: its path must begin with a slash: {self.path!r}")
        keys = [*self.arguments, *(param.key for param in self.params)]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise VigieError(f"page {self.key}: {', '.join(twice)} is declared twice.")

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the path; a variable one stands in angle brackets."""
        return split_path(self.path)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the path's variable parts, in order."""
        return tuple(part[1:-1] for part in self.parts if part.startswith("<"))

    def match(self, raw_parts: tuple[str, ...]) -> dict[str, str] | None:
        """The decoded arguments when the raw parts of an address are this page's, else None."""
        if len(raw_parts) != len(self.parts):
            return None
        found: dict[str, str] = {}
        for part, raw in zip(self.parts, raw_parts, strict=True):
            if part.startswith("<"):
                found[part[1:-1]] = decode_part(raw)
            elif part != raw:
                return None
        return found

    def write(self, args: Mapping[str, str]) -> str:
        """The path with its arguments filled in, each percent-encoded."""
        parts = [encode_part(args[part[1:-1]]) if part.startswith("<") else part for part in self.parts]
        return "/" + "/".join(parts)


@dataclass(frozen=True, slots=True)
class Site:
    """What every page may know of the application: where it is mounted, its environment, and its pages by key.

    ``writing`` says how whoever writes is known: verified by a proxy, by the name they type, or not at all.
    """

    pages: Mapping[str, Page]
    base: str = "/"
    environment: str = "local"
    writing: Literal["verified", "typed", "refused"] = "typed"

    def path_for(self, key: str, **args: str) -> str:
        """The path of the page ``key``; UnknownNameError when there is no such page."""
        if key not in self.pages:
            raise UnknownNameError("page", key, self.pages)
        return self.pages[key].write(args)


@dataclass(frozen=True, slots=True)
class Request:
    """One reader's question: which page, about what, in which language. A layout is a pure function of it.

    ``args`` are the decoded variable parts of the path, ``params`` the checked query parameters (every declared one is
    there). ``failures`` collects the names of parts that could not be drawn; such an answer is not kept. ``exports``
    collects the page's tables by key, see ``components.download``.
    """

    page: Page
    site: Site
    reading: Reading
    language: Language = "en"
    args: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    keeps_language: bool = False
    failures: list[str] = field(default_factory=list)
    exports: dict[str, Callable[[], Data]] = field(default_factory=dict)

    def t(self, text: Text) -> str:
        """The text in the reader's language; French with the spaces its marks ask for.

        It is for words of our own: fill in values afterwards, ``t(TEXT).format(...)``, so that they stay as they are.
        """
        return _typeset(text.fr) if self.language == "fr" else text.en

    def read(self, query: str, **params: Any) -> pa.Table:
        """The answer of ``queries/<query>.sql``, from the cache when the tables have not changed since."""
        return self.reading.read(query, **params)

    def rows(self, query: str, **params: Any) -> list[dict[str, Any]]:
        """The same answer as a list of dictionaries, one a row; yours to change."""
        return self.reading.rows(query, **params)

    @property
    def today(self) -> date | None:
        """The day the latest evaluation took for today; None before the first evaluation."""
        return self.reading.as_of

    def path_for(self, key: str, **args: str) -> str:
        """The path of a page, its arguments percent-encoded, without the place the application is mounted at."""
        return self.site.path_for(key, **args)

    def href(self, path: str, *, fragment: str | None = None, **params: str) -> str:
        """The full address of a path: mount point, query string, and the language when this address states it."""
        query = {key: value for key, value in params.items() if value != ""}
        if self.keeps_language:
            query[LANGUAGE_KEY] = self.language
        anchor = f"#{encode_part(fragment)}" if fragment else ""
        return self.site.base.rstrip("/") + path + write_query(query) + anchor

    def to(self, key: str, *, fragment: str | None = None, **values: Any) -> str:
        """The full address of the page ``key``: its path's arguments and its parameters by name, defaults left out."""
        page = self.site.pages.get(key)
        if page is None:
            raise UnknownNameError("page", key, self.site.pages)
        args = {name: str(values.pop(name)) for name in page.arguments}
        return self.href(page.write(args), fragment=fragment, **_stated(page, values))

    def link(self, *, fragment: str | None = None, **changes: Any) -> str:
        """This very page with some parameters changed, None putting one back to its default, and the others kept.

        Not kept are those that go with a changed one (``Param.with_``).
        """
        gone = {param.key for param in self.page.params if param.with_ and not changes.keys().isdisjoint(param.with_)}
        values = {**{key: value for key, value in self.params.items() if key not in gone}, **changes}
        return self.href(self.page.write(self.args), fragment=fragment, **_stated(self.page, values))


@lru_cache(maxsize=4096)
def _typeset(words: str) -> str:
    return french(words)


def _stated(page: Page, values: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that differ from their defaults, as text; UnknownNameError for one the page does not have."""
    declared = {param.key: param for param in page.params}
    for key in values:
        if key not in declared:
            raise UnknownNameError(f"parameter of page {page.key}", key, declared)
    return {
        key: param.write(values[key])
        for key, param in declared.items()
        if values.get(key) is not None and values[key] != param.default
    }
