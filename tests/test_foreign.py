"""What somebody else wrote is read as far as it has the shape that is looked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboard.events import Event
from dashboard.foreign import day_in, json_object, objects_in, text_in
from dashboard.reasons import kept_reasons, reasons_of
from dashboard.text import Text


@pytest.mark.parametrize("text", [None, "", "{", "[1]", '"a"', "[" * 100_000, b"\xff{}", "null"])
def test_what_is_no_object_is_an_empty_one(text: Any) -> None:
    assert json_object(text) == {}


def test_an_object_is_read_from_text_and_from_bytes() -> None:
    assert json_object('{"a": [1]}') == json_object(b'{"a": [1]}') == {"a": [1]}


def test_of_a_list_only_the_objects_count() -> None:
    assert objects_in([{"a": 1}, "b", None, {}]) == [{"a": 1}, {}]
    assert objects_in({"a": 1}) == objects_in("ab") == objects_in(None) == []


@pytest.mark.parametrize(("value", "text", "day"), [
    ("2026-11-19", "2026-11-19", date(2026, 11, 19)),
    ("2026-02-30", "2026-02-30", None),
    ("soon", "soon", None),
    (20261119, "", None),
    (None, "", None),
    (["2026-11-19"], "", None),
])  # fmt: skip
def test_texts_and_days_are_those_that_stand_there(value: Any, text: str, day: date | None) -> None:
    assert (text_in(value), day_in(value)) == (text, day)


def test_reasons_are_read_as_they_were_kept() -> None:
    reasons = [Text("Too few rows.", "Trop peu de lignes."), Text("Too soon.", "Trop tôt.")]
    kept: list[Any] = [*kept_reasons(reasons), {"en": "alone"}, {"en": 1, "fr": "un"}, "no", {"en": "", "fr": ""}]
    event = Event("e", datetime(2026, 11, 19, tzinfo=UTC), "retraining_refused", facts={"reasons": kept, "run": 7})
    assert reasons_of(event) == reasons
    assert event.said("run") == event.said("nothing") == ""
