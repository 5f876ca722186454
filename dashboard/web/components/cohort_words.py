"""A cohort in words: its name, its state, and what of its truth is known."""

from __future__ import annotations

from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.stoplight import WORDS, stoplight
from dashboard.web.page import Request
from dashboard.web.views.performance import CohortRow, Period

_PROVISIONAL: Final = Text("Provisional", "Provisoire")
_OVERDUE: Final = Text("Truth overdue", "Vérité en retard")
_ON: Final = Text("final on {day}", "définitive le {day}")
_SINCE: Final = Text("expected on {day}", "attendue le {day}")
_KNOWN: Final = Text("{share} of {n} outcomes known", "{share} de {n} résultats connus")


def cohort_name(request: Request, row: Period) -> str:
    """``October 2026``, ``Week 41 of 2026``, or the day of a batch."""
    return form.capital(cohort_within(request, row))


def cohort_within(request: Request, row: Period) -> str:
    """The same within a sentence: ``week 41 of 2026``, ``octobre 2026``."""
    if row.first_day == row.last_day:
        return form.short_day(row.first_day, request.language, near=request.today)
    return form.period(row.cohort_id, row.first_day, request.language).removeprefix("la ")


def of_cohort(request: Request, row: CohortRow) -> str:
    """The same as a complement: ``of October``, ``d'octobre``."""
    view, language = row.view, request.language
    return form.of(form.period(view.cohort_id, view.first_day, language, near=request.today), language)


def state(request: Request, row: CohortRow) -> html.Node:
    """Its stoplight once it counts; before that a badge of its own, without colour."""
    if row.mature:
        return stoplight(row.view.colour, request.language)
    return html.span(state_words(request, row), class_="light provisional")


def state_words(request: Request, row: CohortRow) -> str:
    """Its colour once it counts; before that what keeps it from counting."""
    if row.mature:
        return WORDS[row.view.colour or "grey"][request.language]
    return waiting_words(request, overdue=row.overdue)


def waiting_words(request: Request, *, overdue: bool) -> str:
    """What keeps a cohort from counting."""
    return request.t(_OVERDUE if overdue else _PROVISIONAL)


def final_words(request: Request, row: CohortRow) -> str:
    """When it will count, or should have."""
    day = form.day(row.view.final_on, request.language, near=request.today)
    return request.t(_SINCE if row.overdue else _ON).format(day=day)


def known_words(request: Request, row: CohortRow) -> str:
    """How much of its truth is known."""
    return request.t(_KNOWN).format(
        share=form.share(row.view.completeness, request.language), n=form.count(row.view.predicted, request.language)
    )
