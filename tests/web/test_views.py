"""What pages show, shaped from the tables' answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dashboard.finding import Finding
from dashboard.metrics.psi import psi
from dashboard.policy import Policy
from dashboard.web.components.inputs_table import DEFAULT_SORT, in_order
from dashboard.web.figures.inputs_heatmap import STATES
from dashboard.web.views.inputs import MEASURES, drift_states, measured, rule_states, standings
from dashboard.web.views.timeline import Batch, Timeline, Version, cadence_days, last, timeline
from dashboard.web.views.unseen import unseen_levels
from dashboard.web.views.variable import BinRow, bin_rows, folded_counts, moved, shares, variable_history
from dashboard.web.views.versions import with_batches

DAY = date(2026, 11, 1)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def batch(version: str, number: int) -> Batch:
    return Batch(version, day(number).isoformat(), day(number), 100)


def known() -> Timeline:
    """v1 from day 0, still scored beside v2, which went into use on day 3; v3 has no batch."""
    versions = (Version("v1", day(0)), Version("v2", day(3)), Version("v3", day(5)))
    return Timeline(versions, tuple(batch(v, n) for n in range(6) for v in ("v1", "v2") if v == "v1" or n >= 2))


# timeline


def test_a_version_is_in_use_from_its_start_until_the_next_one() -> None:
    used = [(found.model_version, (found.day - DAY).days) for found in known().in_use()]
    assert used == [("v1", 0), ("v1", 1), ("v1", 2), ("v2", 3), ("v2", 4), ("v2", 5)]
    assert known().current == "v2"
    assert [mark.name for mark in known().marks if mark.kind == "deployment"] == ["v1", "v2", "v3"]


def test_without_a_deployment_a_version_starts_with_its_first_batch() -> None:
    rows = [{"model_version": "a", "batch_id": "1", "batch_date": day(1), "rows": 5}]
    versions = [
        {"model_version": "b", "deployed_at": None},
        {"model_version": "a", "deployed_at": None},
        {"model_version": "c", "deployed_at": datetime(2026, 11, 1, 9, tzinfo=UTC)},
    ]
    made = timeline(versions, rows)
    assert [(version.name, version.start) for version in made.versions] == [("c", DAY), ("a", day(1)), ("b", None)]


def test_nothing_known_is_nothing_in_use() -> None:
    assert Timeline((), ()).in_use() == []
    assert Timeline((), ()).current is None
    assert Timeline((Version("v1", None),), ()).current == "v1"


def test_a_late_batch_does_not_take_the_newer_version_out_of_use() -> None:
    """Nobody said when they were deployed: a batch that came late makes v2 look older than v1."""
    rows = [{"model_version": "v2", "batch_id": "late", "batch_date": day(0), "rows": 10}]
    for number in range(1, 8):
        version = "v1" if number < 4 else "v2"
        rows.append({"model_version": version, "batch_id": f"b{number}", "batch_date": day(number), "rows": 10})

    def used(**deployed: datetime) -> list[str]:
        versions = [{"model_version": name, "deployed_at": deployed.get(name)} for name in ("v1", "v2")]
        return [batch.batch_id for batch in timeline(versions, rows).in_use()]

    assert used() == ["late", "b1", "b2", "b3", "b4", "b5", "b6", "b7"]
    told = datetime.combine(day(1), time(), UTC)
    assert used(v1=told) == ["late", "b1", "b2", "b3"], "v1 was deployed after v2: nobody doubts it"


def test_the_window_is_widened_to_hold_what_is_looked_at() -> None:
    batches = [batch("v1", n) for n in range(10)]
    assert last(batches, window=3) == batches[7:]
    assert last(batches, window=0) == batches
    assert last(batches, window=3, keep=[batches[2].batch_id]) == batches[2:]


def test_a_cadence_that_cannot_be_read_is_taken_from_the_batches() -> None:
    assert cadence_days("P7D", []) == 7
    assert cadence_days("rubbish", [day(0), day(2), day(4), day(11)]) == 2
    assert cadence_days(None, []) == 1


def test_versions_are_told_by_their_newest_batch() -> None:
    empty = {"deployed_at": None, "trained_at": None}
    moment = datetime(2026, 11, 1, 9, tzinfo=UTC)
    versions = [
        {"model_version": "1", **empty},
        {"model_version": "2", **empty, "trained_at": moment},
        {"model_version": "3", **empty},
        {"model_version": "4", **empty, "deployed_at": moment},
    ]
    batches = [{"model_version": "1", "batch_date": day(number)} for number in (3, 1)]
    found = with_batches(versions, [*batches, {"model_version": "3", "batch_date": day(4)}])
    assert [row["model_version"] for row in found] == ["3", "1", "4", "2"]
    one = next(row for row in found if row["model_version"] == "1")
    assert (one["batches"], one["first_batch_date"], one["last_batch_date"]) == (2, day(1), day(3))
    assert (found[-1]["batches"], found[-1]["first_batch_date"]) == (0, None)


# inputs


def answer(rows: list[dict[str, Any]]) -> pa.Table:
    keys = ("model_version", "batch_id", "variable")
    columns: dict[str, Any] = {key: pa.array([row[key] for row in rows], pa.string()) for key in keys}
    columns |= {key: pa.array([row.get(key) for row in rows], pa.float64()) for key in MEASURES}
    return pa.table(columns)


def two_batches() -> tuple[list[Batch], pa.Table]:
    batches = [batch("v1", 0), batch("v1", 1)]
    rows = [
        {"model_version": "v1", "batch_id": batches[0].batch_id, "variable": "b", "psi": 0.1, "drift": 0.0},
        {
            "model_version": "v1",
            "batch_id": batches[1].batch_id,
            "variable": "b",
            "psi": 0.3,
            "drift": 2.0,
            "noise": 0.1,
        },
        {"model_version": "v1", "batch_id": batches[1].batch_id, "variable": "a", "psi": None, "drift": None},
        {"model_version": "v2", "batch_id": batches[1].batch_id, "variable": "z", "psi": 9.0, "drift": 2.0},
    ]
    return batches, answer(rows)


def named(states: Any) -> list[list[str | None]]:
    return [[STATES[code] for code in row] for row in states]


def test_measures_are_laid_out_by_variable_and_batch() -> None:
    batches, table = two_batches()
    found = measured(table, batches, categorical={"a"})
    assert found.variables == ("a", "b")
    assert found.rows(["b"], "psi").tolist() == [[0.1, 0.3]]
    assert np.isnan(found.rows(["a"], "psi")).all()


def test_a_cell_without_a_batch_is_bare_and_one_without_a_verdict_grey() -> None:
    batches, table = two_batches()
    states = drift_states(measured(table, batches, categorical={"a"}), ["a", "b"])
    assert named(states) == [[None, "grey"], ["green", "red"]]


def test_a_rules_colours_are_green_where_it_found_nothing() -> None:
    batches, table = two_batches()
    finding = {"model_version": "v1", "batch_id": batches[1].batch_id, "subject": "b", "colour": "red"}
    note = {**finding, "subject": "a", "colour": "note"}
    found = rule_states(
        measured(table, batches, categorical={"a"}), ["b", "a"], [finding, note, {**finding, "batch_id": "?"}]
    )
    assert named(found) == [["green", "red"], [None, "green"]]


def references() -> list[dict[str, Any]]:
    return [
        {"variable": "b", "kind": "numeric", "importance": 0.5, "counts": [50, 30, 20]},
        {"variable": "a", "kind": "categorical", "importance": None, "counts": [0, 0, 0, 0]},
        {"variable": "gone", "kind": "numeric", "importance": 0.1, "counts": [1, 1]},
    ]


def test_a_variable_stands_where_its_gravest_finding_says() -> None:
    batches, table = two_batches()
    finding = Finding("m", "v1", "x", day(1), "b", "drift", "drift", "red", day(0))
    b, a, gone = standings(measured(table, batches, categorical={"a"}), references(), {"b": finding})
    assert (b.colour, b.since, b.psi, b.missing_training) == ("red", day(0), 0.3, 0.2)
    assert b.impact == pytest.approx(0.5 * (0.3 - 0.1))
    assert (a.colour, a.missing_training, a.impact) == ("grey", None, 0)
    assert gone.colour == "grey"


def test_rows_are_sorted_as_asked_and_the_unknown_stand_last() -> None:
    batches, table = two_batches()
    rows = standings(measured(table, batches, categorical={"a"}), references(), {})

    def order(sort: str) -> list[str]:
        return [row.variable for row in in_order(rows, sort)]

    assert order("-impact")[0] == "b"
    assert order("name") == ["a", "b", "gone"]
    assert order("-name") == ["gone", "b", "a"]
    assert order("-importance") == ["b", "gone", "a"]
    assert order("importance") == ["gone", "b", "a"]
    assert order("psi")[0] == order("-psi")[0] == "b"


def test_the_worst_state_comes_first_or_by_default_what_weighs_most_times_what_has_moved() -> None:
    batches, table = two_batches()
    (row, *_) = standings(measured(table, batches, categorical={"a"}), references(), {})
    colours = {"calm": ("green", 0.9), "light": ("red", 0.1), "heavy": ("red", 0.2), "unjudged": ("grey", 0.0)}
    rows = [replace(row, variable=name, colour=colour, impact=impact) for name, (colour, impact) in colours.items()]
    assert [row.variable for row in in_order(rows, "state")] == ["heavy", "light", "unjudged", "calm"]
    assert [row.variable for row in in_order(rows, DEFAULT_SORT)] == ["calm", "heavy", "light", "unjudged"]


# variable


def reference(kind: str = "numeric", counts: tuple[int, ...] = (50, 40, 10)) -> dict[str, Any]:
    return {"variable": "v", "kind": kind, "importance": None, "edges": [1.0], "levels": ["x"], "counts": list(counts)}


def counted(rows: list[tuple[int, list[int], list[dict[str, Any]]]]) -> pa.Table:
    level = pa.list_(pa.struct([("level", pa.string()), ("rows", pa.int64())]))
    return pa.table(
        {
            "batch_id": [day(number).isoformat() for number, _, _ in rows],
            "counts": pa.array([counts for _, counts, _ in rows], pa.list_(pa.int64())),
            "unseen": pa.array([unseen for _, _, unseen in rows], level),
        }
    )


def no_measures() -> pa.Table:
    columns: dict[str, Any] = {"batch_id": pa.array([], pa.string())}
    return pa.table(columns | {key: pa.array([], pa.float64()) for key in MEASURES})


def test_a_batch_that_did_not_deliver_the_variable_has_no_rows() -> None:
    batches = [batch("v1", number) for number in range(3)]
    found = variable_history(reference(), batches, counted([(0, [5, 4, 1], []), (2, [1, 1, 1, 1], [])]), no_measures())
    assert found.counts.tolist() == [[5, 4, 1], [0, 0, 0], [0, 0, 0]]
    assert found.summaries[1] is None
    assert found.colours == [None, None, None]
    assert found.place(day(2).isoformat()) == 2
    assert found.place("?") is None


def test_small_batches_are_judged_together_as_the_evaluation_does() -> None:
    batches = [batch("v1", number) for number in range(3)]
    rows = [(number, [60, 40, 10], []) for number in range(3)]
    found = variable_history(reference(), batches, counted(rows), no_measures())
    counts, together = found.judged(2, Policy(drift_rows=200))
    assert (counts.tolist(), together) == ([120, 80, 20], 2)
    assert found.judged(2, Policy(drift_rows=100))[1] == 1


def test_what_moved_is_sorted_by_its_part_of_the_psi_and_adds_up_to_it() -> None:
    training, now = np.array([600, 300, 100, 0]), np.array([20, 40, 40, 0])
    rows = moved(training, now, np.array([1, 1, 2, 0]))
    assert [row.place for row in rows] == [0, 2, 1]
    assert sum(row.part for row in rows) == pytest.approx(float(psi(training, now)))
    assert (rows[0].training, rows[0].share, rows[0].second) == (0.6, 0.2, 0.25)
    assert moved(training, np.zeros(4, np.int64)) == []


def test_ranges_go_from_high_to_low_with_missing_last() -> None:
    assert bin_rows("numeric", np.array([1, 2, 3, 4]), np.zeros((0, 4), np.int64), most=9) == [
        BinRow((2,)), BinRow((1,)), BinRow((0,)), BinRow((3,))
    ]  # fmt: skip


def test_rare_levels_are_folded_and_empty_guards_left_out() -> None:
    training = np.array([50, 30, 2, 1, 0, 0, 5])
    counts = np.array([[40, 30, 0, 20, 0, 3, 0]])
    rows = bin_rows("categorical", training, counts, most=3)
    assert rows == [BinRow((0,)), BinRow((1,)), BinRow((2, 3)), BinRow((5,)), BinRow((6,))]
    assert folded_counts(counts, rows).tolist() == [[40, 30, 20, 3, 0]]
    # A level that has grown weighs by what it is now.
    assert BinRow((3,)) in bin_rows("categorical", training, np.array([[0, 0, 0, 90, 0, 0, 0]]), most=3)


def test_unseen_levels_tell_the_batch_that_first_had_them() -> None:
    batches = [batch("v1", number) for number in range(3)]
    rows = [
        (0, [5, 4, 1], [{"level": "old", "rows": 1}]),
        (1, [5, 4, 1], [{"level": "old", "rows": 1}, {"level": "new", "rows": 7}]),
        (2, [5, 4, 1], [{"level": "old", "rows": 2}, {"level": "new", "rows": 3}]),
    ]
    found = variable_history(reference(), batches, counted(rows), no_measures())
    assert [(level.level, level.rows, level.first.day) for level in unseen_levels(found, 2)] == [
        ("new", 3, day(1)),
        ("old", 2, day(0)),
    ]


def test_a_level_of_the_oldest_batch_that_was_read_may_be_older() -> None:
    batches = [batch("v1", number) for number in range(4)]
    level = [{"level": "old", "rows": 1}]
    rows = [(1, [5, 4, 1], level), (2, [5, 4, 1], [*level, {"level": "new", "rows": 7}]), (3, [5, 4, 1], level)]
    found = variable_history(reference(), batches, counted(rows), no_measures(), begin=1)
    assert [(level.level, level.earlier) for level in unseen_levels(found, 2)] == [("new", False), ("old", True)]
    whole = variable_history(reference(), batches[1:], counted(rows), no_measures())
    assert not any(level.earlier for level in unseen_levels(whole, 1)), "it was the first batch there was"


def test_shares_of_nothing_are_zero() -> None:
    assert shares(np.zeros((1, 3), np.int64)).tolist() == [[0.0, 0.0, 0.0]]
