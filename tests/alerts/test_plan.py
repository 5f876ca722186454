"""Who gets which message of a run: one an owner, by incident, and not too often."""

from __future__ import annotations

import pytest

from dashboard.alerts import record
from dashboard.alerts.channel import Outcome
from dashboard.alerts.deciding.plan import Plan
from dashboard.events import Event
from dashboard.world import Model, State
from tests.alerts.runs import Job, day, finding, late, model, moment

ANA, BOB = "ana@example.org", "bob@example.org"


def broken(model_id: str, owner: str = ANA, since: int = 0) -> Model:
    """A model whose tenure broke."""
    return model(model_id, "red", [finding(model_id, since=since)], since=since, owner=owner)


def shape(plan: Plan) -> list[tuple[str, list[list[str]]]]:
    """Of each message its owner, and the models of each group."""
    return [(message.owner, [list(group.models) for group in message.groups]) for message in plan.messages]


def test_an_incident_is_one_message_an_owner_that_names_all_models() -> None:
    plan = Job().plan(moment(0), broken("one"), broken("two", BOB), broken("three"), model("calm"))
    assert shape(plan) == [(ANA, [["one", "three"]]), (BOB, [["two"]])]
    for message in plan.messages:
        (group,) = message.groups
        assert not message.folded
        assert group.incident is not None
        assert group.incident.models == ("one", "three", "two")
        assert group.incident_id == group.incident.id


def test_who_joins_an_incident_later_is_told_alone_and_with_the_names_of_all() -> None:
    job = Job()
    job.run(moment(0), broken("one"), broken("two"))
    plan = job.run(moment(1), broken("one"), broken("two"), broken("three"))
    assert shape(plan) == [(ANA, [["three"]])]
    assert plan.messages[0].groups[0].incident.models == ("one", "three", "two")  # type: ignore[union-attr]


def test_what_has_nothing_in_common_is_folded_into_one_message_the_worst_first() -> None:
    others = [
        model("amber", "amber", [finding("amber", "age", "amber", rule="drift")]),
        model("stopped", "late"),
        model("red", "red", [finding("red", "region")]),
    ]
    plan = Job().plan(moment(0), *others, broken("one"), broken("two"))
    assert shape(plan) == [(ANA, [["one", "two"], ["red"], ["amber"], ["stopped"]])]
    assert plan.messages[0].folded
    assert [change.model.model_id for change in plan.messages[0].changes][:2] == ["one", "two"]


def test_a_model_that_is_red_for_a_reason_of_its_own_stays_apart_from_an_incident_that_it_has_a_mild_part_in() -> None:
    own = [finding("own", "age", since=-3), finding("own", colour="amber")]
    plan = Job().plan(moment(0), broken("one"), broken("two"), model("own", "red", own))
    assert shape(plan) == [(ANA, [["one", "two"], ["own"]])]


def test_several_variables_of_one_model_are_no_incident_over_models() -> None:
    both = [finding(subject="age"), finding(subject="tenure")]
    (message,) = Job().plan(moment(0), model(state="red", findings=both)).messages
    assert message.groups[0].incident is None
    assert message.groups[0].incident_id == ""


def test_recoveries_from_one_incident_are_one_group_and_others_are_not() -> None:
    job = Job()
    job.run(moment(0), broken("one"), broken("two"), broken("three"), model("alone", "red", [finding("alone", "age")]))
    well = [model(name, since=1) for name in ("one", "two", "alone")]
    plan = job.run(moment(1), *well, broken("three"))
    assert shape(plan) == [(ANA, [["one", "two"], ["alone"]])]
    assert plan.messages[0].groups[0].incident_id == f"{day(0)}:tenure"
    assert plan.messages[0].groups[0].incident is None
    assert shape(job.run(moment(2), *well, model("three", since=2))) == [(ANA, [["three"]])]


def test_an_owner_who_was_just_written_to_hears_the_rest_in_one_message() -> None:
    job = Job(minutes=60)
    first, second, third = (model(name, "red", [finding(name, f"own_{name}")]) for name in ("a", "b", "c"))
    calm = [model(name) for name in ("b", "c")]
    assert shape(job.run(moment(0, 7), first, *calm)) == [(ANA, [["a"]])]
    plan = job.run(moment(0, 7, 30), first, second, calm[1], model("other", "red", owner=BOB))
    assert shape(plan) == [(BOB, [["other"]])], "others need not wait"
    ((held),) = plan.held
    assert (held.owner, held.until) == (ANA, moment(0, 8))
    assert [change.model.model_id for change in held.changes] == ["b"]
    assert job.run(moment(0, 7, 59), first, second, third).messages == ()
    assert shape(job.run(moment(0, 8), first, second, third)) == [(ANA, [["b"], ["c"]])]


def test_a_letter_in_doubt_goes_again_as_it_was_and_what_came_since_waits() -> None:
    first, second = (model(name, "red", [finding(name, f"own_{name}")]) for name in ("a", "b"))
    job = Job(minutes=60)
    (lost,) = job.run(moment(0), first, model("b"), up=False).messages
    plan = job.plan(moment(0, 8), first, second)
    assert shape(plan) == [(ANA, [["a"]])]
    assert plan.messages[0].letter_id == lost.letter_id, "whoever has it already sees that it is the same"
    assert [(held.until, held.changes[0].model.model_id) for held in plan.held] == [(moment(0, 9), "b")]
    assert shape(job.plan(moment(0, 8), model("a", since=1), second)) == [(ANA, [["b"]])], "it holds no longer"
    job.events.append(record.failed(lost, job.channel, Outcome("refused", "No."), "run", moment(0, 7, 1)))
    assert shape(job.plan(moment(0, 8), first, second)) == [(ANA, [["a"], ["b"]])], "it surely did not arrive"


@pytest.mark.parametrize("before", [Outcome("unknown", "The line broke."), None])
def test_a_letter_that_is_refused_after_it_may_have_arrived_stays_in_doubt(before: Outcome | None) -> None:
    first, second = (model(name, "red", [finding(name, f"own_{name}")]) for name in ("a", "b"))
    job, no = Job(), Outcome("refused", "No.")
    (lost,) = job.plan(moment(0), first, model("b")).messages
    job.events.append(record.planned(lost, job.channel, moment(0), "one"))
    # Where nothing is recorded, the run was killed.
    job.events += [record.failed(lost, job.channel, before, "one", moment(0, 7, 1))] if before else []
    job.events.append(record.failed(lost, job.channel, no, "two", moment(0, 7, 2)))
    (again,) = job.plan(moment(0, 8), first, second).messages
    assert again.letter_id == lost.letter_id, "whoever has it already sees that it is the same"


def test_what_passed_while_it_was_held_is_told_as_that() -> None:
    job, other = Job(minutes=5 * 24 * 60), model("other", "red", [finding("other", "age")])
    job.run(moment(0), other, model())
    history: list[tuple[int, State]] = [(0, "green"), (1, "red"), *((number, "green") for number in range(2, 6))]
    assert job.kinds(moment(1), other, model(state="red", since=1)) == []
    for number in (2, 3, 4):
        assert job.kinds(moment(number), other, model(since=2, batch=number, history=history[: number + 1])) == []
    assert job.kinds(moment(5), other, model(since=2, batch=5, history=history)) == ["passed"]


def test_what_passed_behind_a_letter_in_doubt_is_told_after_it() -> None:
    job, one = Job(), model("one", "red")
    job.run(moment(0), model("one"), model())
    (lost,) = job.run(moment(1), one, model(batch=1), up=False).messages
    history: list[tuple[int, State]] = [(2, "red"), *((number, "green") for number in range(3, 6))]
    assert shape(job.run(moment(5), one, model(batch=5, history=history), up=False)) == [(ANA, [["one"]])]
    job.events += record.sent(lost, job.channel, moment(5, 8))
    job.events.append(Event("end", moment(5, 9), "notify_released"))
    assert job.kinds(moment(6), one, model(batch=6, history=[*history, (6, "green")])) == ["passed"]


def test_what_passed_behind_a_letter_in_doubt_that_holds_no_longer_is_told() -> None:
    job, one = Job(), model("one", "red")
    history: list[tuple[int, State]] = [(2, "red"), *((number, "green") for number in range(3, 7))]
    job.run(moment(0), model("one"), model())
    job.run(moment(1), one, model(batch=1), up=False)
    job.run(moment(5), one, model(batch=5, history=history[:-1]), up=False)
    plan = job.run(
        moment(6), model("one", since=6, history=[(1, "red"), (6, "green")]), model(batch=6, history=history)
    )
    assert {change.model.model_id for change in plan.messages[0].changes} == {"one", "churn"}


def test_what_passed_before_a_silent_late_is_told() -> None:
    job = Job()
    history: list[tuple[int, State]] = [(0, "green"), (1, "red"), (6, "green")]
    job.run(moment(0), model(history=history[:1]))
    assert job.kinds(moment(5), model(state="late", since=3, batch=1, history=history[:2], alert_late="no")) == []
    assert job.kinds(moment(6), model(since=6, history=history, alert_late="no")) == ["passed"]


def test_a_storm_is_one_message_an_owner() -> None:
    owners = [f"owner{n}@example.org" for n in range(7)]
    storm = [model(f"m{n:03}", "late", [late(f"m{n:03}")], owner=owners[n % 7]) for n in range(300)]
    plan = Job().plan(moment(0), *storm)
    assert [message.owner for message in plan.messages] == owners
    assert sum(len(message.changes) for message in plan.messages) == 300
    assert all(message.folded for message in plan.messages)


def test_models_without_an_owner_make_a_message_that_says_so() -> None:
    plan = Job().plan(moment(0), model("nobody", "red", owner=""), model("somebody", "late"))
    assert shape(plan) == [("", [["nobody"]]), (ANA, [["somebody"]])]
    assert [change.model.model_id for change in plan.nobody] == ["nobody"]


def test_a_letter_is_known_by_channel_owner_and_content() -> None:
    def identifiers(channel: str, *models: Model) -> list[str]:
        return [message.letter_id for message in Job(channel=channel).plan(moment(0), *models).messages]

    one, two = broken("one"), broken("two", BOB)
    both = identifiers("smtp", one, two)
    assert identifiers("smtp", two, one) == both
    assert len({*both, *identifiers("webhook", one, two), *identifiers("smtp", broken("one", since=1))}) == 5
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in both)


@pytest.mark.parametrize("hostile", ['a"b', "x\r\nBcc: eve@example.org", "\u202eevil", "é" * 300, "a,b"])
def test_names_that_hold_anything_keep_letters_apart(hostile: str) -> None:
    plan = Job().plan(moment(0), model(hostile, "red", owner=hostile), model("one", "red", owner="one"))
    assert {message.owner for message in plan.messages} == {hostile, "one"}
    assert len({message.letter_id for message in plan.messages}) == 2


def test_the_language_is_that_of_most_models() -> None:
    from dataclasses import replace

    french = [replace(model(name, "late"), language="fr") for name in ("a", "b")]
    (message,) = Job().plan(moment(0), *french, model("c", "late")).messages
    assert message.language == "fr"
