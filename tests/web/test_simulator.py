"""The page of the policy simulator: every control an address, the result in words, wrong values told, life goes on."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.policy import KEYS
from dashboard.policy_key import Range
from dashboard.stated import origins
from dashboard.web.views.simulator import control, sections
from qod.warehouse import Warehouse
from tests.web.asking import Asker, main, of_class, of_kind, text
from tests.web.redelivered import redelivered

PAGE = "/models/churn/policy"
LENIENT = f"{PAGE}?missing.amber=0.9&missing.red=0.95&rules.drift=false"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Two of seven batches are red: a third of the ages is missing."""
    return redelivered(tmp_path_factory.mktemp("simulated"))


@pytest.fixture
def asker(warehouse: Warehouse) -> Asker:
    return Asker(warehouse)


def page(asker: Asker, address: str, language: str = "en") -> dict[str, Any]:
    nodes, _ = asker.ask(address, Accept_Language=language)
    assert not of_class(nodes, "failure")
    return main(nodes)


def said(asker: Asker, address: str, language: str = "en") -> str:
    (told,) = of_class(page(asker, address, language), "told")
    assert told["props"]["role"] == "status"
    return " ".join(text(told).split())


def moves(node: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["props"]["data-key"]: one["props"] for one in of_class(node, "move")}


def test_nothing_tried_is_the_policy_in_force(asker: Asker) -> None:
    shown = page(asker, PAGE)
    assert text(of_class(shown, "told")).startswith("Nothing is tried yet")
    assert not of_class(shown, "back")
    assert not [one for one in of_kind(shown, "Section") if one["props"].get("id") in ("batches", "keep")]
    before, after = (image["props"]["alt"] for image in of_class(shown, "strip"))
    assert before == after


def test_a_trial_says_how_many_batches_which_and_why(asker: Asker) -> None:
    sentence = said(asker, LENIENT)
    assert "of 7 batches would have another colour." in sentence
    assert "fewer red" in sentence
    shown = page(asker, LENIENT)
    (changes,) = of_class(shown, "changes")
    links = [link["props"]["href"] for link in of_kind(changes, "A")]
    assert links[-1] == "/models/churn?batch=2026-11-16&version=v1"
    assert "age" in text(changes)
    before, after = (image["props"]["alt"] for image in of_class(shown, "strip"))
    assert "red" in before
    assert "red" not in after
    assert "missing.amber" not in text(shown)
    assert "[policy.missing]\namber = 0.9\nred = 0.95" in text(of_kind(shown, "Pre"))
    assert "rouge" in said(asker, LENIENT, "fr")


def test_the_way_back_leaves_no_value_in_the_address(asker: Asker) -> None:
    (back,) = of_class(page(asker, f"{LENIENT}&last=30&variable=age"), "back")
    assert parse_qs(urlsplit(back["props"]["href"]).query) == {"last": ["30"], "variable": ["age"]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("drift.amber=0.9", "drift.amber (.90) must be no higher than drift.red (.25)."),
        ("drift.amber=<script>", "drift.amber takes a number above 0."),
        ("row_count.low=7", "row_count.low takes a number from 0, below 1."),
    ],
)
def test_a_value_that_cannot_be_is_told_and_the_controls_stay(asker: Asker, query: str, expected: str) -> None:
    assert said(asker, f"{PAGE}?{query}") == f"This cannot be tried: {expected}"
    key, value = query.split("=")
    shown = page(asker, f"{PAGE}?{query}")
    assert moves(shown)[key]["data-value"] == value, "to be mended where it was typed"
    assert of_class(shown, "back")
    assert "Cela ne peut être essayé" in said(asker, f"{PAGE}?{query}", "fr")


def test_a_variable_may_be_tried_alone(asker: Asker) -> None:
    query = "missing.amber=0.9&missing.red=0.95&rules.drift=false"
    alone = page(asker, f"{PAGE}?{query}&variable=plan")
    assert "No colour would be another one" in text(of_class(alone, "told"))
    assert '[policy.variables."plan".missing]' in text(of_kind(alone, "Pre"))
    assert said(asker, f"{PAGE}?{query}&variable=age") == said(asker, LENIENT)
    assert "row_count.low" not in moves(alone)
    assert said(asker, f"{PAGE}?{query}&variable=nobody") == said(asker, LENIENT)


def test_controls_are_what_the_keys_declare(asker: Asker) -> None:
    found = moves(page(asker, PAGE))
    numbers = {key.place: key for key in KEYS if isinstance(key.takes, Range)}
    others = {key for key in numbers if key.startswith(("accuracy.", "rmse."))}
    assert set(found) == numbers.keys() - others, "the model is binary"
    for place, props in found.items():
        assert float(props["data-value"]) == float(props["data-force"]) == numbers[place].default
        assert numbers[place].expected.en in props["data-label"]


@pytest.mark.parametrize("key", [key for key in KEYS if isinstance(key.takes, Range)], ids=lambda key: key.place)
def test_a_slider_goes_only_where_the_policy_does(key: Any) -> None:
    made = control(key, key.default)
    for end in (*(made.slider or ()), *filter(None, (made.low, made.high))):
        key.read(int(end) if isinstance(key.default, int) else end)
    if made.slider:
        assert made.slider[0] <= float(key.default) <= made.slider[1]


def test_a_task_has_its_own_section_and_every_rule_one_switch() -> None:
    for task, own in (("binary", "auc"), ("multiclass", "accuracy"), ("regression", "rmse")):
        made = sections(task, origins({}), {})
        assert {"auc", "accuracy", "rmse"} & {one.name for one in made} == {own}
        rules = [one.switch.rule for one in made if one.switch]
        assert len(rules) == len(set(rules))
        assert {"drift", "absent", "late", own} <= set(rules)


def test_a_rule_is_switched_by_a_link(asker: Asker) -> None:
    links = [link["props"]["href"] for link in of_kind(of_class(page(asker, PAGE), "policy-controls"), "A")]
    assert f"{PAGE}?rules.drift=false" in links
    again = [
        link["props"]["href"]
        for link in of_kind(of_class(page(asker, f"{PAGE}?rules.drift=false"), "policy-controls"), "A")
    ]
    assert PAGE in again, "to switch it on again leaves nothing in the address"


def test_a_second_trial_reads_nothing(asker: Asker) -> None:
    page(asker, LENIENT)
    asker.queries.clear()
    page(asker, f"{PAGE}?missing.amber=0.5&missing.red=0.6")
    assert asker.queries == []


def test_the_changed_batches_can_be_saved(asker: Asker) -> None:
    shown = page(asker, LENIENT)
    addresses = {link["props"]["href"] for link in of_class(shown, "download")}
    (batches,) = [address for address in addresses if "table=batches" in address]
    answer = asker.client.get(batches)
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert {"2026-11-16", "2026-11-17"} <= {row["batch_date"] for row in rows}
    assert {row["in_force"] for row in rows} == {"red"}


def test_a_model_without_a_batch_is_taught_the_next_step(small: Warehouse) -> None:
    assert "vigie reference new" in Asker(small).words("/models/new/policy")


def test_sections_have_names_in_words(asker: Asker) -> None:
    names = [text(one) for one in of_kind(of_class(page(asker, PAGE), "policy-controls"), "Summary")]
    sections_of_keys = {key.place.partition(".")[0] for key in KEYS}
    assert not sections_of_keys & set(names)
    assert "Missing values" in names
