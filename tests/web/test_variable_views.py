"""What the pages about variables show, from rows: orders, distances, quantiles, scores, names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from dashboard.metrics.psi import psi
from dashboard.web.components.inputs_multiples import HEIGHT, PLACES, _bars
from dashboard.web.figures.inputs_heatmap import STATES, Cells
from dashboard.web.views.distances import distances
from dashboard.web.views.inputs import holds
from dashboard.web.views.predicted import level_share, trained_share
from dashboard.web.views.score import scores
from dashboard.web.views.timeline import Batch
from dashboard.web.views.training_quantiles import training_quantiles
from dashboard.web.views.variable import BinRow, bin_rows, without_rows

NUMERIC: dict[str, Any] = {
    "variable": "v",
    "kind": "numeric",
    "edges": [10.0, 20.0],
    "levels": [],
    "counts": [20, 60, 20, 5],
    "mean": 15.0,
    "sd": 5.0,
    "low": 0.0,
    "high": 1e6,
    "quantiles": [],
}


def test_those_that_changed_most_stand_first_whatever_they_are() -> None:
    change = np.array([0.1, 0.0, 0.3, 0.2])
    counts = np.zeros((1, 4), np.int64)
    rows = bin_rows("numeric", np.array([1, 2, 3, 4]), counts, most=9, change=change)
    assert [row.bins for row in rows] == [(2,), (3,), (0,), (1,)]


def test_by_change_the_levels_that_changed_least_are_folded_and_stand_last() -> None:
    training = np.array([50, 30, 10, 10, 0, 0, 5])
    change = np.array([0.0, 0.01, 0.5, 0.0, 0.0, 0.2, 0.0])
    counts = np.array([[50, 30, 90, 10, 0, 9, 5]])
    rows = bin_rows("categorical", training, counts, most=3, change=change)
    assert rows[:3] == [BinRow((2,)), BinRow((5,)), BinRow((1,))]
    assert rows[-1] == BinRow((0, 3))


def test_a_quantile_in_an_open_bin_is_only_on_its_side() -> None:
    found = training_quantiles(NUMERIC, (0.05, 0.2, 0.5, 0.8, 0.95))
    assert found[0] == ("below", 10.0)
    assert found[-1] == ("above", 20.0)
    assert found[1:4] == [("about", 10.0), ("about", pytest.approx(15.0)), ("about", pytest.approx(20.0))]
    assert training_quantiles({**NUMERIC, "edges": [], "counts": [100, 5]}, (0.5,)) == [None]
    assert training_quantiles({**NUMERIC, "counts": [0, 0, 0, 5]}, (0.5,)) == [None]


def test_distances_are_those_of_the_metrics_and_say_why_there_is_none() -> None:
    batch = {"counts": [60, 20, 20, 0], "mean": 9.0, "low": 0.0, "high": 30.0, "quantiles": [0, 1, 2, 8, 12, 20, 30]}
    found = distances(NUMERIC, [(NUMERIC, batch), (batch, batch), (NUMERIC, None)])
    against, same, none = found["psi"]
    assert against.value == pytest.approx(float(psi(np.array(NUMERIC["counts"]), np.array(batch["counts"]))))
    assert against.chance is not None
    assert same.value == pytest.approx(0.0)
    assert (none.value, none.chance) == (None, None)
    assert none.why is not None
    assert found["ks"][0].value == pytest.approx(0.4)
    levels = {**NUMERIC, "kind": "categorical", "edges": [], "levels": ["a"], "counts": [9, 0, 0, 1]}
    assert "ks" not in distances(levels, [(levels, {"counts": [5, 0, 0, 5]})])


def test_scores_are_found_by_version_the_delivered_one_first() -> None:
    versions = [{"model_version": "1", "score_variable": "p"}, {"model_version": "2", "score_variable": None}]
    classes = ["positive", "negative"]
    variables = [
        {"model_version": "1", "variable": "prediction", "levels": classes},
        {"model_version": "1", "variable": "p", "levels": []},
        {"model_version": "1", "variable": "age", "levels": []},
        {"model_version": "2", "variable": "prediction", "levels": ["yes", "no"]},
    ]
    assert scores(versions, variables) == {"1": ["p", "prediction"]}


def test_the_share_of_a_class_is_of_the_rows_that_have_one() -> None:
    reference = {"levels": ["negative", "positive"], "counts": [75, 25, 0, 0, 100]}
    counts = np.array([[30, 10, 0, 0, 60], [0, 0, 0, 0, 9]])
    assert level_share(reference, counts, "positive") == [0.25, None]
    assert trained_share(reference, "positive") == 0.25


def test_a_day_without_a_batch_stands_for_the_nearest_one() -> None:
    first = date(2026, 11, 1)
    batches = [Batch("1", f"b{n}", first + timedelta(days=7 * n), 5) for n in range(3)]
    history = without_rows(NUMERIC, batches)
    assert history.place_of("b1") == 1
    assert history.place_of("2026-11-09") == 1
    assert history.place_of("2020-01-01") == 0
    assert history.place_of("2099-01-01") == 2
    assert history.place_of("2026-11-3x") is history.place_of("") is None
    assert without_rows(NUMERIC).place_of("2026-11-09") is None


@pytest.mark.parametrize(("find", "held"), [("", True), ("MONTHS ten", True), ("ten mnths", False), ("é", False)])
def test_a_name_holds_all_words_in_any_order(find: str, held: bool) -> None:
    assert holds("Tenure_months", find) == held


def test_of_many_batches_a_bar_shows_the_worst_state_and_the_largest_size() -> None:
    states = np.full((1, 10 * PLACES), STATES.index("green"), np.int8)
    values = np.zeros((1, 10 * PLACES))
    states[0, 15], values[0, 17], values[0, 20:30] = STATES.index("red"), 0.25, np.nan
    (drawn,) = _bars(Cells(["a"], states, values), 0.5)
    assert drawn.count("M") == PLACES
    (red,) = [path for path in drawn.split("/>") if "#d5463c" in path]
    assert red.count("M") == 1
    assert f"M3 {HEIGHT}v-{HEIGHT / 2:g}h" in red
