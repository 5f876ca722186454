from datetime import date

from dashboard.finding import Finding, from_row
from dashboard.web.findings import worst_first

DAY = date(2026, 11, 19)


def finding(model: str, subject: str, colour: str = "red", since: date = DAY, **more: object) -> Finding:
    values = {"weight": None, "facts": {}, "rule": "missing", "family": "quality"} | more
    return Finding(model, "1", "b", DAY, subject, colour=colour, since=since, **values)  # type: ignore[arg-type]


def test_red_stands_before_amber_before_notes_and_weight_decides() -> None:
    light, heavy = finding("m", "light", weight=0.01), finding("m", "heavy", weight=0.5)
    amber, note, grey = finding("m", "a", "amber"), finding("m", "n", "note"), finding("m", "g", "grey")
    assert worst_first([note, light, grey, amber, heavy]) == [heavy, light, amber, grey, note]


def test_the_larger_excess_stands_first_among_equals() -> None:
    small, large = finding("m", "a", facts={"size": 1.5}), finding("m", "b", facts={"size": 9.0})
    assert worst_first([small, large]) == [large, small]


def test_facts_are_read_back_from_their_row() -> None:
    row = {
        "model_id": "m", "model_version": "1", "batch_id": "b", "batch_date": DAY, "subject": "s", "rule": "missing",
        "family": "quality", "colour": "red", "since": DAY, "weight": 0.25, "facts": '{"value": 0.5}',
    }  # fmt: skip
    assert from_row(row) == finding("m", "s", weight=0.25, facts={"value": 0.5})
    assert from_row({**row, "facts": None}).facts == {}
