"""Tables as files: only those that a page declares, whole, raw, and with nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.download import download
from dashboard.web.data import Data, to_csv
from dashboard.web.page import NotFoundError, Page, Request
from dashboard.web.param import choice
from dashboard.web.router import Route
from qod.errors import UnavailableError
from qod.warehouse import open_warehouse
from tests.web.asking import Asker, of_class
from tests.web.lake import small_fleet
from tests.web.nasty import NASTY

NAME = "Cr\u00e8me/../<b>"


def layout(request: Request) -> list[html.Node]:
    """The models of a colour, on a page that shows one row; and a table that fails."""
    if request.args["model_id"] == "gone":
        raise NotFoundError(Text("model", "modèle"), "gone")
    rows = [row for row in request.rows("fleet") if not request.params["colour"] or row["colour"] == "red"]

    def models() -> Data:
        return Data(
            [request.t(Text("Model", "Modèle")), "since"], [[row["model_id"], str(row["since"])] for row in rows]
        )

    return [
        html.p(rows[0]["name"]),
        download(request, "models", models),
        download(request, "nasty", lambda: NASTY),
    ]


PAGE = Page("tables", "/models/<model_id>", Text("Tables", "Tables"), params=(choice("colour", ("red", "green")),))
ROUTES = {"tables": Route(PAGE, layout)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small fleet."""
    small_fleet(tmp_path)
    return tmp_path


def asker(folder: Path, **more: Any) -> Asker:
    return Asker(lambda: open_warehouse(folder), routes=ROUTES, **more)


def get(asked: Asker, key: str, at: str, **more: str) -> Any:
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in {"table": key, "at": at, **more}.items())
    return asked.client.get(f"{asked.base}_table.csv?{query}")


def rows(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize("base", ["/", "/ml/vigie/"])
def test_the_link_of_a_page_leads_to_all_rows_that_its_address_asks_for(folder: Path, base: str) -> None:
    asked = asker(folder, base=base)
    nodes, _ = asked.ask(f"{base}models/a%20b?colour=red")
    link = of_class(nodes, "download")[0]["props"]
    assert link["download"] == "vigie-a-b-tables-models.csv"
    made = rows(asked.client.get(link["href"]))
    assert made == [["Model", "since"], *[[model, "2026-11-19"] for model in ("churn-fixed", "churn-postpaid")]]
    assert len(rows(get(asked, "models", f"{base}models/x"))) == 7


def test_it_is_a_file_of_the_readers_language_that_nothing_else_keeps(folder: Path) -> None:
    asked = asker(folder)
    answer = get(asked, "models", "/models/x", lang="fr")
    assert answer.mimetype == "text/csv"
    assert rows(answer)[0] == ["Modèle", "since"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("key", ["", "Models", "models ", "../models", "__class__", "fleet", "x" * 5000])
def test_only_a_declared_table_is_there(folder: Path, key: str) -> None:
    assert get(asker(folder), key, "/models/x").status_code == 404


@pytest.mark.parametrize(
    "at",
    [
        "", "//evil.example/models/x", "http://evil.example/models/x", "/models/x/y", "/../etc/passwd",
        "/models/gone", "/_table.csv?table=models&at=/models/x", "\x00", "/models/" + "%2F" * 40 + "/x", "?" * 300,
    ],
)  # fmt: skip
def test_an_address_that_is_no_page_is_not_found(folder: Path, at: str) -> None:
    assert get(asker(folder), "models", at).status_code == 404


@pytest.mark.parametrize("query", ["colour=<script>", "colour=red&colour=green", "a" * 9000, "%ff=%ff&&&=", "lang=xx"])
def test_parameters_that_mean_nothing_fall_back(folder: Path, query: str) -> None:
    assert len(rows(get(asker(folder), "models", f"/models/x?{query}"))) in (3, 7)


def test_without_parameters_there_is_nothing(folder: Path) -> None:
    assert asker(folder).client.get("/_table.csv").status_code == 404


def test_the_address_of_another_base_is_not_this_applications(folder: Path) -> None:
    assert get(asker(folder, base="/ml/"), "models", "/models/x").status_code == 404


def test_a_warehouse_that_does_not_answer_is_503_and_says_nothing_of_it(folder: Path) -> None:
    class Failing:
        def query(self, name: str, /, **params: Any) -> Any:
            raise UnavailableError(f"bigquery://secret/{name}", trouble="unreachable")

        def stamp(self) -> str:
            return "1"

        def states(self) -> list[Any]:
            return []

    answer = get(Asker(Failing(), routes=ROUTES), "models", "/models/x")
    assert answer.status_code == 503
    assert "secret" not in answer.get_data(as_text=True)


def test_values_are_as_they_are_but_for_formulas(folder: Path) -> None:
    made = rows(get(asker(folder), "nasty", f"/models/{quote(NAME, safe='')}"))
    assert made[0] == ["name", "'=HYPERLINK(1)", 'with "quotes"', "a,b"]
    assert made[2] == ["'=1+1", "-2", "1", "'+33 1"]
    assert made[4] == ["'\ttab", "7", "1e-07", "'\rreturn"]
    assert made[5] == ["line\nbreak", "8", "1e+22", 'say "hi"']
    assert made[6] == ["'\n=1+1", "3", "0.5", "'\n"]
    assert made[8] == ["", "", "", "<script>alert(1)</script>"]


def test_a_lone_empty_value_is_still_a_row() -> None:
    assert to_csv(Data(["a"], [[None], ["b"]])) == '\ufeffa\r\n""\r\nb\r\n'
