"""The figure of a message: small, sharp, true to its numbers, and never in the way of the message."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dashboard.alerts.writing.compose import compose
from dashboard.alerts.writing.course import Course, course_of
from dashboard.alerts.writing.figure import HEIGHT, WIDTH, figure
from dashboard.alerts.writing.picture import picture
from dashboard.text import LANGUAGES, Text
from tests.alerts.told import DAY, SETTINGS, Answers, Nothing, alone, changed, late, message, missing, model, world

RED, AMBER, LINE = (213, 70, 60), (201, 133, 0), (26, 84, 136)
WHAT = Text("Share of rows without a value", "Part des lignes sans valeur")


def health(days: int = 90, *, version: str = "v3") -> list[dict[str, Any]]:
    """The health of daily batches, newest first, as the query gives it; red for three days."""
    return [
        {
            "model_version": version,
            "batch_id": (DAY - timedelta(days=ago)).isoformat(),
            "batch_date": DAY - timedelta(days=ago),
            "colour": "red" if ago < 3 else "green",
        }
        for ago in range(days)
    ]


def measures(days: int = 90) -> list[dict[str, Any]]:
    """What was measured in them; on the newest day but ten there is nothing."""
    return [
        {
            "batch_id": (DAY - timedelta(days=ago)).isoformat(),
            **dict.fromkeys(("psi", "noise", "unseen_share", "out_of_range_share"), 0.0),
            "missing_share": None if ago == 10 else 0.38 if ago < 3 else 0.002,
        }
        for ago in range(days)
    ]


WAREHOUSE = Answers({"model_health": health(), "variable_measures": measures()})


def drawn(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def places(image: Image.Image, colour: tuple[int, int, int], *, near: int = 24) -> list[tuple[int, int]]:
    """Where ``colour`` or nearly that stands, left of the words beside the axes."""
    pixels = np.asarray(image, np.int16)[:, : int(image.width * 0.81)]
    rows, columns = np.nonzero((np.abs(pixels - np.array(colour)) <= near).all(axis=-1))
    return list(zip(columns.tolist(), rows.tolist(), strict=True))


def test_the_course_of_a_finding_is_that_of_the_last_sixty_batches_of_its_version() -> None:
    others = health(200, version="v2")
    course = course_of(Answers({"model_health": [*health(), *others], "variable_measures": measures()}), missing())
    assert course is not None
    assert (course.days[0], course.days[-1], len(course.days)) == (DAY - timedelta(days=59), DAY, 60)
    assert (course.values[-1], course.values[-11], course.values[0]) == (0.38, None, 0.002)
    assert (course.amber, course.red) == pytest.approx((0.012, 0.052))


def test_batches_after_the_finding_are_not_in_its_course() -> None:
    course = course_of(WAREHOUSE, missing(since=DAY))
    earlier = course_of(WAREHOUSE, replace(missing(), batch_date=DAY - timedelta(days=5)))
    assert course is not None
    assert earlier is not None
    assert earlier.days[-1] == DAY - timedelta(days=5)


def test_the_course_of_a_measured_performance_ends_with_the_cohort_it_is_about() -> None:
    facts = {
        "rule": "baseline",
        "baseline": 0.8,
        "amber": 0.01,
        "red": 0.03,
        "first_day": "2026-10-26",
        "relative": False,
    }
    finding = replace(missing(), rule="auc", family="performance", subject="model", facts=facts)
    rows = [
        {
            "model_version": "v3",
            "batch_date": date(2026, 10, 26) - timedelta(weeks=ago),
            "verdict": json.dumps({"estimates": {"auc": [0.65 if ago < 2 else 0.79, 0.01]}}) if ago else "{",
        }
        for ago in reversed(range(8))
    ]
    course = course_of(Answers({"model_health": health(), "evaluated_cohorts": rows}), finding)
    assert course is not None
    assert course.values == (0.79,) * 6 + (0.65, None)
    assert (course.amber, course.red) == pytest.approx((0.79, 0.77))


def test_a_rule_without_a_measure_shows_the_colours() -> None:
    course = course_of(WAREHOUSE, replace(missing(), rule="type_changed"))
    assert course is not None
    assert course.values == ()
    assert course.colours[-4:] == ("green", "red", "red", "red")
    image = drawn(figure(course, "fr"))
    assert min(x for x, _ in places(image, RED)) > image.width * 0.6
    assert places(image, (47, 158, 115))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_small_and_twice_as_dense_as_shown(language: Any) -> None:
    course = course_of(WAREHOUSE, missing())
    assert course is not None
    png = figure(course, language)
    assert len(png) < 15_000
    assert drawn(png).size == (2 * WIDTH, 2 * HEIGHT)


def test_the_batch_of_the_finding_stands_above_both_thresholds_in_the_colour_it_reaches() -> None:
    course = Course((DAY - timedelta(days=1), DAY), ("green", "red"), WHAT, (0.0, 0.4), 0.1, 0.2)
    image = drawn(figure(course, "en"))
    red, amber, line = (places(image, colour) for colour in (RED, AMBER, LINE))
    # The dot of the last batch is red, at the top; below it the dashes of red, and below those of amber.
    dashes = [y for x, y in red if x < image.width / 2]
    assert min(y for _, y in red) < min(dashes) < min(y for x, y in amber if x < image.width / 2)
    assert min(y for _, y in line) < min(dashes)
    calm = drawn(figure(replace(course, values=(0.0, 0.15)), "en"))
    assert min(y for x, y in places(calm, RED)) == min(y for x, y in places(calm, RED) if x < calm.width / 2)


def test_a_batch_without_a_value_is_a_gap_in_the_line() -> None:
    days = tuple(DAY - timedelta(days=9 - n) for n in range(10))
    values: list[float | None] = [0.5] * 10
    whole = Course(days, ("green",) * 10, WHAT, tuple(values), 0.8, 0.9)
    values[4] = values[5] = None
    width = len({x for x, _ in places(drawn(figure(whole, "en")), LINE)})
    assert len({x for x, _ in places(drawn(figure(replace(whole, values=tuple(values)), "en")), LINE)}) < width * 0.8


@pytest.mark.parametrize(
    "values",
    [(0.0, 0.0), (None, 0.0, None), (1e-9, 3e-9), (1e9, -2e9), (0.3,) * 60, (5.0, 5.0)],
)
def test_any_numbers_can_be_drawn(values: tuple[float | None, ...]) -> None:
    days = tuple(DAY for _ in values)
    for limits, unit in (((None, None), "share"), ((0.1, 0.25), "index"), ((0.9, 0.8), "quantity")):
        assert figure(Course(days, ("green",) * len(days), WHAT, values, *limits, unit), "fr")


def test_the_words_around_it_say_what_it_shows() -> None:
    made = picture(WAREHOUSE, missing(), "en")
    assert made is not None
    assert made.alt.replace("\u00a0", " ") == (
        "tenure_months. Share of rows without a value, 23 September to 21 November. In the last batch 38 %. "
        "Amber from 1.2 %, red from 5.2 %."
    )
    french = picture(WAREHOUSE, missing(), "fr")
    assert french is not None
    assert "Dans le dernier lot\u00a0: 38\u202f%." in french.alt


def test_what_cannot_be_read_or_drawn_stops_no_message(caplog: pytest.LogCaptureFixture) -> None:
    change = changed(model(findings=[missing()]))
    letter = compose(message(alone(change)), world([change]), SETTINGS, reading=Nothing())
    assert letter.pictures == {}
    assert "<img" not in letter.html
    assert [record.getMessage() for record in caplog.records] == [
        "The figure of a message could not be drawn: OSError."
    ]
    assert picture(Answers({"model_health": health(1), "variable_measures": []}), missing(), "en") is None
    assert picture(WAREHOUSE, late(), "en") is None


def test_a_message_shows_its_picture_by_its_name() -> None:
    change = changed(model(findings=[missing()]))
    letter = compose(message(alone(change)), world([change]), SETTINGS, reading=WAREHOUSE)
    assert [f'src="cid:{name}"' in letter.html for name in letter.pictures] == [True]
    assert "In the last batch 38\u00a0%." in letter.plain.replace("\n", " ")
