"""The replay under another policy: pure, and honest about what would change."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.evaluation.assess import assess
from dashboard.history import ModelHistory
from dashboard.policy import Policy
from dashboard.replay import SubjectChange, replay, under
from dashboard.stated import parse_policy
from tests.histories import START, categorical, history, numeric, version

CALM = [1000] * 10
MOVED = [600, 700, 800, 900, 1000, 1000, 1100, 1200, 1300, 1400]
"""PSI .06: below the default amber."""
FAR = [200, 400, 600, 800, 1000, 1000, 1200, 1400, 1600, 1800]
"""PSI .30: red."""


def world(**changes: Policy) -> ModelHistory:
    """Four calm batches, four of a little drift, four of a great one in age; plan stays as it was."""
    batches = [{"age": [*counts, 0], "plan": [6000, 4000, 0, 0, 0]} for counts in [CALM] * 4 + [MOVED] * 4 + [FAR] * 4]
    return history(version([numeric("age"), categorical("plan")], batches), **changes)


def colours(found: ModelHistory) -> list[str]:
    return [row.colour for row in assess(found).health]


def test_the_same_policy_changes_nothing() -> None:
    found = replay(world(), Policy())
    assert (found.batches, found.changes, dict(found.subjects)) == (12, (), {})
    assert found.before == found.after == Counter(colours(world()))


def test_what_would_change_is_what_an_evaluation_under_that_policy_says() -> None:
    policy = Policy(drift_amber=0.04, drift_red=0.05)
    found = replay(world(), policy)
    before, after = colours(world()), colours(world(policy=policy))
    assert before != after
    days = [START + timedelta(days=t) for t in range(12)]
    expected = [(d, b, a) for d, b, a in zip(days, before, after, strict=True) if b != a]
    assert [(change.batch_date, change.before, change.after) for change in found.changes] == expected
    assert (found.before, found.after) == (Counter(before), Counter(after))
    for change in found.changes:
        assert change.subjects == (SubjectChange("age", "drift", change.before, change.after),)
        assert change.headline.en.startswith("age moved")
        assert change.headline.fr.startswith("age a bougé")
    assert sum(found.subjects.values()) == len(expected)


def test_the_history_is_left_as_it_was() -> None:
    given = world()
    replay(given, Policy(drift_amber=0.01, drift_red=0.02))
    assert given.model.policy == Policy()
    assert colours(given) == colours(world())


def test_since_leaves_out_batches_but_not_what_they_did() -> None:
    policy, since = Policy(drift_amber=0.04, drift_red=0.05), START + timedelta(days=6)
    whole, part = replay(world(), policy), replay(world(), policy, since=since)
    assert part.batches == 6
    assert part.changes == tuple(change for change in whole.changes if change.batch_date >= since)
    assert len(part.changes) < len(whole.changes)
    assert sum(part.before.values()) == sum(part.after.values()) == 6


def test_a_rule_or_a_variable_that_is_off_is_silent() -> None:
    off = replay(world(), parse_policy('{"rules": {"drift": false}}'))
    assert off.before["red"] > 0
    assert set(off.after) == {"green"}
    of_age = replay(world(), parse_policy('{"variables": {"age": {"rules": {"drift": false}}}}'))
    assert of_age.after == off.after
    assert replay(world(), parse_policy('{"variables": {"plan": {"rules": {"drift": false}}}}')).changes == ()


def test_a_subject_may_change_where_the_model_does_not() -> None:
    batches = [{"age": [*FAR, 0], "zone": [*FAR, 0]} for _ in range(4)]
    two = history(version([numeric("age"), numeric("zone")], batches))
    found = replay(two, parse_policy('{"variables": {"zone": {"drift": {"amber": 2, "red": 3}}}}'))
    assert found.changes == ()
    assert found.subjects == {SubjectChange("zone", "drift", "red", "green"): 4}


def test_batches_of_several_versions_come_in_the_order_of_time() -> None:
    one = version([numeric("age")], [{"age": [*MOVED, 0]}] * 3, name="v1")
    two = version([numeric("age")], [{"age": [*MOVED, 0]}] * 3, name="v2", start=START + timedelta(days=1), order=1)
    found = replay(history(two, one), Policy(drift_amber=0.01, drift_red=0.02))
    keys = [(change.batch_date, change.model_version) for change in found.changes]
    assert keys == sorted(keys)
    assert {name for _, name in keys} == {"v1", "v2"}


@pytest.mark.parametrize("empty", [history(), history(version([], []))])
def test_without_a_batch_there_is_nothing_to_change(empty: ModelHistory) -> None:
    found = replay(empty, Policy(drift_amber=0.01))
    assert (found.batches, found.changes, dict(found.before), dict(found.after)) == (0, (), {}, {})


def test_under_is_the_evaluation_itself() -> None:
    policy = Policy(drift_amber=0.02)
    given = world()
    assert under(given, policy).findings == assess(replace(given, model=replace(given.model, policy=policy))).findings
