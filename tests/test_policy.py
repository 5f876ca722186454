"""The policy: its defaults, what the fleet, a model and a variable change, and what is refused with a hint."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard import rules
from dashboard.policy import CHOICES, KEYS, POLICY_KEYS, Policy
from dashboard.policy_key import Key, Range
from dashboard.stated import KEYS as STATED
from dashboard.stated import (
    RULES_OF_VARIABLES,
    fleet_policy,
    origins,
    parse_policy,
    parse_stated,
    policy_from,
    setting,
    stated,
)
from qod.errors import InputError, UnknownNameError, VigieError

RULES = Path(rules.__file__).parent


def test_nothing_given_is_the_default() -> None:
    for text in (None, "", "  ", "{}", '{"drift": {}, "rules": {}, "variables": {"tenure": {}}}'):
        assert parse_policy(text) == Policy()


def another(key: Key) -> float | int | str:
    """A value that the key takes and that is not its default."""
    if not isinstance(key.takes, Range):
        return next(word for word in key.takes if word != key.default)
    # A little above: no amber passes its red.
    return key.default + 1 if isinstance(key.default, int) else float(key.default) * 1.02


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.place)
def test_every_key_sets_its_field_and_nothing_else(key: Key) -> None:
    section, name = key.place.split(".")
    value = another(key)
    assert parse_policy(json.dumps({section: {name: value}})) == replace(Policy(), **{key.name: value})
    assert setting(f"{key.place} = {value}") == (("", key.place), value)
    assert key.meaning.en != key.meaning.fr
    assert key.expected.en != key.expected.fr or not isinstance(key.takes, Range)


def test_every_field_is_a_key() -> None:
    assert sorted([*POLICY_KEYS.values(), "off", "variables"]) == sorted(field.name for field in fields(Policy))
    assert {CHOICES[name] for name in CHOICES} == {key.takes for key in KEYS if not isinstance(key.takes, Range)}


@pytest.mark.parametrize("key", [key for key in KEYS if key.by_variable], ids=lambda key: key.place)
def test_what_a_variable_may_have_of_its_own_is_asked_for_by_variable(key: Key) -> None:
    """A key that a rule reads for all variables at once must not be taken for one of them."""
    asked = "".join(path.read_text(encoding="utf-8") for path in sorted(RULES.parent.rglob("*.py")))
    assert re.search(rf'\bof\(\s*"{key.name}"', asked)


@pytest.mark.parametrize("rule", RULES_OF_VARIABLES)
def test_a_rule_that_may_be_off_for_a_variable_looks_whether_it_is(rule: str) -> None:
    assert rule in rules.load()
    source = (RULES / f"{rule}.py").read_text(encoding="utf-8")
    assert ".judges(" in source, f"{rule} judges every variable, whatever the policy says"


# -- layers ------------------------------------------------------------------------------------------------


def test_the_later_layer_wins_and_a_variable_over_all() -> None:
    fleet = parse_stated('{"drift": {"amber": 0.15, "red": 0.4}, "rules": {"unseen": false, "late": false}}')
    own = parse_stated(
        '{"drift": {"amber": 0.2}, "rules": {"unseen": true},'
        ' "variables": {"tenure": {"drift": {"amber": 0.3}, "rules": {"missing": false}}}}'
    )
    found = policy_from(fleet, own)
    assert (found.drift_amber, found.drift_red, found.off) == (0.2, 0.4, {"late"})
    names = ("age", "tenure")
    np.testing.assert_array_equal(found.of("drift_amber", names), [0.2, 0.3])
    np.testing.assert_array_equal(found.of("drift_red", names), [0.4, 0.4])
    np.testing.assert_array_equal(found.judges("missing", names), [True, False])
    np.testing.assert_array_equal(found.judges("late", names), [False, False])
    assert hash(found) == hash(policy_from(fleet, own))


def test_what_the_fleet_says_of_a_variable_holds_until_the_model_says_otherwise() -> None:
    fleet = parse_stated('{"variables": {"tenure": {"drift": {"amber": 0.2}, "rules": {"drift": false}}}}')
    own = parse_stated('{"variables": {"tenure": {"rules": {"drift": true}}}}')
    found = policy_from(fleet, own)
    assert found.of("drift_amber", ["tenure"]).tolist() == [0.2]
    assert found.judges("drift", ["tenure"]).tolist() == [True]
    assert policy_from(fleet).judges("drift", ["tenure"]).tolist() == [False]


def test_a_variables_own_policy_is_that_of_all_with_what_differs() -> None:
    found = parse_policy(
        '{"drift": {"red": 0.4}, "variables": {"tenure": {"drift": {"amber": 0.3}, "rules": {"missing": false}}}}'
    )
    own = found.for_variable("tenure")
    assert (own.drift_amber, own.drift_red, own.off, own.variables) == (0.3, 0.4, {"missing"}, {})
    assert found.for_variable("age") == Policy(drift_red=0.4)


def test_each_value_says_which_layer_it_comes_from() -> None:
    fleet = parse_stated('{"drift": {"amber": 0.15, "red": 0.4}}')
    own = parse_stated('{"drift": {"amber": 0.2}, "variables": {"tenure": {"drift": {"red": 0.5}}}}')
    found = {(one.variable, one.key): (one.value, one.layer) for one in origins({"fleet": fleet, "model": own})}
    assert found["", "drift.amber"] == (0.2, "model")
    assert found["", "drift.red"] == (0.4, "fleet")
    assert found["", "missing.red"] == (0.05, "default")
    assert found["", "rules.late"] == (True, "default")
    assert found["tenure", "drift.red"] == (0.5, "model")
    assert len(found) == len(STATED) + len(rules.load()) + 1


def test_the_fleets_policy_is_the_row_of_that_name() -> None:
    assert fleet_policy([]) is None
    assert fleet_policy([{"policy_id": "other", "policy": "{}"}, {"policy_id": "fleet", "policy": "{1}"}]) == "{1}"


# -- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('{"drfit": {"amber": 0.15}}', "drift"),
        ('{"drift": {"ambre": 0.15}}', "drift.amber"),
        ('{"drift": {"": 0.15}}', None),
        ('{"rules": {"unsen": false}}', "unseen"),
        ('{"variabels": {"tenure": {}}}', "variables"),
        ('{"variables": {"tenure": {"drfit": {"amber": 0.2}}}}', "drift"),
        ('{"variables": {"tenure": {"variables": {}}}}', None),
        ('{"variables": {"tenure": {"rules": {"drfit": false}}}}', "drift"),
    ],
)
def test_unknown_keys_are_refused_with_the_nearest_name(text: str, hint: str | None) -> None:
    with pytest.raises(UnknownNameError, match="was not found") as caught:
        parse_policy(text)
    assert caught.value.hint
    assert hint is None or f"'{hint}'" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1, 2]", ["table of sections"]),
        ("amber: 3", ["no JSON"]),
        ("{", ["no JSON"]),
        ("[" * 100_000, ["no JSON"]),
        ('{"drift": 0.15}', ["'drift' is a table"]),
        ('{"drift": {"amber": "0.15"}}', ["drift.amber is a number above 0, not '0.15'"]),
        ('{"drift": {"amber": true}}', ["drift.amber", "not true"]),
        ('{"drift": {"amber": null}}', ["drift.amber", "None"]),
        ('{"drift": {"amber": NaN}}', ["drift.amber", "nan"]),
        ('{"drift": {"amber": 0.5}}', ["drift.amber (0.5)", "no higher than drift.red (0.25)"]),
        ('{"drift": {"amber": 0}}', ["drift.amber", "above 0"]),
        ('{"drift": {"rows": 10.5}}', ["drift.rows is a whole number from 1, not 10.5"]),
        ('{"drift": {"pool_batches": 0}}', ["drift.pool_batches", "from 1"]),
        ('{"drift": {"reference": "monday"}}', ["drift.reference is training or weekday, not 'monday'"]),
        ('{"drift": {"reference": 1}}', ["drift.reference"]),
        ('{"missing": {"red": 5}}', ["missing.red is a share above 0, up to 1, not 5"]),
        ('{"row_count": {"low": 1.5}}', ["row_count.low", "below 1"]),
        ('{"row_count": {"high": 1}}', ["row_count.high", "above 1"]),
        ('{"row_count": {"season": "year"}}', ["none, weekday or month"]),
        ('{"performance": {"completeness": 95}}', ["performance.completeness", "from 0 to 1"]),
        ('{"freshness": {"grace_share": -1}}', ["freshness.grace_share", "from 0"]),
        ('{"rules": {"drift": "off"}}', ["rules.drift is true or false, not 'off'"]),
        ('{"rules": {"drift": 0}}', ["true or false"]),
        ('{"variables": ["tenure"]}', ["'variables' is a table"]),
        ('{"variables": {"tenure": 3}}', ["'variables.tenure' is a table"]),
        ('{"variables": {"tenure": {"drift": 3}}}', ["'variables.tenure.drift' is a table"]),
        ('{"variables": {"tenure": {"row_count": {"low": 0.1}}}}', ["row_count.low", "whole model", "'tenure'"]),
        ('{"variables": {"tenure": {"drift": {"pool_batches": 3}}}}', ["drift.pool_batches", "whole model"]),
        ('{"variables": {"tenure": {"rules": {"late": false}}}}', ["late judges no variable", "'tenure'"]),
        ('{"variables": {"tenure": {"drift": {"amber": 0.3}}}}', ["variable 'tenure': drift.amber (0.3)", "(0.25)"]),
        (
            '{"rules": {"drift": false}, "variables": {"tenure": {"rules": {"drift": true}}}}',
            ["variable 'tenure'", "drift", "off for all"],
        ),
    ],
)
def test_what_cannot_be_a_policy_is_refused_in_words(text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        parse_policy(text)
    for word in words:
        assert word in str(caught.value)


def test_layers_that_contradict_each_other_only_together_are_refused_together() -> None:
    fleet, own = parse_stated('{"drift": {"amber": 0.2}}'), parse_stated('{"drift": {"red": 0.15}}')
    for alone in (fleet, own):
        policy_from(alone)
    with pytest.raises(InputError, match=r"drift\.amber \(0\.2\) must be no higher than drift\.red \(0\.15\)"):
        policy_from(fleet, own)
    with pytest.raises(InputError, match="variable 'tenure'"):
        policy_from(fleet, parse_stated('{"variables": {"tenure": {"drift": {"red": 0.15}}}}'))
    # Alone it is above the default of red; together with the fleet's red it is not.
    higher = parse_stated('{"drift": {"amber": 0.3}}')
    assert policy_from(parse_stated('{"drift": {"red": 0.5}}'), higher).drift_amber == 0.3
    with pytest.raises(InputError):
        parse_stated('{"drift": {"amber": 0.5, "red": 0.2}}')


def test_a_policy_made_by_hand_is_held_to_the_same() -> None:
    for wrong in ({"drift_amber": 0.5}, {"drift_rows": 0}, {"auc_rule": "drop"}, {"completeness": 95.0}):
        with pytest.raises(ValueError, match=r"drift|auc|completeness"):
            Policy(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "place", "value"),
    [
        ("drift.amber=0.15", ("", "drift.amber"), 0.15),
        ("drift.rows=500", ("", "drift.rows"), 500),
        ("auc.rule=floor", ("", "auc.rule"), "floor"),
        ('auc.rule="floor"', ("", "auc.rule"), "floor"),
        ("rules.unseen=false", ("", "rules.unseen"), False),
        ("variables.tenure.drift.amber=.3", ("tenure", "drift.amber"), 0.3),
        ("drift.amber=1e-3", ("", "drift.amber"), 0.001),
        ("variables.tenure.drift.amber=0.3", ("tenure", "drift.amber"), 0.3),
        ("variables.a.b=c.drift.amber=0.2", ("a.b=c", "drift.amber"), 0.2),
        ("variables.size.of.home.rules.drift=false", ("size.of.home", "rules.drift"), False),
    ],
)
def test_a_value_is_set_in_words(text: str, place: Any, value: Any) -> None:
    assert setting(text) == (place, value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("drift.amber", "sets nothing"),
        ("=0.3", "sets nothing"),
        ("drift.amber=", "sets nothing"),
        ("drift.ambr=0.1", "'drift.amber'"),
        ("amber=0.1", "was not found"),
        ("rules.drfit=false", "'drift'"),
        ("rules.drift=no", "true or false"),
        ("drift.amber=high", "a number above 0, not 'high'"),
        ("drift.amber=nan", "a number above 0, not nan"),
        ("drift.amber=1e999", "a number above 0, not inf"),
        ("variables.drift.amber=0.1", "was not found"),
        ("variables.tenure.late.grace=0.1", "was not found"),
    ],
)
def test_a_setting_that_sets_nothing_is_refused(text: str, words: str) -> None:
    with pytest.raises(VigieError) as caught:
        setting(text)
    assert words in str(caught.value)


def test_stated_says_only_what_was_said() -> None:
    assert stated({"drift": {"amber": 0.2}, "variables": {"a.b": {"rules": {"drift": False}}}}) == {
        ("", "drift.amber"): 0.2,
        ("a.b", "rules.drift"): False,
    }
