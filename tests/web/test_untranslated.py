"""Nothing a reader sees is left in the other language, and French is set as French.

The pages are drawn in a language of private letters: every letter of a declared text becomes one that no data has.
What is still in Latin letters was not declared: it is data, or it differs between English and French since a function
writes it in either, or it was forgotten.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

import pages
from dashboard import metrics, rules
from dashboard.evaluation import health
from dashboard.policy import CHOICES, POLICY_KEYS
from dashboard.text import Text
from qod.warehouse import Warehouse, open_warehouse
from tests.page_examples import EXAMPLES
from tests.web.asking import Asker, walk

ROOT = Path(__file__).resolve().parents[2]
ROUTES = pages.load()

PRIVATE = 0xE000
LATIN = "A-Za-z\u00c0-\u024f"
WORD = re.compile(f"[{LATIN}]{{2,}}")

# -- what may stand in both languages ----------------------------------------------------------------------

NAMES_OF_THINGS = frozenset(
    (
        *("Vigie", "EN", "FR", "English", "Français", "local", "lab", "run", "BigQuery", "Parquet", "DuckDB"),
        *("UTC", "CSV", "JSON", "SQL", "ISO", "PNG", "SVG", "PSI", "AUC", "RMSE", "MAE", "Gini", "KS", "Brier"),
    )
)
UNITS = frozenset(["min", "kB", "MB", "GB", "TB", "ms"])
NUMBERS_AND_DATES = frozenset(["point", "points", "six", "mars"])
"""Words that functions write alike in both languages."""

POLICY = frozenset(
    (
        "Jolliffe",  # a book
        *WORD.findall(" ".join(POLICY_KEYS)),
        *WORD.findall(" ".join(chain.from_iterable(CHOICES.values()))),
    )
)
"""Keys and values of the policy, which are written in a file and so have one spelling."""

ALLOWED = POLICY | NAMES_OF_THINGS | UNITS | NUMBERS_AND_DATES

CODE = ("Code", "Pre", "Kbd")
READ = ("title", "alt", "aria-label", "placeholder", "label", "summary", "aria-description", "aria-valuetext")
DRAWN = ("text", "name", "title", "hovertemplate", "ticktext", "hovertext", "label", "texttemplate")
"""The keys of a figure whose strings are drawn."""


NO_WORDS = re.compile(r"<[^>]*>|%?\{[^}]*\}|\S+@\S+|https?:\S+|(?<!\S)/\S*|\bvigie [\w -]+")
"""Tags and places of a figure, addresses, paths, commands."""


def private(words: str) -> str:
    """The words in private letters; the {places} to be filled in stay."""
    if any(PRIVATE <= ord(letter) < 0xF900 for letter in words):
        return words  # filled in already: what is Latin in it came from elsewhere
    parts = re.split(r"(\{[^{}]*\})", words)
    changed = [part if part.startswith("{") else re.sub(f"[{LATIN}]", _private_letter, part) for part in parts]
    return "".join(changed)


def _private_letter(found: re.Match[str]) -> str:
    return chr(PRIVATE + ord(found.group()))


@pytest.fixture
def private_letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From here on every declared text is in private letters, in both languages."""
    for language in ("en", "fr"):
        slot = getattr(Text, language)
        spoken = property(lambda self, slot=slot: private(slot.__get__(self)), slot.__set__)
        monkeypatch.setattr(Text, language, spoken)
    forget()
    yield
    forget()


def forget() -> None:
    """Drop the words that functions keep: those of one test must not be told by the next."""
    health._counted.cache_clear()


@pytest.fixture(scope="module")
def demo(demo_folder: Path) -> Warehouse:
    return open_warehouse(demo_folder)


@pytest.fixture(scope="module")
def data(demo: Warehouse) -> re.Pattern[str]:
    """Every text that stands in the tables which people and jobs fill, the longest first."""
    found: set[str] = set()
    for name in ("models", "versions", "reference_variables", "batches", "events"):
        for row in demo.table(name).drop_columns(["policy"] if name == "models" else []).to_pylist():
            for column, value in row.items():
                found.update(strings(json.loads(value) if column in ("links", "facts") and value else value))
    unseen = pc.list_flatten(demo.table("batch_variables").column("unseen"))
    found.update(pc.struct_field(unseen, "level").unique().to_pylist())
    for family in (metrics.load(), rules.load()):
        found.update(str(declared.source) for declared in family.values())  # a book's title is not translated
    ordered = sorted((word for word in found if WORD.search(word)), key=len, reverse=True)
    return re.compile("|".join(rf"(?<![{LATIN}]){re.escape(word)}(?![{LATIN}])" for word in ordered))


def strings(value: Any) -> Iterator[str]:
    """Every string within a plain value, the keys of its dictionaries among them."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


# -- every page --------------------------------------------------------------------------------------------


def test_the_private_letters_are_seen(private_letters: None) -> None:
    text = Text("Rows of {model}", "Lignes de {model}")
    assert not WORD.search(text["en"].format(model=""))
    assert WORD.findall(text.format(model="churn").fr) == ["churn"]
    assert WORD.findall(text["fr"].format(model="forgotten")) == ["forgotten"]


@pytest.mark.parametrize("key", ROUTES)
def test_no_word_of_a_page_is_left_in_the_other_language(
    private_letters: None, demo: Warehouse, data: re.Pattern[str], key: str
) -> None:
    asker = Asker(demo)
    for address in EXAMPLES[key]:
        english, french = (
            {left(said, data): said for said in read(asker.ask(address, Accept_Language=language))}
            for language in ("en", "fr")
        )
        both = {words: said for words, said in english.items() if words in french}
        forgotten = {words: said for words, said in both.items() if set(words) - ALLOWED}
        assert not forgotten, f"{address}: {forgotten}"


def left(said: str, data: re.Pattern[str]) -> tuple[str, ...]:
    """The words of ``said`` that are Latin, without data, addresses, identifiers and what plotly fills in."""
    plain = data.sub(" ", NO_WORDS.sub(" ", unescape(said)))
    plain = re.sub(r"\S*_\S*|\S*\d\S*|\S*\u2026\S*", " ", plain)  # an identifier, a number, a name that was cut
    return tuple(WORD.findall(plain))


def read(answer: tuple[list[Any], dict[str, Any]]) -> Iterator[str]:
    """Everything on a page that a reader sees or hears."""
    nodes, document = answer
    yield document["title"]
    for node in walk(nodes):
        if node["type"] in CODE:
            continue
        props = node["props"]
        children = props.get("children")
        for child in children if isinstance(children, list) else [children]:
            if isinstance(child, str):
                yield child
        if node["type"] == "Graph":
            yield from drawn(props["figure"])
            continue
        for name, value in props.items():
            if name in READ and isinstance(value, str):
                yield value
            elif name.startswith("data-") and isinstance(value, str):
                yield from told(value)


def told(value: str) -> Iterator[str]:
    """The words in an attribute that a script reads: not what has neither a space nor a capital, nor an address."""
    if value[:1] in "[{":
        try:
            for inner in strings(json.loads(value)):
                yield from told(inner)
            return
        except ValueError:
            pass
    if not value.startswith("/") and re.search(r"\s|[A-Z]", value):
        yield value


def drawn(figure: Any, key: str = "") -> Iterator[str]:
    """The strings of a figure that are drawn."""
    if isinstance(figure, dict):
        for name, value in figure.items():
            # An annotation's name is not drawn, nor a trace's that has a hover of its own; a legend's is ours.
            unnamed = "showarrow" in figure or "<extra></extra>" in str(figure.get("hovertemplate"))
            yield from drawn(value, "" if name == "name" and unnamed else name)
    elif isinstance(figure, list):
        for value in figure:
            yield from drawn(value, key)
    elif isinstance(figure, str) and key in DRAWN:
        yield figure


# -- what no example draws ---------------------------------------------------------------------------------

ALIKE = frozenset(
    (
        *(
            "AUC",
            "CSV",
            "DAG",
            "Airflow",
            "GitLab",
            "Slack",
            "Teams",
            "webhook",
            "Pause",
            "Gini",
            "MAE",
            "MAPE",
            "PSI",
            "RMSE",
            "Lift",
            "lift",
            "model_id",
            "minute",
            "Code",
            "Note",
            "note",
        ),
        *("Calibration", "Calibration {period}", "Condition", "Confusion", "Description", "Gain", "Incidents", "date"),
        *("Importance", "importance", "Page", "Performance", "performance", "Questions", "Score", "Source", "Stable"),
        *(
            "Segment",
            "segment",
            "Segments",
            "Segments {period}",
            "Table",
            "Tables",
            "Variable",
            "variable",
            "Variables",
        ),
        *(
            "Version",
            "version",
            "Versions",
            "{n} notes",
            "{n} variable",
            "{n} variables",
            "{n} version",
            "{n} versions",
        ),
    )
)
"""Texts that are the same in both languages, and meant so."""


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for package in ("dashboard", "pages"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_texts_that_are_alike_in_both_languages_are_meant_so() -> None:
    alike = {}
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                said = [part.value for part in given if isinstance(part, ast.Constant)]
                if len(said) == 2 and said[0] == said[1] and WORD.search(re.sub(r"\{[^}]*\}", "", str(said[0]))):
                    alike[said[0]] = path.relative_to(ROOT).as_posix()
    assert set(alike) <= ALIKE, {word: alike[word] for word in set(alike) - ALIKE}


def test_no_element_is_made_with_words_of_one_language() -> None:
    found = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "html"):
                continue
            said: list[ast.expr] = [] if node.func.attr.capitalize() in CODE else list(node.args)
            said += [k.value for k in node.keywords if (k.arg or "").replace("_", "-") in READ]
            for part in said:
                words = part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""
                if isinstance(part, ast.JoinedStr):
                    words = " ".join(str(v.value) for v in part.values if isinstance(v, ast.Constant))
                if [word for word in WORD.findall(words) if word not in ALLOWED]:
                    found.append(f"{path.relative_to(ROOT)}:{part.lineno}: {words}")
    assert not found


KEYS_AND_EVENTS = re.compile(
    r"^(Escape|Enter|Shift|AltGraph|Home|End|Tab|Arrow\w+|Page\w+|INPUT|TEXTAREA|SELECT|NFD|Static|Accept|SameSite\w*)$"
)


@pytest.mark.parametrize("path", sorted((ROOT / "assets").glob("*.js")), ids=lambda path: path.name)
def test_scripts_hold_no_words_for_readers(path: Path) -> None:
    source = re.sub(
        r"^\s*//.*$|\s//\s.*$|/\*.*?\*/|\bclass(Name)?\b.*$|\bfamily:.*$",
        "",
        path.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    found = []
    for quoted in re.findall(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', source):
        said = re.sub(r"\$\{[^}]*\}", " ", "".join(quoted))
        if re.search(r"[\[\]#>=.(){}/;&]|^use strict$|--", said):
            continue  # a selector, an address, a style, a cookie
        if re.search(rf"[{LATIN}]{{2,}} +[{LATIN}]{{2,}}", said) or re.fullmatch(r"[A-ZÀ-Ý][a-zà-ÿ]+", said):
            found.append(said)
    assert not [said for said in found if not KEYS_AND_EVENTS.match(said)]


# -- French ------------------------------------------------------------------------------------------------

SPACED = re.compile(
    r"(?P<plain> [;!?%»])|(?P<open>« )|(?P<close>[^\s\u00a0]»)|(?P<colon>[^\W\d_] :(?=\s|$)|[^\W\d_]:(?=\s|$))"
    r"|(?P<tight>[^\W\d_][;!?](?=\s|$))|(?P<apostrophe>[^\W\d_]'[^\W\d_])|(?P<percent>\d%)|(?P<point>\d\.\d)"
)


@pytest.mark.parametrize("key", ROUTES)
def test_french_is_set_as_french(demo: Warehouse, data: re.Pattern[str], key: str) -> None:
    asker = Asker(demo)
    for address in EXAMPLES[key]:
        for said in read(asker.ask(address, Accept_Language="fr")):
            said = re.sub(r"%\{[^}]*\}", "0", unescape(said))
            plain = NO_WORDS.sub("", data.sub("x", said))
            wrong = SPACED.search(plain)
            assert wrong is None, f"{address}: {wrong.lastgroup if wrong else ''}: {said}"
