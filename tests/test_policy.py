"""The policy: its defaults, what a model changes, and what is refused with a hint."""

from __future__ import annotations

from dataclasses import fields

import pytest

from dashboard.policy import POLICY_KEYS, Policy, parse_policy
from qod.errors import InputError, UnknownNameError


def test_nothing_given_is_the_default() -> None:
    for text in (None, "", "  ", "{}"):
        assert parse_policy(text) == Policy()


def test_every_field_can_be_set_by_its_key() -> None:
    assert sorted(POLICY_KEYS.values()) == sorted(field.name for field in fields(Policy))
    found = parse_policy('{"drift": {"amber": 0.15, "rows": 500}, "freshness": {"grace_share": 1}}')
    assert (found.drift_amber, found.drift_rows, found.grace_share) == (0.15, 500, 1.0)
    assert found.drift_red == Policy().drift_red


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('{"drfit": {"amber": 0.15}}', "drift"),
        ('{"drift": {"ambre": 0.15}}', "drift.amber"),
        ('{"drift": {"": 0.15}}', None),
    ],
)
def test_unknown_keys_are_refused_with_the_nearest_name(text: str, hint: str | None) -> None:
    with pytest.raises(UnknownNameError, match="was not found") as caught:
        parse_policy(text)
    assert caught.value.hint
    assert hint is None or hint in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2]",
        "amber: 3",
        "{",
        '{"drift": 0.15}',
        '{"drift": {"amber": "0.15"}}',
        '{"drift": {"amber": true}}',
        '{"drift": {"amber": null}}',
        '{"drift": {"amber": NaN}}',
        '{"drift": {"amber": 0.5}}',
        '{"drift": {"amber": 0}}',
        '{"drift": {"rows": 10.5}}',
        '{"drift": {"pool_batches": 0}}',
        '{"row_count": {"low": 1.5}}',
        '{"performance": {"completeness": 95}}',
        '{"freshness": {"grace_share": -1}}',
    ],
)
def test_what_cannot_be_a_threshold_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_policy(text)
    assert caught.value.column == "policy"
