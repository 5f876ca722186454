import json
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from dashboard.evaluation.results import STRIP as WRITTEN
from dashboard.web.fleet_days import (
    NOT_YET,
    STRIP,
    counts_on,
    day_counts,
    fresh_trouble,
    histories,
    histories_of_batches,
    trend_counts,
)


def fleet(**strips: list[tuple[date, str | None]]) -> pa.Table:
    """What query ``fleet`` says of each model's strip."""
    texts = [
        json.dumps([{"batch_date": day.isoformat(), "colour": colour} for day, colour in strip])
        for strip in strips.values()
    ]
    return pa.table({"model_id": pa.array(strips, pa.string()), "strip": pa.array(texts, pa.string())})


def day(number: int) -> date:
    return date(2026, 11, number)


BY_MODEL = histories(
    fleet(
        daily=[(day(1), "green"), (day(2), "amber"), (day(3), "red")],
        empty=[],
        odd=[(day(3), None)],
        weekly=[(day(1), "red")],
    )
)
MODELS = ["daily", "odd", "weekly", "unknown"]


def test_a_model_has_the_colour_of_its_newest_batch_until_then() -> None:
    assert [BY_MODEL.of("daily").on(day(number)) for number in (1, 2, 3, 9)] == ["green", "amber", "red", "red"]
    assert BY_MODEL.of("weekly").on(day(3)) == "red"
    assert BY_MODEL.of("daily").on(date(2026, 10, 31)) == "grey"
    assert BY_MODEL.of("odd").on(day(3)) == "grey"
    for name in ("unknown", "empty"):
        assert BY_MODEL.of(name).on(day(3)) == "grey"
        assert BY_MODEL.of(name).colours() == []
    assert BY_MODEL.of("daily").colours() == ["green", "amber", "red"]


def test_the_counts_of_a_day_add_up_to_all_models() -> None:
    assert counts_on(MODELS, BY_MODEL, day(2)) == Counter(amber=1, red=1, grey=2)
    assert counts_on(MODELS, BY_MODEL, day(3)) == Counter(red=2, grey=2)


def test_the_trend_counts_each_day_from_the_first_batch_on() -> None:
    counts = trend_counts(MODELS, BY_MODEL, day(4), 5)
    assert counts.days == [day(1), day(2), day(3), day(4)], "on 31 October there was no batch at all"
    assert counts.of("amber") == [0, 1, 0, 0]
    assert counts.of("red") == [1, 1, 2, 2]
    assert counts.of("green") == [1, 0, 0, 0]
    assert counts.of("grey") == [2, 2, 2, 2]
    assert counts.trouble() == [1, 2, 2, 2]
    assert (counts.seen.sum(axis=0) == len(MODELS)).all()


def test_a_model_by_day_is_its_newest_batch_until_then() -> None:
    codes = BY_MODEL.by_day(["weekly", "daily", "unknown", "odd"], date(2026, 10, 31), day(4))
    assert codes.tolist() == [
        [NOT_YET, 3, 3, 3, 3],
        [NOT_YET, 1, 2, 3, 3],
        [NOT_YET] * 5,
        [NOT_YET, NOT_YET, NOT_YET, 0, 0],
    ]
    for model, own in zip(["weekly", "daily", "unknown", "odd"], codes, strict=True):
        for place, code in enumerate(own.tolist()):
            on = BY_MODEL.of(model).on(date(2026, 10, 31) + timedelta(days=place))
            assert on == ("grey" if code == NOT_YET else ("grey", "green", "amber", "red")[code])


def test_days_begin_with_what_was_before_them() -> None:
    assert BY_MODEL.by_day(["daily", "weekly"], day(3), day(4)).tolist() == [[3, 3], [3, 3]]
    assert BY_MODEL.by_day(["daily"], day(8), day(9)).tolist() == [[3, 3]]
    assert BY_MODEL.by_day([], day(8), day(9)).shape == (0, 2)


def test_of_a_day_with_several_batches_the_last_one_counts() -> None:
    twice = histories(fleet(twice=[(day(1), "red"), (day(1), "green"), (day(2), "amber"), (day(2), "red")]))
    assert twice.by_day(["twice"], day(1), day(3)).tolist() == [[1, 3, 3]]
    assert twice.by_day(["twice"], day(2), day(2)).tolist() == [[3]]


def test_a_trend_begins_where_all_strips_do() -> None:
    start = date(2026, 6, 1)
    full: list[tuple[date, str | None]] = [
        (start + timedelta(days=place // 2), "red") for place in range(STRIP)
    ]  # two batches a day
    by_model = histories(fleet(full=full, long=[(date(2026, 1, 1), "green")]))
    last = full[-1][0]
    assert STRIP == WRITTEN
    assert trend_counts(["full", "long"], by_model, last, 90).days[0] == start, "what was before is not in the strip"
    assert trend_counts(["full", "long"], by_model, last, 20).days[0] == last - timedelta(days=19)


def test_batches_of_the_fleet_make_the_same_days_as_strips() -> None:
    rows = [
        ("daily", day(1), "green"), ("daily", day(2), "amber"), ("daily", day(3), "red"),
        ("odd", day(3), None), ("weekly", day(1), "red"),
    ]  # fmt: skip
    ids, days, colours = zip(*rows, strict=True)
    batches = histories_of_batches(
        pa.table({"model_id": ids, "batch_date": pa.array(days, pa.date32()), "colour": pa.array(colours, pa.string())})
    )
    assert batches.first == day(1)
    assert np.array_equal(batches.by_day(MODELS, day(1), day(9)), BY_MODEL.by_day(MODELS, day(1), day(9)))
    none = pa.table(
        {
            "model_id": pa.array([], pa.string()),
            "batch_date": pa.array([], pa.date32()),
            "colour": pa.array([], pa.string()),
        }
    )
    assert histories_of_batches(none).first is None


@pytest.mark.parametrize(("code", "colour"), [(0, "grey"), (1, "green"), (2, "amber"), (3, "red"), (NOT_YET, "grey")])
def test_a_model_before_its_first_batch_is_no_data(code: int, colour: str) -> None:
    counts = day_counts(np.array([[code]], np.uint8), day(1))
    assert counts.at(0) == {"grey": 0, "green": 0, "amber": 0, "red": 0} | {colour: 1}


def test_new_trouble_is_what_was_calm_the_day_before() -> None:
    rows = [{"model_id": "daily", "colour": "amber"}, {"model_id": "weekly", "colour": "red"}]
    assert fresh_trouble(rows, BY_MODEL, day(1)) == 1
    assert fresh_trouble(rows, BY_MODEL, day(2)) == 0


def test_an_empty_fleet_has_no_history() -> None:
    nothing = histories(fleet())
    assert nothing.of("x").colours() == []
    assert trend_counts(["x"], nothing, day(1), 3).of("grey") == [1]
