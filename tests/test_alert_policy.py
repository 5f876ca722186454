"""The part of a policy that no colour depends on: its layers, what it refuses, and that it judges nothing anew."""

from __future__ import annotations

import json

import pytest

from dashboard.alert_policy import KEYS, AlertPolicy
from dashboard.evaluation.mark import entry_digest
from dashboard.policy import Policy
from dashboard.stated import alert_policy_from, parse_policy, parse_stated
from qod.errors import InputError, UnknownNameError

ENTRY = {"name": "Churn", "task": "binary", "cadence": "P1D", "cohort": "month", "outcome_window_days": 60}


def test_a_model_changes_what_the_fleet_says_and_colours_know_nothing_of_it() -> None:
    fleet = json.dumps({"alerts": {"reminder_days": 7, "language": "fr"}, "retrain": {"per_month": 1}})
    own = json.dumps({"alerts": {"reminder_days": 0}, "drift": {"amber": 0.2}})
    found = alert_policy_from(parse_stated(fleet), parse_stated(own))
    assert found == AlertPolicy(reminder_days=0, alert_language="fr", retrain_per_month=1)
    assert parse_policy(own) == Policy(drift_amber=0.2)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [("alerts", "reminder_days", -1), ("alerts", "language", "de"), ("alerts", "late", True), ("retrain", "rows", 0.5),
     ("retrain", "margin", 2), ("retrain", "per_month", 0)],
)  # fmt: skip
def test_a_value_that_means_nothing_is_refused(section: str, key: str, value: object) -> None:
    with pytest.raises(InputError, match=rf"{section}\.{key} is "):
        parse_stated(json.dumps({section: {key: value}}))


def test_a_key_that_does_not_exist_is_refused_and_none_belongs_to_a_variable() -> None:
    with pytest.raises(UnknownNameError, match=r"alerts\.remind"):
        parse_stated('{"alerts": {"remind": 3}}')
    with pytest.raises(InputError, match="holds for the whole model"):
        parse_stated('{"variables": {"age": {"alerts": {"reminder_days": 3}}}}')


def test_changing_it_evaluates_nothing_anew() -> None:
    def digest(own: dict[str, object] | None, fleet: dict[str, object] | None = None) -> str:
        texts = [json.dumps(one) if one is not None else None for one in (own, fleet)]
        return entry_digest({**ENTRY, "policy": texts[0]}, texts[1])

    told = {key.place.partition(".")[0]: {key.place.partition(".")[2]: key.default} for key in KEYS}
    drift = {"drift": {"amber": 0.2}}
    assert digest(told) == digest(None)
    assert digest(drift | told) == digest(drift)
    assert digest(None, told) == digest(None)
    assert digest(drift) != digest(None)
    assert digest(None, drift) != digest(None)
