"""What is told of a model, and what is not: from one run to the next, whatever happened in between."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.alerts import record
from dashboard.alerts.deciding.changes import changes_of, silences_of
from dashboard.retrain.decision import Decision
from dashboard.world import Model, State
from tests.alerts.runs import Job, day, finding, late, model, moment

RED, GREEN = model(state="red"), model()


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["green", "green"], []),
        (["amber", "amber"], ["began"]),
        (["red", "red", "green", "green"], ["began", "recovered"]),
        (["amber", "red", "amber", "green"], ["began", "worse", "better", "recovered"]),
        (["red", "grey", "red"], ["began"]),
        (["red", "grey", "green"], ["began", "recovered"]),
        (["late", "late", "green"], ["late", "recovered"]),
        (["late", "red"], ["late", "began"]),
        (["red", "late", "red"], ["began", "late", "began"]),
        (["grey", "green", "grey"], []),
    ],
)
def test_a_change_of_colour_is_told_once(states: list[State], told: list[str]) -> None:
    job = Job()
    found = [kind for n, state in enumerate(states) for kind in job.kinds(moment(n), model(state=state, since=n))]
    assert found == told


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["amber", "red", "amber", "green"], ["began", "better", "recovered"]),
        (["amber", "green"], []),
        (["late", "amber", "green"], ["late", "began", "recovered"]),
    ],
)
def test_a_policy_from_red_leaves_amber_out_but_not_how_a_red_ends(states: list[State], told: list[str]) -> None:
    job = Job()
    models = [model(state=state, since=n, alert_from="red", reminder_days=1) for n, state in enumerate(states)]
    assert [kind for n, one in enumerate(models) for kind in job.kinds(moment(n), one)] == told


def test_a_policy_without_late_tells_neither_that_nor_its_end() -> None:
    job = Job()
    models = [model(state=state, since=n, alert_late="no") for n, state in enumerate(("late", "green", "red", "late"))]
    assert [kind for n, one in enumerate(models) for kind in job.kinds(moment(n), one)] == ["began"]


def test_a_change_says_where_from_where_to_and_what_carries_it_worst_first() -> None:
    found = [finding(), finding(subject="age", colour="amber"), finding(subject="plan", colour="amber")]
    job = Job()
    job.run(moment(0), model(state="amber", findings=found[1:2]))
    job.write("acknowledged", moment(0, 9), found[1])
    asked = Decision("churn", "1", "b", day(1), "asked", "airflow", "r")
    world = job.world([model(state="red", findings=found, since=1)], moment(1))
    (change,) = changes_of(world, job.known(), [asked])
    assert (change.before, change.now, change.kind) == ("amber", "red", "worse")
    assert change.findings == (found[0], found[2]), "what is taken care of is not told"
    assert change.retraining is asked


def test_a_red_on_a_variable_of_no_weight_carries_an_amber_model() -> None:
    light = finding(subject="postcode", weight=0.001)
    job = Job()
    job.write("acknowledged", moment(0), light)
    assert job.kinds(moment(0, 8), model(state="amber", findings=[light])) == []
    heavy = finding(weight=0.4)
    job.write("acknowledged", moment(0, 9), heavy)
    assert job.kinds(moment(0, 10), model(state="red", findings=[heavy, light])) == []


# -- taken care of --------------------------------------------------------------------------------------------


def test_what_is_acknowledged_is_silent_until_it_changes() -> None:
    job, known = Job(), finding()
    job.write("acknowledged", moment(0, 6), known)
    assert job.kinds(moment(0), model(state="red", findings=[known])) == []
    assert job.kinds(moment(20), model(state="red", findings=[known])) == [], "nor is anybody reminded"
    assert job.kinds(moment(21), GREEN) == [], "nothing was told, so nothing recovers"
    assert job.kinds(moment(22), model(state="red", since=22)) == ["began"], "another run of red is another matter"


def test_a_red_that_was_told_and_then_acknowledged_recovers_aloud() -> None:
    job = Job()
    job.run(moment(0), RED)
    job.write("acknowledged", moment(0, 9), *RED.findings)
    assert job.kinds(moment(1), RED) == []
    assert job.kinds(moment(2), model(since=2)) == ["recovered"]


def test_the_end_of_a_snooze_is_told_once() -> None:
    job = Job()
    job.write("snoozed", moment(0, 6), *RED.findings, until=day(2))
    told = [job.kinds(moment(n), model(state="red", batch=n)) for n in range(5)]
    assert told == [[], [], [], ["began"], []]
    job.write("snoozed", moment(5, 6), *RED.findings, until=day(6))
    told = [job.kinds(moment(n), model(state="red", batch=n)) for n in range(5, 10)]
    assert told == [[], [], ["again"], [], []]


def test_a_snooze_of_today_alone_ends_with_the_day() -> None:
    job = Job()
    job.run(moment(0), RED)
    job.write("snoozed", moment(0, 9), *RED.findings, until=day(0))
    assert job.kinds(moment(0, 23), RED) == []
    assert job.kinds(moment(1, 0), RED) == ["again"]


def test_what_is_opened_again_is_told_again() -> None:
    job = Job()
    job.run(moment(0), RED)
    job.write("acknowledged", moment(1), *RED.findings)
    assert job.kinds(moment(1, 8), RED) == []
    job.write("reopened", moment(2), *RED.findings)
    assert job.kinds(moment(2, 8), RED) == ["again"]
    assert job.kinds(moment(3), RED) == []


def test_another_cause_is_told_only_once_somebody_has_taken_care_of_the_first() -> None:
    first, second = finding(), finding(subject="age", since=2)
    both = model(state="red", findings=[first, second])
    job = Job()
    job.run(moment(0), RED)
    assert job.kinds(moment(2), both) == [], "its owner knows that it is red, and has not looked yet"
    job.write("acknowledged", moment(3), first)
    assert job.kinds(moment(3, 8), both) == ["again"]
    assert job.kinds(moment(4), both) == []


def test_a_milder_finding_that_was_told_beside_is_no_news_when_the_worst_is_taken_care_of() -> None:
    worst, mild = finding(), finding(subject="age", colour="amber")
    job = Job()
    job.run(moment(0), model(state="red", findings=[worst, mild]))
    job.write("acknowledged", moment(1), worst)
    assert job.kinds(moment(1, 8), model(state="red", findings=[worst, mild])) == []
    new = finding(subject="plan", colour="amber", since=2)
    assert job.kinds(moment(2), model(state="red", findings=[worst, new])) == ["again"]
    assert job.known().of("churn", "ana@example.org").state == "red"  # type: ignore[union-attr]


def test_below_a_red_that_is_taken_care_of_an_amber_is_told_as_amber() -> None:
    worst, mild = finding(), finding(subject="age", colour="amber")
    job = Job()
    job.write("snoozed", moment(0, 6), worst, until=day(1))
    (message,) = job.run(moment(0), model(state="red", findings=[worst, mild])).messages
    assert [(one.kind, one.now, one.findings) for one in message.changes] == [("began", "amber", (mild,))]
    assert job.kinds(moment(2), model(state="red", findings=[worst, mild])) == ["worse"], "the snooze is over"


def test_batches_that_stop_are_told_of_a_red_that_is_taken_care_of() -> None:
    job = Job()
    job.run(moment(0), RED)
    job.write("acknowledged", moment(0, 9), *RED.findings)
    assert job.kinds(moment(4), model(state="red", findings=[*RED.findings, late(since=1)])) == ["again"]


def test_a_colour_that_no_finding_carries_is_told() -> None:
    assert Job().kinds(moment(0), model(state="red", findings=[])) == ["began"]


# -- time -----------------------------------------------------------------------------------------------------


def test_a_reminder_follows_after_the_days_of_the_policy_while_nobody_takes_care() -> None:
    job = Job()
    weekly = model(state="red", reminder_days=7)
    told = {n: kinds for n in range(20) if (kinds := job.kinds(moment(n, 7 if n % 2 else 6), weekly))}
    assert told == {0: ["began"], 7: ["reminder"], 14: ["reminder"]}
    job.write("acknowledged", moment(20), *weekly.findings)
    assert job.kinds(moment(30), weekly) == []
    assert not [kind for n in range(40) if n for kind in Job().kinds(moment(n), model(reminder_days=0))]


def test_what_came_and_went_between_two_runs_is_told_as_one() -> None:
    job = Job()
    job.run(moment(0), GREEN)
    history: list[tuple[int, State]] = [(0, "green"), (1, "amber"), (2, "red"), (3, "green")]
    back = model(since=3, history=history)
    (message,) = job.run(moment(3), back).messages
    (change,) = message.changes
    assert (change.kind, change.before, change.now) == ("passed", "green", "green")
    assert change.passed == ((day(1), "amber"), (day(2), "red"))
    assert job.kinds(moment(4), model(since=3, batch=4, history=[*history, (4, "green")])) == []


def test_history_of_before_the_first_run_is_never_told() -> None:
    history: list[tuple[int, State]] = [(0, "red"), (1, "green"), (2, "green")]
    job = Job()
    assert job.kinds(moment(1), model(since=1, history=history[:2])) == []
    assert job.kinds(moment(2), model(since=1, batch=2, history=history)) == []


def test_what_passed_below_the_policy_or_was_taken_care_of_is_not_told() -> None:
    history: list[tuple[int, State]] = [(0, "green"), (1, "amber"), (2, "green")]
    job = Job()
    job.run(moment(0), GREEN)
    assert job.kinds(moment(2), model(since=2, history=history, alert_from="red")) == []
    job.write("acknowledged", moment(1, 9), finding(colour="amber", since=1))
    assert job.kinds(moment(2, 8), model(since=2, history=history)) == []


def test_what_passed_while_the_channel_was_down_is_told() -> None:
    job = Job()
    job.run(moment(0), GREEN)
    history: list[tuple[int, State]] = [
        (0, "green"),
        (1, "red"),
        (2, "green"),
        (3, "green"),
        (4, "green"),
        (5, "green"),
    ]
    job.run(moment(1), model(state="red", since=1), up=False)
    for n in (2, 3, 4):
        job.run(moment(n), model(since=2, batch=n, history=history[: n + 1]), up=False)
    assert job.kinds(moment(5), model(since=2, batch=5, history=history)) == ["passed"]


# -- keys -----------------------------------------------------------------------------------------------------


def keys(job: Job, now: Any, *models: Model) -> list[str]:
    return [change.key for message in job.plan(now, *models).messages for change in message.changes]


def test_one_change_has_one_key_whoever_looks_and_whichever_batch_shows_it() -> None:
    job = Job()
    first = keys(job, moment(0), RED)
    job.run(moment(0), RED, up=False)
    assert keys(job, moment(2), model(state="red", since=0, batch=2)) == first
    planned = [job.plan(moment(3), model(state="red", batch=batch)).messages[0].letter_id for batch in (0, 3)]
    assert planned[0] == planned[1], "its letter is written anew under the same identifier"
    assert job.kinds(moment(3), model(state="red", batch=3)) == ["began"]
    assert keys(job, moment(4), RED) == []


def test_a_batch_delivered_again_as_red_green_and_red_rings_twice() -> None:
    job = Job()
    for hour, one in enumerate((RED, GREEN, RED)):
        job.run(moment(0, hour), one)
    told = [change.key for _, change in job.sent]
    assert len(set(told)) == len(told) == 3


def test_a_new_owner_is_told_and_the_old_one_left_alone() -> None:
    job = Job()
    job.run(moment(0), RED)
    handed = model(state="red", owner="bob@example.org")
    assert job.kinds(moment(1), handed) == ["began"]
    assert job.kinds(moment(2), model(since=2, owner="bob@example.org")) == ["recovered"]
    assert [owner for owner, _ in job.sent] == ["ana@example.org", "bob@example.org", "bob@example.org"]


def test_channels_know_nothing_of_each_other() -> None:
    job = Job()
    job.run(moment(0), RED)
    job.channel = "webhook"
    assert job.kinds(moment(1), RED) == ["began"]


def test_a_letter_that_had_arrived_is_told_against_although_the_state_moved_on() -> None:
    job = Job()
    job.run(moment(0), RED, up=False)
    (plan,) = record.in_doubt(job.events, job.channel).values()
    job.events = [*job.events, *record.sent_as_planned(plan, moment(1, 6))]
    assert job.known().of("churn", "ana@example.org").state == "red"  # type: ignore[union-attr]
    assert job.kinds(moment(1), RED) == [], "the owner has it"
    assert job.kinds(moment(2), model(since=2)) == ["recovered"]


def test_every_silence_has_its_reason() -> None:
    job = Job()
    job.run(moment(0), RED)
    job.write("acknowledged", moment(0, 6), finding("held"))
    models = [
        *(RED, model("held", "red"), model("grey", "grey"), model("low", "amber", alert_from="red")),
        *(model("off", "late", alert_late="no"), model("well"), model("new", "red")),
    ]
    said = {one.model_id: why.en for one, why in silences_of(job.world(models, moment(1)), job.known())}
    assert said.keys() == {"churn", "held", "grey", "low", "off"}
    assert len(set(said.values())) == 5
