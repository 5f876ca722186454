"""Bytes, money, seconds, lapses and moments in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from dashboard import format as form
from dashboard.text import Language, Text

_SIZES: Final = ((Text("TB", "To"), 1e12), (Text("GB", "Go"), 1e9), (Text("MB", "Mo"), 1e6), (Text("kB", "ko"), 1e3))
_BYTES: Final = Text("B", "o")
_LAPSES: Final = ((86400, Text("day", "jour")), (3600, Text("hour", "heure")), (60, Text("minute", "minute")))
_LESS: Final = Text("less than a minute", "moins d'une minute")


def size(count: float | None, language: Language) -> str:
    """Bytes in decimal units to two or three digits: ``14 MB``, in French ``14 Mo``; an en dash when not known."""
    if count is None:
        return "\u2013"
    for name, unit in _SIZES:
        if count >= unit:
            return f"{_few(count / unit, language)}{form.WIDE}{name[language]}"
    return f"{form.count(count, language)}{form.WIDE}{_BYTES[language]}"


def seconds(value: float, language: Language) -> str:
    """``0.4 s``, ``12 s``, ``2,114 s``."""
    return f"{_few(value, language)}{form.WIDE}s"


def dollars(value: float, language: Language) -> str:
    """US dollars to the cent, small amounts to two digits: ``$1.20``, ``$0.0031``; in French ``1,20 $``."""
    digits = 2 if value >= 0.1 or value == 0 else 3 if value >= 0.01 else 4
    if 0 < value < 0.0001:
        return f"<{form.WIDE}{dollars(0.0001, language)}"
    number = form.decimal(value, language, digits=digits)
    return f"{number}{form.WIDE}$" if language == "fr" else f"${number}"


def lapse(value: float, language: Language) -> str:
    """A lapse of time of so many seconds in its largest unit: ``3 hours``, ``1 day``, ``less than a minute``."""
    for unit, name in _LAPSES:
        if value >= unit:
            number = int(value // unit)
            return f"{form.count(number, language)}{form.WIDE}{name[language]}{'s' if number > 1 else ''}"
    return form.french(_LESS.fr) if language == "fr" else _LESS.en


def moment(when: datetime, language: Language, *, near: date | None = None) -> str:
    """A moment of UTC for a heading or a sentence: ``21 Nov, 09:30 UTC``; in French ``21 nov., 9 h 30 UTC``.

    With its year when it is not the year of ``near``.
    """
    clock = f"{when.hour}\u202fh\u202f{when:%M}" if language == "fr" else f"{when:%H:%M}"
    return f"{form.short_day(when.date(), language, near=near)}, {clock} UTC"


def _few(value: float, language: Language) -> str:
    return form.decimal(value, language, digits=0 if value >= 9.95 else 1 if value >= 0.95 else 2)
