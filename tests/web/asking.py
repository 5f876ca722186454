"""Asking the application as a browser does, and looking through the nodes it answers with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from dashboard.settings import Settings
from dashboard.web.app import create_app
from dashboard.web.gate import Gate
from dashboard.web.identity import Identity
from dashboard.web.reader import Tables
from dashboard.web.router import Route
from dashboard.web.static import unfold
from qod.warehouse import TableState

OUTPUTS = ("app.children", "document.data")


def question(address: str) -> dict[str, Any]:
    """What the browser sends for an address."""
    parts = urlsplit(address)
    return {
        "output": f"..{'...'.join(OUTPUTS)}..",
        "outputs": [dict(zip(("id", "property"), output.split("."), strict=True)) for output in OUTPUTS],
        "inputs": [
            {"id": "url", "property": "pathname", "value": parts.path},
            {"id": "url", "property": "search", "value": f"?{parts.query}" if parts.query else ""},
            {"id": "again", "property": "data"},
        ],
        "changedPropIds": ["url.pathname"],
    }


class Asker:
    """An application on the given tables, asked address by address; ``asked`` counts the queries it made.

    Without ``cookies`` the language of one test's address does not become the next one's.
    """

    def __init__(
        self,
        tables: Tables | Callable[[], Tables],
        *,
        routes: dict[str, Route] | None = None,
        base: str = "/",
        gate: Gate | None = None,
        identity: Identity | None = None,
        cookies: bool = True,
        **settings: Any,
    ) -> None:
        self.queries: list[str] = []

        def open_tables() -> Tables:
            return _Counted(tables() if callable(tables) else tables, self.queries)

        self.app = create_app(
            Settings(**settings), open_tables=open_tables, routes=routes, base=base, gate=gate, identity=identity
        )
        self.client = self.app.server.test_client(use_cookies=cookies)
        self.base = base

    def response(self, address: str, **headers: str) -> Any:
        """The HTTP answer to an address."""
        path = f"{self.base}_dash-update-component"
        return self.client.post(
            path, json=question(address), headers={k.replace("_", "-"): v for k, v in headers.items()}
        )

    def ask(self, address: str, **headers: str) -> tuple[list[Any], dict[str, Any]]:
        """The nodes of an address's page, header included, and the document's facts."""
        answer = self.response(address, **headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        body = answer.get_json()["response"]
        return unfold(body["app"]["children"]), body["document"]["data"]

    def words(self, address: str, **headers: str) -> str:
        """The text of the page (without the header), as a reader sees it."""
        nodes, _ = self.ask(address, **headers)
        return text(main(nodes))


class _Counted:
    """Tables that note the name of each query asked of them."""

    def __init__(self, tables: Tables, queries: list[str]) -> None:
        self.tables = tables
        self.queries = queries

    def query(self, name: str, /, **params: Any) -> Any:
        self.queries.append(name)
        return self.tables.query(name, **params)

    def stamp(self) -> str:
        return self.tables.stamp()

    def deliver(self, tables: Any, *, kind: str) -> str:
        return self.tables.deliver(tables, kind=kind)

    def states(self) -> list[TableState]:
        return self.tables.states()


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every element at and beneath ``node``."""
    if isinstance(node, list):
        for child in node:
            yield from walk(child)
    elif isinstance(node, dict):
        yield node
        yield from walk(node["props"].get("children"))


def text(node: Any) -> str:
    """The words of ``node``, in order, a space between elements."""
    if isinstance(node, list):
        return " ".join(filter(None, (text(child) for child in node)))
    if isinstance(node, dict):
        return text(node["props"].get("children"))
    return "" if node is None else str(node)


def main(nodes: list[Any]) -> dict[str, Any]:
    """The page itself, without header."""
    return next(node for node in walk(nodes) if node["type"] == "Main")


def of_class(node: Any, name: str) -> list[dict[str, Any]]:
    """The elements that carry a class."""
    return [found for found in walk(node) if name in (found["props"].get("className") or "").split()]


def of_kind(node: Any, kind: str) -> list[dict[str, Any]]:
    """The elements of a kind: ``A``, ``Td``, ..."""
    return [found for found in walk(node) if found["type"] == kind]
