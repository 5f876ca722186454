"""Numbers, dates and names as a reader of each language writes them."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import format as form
from dashboard.say import say
from dashboard.text import Text


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        (0.38, "38 %", "38 %"),
        (0.002, "0.2 %", "0,2 %"),
        (0.018, "1.8 %", "1,8 %"),
        (0.0996, "10 %", "10 %"),
        (0.99, "99.0 %", "99,0 %"),
        (0.9999, "> 99.9 %", "> 99,9 %"),
        (0.0001, "< 0.1 %", "< 0,1 %"),
        (0.0, "0 %", "0 %"),
        (1.0, "100 %", "100 %"),
        (None, "–", "–"),
        (math.nan, "–", "–"),
    ],
)
def test_shares(value: float | None, en: str, fr: str) -> None:
    assert form.share(value, "en").replace("\u00a0", " ") == en
    assert form.share(value, "fr").replace("\u00a0", " ").replace("\u202f", " ") == fr
    if fr.endswith(" %"):
        assert form.share(value, "fr")[-2] == "\u202f"


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        (0.17, ".17", "0,17"),
        (1.731, "1.73", "1,73"),
        (0.004, ".004", "0,004"),
        (0.0004, "< .001", "< 0,001"),
        (-0.05, "−.05", "−0,05"),
        (0.0, "0", "0"),
        (None, "–", "–"),
    ],
)
def test_indices(value: float | None, en: str, fr: str) -> None:
    assert form.index(value, "en").replace("\u00a0", " ") == en
    assert form.index(value, "fr").replace("\u00a0", " ") == fr


def test_other_numbers() -> None:
    assert form.count(2114, "en") == "2,114"
    assert form.count(2114, "fr") == "2\u202f114"
    assert [form.quantity(v, "en") for v in (12.345, 4210.7, 0.0123, 0.0)] == ["12.3", "4,211", "0.0123", "0"]
    assert form.quantity(12.345, "fr") == "12,3"
    assert [form.edge(v, "en") for v in (8.0, 0.25, 18_402.5, 0.0, -3.10)] == ["8", "0.25", "18,402", "0", "−3.1"]
    assert [form.points(v, "en") for v in (0.04, 0.01, 0.013)] == ["4\u00a0points", "1\u00a0point", "1.3\u00a0points"]
    assert form.points(0.013, "fr") == "1,3\u00a0point"
    assert form.duration(1, "en") == "1\u00a0day"
    assert [form.duration(d, "fr") for d in (0, 1, 203)] == ["0\u00a0jour", "1\u00a0jour", "203\u00a0jours"]


def test_dates_carry_their_year_only_when_it_is_another() -> None:
    day, near = date(2026, 11, 1), date(2026, 12, 31)
    assert form.day(day, "en", near=near) == "1\u00a0November"
    assert form.day(day, "fr", near=near) == "1er\u00a0novembre"
    assert form.day(day, "en", near=date(2027, 1, 1)) == "1\u00a0November 2026"
    assert form.day(day, "en") == "1\u00a0November 2026"
    assert form.short_day(day, "fr") == "1\u00a0nov."
    assert form.period("month:2026-08", date(2026, 8, 1), "fr", near=near) == "août"
    assert form.of("août", "fr") == "d\u2019août"
    assert form.period("week:2026-W53", date(2026, 12, 28), "en", near=date(2027, 1, 20)) == "week 53 of 2026"


def test_names_of_others_stay_on_one_line_and_are_cut_in_their_middle() -> None:
    assert form.name("a\nb\tc") == "a b c"
    assert form.name("x" * 300) == "x" * 23 + "…" + "x" * 23
    assert form.name("") == "–"
    assert form.quoted("<script>", "en") == "\u201c<script>\u201d"


def test_french_is_set_with_its_spaces_and_apostrophes() -> None:
    assert form.french("l'AUC d'octobre : 5 % ; voir « x » !") == (
        "l\u2019AUC d\u2019octobre\u00a0: 5\u202f%\u202f; voir «\u00a0x\u00a0»\u202f!"
    )
    assert form.french("C'est fini ? (3 %).") == "C\u2019est fini\u202f? (3\u202f%)."


def test_a_template_is_typeset_and_its_values_are_not_touched() -> None:
    template = Text("{subject:name} of {at:date}: {value:share}", "l'{subject:name} du {at:date} : {value:share}")
    found = say(template, {"subject": "it's : {x} %", "at": "2026-11-02", "value": 0.5}, near=date(2026, 1, 1))
    assert found.en == "it's : {x} % of 2\u00a0November: 50\u00a0%"
    assert found.fr == "l\u2019it's : {x} % du 2\u00a0novembre\u00a0: 50\u202f%"
    with pytest.raises(KeyError):
        say(Text("{a:share}", "{b:share}"), {"a": 1}, near=date(2026, 1, 1))


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(["en", "fr"]))
def test_any_number_can_be_written(value: float, language: object) -> None:
    for write in (form.share, form.index, form.count, form.quantity, form.edge, form.points):
        text = write(value, language)  # type: ignore[operator]
        assert text
        assert "nan" not in text
        assert "inf" not in text


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        (0.42, ".42", "0,42"),
        (0.0104, ".010", "0,010"),
        (0.001, ".001", "0,001"),
        (0.00099, "1\u00a0×\u00a010⁻³", "1\u00a0×\u00a010⁻³"),
        (3.4e-12, "3\u00a0×\u00a010⁻¹²", "3\u00a0×\u00a010⁻¹²"),
        (0.0, "<\u00a010⁻³⁰⁰", "<\u00a010⁻³⁰⁰"),
        (1.0, "1.00", "1,00"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_a_probability_is_never_rounded_to_nothing(value: float | None, en: str, fr: str) -> None:
    assert (form.chance(value, "en"), form.chance(value, "fr")) == (en, fr)


def test_a_probability_in_a_sentence_is_below_what_it_cannot_be_written_as() -> None:
    assert (form.of_chance(0.42, "en"), form.of_chance(0.42, "fr")) == (".42", "de 0,42")
    assert form.of_chance(0.0, "en") == "below 1\u00a0×\u00a010⁻³⁰⁰"
    assert form.of_chance(0.0, "fr") == "inférieure à 10⁻³⁰⁰"


def test_a_threshold_has_the_digits_that_it_has() -> None:
    written = [form.threshold(value, "en") for value in (0.05, 0.7, 2.33, 3.0, 0.015)]
    assert written == [".05", ".70", "2.33", "3", ".015"]
    assert form.threshold(0.05, "fr") == "0,05"
