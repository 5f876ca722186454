"""Each guard at its boundary and with what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.retrain.case import Case
from dashboard.retrain.decide import answers
from dashboard.retrain.guards import load
from dashboard.retrain.targets import load as targets
from tests.retrain.worlds import HOSTILE, NUMBERS, SINCE, TODAY, case_of, event, finding, red_model

DAY = timedelta(days=1)
NAN = float("nan")


def refusing(case: Case) -> set[str]:
    """The guards that do not hold; each says why in both languages."""
    return {key for key, reason in answers(case).items() if reason is not None}


def test_a_case_with_nothing_against_it_passes_every_guard() -> None:
    assert refusing(case_of()) == set()
    assert list(load()) == ["quality", "evidence", "cool_down", "per_month", "rows", "trial", "approval"]


@pytest.mark.parametrize("colour", ["amber", "red"])
def test_broken_data_on_an_input_refuses_whether_or_not_somebody_took_care_of_it(colour: str) -> None:
    broken = finding("missing", "quality", colour)
    model = red_model(findings=(broken,), standings=())
    case = case_of(model, of_inputs=[broken])
    assert refusing(case) == {"quality"}
    said = answers(case)["quality"]
    assert said is not None
    assert "age" in said.en
    assert "age" in said.fr


def test_broken_data_of_the_batch_as_a_whole_refuses_too() -> None:
    assert refusing(case_of(red_model(findings=(finding("row_count", "quality", subject="batch"),)))) == {"quality"}


def test_a_red_of_which_no_finding_was_read_does_not_vouch_for_its_data() -> None:
    assert refusing(case_of(red_model(findings=()))) == {"quality"}


def test_a_note_on_data_and_drift_refuse_nothing() -> None:
    assert refusing(case_of(of_inputs=[finding("missing", "quality", "note"), finding()])) == set()


def test_an_incident_of_broken_data_refuses_every_model_that_is_part_of_it() -> None:
    # The break is in two other models; this one only drifts on the same variable since the same day.
    of_inputs = [finding(), *(finding("unseen", "quality", model_id=name) for name in ("b", "c"))]
    assert refusing(case_of(of_inputs=of_inputs)) == {"quality"}
    elsewhere = [replace(one, subject="other") for one in of_inputs[1:]]
    assert refusing(case_of(of_inputs=[of_inputs[0], *elsewhere])) == set()


@pytest.mark.parametrize(("reds", "holds"), [(2, True), (1, False), (0, False), (None, False), (NAN, False)])
def test_red_batches_in_a_row_are_counted_to_the_boundary(reds: int | None, holds: bool) -> None:
    assert refusing(case_of(numbers=replace(NUMBERS, reds=reds))) == (set() if holds else {"evidence"})


def test_matured_truth_that_is_red_needs_no_second_batch() -> None:
    numbers = replace(NUMBERS, reds=1)
    judged = finding("auc", "performance", subject="model")
    assert refusing(case_of(red_model(findings=(judged,)), numbers=numbers)) == set()
    assert refusing(case_of(red_model(findings=(replace(judged, colour="amber"),)), numbers=numbers)) == {"evidence"}


@pytest.mark.parametrize(("days", "holds"), [(14, True), (13, False), (0, False), (-1, False)])
def test_the_pause_after_another_request_and_after_a_version(days: int, holds: bool) -> None:
    expected = set() if holds else {"cool_down"}
    day = TODAY - days * DAY
    asked = event("retraining_asked", day, request_id="another")
    assert refusing(case_of(events=[asked])) == expected
    assert refusing(case_of(numbers=replace(NUMBERS, newest_on=day))) == expected


def test_a_request_that_may_have_been_sent_counts_and_one_that_surely_was_not_does_not() -> None:
    plan = event("retraining_planned", TODAY - DAY, request_id="another", run="r")
    unknown = event("retraining_failed", TODAY - DAY, request_id="another", run="r", doubt=True)
    surely = event("retraining_failed", TODAY - DAY, request_id="another", run="r", doubt=False)
    assert refusing(case_of(events=[plan])) == {"cool_down"}
    assert refusing(case_of(events=[plan, unknown])) == {"cool_down"}
    assert refusing(case_of(events=[plan, surely])) == set()
    assert refusing(case_of(events=[event("retraining_planned", TODAY, run="r")])) == set(), "its own request"


def test_a_version_of_unknown_age_does_not_pass_the_pause_unless_there_is_none() -> None:
    unknown = replace(NUMBERS, newest_on=None)
    assert refusing(case_of(numbers=unknown)) == {"cool_down"}
    assert refusing(case_of(numbers=unknown, retrain_cool_down_days=0)) == set()


@pytest.mark.parametrize(("days", "holds"), [((29, 28), False), ((30, 29), True), ((29,), True), ((0, 0), False)])
def test_requests_within_thirty_days_are_counted(days: tuple[int, ...], holds: bool) -> None:
    asked = [event("retraining_asked", TODAY - d * DAY, f"e{n}", request_id=f"r{n}") for n, d in enumerate(days)]
    case = case_of(events=asked, retrain_cool_down_days=0)
    assert refusing(case) == (set() if holds else {"per_month"})


@pytest.mark.parametrize(("rows", "holds"), [(1000, True), (999, False), (0, False), (None, False), (NAN, False)])
def test_labelled_rows_are_counted_to_the_boundary(rows: int | None, holds: bool) -> None:
    assert refusing(case_of(numbers=replace(NUMBERS, rows=rows))) == (set() if holds else {"rows"})


def test_rows_are_not_new_where_nobody_knows_when_the_version_was_trained() -> None:
    unknown = replace(NUMBERS, trained=None)
    said = answers(case_of(numbers=unknown))["rows"]
    assert said is not None
    assert "trained_at" in said.en
    assert refusing(case_of(numbers=unknown, retrain_rows=0)) == set(), "a policy that needs no rows"


def test_a_trial_of_the_newest_version_refuses_until_its_verdict() -> None:
    opened = event("champion_open", TODAY - 9 * DAY, model_version="v1")
    passed = event("champion_passed", TODAY - DAY, model_version="v1")
    assert refusing(case_of(events=[opened])) == {"trial"}
    assert refusing(case_of(events=[opened, passed])) == set()
    assert refusing(case_of(events=[replace(opened, model_version="v0")])) == set(), "an older version"
    assert refusing(case_of(numbers=replace(NUMBERS, newest=None))) == {"trial"}


def test_approval_holds_for_its_red_run_by_a_person_until_somebody_declines() -> None:
    yes = event("retraining_approved", TODAY - DAY, author="Ada")
    no = event("retraining_declined", TODAY, author="Bob", text="no")
    wanted: dict[str, Any] = {"retrain_approval": "yes"}
    assert refusing(case_of(**wanted)) == {"approval"}
    assert refusing(case_of(events=[yes], **wanted)) == set()
    assert refusing(case_of(events=[yes, no], **wanted)) == {"approval"}
    assert refusing(case_of(events=[replace(no, happened_at=yes.happened_at - DAY), yes], **wanted)) == set()
    assert refusing(case_of(events=[replace(yes, author=None)], **wanted)) == {"approval"}
    assert refusing(case_of(events=[event("retraining_approved", SINCE, author="A", since="2026-11-17")], **wanted))
    assert refusing(case_of(events=[no])) == {"approval"}, "a no counts whatever the policy says"


def test_every_guard_speaks_of_hostile_names_on_one_line() -> None:
    broken = finding("missing", "quality", subject=HOSTILE)
    no = event("retraining_declined", TODAY, author=HOSTILE, text=HOSTILE)
    opened = event("champion_open", TODAY, model_version=HOSTILE)
    numbers = replace(NUMBERS, newest=HOSTILE, newest_on=TODAY, reds=None, rows=None, trained=None)
    case = case_of(red_model(name=HOSTILE), of_inputs=[broken], events=[no, opened], numbers=numbers)
    for guard in load().values():
        for said in (guard.now(case), guard.refuse(case)):
            for words in (said.en, said.fr) if said is not None else ():
                assert not any(character in words for character in "\n\r\u202e")
                assert len(words) < 400


def test_the_documentation_names_every_guard_and_every_target() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    section = page.partition("## The guards")[2].partition("\n## ")[0]
    for guard in load().values():
        assert f"| {guard.name.en} (`{guard.key}`) | {guard.question.en} | {guard.needs.en} |" in section
    for target in targets().values():
        assert f"| `{target.key}` | {target.meaning.en} |" in section
        assert target.repeats.en in section


def test_the_day_of_tomorrow_is_no_day_of_a_version_that_is_old_enough() -> None:
    assert refusing(case_of(numbers=replace(NUMBERS, newest_on=date(2027, 1, 1)))) == {"cool_down"}
