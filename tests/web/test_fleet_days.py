import json
from datetime import date

import pyarrow as pa

from dashboard.web.fleet_days import counts_on, fresh_trouble, histories, trend_counts


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
    assert counts_on(MODELS, BY_MODEL, day(2)) == {"amber": 1, "red": 1, "grey": 2}
    assert counts_on(MODELS, BY_MODEL, day(3)) == {"red": 2, "grey": 2}


def test_the_trend_counts_each_day() -> None:
    days, amber, red = trend_counts(MODELS, BY_MODEL, day(4), 5)
    assert days == [date(2026, 10, 31), day(1), day(2), day(3), day(4)]
    assert amber == [0, 0, 1, 0, 0]
    assert red == [0, 1, 1, 2, 2]


def test_new_trouble_is_what_was_calm_the_day_before() -> None:
    rows = [{"model_id": "daily", "colour": "amber"}, {"model_id": "weekly", "colour": "red"}]
    assert fresh_trouble(rows, BY_MODEL, day(1)) == 1
    assert fresh_trouble(rows, BY_MODEL, day(2)) == 0


def test_an_empty_fleet_has_no_history() -> None:
    nothing = histories(fleet())
    assert nothing.of("x").colours() == []
    assert trend_counts(["x"], nothing, day(1), 3)[1:] == ([0, 0, 0], [0, 0, 0])
