from datetime import date

from dashboard.finding import Finding
from dashboard.web.findings import from_row, shared, worst_first

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


def test_one_variable_on_one_day_in_two_models_is_one_cause() -> None:
    found = shared(
        [
            finding("one", "tenure", "amber"),
            finding("one", "tenure", "red", rule="drift", family="drift"),
            finding("two", "tenure", "amber"),
            finding("three", "tenure", since=date(2026, 11, 1)),
            finding("one", "alone"),
        ]
    )
    assert [(group.subject, group.since, group.colour) for group in found] == [("tenure", DAY, "red")]
    assert [(entry.model_id, entry.rule) for entry in found[0].findings] == [("one", "drift"), ("two", "missing")]


def test_broken_data_are_named_rather_than_the_drift_that_comes_of_them() -> None:
    findings = [finding(m, "tenure", rule=r, family=f) for m in ("one", "two") for r, f in
                (("drift", "drift"), ("missing", "quality"))]  # fmt: skip
    (group,) = shared(findings)
    assert [entry.rule for entry in group.findings] == ["missing", "missing"]


def test_the_newest_cause_stands_first() -> None:
    old = date(2026, 10, 1)
    findings = [finding(m, s, since=d) for m in ("a", "b") for s, d in (("x", old), ("y", DAY))]
    assert [group.subject for group in shared([*findings, finding("c", "x", since=old)])] == ["y", "x"]


def test_facts_are_read_back_from_their_row() -> None:
    row = {
        "model_id": "m", "model_version": "1", "batch_id": "b", "batch_date": DAY, "subject": "s", "rule": "missing",
        "family": "quality", "colour": "red", "since": DAY, "weight": 0.25, "facts": '{"value": 0.5}',
    }  # fmt: skip
    assert from_row(row) == finding("m", "s", weight=0.25, facts={"value": 0.5})
    assert from_row({**row, "facts": None}).facts == {}
