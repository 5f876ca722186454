"""Parts of a page that tests look at: its figures, what stands beneath them, its tables as rows of words, its files."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from tests.web.asking import Asker, main, of_class, of_kind, text, walk


def page(pages: Asker, address: str) -> dict[str, Any]:
    """The page at an address, without its header; nothing on it may have failed."""
    nodes, _ = pages.ask(address)
    body = main(nodes)
    assert not of_class(body, "failure"), text(of_class(body, "failure"))
    return body


def figure(node: Any, key: str) -> dict[str, Any]:
    """The figure ``key`` of a page."""
    return next(found["props"]["figure"] for found in walk(node) if found["props"].get("id") == f"chart-{key}")


def beneath(node: Any, key: str) -> dict[str, Any]:
    """The columns and rows that fold out beneath the figure ``key``."""
    drawn = next(found for found in of_class(node, "chart") if f"chart-{key}" in json.dumps(found))
    data: dict[str, Any] = json.loads(of_class(drawn, "chart-data")[0]["props"]["data-table"])
    return data


def table_rows(node: Any, name: str) -> list[list[str]]:
    """The words of a table's cells, by row of its body."""
    body = of_kind(of_class(node, name)[0], "Tbody")[0]
    return [[text(cell) for cell in walk(row) if cell["type"] in ("Th", "Td")] for row in of_kind(body, "Tr")]


def saved(pages: Asker, node: Any, table: str) -> list[list[str]]:
    """The file that a table's link saves, as rows, its headings first."""
    links = [link["props"]["href"] for link in of_class(node, "download")]
    answer = pages.client.get(next(href for href in links if f"table={table}&" in href))
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def link_of(node: Any, words: str) -> str:
    """Where the link with these words leads."""
    return str(next(found for found in of_kind(node, "A") if text(found) == words)["props"]["href"])
