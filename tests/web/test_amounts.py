from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.text import Language
from dashboard.web.amounts import dollars, lapse, moment, seconds, size


@pytest.mark.parametrize(
    ("count", "en", "fr"),
    [
        (None, "–", "–"),
        (0, "0 B", "0 o"),
        (999, "999 B", "999 o"),
        (1_400, "1.4 kB", "1,4 ko"),
        (14_200_000, "14 MB", "14 Mo"),
        (20 * 2**30, "21 GB", "21 Go"),
        (2**40, "1.1 TB", "1,1 To"),
        (4_200 * 10**12, "4,200 TB", "4 200 To"),
    ],
)
def test_sizes(count: int | None, en: str, fr: str) -> None:
    assert (plain(size(count, "en")), plain(size(count, "fr"))) == (en, fr)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        (0, "$0.00", "0,00 $"),
        (6.25, "$6.25", "6,25 $"),
        (0.0625, "$0.062", "0,062 $"),
        (0.00123, "$0.0012", "0,0012 $"),
        (0.00000001, "< $0.0001", "< 0,0001 $"),
        (1234.5, "$1,234.50", "1 234,50 $"),
    ],
)
def test_money(value: float, en: str, fr: str) -> None:
    assert (plain(dollars(value, "en")), plain(dollars(value, "fr"))) == (en, fr)


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        (0, "less than a minute", "moins d’une minute"),
        (60, "1 minute", "1 minute"),
        (7_199, "1 hour", "1 heure"),
        (7_200, "2 hours", "2 heures"),
        (86_400 * 3 + 5, "3 days", "3 jours"),
    ],
)
def test_lapses(value: float, en: str, fr: str) -> None:
    assert (plain(lapse(value, "en")), plain(lapse(value, "fr"))) == (en, fr)


@pytest.mark.parametrize(
    ("language", "words", "time"),
    [("en", "21 Nov, 09:05 UTC", "0.42 s"), ("fr", "21 nov., 9 h 05 UTC", "0,42 s")],
)
def test_moments_and_seconds(language: Language, words: str, time: str) -> None:
    assert plain(moment(datetime(2026, 11, 21, 9, 5, tzinfo=UTC), language)) == words
    assert plain(seconds(0.42, language)) == time
