"""ISO 8601 durations of whole days: what is read, what is refused, and the words."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.cadence_words import cadence_words
from qod.cadence import parse_cadence
from qod.errors import InputError


@pytest.mark.parametrize(
    ("text", "months", "days", "en", "fr"),
    [
        ("P1D", 0, 1, "every day", "chaque jour"),
        ("P10D", 0, 10, "every 10 days", "tous les 10 jours"),
        ("P7D", 0, 7, "every week", "chaque semaine"),
        ("P2W", 0, 14, "every 2 weeks", "toutes les 2 semaines"),
        ("P1M", 1, 0, "every month", "chaque mois"),
        ("P3M", 3, 0, "every 3 months", "tous les 3 mois"),
        ("P1Y", 12, 0, "every year", "chaque année"),
        ("P3M1D", 3, 1, "every 3 months and 1 day", "tous les 3 mois et 1 jour"),
        ("P1M15D", 1, 15, "every month and 15 days", "chaque mois et 15 jours"),
    ],
)
def test_what_is_read(text: str, months: int, days: int, en: str, fr: str) -> None:
    cadence = parse_cadence(text)
    assert (cadence.months, cadence.days) == (months, days)
    assert (cadence_words(cadence).en, cadence_words(cadence).fr) == (en, fr)


@pytest.mark.parametrize(
    "text", ["", "P", "daily", "1D", "P1", "PT6H", "P1DT", "P0D", "P-1D", "P1.5D", "P1W1D", "P99Y"]
)
def test_what_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_cadence(text)
    assert caught.value.column == "cadence"
    assert caught.value.hint


def test_months_fall_back_to_the_last_day() -> None:
    monthly = parse_cadence("P1M")
    assert monthly.after(date(2026, 1, 31)) == date(2026, 2, 28)
    assert monthly.after(date(2026, 12, 15)) == date(2027, 1, 15)
    assert parse_cadence("P7D").after(date(2026, 12, 28)) == date(2027, 1, 4)
    assert monthly.approximate_days == pytest.approx(30.4, abs=0.05)
