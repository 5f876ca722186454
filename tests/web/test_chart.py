import json
import re
from pathlib import Path
from typing import Any

from dashboard.text import Language, Text
from dashboard.web.components.chart import Targets, config, graph
from dashboard.web.data import Data
from dashboard.web.page import Page, Request, Site
from tests.web.asking import of_class, of_kind, text, walk

FIGURE: dict[str, Any] = {"data": [], "layout": {"height": 321}}


def drawn(language: Language = "en", **more: Any) -> Any:
    request = Request(Page("x", "/", Text("x", "x")), Site({}), None, language)  # type: ignore[arg-type]
    data = Data(["Batch", "PSI"], [["<b>", 0.5], ["b", None]])
    return graph(request, FIGURE, key="history-x", alt="It moved.", data=data, **more)


def props(node: Any) -> dict[str, Any]:
    graphs = [found for found in _all(node) if type(found).__name__ == "Graph"]
    (only,) = graphs
    found: dict[str, Any] = only.to_plotly_json()["props"]
    return found


def _all(node: Any) -> Any:
    yield node
    for child in _children(node):
        yield from _all(child)


def _children(node: Any) -> list[Any]:
    inside = node["props"].get("children") if isinstance(node, dict) else None
    return inside if isinstance(inside, list) else [] if inside is None else [inside]


def test_nothing_is_shared_and_nobody_is_asked() -> None:
    made = props(drawn())["config"]
    assert made["showSendToCloud"] is False
    assert made["plotlyServerURL"] == ""
    assert made["displaylogo"] is False
    assert "share" not in json.dumps(made).lower()
    assert "http" not in json.dumps(made)


def test_the_readers_language_comes_with_its_own_words() -> None:
    assert config("en")["locale"] == "en"
    french = config("fr")
    assert french["locales"]["fr"]["format"]["shortMonths"][1] == "févr."
    assert len(french["locales"]["fr"]["format"]["days"]) == 7


def test_every_word_of_the_buttons_is_plotlys_own() -> None:
    import plotly

    script = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    for words in config("fr")["locales"]["fr"]["dictionary"]:
        assert f'"{words}"' in script


def test_the_height_is_there_before_the_figure_is() -> None:
    plot = of_class(drawn(), "chart-plot")[0]
    assert plot["props"]["style"] == {"height": "321px"}
    assert props(drawn())["style"] == {"height": "321px"}


def test_the_message_stands_in_words_and_the_data_in_a_table() -> None:
    node = drawn()
    assert text(of_kind(node, "Figcaption")) == "It moved."
    assert node["props"]["aria-label"] == "It moved."
    holder = next(found for found in walk(of_kind(node, "Details")) if "data-table" in found["props"])
    assert json.loads(holder["props"]["data-table"]) == {
        "columns": ["Batch", "PSI"],
        "rows": [["<b>", 0.5], ["b", None]],
    }


def test_a_click_leads_where_the_targets_say() -> None:
    node = drawn(targets=Targets(["/a?x=1"], ["batch"], [["2026-11-19"], None]))
    made = json.loads(of_class(node, "chart-plot")[0]["props"]["data-targets"])
    assert made == {"rows": ["/a?x=1"], "keys": ["batch"], "columns": [["2026-11-19"], None]}
    assert "data-targets" not in of_class(drawn(), "chart-plot")[0]["props"]


def test_only_this_module_makes_graphs() -> None:
    root = Path(__file__).resolve().parents[2]
    files = [*root.glob("dashboard/**/*.py"), *root.glob("pages/*.py")]
    makers = [
        path.name for path in files if re.search(r"\bdcc\.Graph\b|import Graph", path.read_text(encoding="utf-8"))
    ]
    assert makers == ["chart.py"]
