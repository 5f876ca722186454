"""Sentences declared as data: a template in both languages, its numbers and dates written as each language does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from string import Formatter
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Language, Text

Writer = Callable[[Any, Language, date], str]


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _period(value: tuple[str, date | str], language: Language, near: date) -> str:
    return form.period(value[0], _date(value[1]), language, near=near)


WRITERS: Final[dict[str, Writer]] = {
    "": lambda value, language, near: value[language] if isinstance(value, Text) else str(value),
    "name": lambda value, language, near: form.name(value),
    "quoted": lambda value, language, near: form.quoted(value, language),
    "share": lambda value, language, near: form.share(value, language),
    "chance": lambda value, language, near: form.chance(value, language),
    "of_chance": lambda value, language, near: form.of_chance(value, language),
    "exact": lambda value, language, near: form.exact(value, language),
    "points": lambda value, language, near: form.points(value, language),
    "index": lambda value, language, near: form.index(value, language),
    "count": lambda value, language, near: form.count(value, language),
    "edge": lambda value, language, near: form.edge(value, language),
    "threshold": lambda value, language, near: form.threshold(value, language),
    "quantity": lambda value, language, near: form.quantity(value, language),
    "date": lambda value, language, near: form.day(_date(value), language, near=near),
    "period": _period,
    "Period": lambda value, language, near: form.capital(_period(value, language, near)),
    "of_period": lambda value, language, near: form.of(_period(value, language, near), language),
}
"""What may stand after the colon of a place in a template, ``{value:share}``, and how it is written.

Both dates and ISO text serve as dates; a period is the pair (cohort id, first day).
"""


def say(template: Text, values: Mapping[str, Any], *, near: date) -> Text:
    """``template`` with its places filled in, in both languages.

    A place is ``{name:writer}``, see WRITERS. Dates of another year than ``near`` carry their year. The French
    template is typed with plain spaces and apostrophes and typeset here; the values are never touched by that.
    KeyError when a value is missing or a writer does not exist.
    """
    return Text(_fill(template.en, values, "en", near), _fill(template.fr, values, "fr", near))


def _fill(template: str, values: Mapping[str, Any], language: Language, near: date) -> str:
    out = []
    for literal, place, writer in _parsed(template, language):
        out.append(literal)
        if place is not None:
            out.append(WRITERS[writer](values[place], language, near))
    return "".join(out)


@lru_cache(maxsize=1024)
def _parsed(template: str, language: Language) -> tuple[tuple[str, str | None, str], ...]:
    # A literal is typeset with a mark in place of what follows, so that an apostrophe before a place is seen.
    parts = list(Formatter().parse(template))
    out = []
    for literal, place, writer, _ in parts:
        if language == "fr":
            typeset = form.french(literal + ("{" if place is not None else ""))
            literal = typeset.removesuffix("{") if place is not None else typeset
        out.append((literal, place, writer or ""))
    return tuple(out)
