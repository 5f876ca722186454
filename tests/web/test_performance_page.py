"""The page on performance: the numbers of `vigie performance`, estimates with their test, one cohort looked into."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pyarrow as pa
import pytest

from qod.warehouse import TableState, Warehouse, open_warehouse
from tests.commands import vigie
from tests.web.asking import Asker, main, of_class, of_kind, text, walk
from tests.web.failing import FailingTables

MODELS = ("upsell-fibre", "load-callcentre", "next-best-offer", "payment-default")
"""Of the demo: its estimates failed; a regression; of several classes and two versions; by month, none final."""
LAZY = {"segment_truth", "undated_truth", "evaluated_versions"}
"""What reads predictions and outcomes, or goes with it."""


@pytest.fixture(scope="module")
def pages(demo_folder: Path) -> Iterator[Asker]:
    asker = Asker(open_warehouse(str(demo_folder)), cookies=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_WAREHOUSE", str(demo_folder))
        yield asker


def page(pages: Asker, model: str, query: str = "") -> Any:
    nodes, _ = pages.ask(f"/models/{model}/performance{query}")
    body = main(nodes)
    assert not of_class(body, "failure")
    return body


def told(*arguments: str) -> Any:
    return json.loads(vigie("performance", *arguments, "--json").stdout)


def saved(pages: Asker, body: Any, key: str) -> list[dict[str, str]]:
    """The rows of the file behind a table's link."""
    (href,) = {link["props"]["href"] for link in of_class(body, "download") if f"table={key}&" in link["props"]["href"]}
    answer = pages.client.get(href)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def figure(body: Any, key: str) -> Any:
    return next(
        node["props"]["figure"]
        for node in walk(body)
        if node["type"] == "Graph" and node["props"]["id"] == f"chart-{key}"
    )


def data(body: Any, key: str) -> Any:
    """The rows of the table beneath a figure."""
    (chart,) = of_class(body, f"chart-{key}")
    (holder,) = of_class(chart, "chart-data")
    return json.loads(holder["props"]["data-table"])["rows"]


def headings(body: Any, of: str) -> list[str]:
    return [text(cell) for cell in of_kind(of_class(body, of)[0], "Th") if cell["props"].get("scope") == "col"]


# what the command says


@pytest.mark.parametrize("model", MODELS)
def test_the_table_holds_the_numbers_of_the_command(pages: Asker, model: str) -> None:
    said = told(model)
    body = page(pages, model, "?last=0")
    rows = {(row["Cohort"], row["Version"]): list(row.values()) for row in saved(pages, body, "cohorts")}
    assert len(rows) == len(said["cohorts"])
    for cohort in said["cohorts"]:
        _, _, state, *cells = rows[cohort["cohort_id"], cohort["model_version"]]
        came, before = (cohort[kind].get(said["measure"], {}) for kind in ("realised", "estimated"))
        numbers = [number(cell) for cell in cells[:-1]]
        assert numbers[:3] == [came.get(name) for name in ("value", "low", "high")]
        assert numbers[4] == before.get("value")
        assert numbers[5:] == [cohort["predicted"], cohort["known"]]
        assert cells[-1] == cohort["final_on"]
        assert (state in ("Green", "Amber", "Red", "No data")) == cohort["mature"]
        assert not cohort["mature"] or state.lower().replace("no data", "grey") == cohort["colour"]
    sentences = [one["sentence"]["en"] for one in said["back_tests"] if one["metric"] == said["measure"]]
    assert sentences
    words = text(body)
    assert all(sentence in words for sentence in sentences)


@pytest.mark.parametrize("model", MODELS)
def test_a_cohort_has_the_measures_of_the_command(pages: Asker, model: str) -> None:
    cohort = told(model)["cohorts"][-2]
    name = cohort["cohort_id"]
    said = told(model, "--cohort", name, "--version", cohort["model_version"])
    body = page(pages, model, f"?cohort={quote(name)}&of={cohort['model_version']}")
    rows = {row["Measure"]: [number(cell) for cell in list(row.values())[1:]] for row in saved(pages, body, "measures")}
    valued = {key for kind in ("realised", "estimated") for key, one in said[kind].items() if one["value"] is not None}
    assert set(rows) == valued - {"positives"}
    for key, (value, low, high, _, before) in rows.items():
        came = said["realised"].get(key, {})
        assert [value, low, high] == [came.get(part) for part in ("value", "low", "high")]
        assert before == said["estimated"].get(key, {}).get("value")
    verdicts = {one["verdict"] for one in said["back_tests"]}
    words = {"usable": "usable", "failed": "not usable", "untested": "not yet tested"}
    assert all(words[verdict] in text(of_class(body, "measures")) for verdict in verdicts)


@pytest.mark.parametrize(("model", "against"), [("upsell-fibre", "training"), ("load-callcentre", "month:2026-06")])
def test_segments_and_the_split_are_those_of_the_command(pages: Asker, model: str, against: str) -> None:
    said = told(model, "--by", "segment", "--against", against)
    body = page(pages, model, f"?detail=segments&against={against}")
    main_key = told(model)["measure"]
    rows = saved(pages, body, "segments")
    parts = {one["segment"]: one for one in said["segments"]}
    for row in rows:
        name, predicted, known, *cells = row.values()
        part = parts[name]
        assert [int(predicted), int(known)] == [part["predicted"], part["known"]]
        assert [number(cell) for cell in cells[:3]] == [
            part["measures"][main_key][at] for at in ("value", "low", "high")
        ]
    tried = [one["segment"] for one in said["weakest"]["tried"]]
    assert [row["Segment"] for row in rows] == tried, "the weakest first"
    for row in saved(pages, body, "split"):
        key, name, *cells = row.values()
        (split,) = (one for one in said["splits"][key]["segments"] if one["segment"] == name)
        assert [number(cell) for cell in cells] == [split["mix"], split["within"], split["new"]]
    shown = vigie("performance", model, "--by", "segment", "--against", against).stdout
    weakest = text(of_class(of_id(body, "segments"), "reading")[0])
    assert " ".join(weakest.split()) in " ".join(shown.split())


def of_id(body: Any, name: str) -> Any:
    return next(node for node in walk(body) if node["props"].get("id") == name)


@pytest.mark.parametrize(
    ("model", "detail", "curve", "key"),
    [
        ("upsell-fibre", "calibration", "calibration", "calibration"),
        ("upsell-fibre", "gain", "gain", "gain"),
        ("load-callcentre", "calibration", "calibration", "values"),
    ],
)
def test_curves_are_those_of_the_command(pages: Asker, model: str, detail: str, curve: str, key: str) -> None:
    points = told(model, "--curve", curve)["points"]
    drawn = data(page(pages, model, f"?detail={detail}"), key)
    assert len(drawn) == len(points)
    for row, point in zip(drawn, points, strict=True):
        said = [-1 if value is None else value for value in point.values()]
        assert [-1 if value is None else value for value in row] == pytest.approx(said, rel=1e-3)


# estimates


def test_an_estimate_that_failed_its_test_is_said_and_not_drawn(pages: Asker) -> None:
    body = page(pages, "upsell-fibre")
    assert "estimate" not in [trace.get("name") for trace in figure(body, "performance")["data"]]
    assert "c06c3e" not in json.dumps(figure(body, "performance"))
    assert "Estimate of AUC: not usable" in text(of_id(body, "cohorts"))
    assert "not usable" in text(of_class(body, "cohorts"))
    assert "estimate before" not in text(of_class(body, "key"))


def test_an_estimate_that_holds_is_drawn_in_its_band_and_said_under_the_pointer(pages: Asker) -> None:
    body = page(pages, "load-callcentre")
    drawn = figure(body, "performance")["data"]
    assert any(trace.get("fill") == "toself" for trace in drawn)
    (diamonds,) = (trace for trace in drawn if trace.get("name") == "estimate")
    assert [y is not None for y in diamonds["y"]] == [False] * 13 + [True], "only where the truth is still to come"
    assert "estimated before: 23.3 ± 0.1<br>" in plain(diamonds["text"][-1])
    assert "final on 2 December" in plain(diamonds["text"][-1])
    assert {"estimate before the truth is known", "how far past estimates were off"} <= set(
        text(sign) for sign in of_kind(of_class(body, "key")[0], "Span")
    )


def test_an_estimate_that_is_not_tested_yet_has_no_band(pages: Asker) -> None:
    body = page(pages, "payment-default", "?lang=fr")
    drawn = figure(body, "performance")["data"]
    assert not any(trace.get("fill") for trace in drawn)
    assert any(trace.get("name") == "estimate" for trace in drawn)
    assert "pas encore éprouvée" in text(of_id(body, "cohorts"))
    assert "écart des estimations passées" not in text(of_class(body, "key"))


def test_two_versions_have_a_test_each(pages: Asker) -> None:
    readings = [text(node) for node in of_class(of_id(page(pages, "next-best-offer"), "cohorts"), "reading")]
    assert [words[:11] for words in readings] == ["Version v1:", "Version v2:"]


# one cohort


def test_the_page_as_it_opens_reads_no_predictions_and_a_tab_does(demo_folder: Path) -> None:
    asker = Asker(open_warehouse(str(demo_folder)))
    for model in MODELS:
        asker.ask(f"/models/{model}/performance?last=0")
    assert not LAZY & set(asker.queries)
    asker.ask("/models/upsell-fibre/performance?detail=gain")
    assert "segment_truth" in asker.queries
    asked = len(asker.queries)
    asker.ask("/models/upsell-fibre/performance?detail=calibration")
    assert "segment_truth" not in asker.queries[asked:], "another tab of the cohort asks for no predictions again"


def test_every_cohort_of_the_table_is_a_link_to_its_card(pages: Asker) -> None:
    body = page(pages, "next-best-offer")
    links = [
        link["props"]["href"]
        for link in of_kind(of_class(body, "cohorts")[0], "A")
        if "#cohort" in link["props"]["href"]
    ]
    assert len(links) == 27, "26 weeks, one of them with two versions"
    both = [href for href in links if "W34" in href]
    assert len(both) == 2
    for href, rows in zip(both, (3189, 559), strict=True):
        nodes, _ = pages.ask(href.partition("#")[0])
        assert f"of {rows:,} outcomes known" in text(of_id(main(nodes), "measures"))
        chosen = of_class(main(nodes), "chosen")
        assert [f"{rows:,}" in text(row) for row in chosen] == [True]


def test_a_click_in_the_figure_opens_the_cohort_under_the_pointer(pages: Asker) -> None:
    body = page(pages, "upsell-fibre", "?last=12")
    targets = json.loads(of_class(body, "chart-plot")[0]["props"]["data-targets"])
    assert targets["keys"] == ["cohort", "of"]
    assert len(targets["columns"]) == 12
    pointed = [t for t in figure(body, "performance")["data"] if t.get("hoverinfo") != "skip"]
    assert {len(trace["x"]) for trace in pointed} == {12}, "the place of a point is the place of its cohort"
    cohort, version = targets["columns"][3]
    chosen = page(pages, "upsell-fibre", f"?last=12&cohort={quote(cohort)}&of={version}")
    frames = [shape for shape in figure(chosen, "performance")["layout"]["shapes"] if shape["type"] == "rect"]
    assert any(shape["line"].get("dash") == "dot" for shape in frames)
    assert "week 39" in text(of_id(chosen, "measures"))


def test_a_cohort_that_is_gone_is_said_and_the_newest_final_one_shown(pages: Asker) -> None:
    body = page(pages, "upsell-fibre", "?cohort=week:1999-W01")
    assert "no longer there" in text(of_class(body, "notice"))
    assert "All measures of week 44" in text(body)
    assert not of_class(page(pages, "upsell-fibre"), "notice")


def test_a_cohort_without_any_truth_shows_what_is_estimated(pages: Asker) -> None:
    body = page(pages, "payment-default", "?cohort=batch:2026-11&detail=measures")
    assert "not yet tested" in text(of_class(body, "measures"))
    for detail in ("calibration", "gain", "confusion", "segments"):
        page(pages, "payment-default", f"?cohort=batch:2026-11&detail={detail}")


def test_provisional_cohorts_tell_when_they_will_be_final(pages: Asker) -> None:
    body = page(pages, "upsell-fibre")
    newest = of_kind(of_kind(of_class(body, "cohorts")[0], "Tbody"), "Tr")[0]
    assert text(of_kind(newest, "Td")[-1]) == "6\u00a0Dec in 15\u00a0days"
    provisional = [t for t in figure(body, "performance")["data"] if t.get("mode") == "markers"][-1]
    assert "Provisional, final on 6 December" in plain(provisional["text"][-1])


def test_the_confusion_matrix_is_a_table_of_counts_and_shares(pages: Asker) -> None:
    body = page(pages, "upsell-fibre", "?detail=confusion")
    assert headings(body, "confusion") == ["What came", "Predicted positive", "Predicted negative", "All"]
    assert "from a score of .50 on" in text(of_id(body, "confusion"))
    positive, negative = saved(pages, body, "confusion")
    measures = told("upsell-fibre", "--cohort", "week:2026-W44")["realised"]
    tp, fn, fp, tn = (
        int(row[f"Predicted {name}"]) for row in (positive, negative) for name in ("positive", "negative")
    )
    assert tp / (tp + fn) == pytest.approx(measures["recall"]["value"])
    assert tp / (tp + fp) == pytest.approx(measures["precision"]["value"])
    assert tn / (tn + fp) == pytest.approx(measures["specificity"]["value"])
    right = text(of_kind(of_kind(of_class(body, "confusion")[0], "Tbody"), "Tr")[0])
    assert right == "Positive 18 3.9\u00a0% 446 96\u00a0% 464"


def test_a_model_of_several_classes_has_the_matrix_of_its_classes(pages: Asker) -> None:
    body = page(pages, "next-best-offer", "?detail=confusion")
    rows = saved(pages, body, "confusion")
    assert len(rows) == 5
    right = sum(int(row[f"Predicted {row['What came']}"]) for row in rows)
    known = sum(int(cell) for row in rows for cell in list(row.values())[1:])
    accuracy = told("next-best-offer", "--cohort", "week:2026-W44")["realised"]["accuracy"]
    assert right / known == pytest.approx(accuracy["value"])
    tabs = [text(link) for link in of_kind(of_id(body, "cohort"), "A") if link["props"].get("data-stay")]
    assert tabs == ["Measures", "Confusion", "Segments"]


def test_the_link_of_a_message_says_what_became_of_its_finding(pages: Asker) -> None:
    body = page(pages, "upsell-fibre", "?batch=2026-W40&version=v1&finding=auc&event=gone")
    assert "not on record" in text(of_class(body, "landing"))
    assert not of_class(page(pages, "upsell-fibre"), "landing")


# the measure that the figure shows


def test_another_measure_can_be_drawn_with_its_own_baseline_and_no_colours(pages: Asker) -> None:
    body = page(pages, "upsell-fibre", "?metric=log_loss")
    assert "Log loss by cohort" in text(body)
    drawn = figure(body, "performance")
    assert "triangle-up" not in json.dumps(drawn)
    assert "#d5463c" not in json.dumps(drawn), "red belongs to the measure that is judged"
    assert "Log loss" in headings(body, "cohorts")
    assert "Estimate of Log loss" in text(of_id(body, "cohorts"))
    lift = page(pages, "upsell-fibre", "?metric=lift")
    first = of_kind(of_kind(of_class(lift, "cohorts")[0], "Tbody"), "Tr")[0]
    assert text(of_kind(first, "Td")[3]) == "\u2013", "training kept no lift"


@pytest.mark.parametrize("metric", ["rmse", "nonsense", "%00", "psi"])
def test_a_measure_of_another_task_falls_back_to_the_judged_one(pages: Asker, metric: str) -> None:
    assert "AUC by cohort" in text(page(pages, "upsell-fibre", f"?metric={metric}"))


@pytest.mark.parametrize("query", ["cohort=%00&of=x", "detail=drop&against=" + "x" * 999, "detail=gain&against=<b>",
                                   "detail=confusion&version=nonsense", "cohort=" + "y" * 2000])  # fmt: skip
@pytest.mark.parametrize("model", ["upsell-fibre", "load-callcentre"])
def test_a_bad_query_falls_back(pages: Asker, model: str, query: str) -> None:
    page(pages, model, f"?{query}")


@pytest.mark.parametrize("detail", ["measures", "calibration", "gain", "confusion", "segments"])
@pytest.mark.parametrize("model", MODELS)
def test_every_tab_of_every_task_is_drawn_in_french(pages: Asker, model: str, detail: str) -> None:
    words = text(page(pages, model, f"?detail={detail}&lang=fr&last=12"))
    assert "nan" not in words.lower().split()
    for word in (" at training", "outcomes known", "Provisional", "Estimated", "the rest"):
        assert word not in words


def test_every_link_of_the_page_is_an_address_of_the_application(pages: Asker) -> None:
    for query in ("", "?detail=segments", "?metric=lift&version=v2"):
        for link in of_kind(page(pages, "next-best-offer", query), "A"):
            parts = urlsplit(link["props"]["href"])
            if parts.path.startswith("/") and not parts.path.startswith("/_"):
                assert pages.app.router.find(parts.path, f"?{parts.query}") is not None


def test_what_fails_in_a_tab_stays_in_its_card(demo_folder: Path) -> None:
    tables = FailingTables(open_warehouse(str(demo_folder)))
    tables.fail("segment_truth")
    nodes, _ = Asker(tables).ask("/models/upsell-fibre/performance?detail=segments")
    body = main(nodes)
    assert len(of_class(body, "failure")) == len(of_class(of_id(body, "cohort"), "failure")) == 2
    assert of_class(body, "cohorts")
    assert figure(body, "performance")


class Bare:
    """Tables whose versions and predictions lack what training and scoring may leave out."""

    def __init__(self, tables: Warehouse) -> None:
        self.tables = tables

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The answer without thresholds, calibration and segments."""
        found = self.tables.query(name, **params)
        lacking = {"evaluated_versions": ("threshold", "segments", "calibration"), "segment_truth": ("segment",)}
        for column in lacking.get(name, ()):
            at = found.schema.get_field_index(column)
            found = found.set_column(at, column, pa.nulls(found.num_rows, found.schema.field(at).type))
        return found

    def stamp(self) -> str:
        return self.tables.stamp()

    def states(self) -> list[TableState]:
        return self.tables.states()


def test_a_version_without_threshold_or_segments_says_what_it_lacks(demo_folder: Path) -> None:
    bare = Asker(Bare(open_warehouse(str(demo_folder))))
    matrix = page(bare, "upsell-fibre", "?detail=confusion")
    assert "delivered without a threshold" in text(of_id(matrix, "confusion"))
    assert saved(bare, matrix, "confusion") == []
    segments = page(bare, "upsell-fibre", "?detail=segments")
    assert "No prediction of this cohort has a segment" in text(of_id(segments, "segments"))
    assert "no performance by segment at training" in text(of_id(segments, "split"))
    assert "at training" not in text(of_id(page(bare, "upsell-fibre", "?detail=calibration"), "calibration"))
