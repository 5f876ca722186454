"""Every family of declarations is walked: what each member must have, and that the documentation knows it."""

from __future__ import annotations

import ast
import inspect
import json
import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, cast

import pyarrow as pa
import pytest
from plotly.utils import PlotlyJSONEncoder

import pages
from dashboard import metrics, rules
from dashboard.policy import KEYS as POLICY
from dashboard.policy import POLICY_KEYS
from dashboard.registry import KEYS
from dashboard.settings import SETTINGS, Settings, load_settings
from dashboard.text import Text
from dashboard.web.page import Request, Site
from qod.contract import DELIVERY_COLUMNS, TABLES, arrow_schema
from qod.warehouse import open_warehouse, query
from tests.commands import commands

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for package in ("qod", "dashboard", "pages") for path in (ROOT / package).rglob("*.py"))


@cache
def source_tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


# -- tables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_can_be_keyed_cut_and_delivered(table: Any) -> None:
    assert table.names[-len(DELIVERY_COLUMNS) :] == DELIVERY_COLUMNS
    assert arrow_schema(table.name).names == list(table.names)
    for name in table.scope:
        assert not table.column(name).nullable, f"{table.name}.{name}: a scope without a value cannot be replaced"
    if table.partition:
        assert table.column(table.partition).type == "DATE"
    assert not table.large or table.partition, f"{table.name}: a large table needs a partition"
    for column in table.columns:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
        assert len(words(column.meaning)) >= 1
        if column.type.startswith("ARRAY"):
            assert not column.nullable, f"{table.name}.{column.name}: an array is empty, never NULL"


# -- queries -----------------------------------------------------------------------------------------------

QUERIES = query.names()

# Constructs that mean something else in one of the engines, or that have no answer to be cached.
UNSAFE = re.compile(
    r"\b(SAFE\.\w+|HLL_COUNT|FARM_FINGERPRINT|APPROX_TOP_COUNT|PARSE_TIMESTAMP|TIMESTAMP_MILLIS|TIMESTAMP_DIFF"
    r"|WITH OFFSET|CURRENT_(DATE|TIMESTAMP|TIME)|RAND|SELECT \*)\b|\[(OFFSET|ORDINAL)\b",
    re.IGNORECASE,
)

SAMPLES: dict[str, Any] = {
    "STRING": "x",
    "INT64": 1,
    "FLOAT64": 0.5,
    "BOOL": True,
    "DATE": date(2026, 11, 19),
    "TIMESTAMP": datetime(2026, 11, 19, tzinfo=UTC),
}


def sample(type: str) -> Any:
    return [SAMPLES[type[6:-1]]] if type.startswith("ARRAY<") else SAMPLES[type]


def bare_sql(name: str) -> str:
    return re.sub(r"--[^\n]*", "", query.load(name).sql)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_states_what_it_answers_and_orders_its_rows(name: str) -> None:
    loaded = query.load(name)  # refuses a file whose declared and used parameters differ
    assert loaded.what.endswith("."), "What: is a sentence"
    assert len(words(loaded.what)) >= 4
    tree = query.parse(loaded.sql)
    assert tree.args.get("order"), "a result without ORDER BY differs from engine to engine"
    assert not UNSAFE.search(bare_sql(name)), UNSAFE.search(bare_sql(name))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_on_a_large_table_names_the_model_or_bounds_the_date(name: str) -> None:
    loaded = query.load(name)
    if any(TABLES[table].large for table in loaded.tables):
        bounds = re.search(r"model_id = @model_id\b|batch_date (>=|BETWEEN) @since\b", bare_sql(name))
        assert bounds, f"queries/{name}.sql would read all of {loaded.tables}"


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return open_warehouse(tmp_path_factory.mktemp("nothing"))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_runs_where_there_is_nothing_yet(name: str, nothing: Any) -> None:
    loaded = query.load(name)
    rows = nothing.query(name, **{key: sample(type) for key, type in loaded.params.items()})
    assert isinstance(rows, pa.Table)
    # A total over no rows is one row without a value.
    assert rows.num_rows == 0 or all(column.null_count == rows.num_rows == 1 for column in rows.columns)
    assert len(set(rows.column_names)) == rows.num_columns > 0


def test_every_query_is_asked_somewhere() -> None:
    asked = {
        node.value
        for path in SOURCES
        for node in ast.walk(source_tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set(QUERIES) - asked) == []


# -- metrics and rules -------------------------------------------------------------------------------------

METRICS = metrics.load()
RULES = rules.load()


def has_test(folder: str, key: str) -> bool:
    """Whether a test file of the folder is named after the member, or speaks of it by name."""
    files = [*(ROOT / "tests" / folder).glob("test_*.py"), *(ROOT / "tests").glob(f"test_{folder}*.py")]
    return any(
        path.stem == f"test_{key}" or re.search(rf"\b{key}\b", path.read_text(encoding="utf-8")) for path in files
    )


def check_words(declared: Any) -> None:
    for text in (declared.name, declared.meaning, declared.example):
        assert isinstance(text, Text)
    assert declared.meaning.en != declared.meaning.fr
    assert declared.example.en != declared.example.fr
    assert len(words(declared.meaning.en)) >= 6, "the glossary explains it in plain words"
    assert declared.source, "a formula or threshold comes from somewhere"


@pytest.mark.parametrize("key", METRICS)
def test_a_metric_explains_itself_and_is_a_documented_function(key: str) -> None:
    metric = METRICS[key]
    check_words(metric)
    assert metric.formula
    assert metric.subjects
    module = inspect.importlib.import_module(f"dashboard.metrics.{key}")  # type: ignore[attr-defined]
    functions = [
        f for n, f in inspect.getmembers(module, inspect.isfunction) if f.__module__ == module.__name__ and n[0] != "_"
    ]
    for function in functions:
        assert function.__doc__, f"{key}: {function.__name__} says what it returns"
    assert has_test("metrics", key), f"no test speaks of the metric {key}"


@pytest.mark.parametrize("key", RULES)
def test_a_rule_explains_itself_judges_and_has_a_sentence(key: str) -> None:
    rule = RULES[key]
    check_words(rule)
    assert rule.condition
    assert rule.colours
    module = inspect.importlib.import_module(f"dashboard.rules.{key}")  # type: ignore[attr-defined]
    assert callable(module.judge)
    for said in (module.sentence, module.derivation):
        assert list(inspect.signature(said).parameters) == ["finding"]
        assert said.__doc__
    assert module.judge.__doc__
    assert has_test("rules", key), f"no test speaks of the rule {key}"


def plain(text: str) -> str:
    """The text as it was typed: narrow and hard spaces, and the apostrophe, are French typesetting."""
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("\u2019", "'")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_glossary_explains_every_metric_and_rule(language: Any) -> None:
    route = pages.load()["glossary"]
    site = Site({"glossary": route.page})
    request = Request(route.page, site, reading=cast("Any", None), language=language)
    shown = plain(json.dumps(route.layout(request), cls=PlotlyJSONEncoder, ensure_ascii=False))
    assert request.failures == []
    for declared in [*METRICS.values(), *RULES.values()]:
        assert f'"{declared.key}"' in shown or f"-{declared.key}" in shown, f"{declared.key} has no anchor"
        for text in (declared.name, declared.meaning, declared.example):
            assert plain(json.dumps(text[language], ensure_ascii=False))[1:-1] in shown, text[language]


# -- words in both languages -------------------------------------------------------------------------------


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def texts() -> list[tuple[str, str, str]]:
    """(where, English, French) of every Text whose words stand in the source."""
    found = []
    for path in SOURCES:
        for node in ast.walk(source_tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                given = dict(zip(("en", "fr"), node.args, strict=False)) | {k.arg: k.value for k in node.keywords}
                en, fr = (literal(given[key]) if key in given else None for key in ("en", "fr"))
                if en is not None and fr is not None:
                    found.append((f"{path.relative_to(ROOT)}:{node.lineno}", en, fr))
    return found


def places(template: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError:  # a brace of its own: no template
        return set()


def test_both_languages_fill_in_the_same_places() -> None:
    found = texts()
    assert len(found) > 50
    wrong = [f"{where}: {sorted(places(en) ^ places(fr))}" for where, en, fr in found if places(en) != places(fr)]
    assert not wrong, "\n".join(wrong)


def test_a_sentence_stays_a_sentence_in_the_other_language() -> None:
    ends = ".!?…"
    wrong = [
        where
        for where, en, fr in texts()
        if en.strip() and fr.strip() and (en.strip()[-1] in ends) != (fr.strip()[-1] in ends)
    ]
    assert not wrong, "\n".join(wrong)


# -- pages -------------------------------------------------------------------------------------------------

ROUTES = pages.load()


def test_the_pages_of_the_product_are_there() -> None:
    paths = {route.page.path for route in ROUTES.values()}
    wanted = {
        "/",
        "/models/<model_id>",
        "/models/<model_id>/inputs",
        "/models/<model_id>/inputs/<variable>",
        "/models/<model_id>/performance",
        "/glossary",
    }
    assert wanted <= paths


@pytest.mark.parametrize("key", ROUTES)
def test_a_page_has_a_title_and_parameters_that_survive_anything(key: str) -> None:
    route = ROUTES[key]
    assert isinstance(route.page.title, Text) or callable(route.page.title)
    for param in route.page.params:
        assert re.fullmatch(r"[a-z][a-z_]*(\.[a-z][a-z_]*)?", param.key), "a word, or a key of the policy"
        assert param.value(None) == param.default
        for nonsense in ("", "\x00", "<script>", "-1", "9" * 40, "é" * 3000, "2026-02-30", "nan"):
            value = param.value(nonsense)
            if value is not None:
                assert param.value(param.write(value)) == value, f"{key}?{param.key} does not survive its own link"


# -- settings, registry, policy ----------------------------------------------------------------------------


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_settings_are_their_defaults_where_nothing_is_set(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path) == Settings()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_is_explained_and_documented(setting: Any) -> None:
    assert len(words(setting.meaning)) >= 4
    assert not setting.choices or setting.default in setting.choices
    assert setting.variable in document("settings.md")


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_a_key_of_the_registry_is_a_column_and_documented(key: Any) -> None:
    assert key.name in TABLES["models"].names
    assert f"`{key.name}`" in document("models.md")


@pytest.mark.parametrize("key", POLICY, ids=lambda key: key.place)
def test_a_key_of_the_policy_is_explained_and_documented(key: Any) -> None:
    assert len(words(key.meaning.en)) >= 4
    assert f"| `{key.place}` |" in document("models.md")
    assert f"| `{key.place}` |" in document("statistics.md")


@pytest.mark.parametrize("field", POLICY_KEYS.values())
def test_what_a_policy_may_say_is_asked_for_somewhere(field: str) -> None:
    """A key that nothing reads would be taken and do nothing."""
    asked = "".join(path.read_text(encoding="utf-8") for path in SOURCES if not path.stem.startswith("policy"))
    assert re.search(rf"policy\.{field}\b|\"{field}\"", asked)


# -- the command line --------------------------------------------------------------------------------------

COMMANDS = (
    *("register", "reference", "batch", "history", "outcomes", "evaluate", "status", "measures", "check", "serve"),
    *("demo", "settings", "explain", "policy show", "policy test"),
)


def test_the_commands_of_the_product_are_there_and_teach() -> None:
    found = commands()
    assert set(COMMANDS) <= set(found)
    for name, callback in found.items():
        assert callback.__doc__, f"vigie {name} has no help"
        assert f"Example: vigie {name}" in callback.__doc__, f"vigie {name} --help shows no example"


def test_every_command_stands_in_the_readme_or_in_the_documentation() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    missing = [name for name in commands() if f"vigie {name}" not in written]
    assert not missing
