import itertools
import random
from datetime import date, timedelta

import pytest

from dashboard.web.figures.mark_labels import AXIS_PIXELS, Wanted, placed
from dashboard.web.figures.time_axis import Kind, Mark, mark_lines, outline, period_axis, shown_marks, time_axis, x_axis

MONDAY = date(2026, 11, 2)


def days(*offsets: int) -> list[date]:
    return [MONDAY + timedelta(days=offset) for offset in offsets]


def test_a_batch_stands_in_the_middle_of_its_column() -> None:
    axis = time_axis(days(0, 1, 2), cadence_days=1)
    assert axis.x == ("2026-11-02", "2026-11-03", "2026-11-04")
    assert axis.columns == (0, 1, 2)
    assert (axis.starts[0], axis.ends[0]) == ("2026-11-01 12:00", "2026-11-02 12:00")
    assert (axis.first, axis.last) == ("2026-11-01 12:00", "2026-11-04 12:00")


def test_missing_batches_leave_a_gap_as_wide_as_they_are_many() -> None:
    axis = time_axis(days(0, 1, 5, 6), cadence_days=1)
    assert axis.columns == (0, 1, None, None, 2, 3)
    assert axis.spread([10, 20, 30, 40]) == [10, 20, None, None, 30, 40]
    assert axis.fill(["a", "b", "c", "d"], "-") == ["a", "b", "-", "-", "c", "d"]
    # The columns beside the gap keep their own width.
    assert axis.ends[1] == "2026-11-03 12:00"
    assert axis.starts[2] == "2026-11-06 12:00"
    assert axis.at(2) == "2026-11-07"


def test_one_missing_batch_leaves_one_column() -> None:
    assert time_axis(days(0, 2), cadence_days=1).columns == (0, None, 1)


def test_months_of_different_lengths_are_no_gaps() -> None:
    months = [date(2026, month, 1) for month in range(1, 7)]
    assert None not in time_axis(months, cadence_days=30.4).columns


def test_batches_of_the_same_day_share_it_in_their_order() -> None:
    axis = time_axis(days(0, 0, 1), cadence_days=1)
    assert axis.x == ("2026-11-02", "2026-11-02 12:00", "2026-11-03")
    assert axis.columns == (0, 1, 2)


def test_a_single_batch_has_the_width_of_its_cadence() -> None:
    axis = time_axis(days(0), cadence_days=7)
    assert axis.heat_x() == [axis.first, axis.last] == ["2026-10-29 12:00", "2026-11-05 12:00"]
    assert time_axis(days(0, 7), cadence_days=7).heat_x() == ["2026-11-02", "2026-11-09"]


@pytest.mark.parametrize("wrong", [[], days(1, 0)])
def test_no_batch_or_batches_that_go_back_are_refused(wrong: list[date]) -> None:
    with pytest.raises(ValueError, match="order of their days"):
        time_axis(wrong, cadence_days=1)
    with pytest.raises(ValueError, match="order of their days"):
        period_axis([(day, day) for day in wrong])


def test_periods_are_as_wide_as_they_last_and_versions_of_one_share_it() -> None:
    october, november = (date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 11, 30))
    axis = period_axis([october, november, november])
    assert axis.starts == ("2026-10-01", "2026-11-01", "2026-11-16")
    assert axis.ends == ("2026-11-01", "2026-11-16", "2026-12-01")
    assert axis.columns == (0, 1, 2)


def test_a_period_that_is_missing_leaves_a_gap() -> None:
    axis = period_axis([(MONDAY, MONDAY), (MONDAY + timedelta(days=3), MONDAY + timedelta(days=3))])
    assert axis.columns == (0, None, 1)


def test_a_deployment_is_marked_before_its_first_batch_and_named_above_the_plot() -> None:
    axis = time_axis(days(0, 1, 2, 3), cadence_days=1)
    lines, labels = mark_lines(axis, [Mark("deployment", "v<2>", days(2)[0])], language="en")
    assert lines[0]["x0"] == lines[0]["x1"] == axis.starts[2]
    assert labels[0]["text"] == "\u25c6 v&lt;2&gt;"
    assert labels[0]["hovertext"].replace("\u00a0", " ") == "v&lt;2&gt; deployed, 4 November 2026"
    assert (labels[0]["y"], labels[0]["yanchor"]) == (1, "bottom")


def test_a_deployment_on_a_day_without_a_batch_is_marked_at_the_next_one() -> None:
    axis = time_axis(days(0, 1, 5), cadence_days=1)
    lines, _ = mark_lines(axis, [Mark("deployment", "v2", days(3)[0])], language="en")
    assert lines[0]["x0"] == axis.starts[2]


def test_a_deployment_inside_a_period_keeps_its_day() -> None:
    axis = period_axis(
        [(MONDAY, MONDAY + timedelta(days=6)), (MONDAY + timedelta(days=7), MONDAY + timedelta(days=13))]
    )
    lines, _ = mark_lines(axis, [Mark("deployment", "v2", days(3)[0])], language="en", snap=False)
    assert lines[0]["x0"] == "2026-11-05"


def test_deployments_outside_the_axis_are_left_out_and_crowded_names_too() -> None:
    axis = time_axis(days(*range(40)), cadence_days=1)
    crowd = [Mark("deployment", str(place), days(place)[0]) for place in (-30, 10, 11, 12, 35, 90)]
    lines, labels = mark_lines(axis, crowd, language="en")
    assert len(lines) == 4
    assert [label["text"] for label in labels] == ["\u25c6 11", "\u25c6 12", "\u25c6 35"]


def drawn(*marks: Mark, length: int = 100) -> tuple[list[str], list[str]]:
    """The dashes of the lines and the texts of the labels on an axis of ``length`` days."""
    lines, labels = mark_lines(time_axis(days(*range(length)), cadence_days=1), marks, language="en")
    return [line["line"]["dash"] for line in lines], [label["text"] for label in labels]


def mark(kind: Kind, place: int, name: str = "ada") -> Mark:
    return Mark(kind, name, days(place)[0], "why")


def test_kinds_differ_by_their_dashes_and_by_their_glyphs() -> None:
    dashes, texts = drawn(mark("deployment", 5, "v2"), mark("retraining", 45), mark("note", 85))
    assert len(set(dashes)) == 3
    assert [text.split()[0] for text in texts] == ["\u25c6", "\u21bb", "\u00b6"]


def test_marks_of_one_day_share_a_line_and_a_label() -> None:
    dashes, texts = drawn(mark("note", 30), mark("note", 30), mark("retraining", 30), mark("deployment", 30, "v2"))
    assert dashes == ["dot"]
    assert texts == ["\u25c6 v2 deployed \u21bb \u00b62"]


def test_two_deployments_of_one_day_are_both_named() -> None:
    both = (mark("deployment", 30, "A v1"), mark("deployment", 30, "B v1"))
    assert drawn(*both) == (["dot"], ["\u25c6 A v1, B v1"])
    assert drawn(*both, mark("note", 30))[1] == ["\u25c6 A v1, B v1 \u00b6"]
    third = mark("deployment", 30, "B v2")
    assert drawn(*both, third)[1] == ["\u25c6 A v1 +2 deployed"]


def test_long_names_of_two_deployments_take_no_more_room_than_one() -> None:
    pair = (mark("deployment", 0, "A " + "v" * 40), mark("deployment", 0, "B " + "w" * 40))
    ((text,), (alone,)) = drawn(*pair)[1], drawn(*pair, pair[0])[1]
    assert text == "\u25c6 A vvvvvvvv\u2026, B wwwwwwww\u2026"
    assert len(text) <= len(alone)


def test_of_crowded_labels_a_deployment_stays_before_a_note() -> None:
    _, texts = drawn(mark("note", 40), mark("deployment", 42, "v2"), mark("note", 44), length=100)
    assert len(texts) == 2
    assert texts[-1] == "\u25c6 v2 deployed"


@pytest.mark.parametrize("seed", range(20))
def test_labels_never_touch_even_on_a_phone(seed: int) -> None:
    chance = random.Random(seed)
    places = [chance.random() for _ in range(30)]
    wanted = [
        Wanted(place, "n" * chance.randint(5, 24), "n" * chance.randint(1, 6), chance.randint(0, 2)) for place in places
    ]
    spans = []
    for one, label in zip(wanted, placed(wanted), strict=True):
        if label is not None:
            width = 6 * len(label.text) / AXIS_PIXELS
            spans.append((one.place - width, one.place) if label.right else (one.place, one.place + width))
    assert spans
    assert min(a for a, _ in spans) >= 0
    assert max(b for _, b in spans) <= 1
    assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(sorted(spans)))


def test_words_of_marks_that_are_shown_leave_out_those_outside() -> None:
    axis = time_axis(days(*range(40)), cadence_days=1)
    marks = [mark("note", 50), mark("note", 20), mark("deployment", -2, "v1"), mark("deployment", 3, "v2")]
    assert [one.name for one in shown_marks(axis, marks)] == ["v2", "ada"]


def test_the_range_and_the_frame_of_a_batch_are_fixed() -> None:
    axis = time_axis(days(0, 1), cadence_days=1)
    assert x_axis(axis)["range"] == [axis.first, axis.last]
    assert (outline(axis, 1)["x0"], outline(axis, 1)["x1"]) == (axis.starts[1], axis.ends[1])
