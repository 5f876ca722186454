"""A new version's baseline replaces the old one's only once it is shown to be no worse: from deliveries to colours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.evaluation.evaluate import evaluate
from dashboard.events import Event
from dashboard.explain import explain
from dashboard.retrain import gate_row
from dashboard.retrain.champion import accept, judge_champions
from dashboard.retrain.gate_row import Gate
from qod.errors import InputError, UnknownNameError
from qod.warehouse.lake import LakeWarehouse
from tests.commands import vigie
from tests.longer import slow
from tests.retrain.trial_world import ASKED, TRAINED, TrialWorld
from tests.sending import send_rows
from tests.test_increment import differences
from tests.web.asking import Asker, main, text
from tests.worlds import World as RandomWorld

NOW = datetime(2026, 10, 20, 8, tzinfo=UTC)


def trial(folder: Path, *, baselines: tuple[float, float] = (0.76, 0.76), task: str = "binary") -> TrialWorld:
    """Version 1, three days of it, a request, and version 2, trained then."""
    world = TrialWorld(folder, task=task)
    world.train("1", baselines[0], at=datetime(2026, 9, 1, tzinfo=UTC))
    world.score([1, 2, 3], {"1": 1.0})
    world.asked()
    world.train("2", baselines[1], at=TRAINED)
    return world


def step(world: TrialWorld, day: int) -> list[str]:
    """An evaluation and the step of a run of that day; the kinds of the events."""
    evaluate(world.lake, as_of=date(2026, 10, day), tidy=False)
    made = judge_champions(world.lake, world.read(day))
    evaluate(world.lake, as_of=date(2026, 10, day), tidy=False)
    assert not differences(world.lake, date(2026, 10, day))
    return [event.kind for event in made]


def test_a_worse_version_is_held_to_the_baseline_of_the_one_before(tmp_path: Path) -> None:
    """By its own test set (AUC .57) version 2 would be green; by that of version 1 (.76) it is red."""
    world = trial(tmp_path, baselines=(0.76, 0.57))
    assert step(world, 4) == ["champion_open"]
    world.score([5, 6], {"1": 1.0, "2": 0.25})
    evaluate(world.lake, as_of=date(2026, 10, 9))
    colour, facts = world.performance("2")
    assert (colour, facts["baseline"], facts["baseline_of"]) == ("red", 0.76, "1")
    assert step(world, 9) == ["champion_failed"]
    gate = world.gates()["2"]
    assert (gate["state"], gate["against"], gate["metric"], gate["cohorts"]) == ("failed", "1", "auc", 2)
    assert gate["cohort"] == "batch:2026-10-06"
    assert gate["high"] < -0.005
    assert world.performance("2")[0] == "red"
    told = explain(world.lake, "m", version="2").reasons[0]
    assert "held to version 1" in told.sentence.en
    assert any("test set of version 1" in one.en for one in told.steps)
    assert any("la version 1" in one.fr for one in told.steps)


def test_a_better_version_is_held_to_its_own_baseline_once_it_has_passed(tmp_path: Path) -> None:
    """AUC is about .86: green by version 1's test set (.76), red by its own (.97)."""
    world = trial(tmp_path, baselines=(0.76, 0.97))
    step(world, 4)
    world.score([5, 6], {"1": 1.0, "2": 1.5})
    evaluate(world.lake, as_of=date(2026, 10, 9))
    assert world.performance("2")[0] == "green"
    assert step(world, 9) == ["champion_passed"]
    assert world.gates()["2"]["state"] == "passed"
    colour, facts = world.performance("2")
    assert (colour, facts["baseline"], "baseline_of" in facts) == ("red", 0.97, False)
    # What is passed is not judged again.
    world.score([8], {"1": 1.5, "2": 0.1})
    assert step(world, 11) == []
    assert world.gates()["2"]["state"] == "passed"


@pytest.mark.parametrize(("lift", "kind"), [(0.5, "champion_passed"), (2.0, "champion_failed")])
def test_a_regression_is_compared_by_its_rmse(lift: float, kind: str, tmp_path: Path) -> None:
    world = trial(tmp_path, baselines=(1.0, 1.0), task="regression")
    world.score([5], {"1": 1.0, "2": lift})
    assert step(world, 8) == [kind]
    gate = world.gates()["2"]
    assert gate["difference"] == pytest.approx(lift - 1, abs=0.1)


def test_no_worse_is_not_enough_while_chance_leaves_it_open(tmp_path: Path) -> None:
    world = trial(tmp_path)
    world.score([5], {"1": 1.0, "2": 1.0})
    assert step(world, 8) == ["champion_open"]
    gate = world.gates()["2"]
    assert gate["low"] < -0.005 < gate["high"]
    assert step(world, 9) == []


def test_versions_that_share_no_cohort_stay_open_until_somebody_accepts(tmp_path: Path) -> None:
    world = trial(tmp_path, baselines=(0.76, 0.97))
    world.score([5, 6], {"2": 1.5})
    evaluate(world.lake, as_of=date(2026, 10, 9))
    (made,) = judge_champions(world.lake, world.read(9))
    assert made.kind == "champion_open"
    told = " ".join(one["en"] for one in made.facts["reasons"])
    assert "score one with both" in told
    assert "vigie retrain accept m 2" in told
    evaluate(world.lake, as_of=date(2026, 10, 9))
    assert world.performance("2")[0] == "green"
    event = accept(world.lake, "m", "2", by="Ada", reason="It took over at once.", now=NOW)
    assert event is not None
    assert (event.kind, event.author, event.facts["text"]) == ("champion_passed", "Ada", "It took over at once.")
    assert accept(world.lake, "m", "2", by="Eve", reason="Again", now=NOW) is None
    assert step(world, 9) == []
    assert (world.gates()["2"]["state"], world.gates()["2"]["accepted_by"]) == ("passed", "Ada")
    assert world.performance("2")[0] == "red"


def test_a_week_in_which_one_took_over_from_the_other_is_no_comparison(tmp_path: Path) -> None:
    world = TrialWorld(tmp_path, cohort="week")
    world.train("1", 0.76, at=datetime(2026, 9, 1, tzinfo=UTC))
    world.score([5, 6, 7], {"1": 0.25})
    world.asked(datetime(2026, 10, 7, 20, tzinfo=UTC))
    world.train("2", 0.76, at=datetime(2026, 10, 8, tzinfo=UTC))
    world.score([8, 9, 10, 11], {"2": 1.5})
    evaluate(world.lake, as_of=date(2026, 10, 15))
    (made,) = judge_champions(world.lake, world.read(15))
    assert made.kind == "champion_open"
    assert "different days" in made.facts["reasons"][0]["en"]
    # The next week both score every day.
    world.score([12, 13, 14, 15, 16, 17, 18], {"1": 0.25, "2": 1.5})
    assert step(world, 22) == ["champion_passed"]
    assert world.gates()["2"]["cohorts"] == 1


def test_what_a_run_finds_is_written_once_and_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    world = trial(tmp_path)
    world.score([5], {"1": 1.0, "2": 1.5})
    evaluate(world.lake, as_of=date(2026, 10, 8))
    (dry,) = judge_champions(world.lake, world.read(8), dry_run=True)
    assert not world.gates()
    (made,) = judge_champions(world.lake, world.read(8))
    assert made == dry
    assert judge_champions(world.lake, world.read(8)) == ()
    assert [event.event_id for event in world.read(8).events if event.kind == "champion_passed"] == [made.event_id]
    assert (made.facts["against"], made.facts["cohort"], made.author) == ("1", "batch:2026-10-05", "notify")


def test_versions_without_a_request_are_as_before(tmp_path: Path) -> None:
    world = TrialWorld(tmp_path)
    world.train("1", 0.76, at=datetime(2026, 9, 1, tzinfo=UTC))
    world.score([1, 2, 3], {"1": 1.0})
    world.told(Event("r1.refused", ASKED, "retraining_refused", "m", "1", facts={"request_id": "r1"}))
    world.train("2", 0.97, at=TRAINED)
    world.score([5], {"1": 1.0, "2": 1.5})
    assert step(world, 8) == []
    assert not world.gates()
    assert world.performance("2")[0] == "red"


def test_the_numbers_of_an_open_gate_are_brought_up_to_date_once_a_week(tmp_path: Path) -> None:
    world = trial(tmp_path)
    world.score([5], {"1": 1.0, "2": 1.0})
    step(world, 8)
    world.score([6], {"1": 1.0, "2": 1.0})
    assert step(world, 9) == []
    assert world.gates()["2"]["cohorts"] == 1
    assert step(world, 15) == []
    assert world.gates()["2"]["cohorts"] == 2


def test_a_policy_that_nobody_can_read_keeps_no_other_gate_from_being_judged(tmp_path: Path) -> None:
    world = trial(tmp_path)
    evaluate(world.lake, as_of=date(2026, 10, 4))
    row = world.lake.query("registry").to_pylist()[0]
    send_rows(world.lake, "register", models=[row | {"policy": '{"drift": {"amber": "much"}}'}])
    assert judge_champions(world.lake, world.read(4)) == ()


def test_accepting_what_is_not_there_says_what_is_wrong(tmp_path: Path) -> None:
    world = trial(tmp_path)
    for model, version in (("n", "1"), ("m", "3")):
        with pytest.raises(UnknownNameError):
            accept(world.lake, model, version, by="Ada", reason="why", now=NOW)
    with pytest.raises(InputError, match="not on trial"):
        accept(world.lake, "m", "1", by="Ada", reason="why", now=NOW)


@pytest.mark.parametrize("seed", [0, *slow(1, 2)])
def test_gates_that_come_and_go_leave_what_an_evaluation_from_nothing_gives(seed: int, tmp_path: Path) -> None:
    """Random histories as those of test_increment, and gates delivered, passed and taken back in between."""
    world = RandomWorld(LakeWarehouse(tmp_path), seed)
    world.reference("2")
    for _ in range(10):
        for _ in range(int(world.random.choice([1, 2, 4]))):
            world.step()
        if world.random.random() < 0.4:
            state = world.random.choice(["open", "failed", "passed"])
            against = str(world.random.choice(["1", "gone"], p=[0.8, 0.2]))
            gate = Gate("m", "2", against, state, 0.005, NOW)
            world.warehouse.deliver({"gates": gate_row.to_table([gate])}, kind="gate")
        evaluate(world.warehouse, as_of=world.today, tidy=bool(world.random.random() < 0.3))
        assert not differences(world.warehouse, world.today), seed


def test_the_page_of_versions_and_that_of_performance_say_what_a_version_is_held_to(tmp_path: Path) -> None:
    world = trial(tmp_path, baselines=(0.76, 0.97))
    step(world, 4)
    world.score([5, 6], {"1": 1.0, "2": 1.0})
    step(world, 9)
    pages = Asker(world.lake, cookies=False)
    for language, words in (
        ("en", "Until then the baseline of version 1 counts. To accept it: vigie retrain accept m 2."),
        ("fr", "D\u2019ici là, la référence de la version 1 compte."),
    ):
        nodes, _ = pages.ask(f"/models/m/versions?lang={language}&left=2&right=1")
        assert words in text(main(nodes))
    performance = text(main(pages.ask("/models/m/performance?lang=en")[0]))
    assert ".76" in performance
    assert ".97" not in performance


def test_the_command_accepts_a_version_in_somebodys_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = trial(tmp_path / "lake")
    step(world, 4)
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(tmp_path / "lake"))
    monkeypatch.chdir(tmp_path)
    said = ("--by", "Ada", "--reason", "Version 1 was switched off.")
    assert "not on trial" in vigie("retrain", "accept", "m", "1", *said, code=1).output
    assert "empty" in vigie("retrain", "accept", "m", "2", "--by", "Ada", "--reason", " ", code=1).output
    assert vigie("retrain", "accept", "m", "2", *said).output == "Accepted: m 2.\n"
    assert vigie("retrain", "accept", "m", "2", *said).output == "Accepted already: m 2.\n"
    assert world.gates()["2"]["accepted_by"] == "Ada"
