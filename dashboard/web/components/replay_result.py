"""What another policy changes: the sentence, two strips on one axis, counts, changed batches and subjects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from dashboard import format as form
from dashboard import replay as judged
from dashboard import rules
from dashboard.history import HealthRow
from dashboard.replay import BatchChange, Replay, SubjectChange
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.pager import page_of, pager
from dashboard.web.components.stoplight import WORDS, WORST_FIRST, stoplight
from dashboard.web.components.strip import strip
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data
from dashboard.web.page import Request

SIZE: Final = 15
"""Changed batches on one page."""

_FEWER: Final = Text("{n} fewer {colour}", "{n} de moins en {colour}")
_MORE: Final = Text("{n} more {colour}", "{n} de plus en {colour}")
_NONE: Final = Text("No colour would be another one in {n} batches.", "Aucune couleur ne changerait dans {n} lots.")
_ONE: Final = Text("The batch would keep its colour.", "Le lot garderait sa couleur.")
_BEFORE, _AFTER = Text("In force", "En vigueur"), Text("Tried", "Essai")
_COLOUR, _DIFFERENCE = Text("Batches", "Lots"), Text("Difference", "Écart")
_DAY, _VERSION, _WHY = (
    Text("Batch", "Lot"),
    Text("Version", "Version"),
    Text("Why, as tried", "Pourquoi, à l\u2019essai"),
)
_SUBJECT, _RULE, _SUBJECTS = Text("Subject", "Sujet"), Text("Rule", "Règle"), Text("Subjects", "Sujets")
_BATCHES: Final = Text("Batches with another colour", "Lots d\u2019une autre couleur")
_OF_SUBJECTS: Final = Text("Subjects with another colour", "Sujets d\u2019une autre couleur")


def sentence(request: Request, found: Replay) -> str:
    """How many batches would have another colour, and how many more and fewer of each."""
    t, language = request.t, request.language
    if not found.changes:
        return t(_ONE) if found.batches == 1 else t(_NONE).format(n=form.count(found.batches, language))
    parts = []
    for colour in WORST_FIRST:
        by = found.after.get(colour, 0) - found.before.get(colour, 0)
        if by:
            text = _MORE if by > 0 else _FEWER
            words = WORDS[colour][language].lower()
            parts.append(t(text).format(n=form.count(abs(by), language), colour=words))
    whole = judged.sentence(found)[language]
    return f"{whole} {form.capital(', '.join(parts))}." if parts else whole


def strips(request: Request, health: Sequence[HealthRow], found: Replay) -> html.Node:
    """The colours in force above those tried, a bar a batch, on the same axis; ``health`` is oldest first."""
    other = {(one.model_version, one.batch_id): one.after for one in found.changes}
    before = [row.colour for row in health]
    after = [other.get((row.model_version, row.batch_id), row.colour) for row in health]
    language, n = request.language, len(health)
    first, last = health[0].batch_date, health[-1].batch_date
    return html.div(
        [
            html.div(html.span(request.t(words), class_="strip-name"), strip(colours, language, places=n))
            for words, colours in ((_BEFORE, before), (_AFTER, after))
        ],
        html.div(
            html.span(form.short_day(first, language, near=last)),
            html.span(form.short_day(last, language, near=request.today)),
            class_="strip-days",
        ),
        class_="strip-pair strip-frame",
    )


def counts_table(request: Request, found: Replay) -> html.Node:
    """Batches by colour, in force and as tried."""
    language = request.language
    columns = [Column(request.t(_COLOUR)), *(Column(request.t(words), "number") for words in (_BEFORE, _AFTER))]
    rows = []
    for colour in WORST_FIRST:
        was, now = found.before.get(colour, 0), found.after.get(colour, 0)
        if was or now:
            sign = "+" if now > was else ""
            by = f"{sign}{form.count(now - was, language)}" if now != was else "="
            rows.append([stoplight(colour, language), form.count(was, language), form.count(now, language), by])
    columns.append(Column(request.t(_DIFFERENCE), "number"))
    return table(columns, rows, caption=request.t(_COLOUR), row_heading=0, class_="counts")


def changes_table(request: Request, found: Replay, model_id: str) -> html.Node:
    """The batches with another colour, newest first, a page of them: each a way to the model as of it."""
    changes = found.changes[::-1]
    page = page_of(request.params["page"], len(changes), SIZE)
    several = len({one.model_version for one in changes}) > 1
    columns = [
        Column(request.t(_DAY), "nowrap"),
        *([Column(request.t(_VERSION))] if several else []),
        Column(request.t(_BEFORE)),
        Column(request.t(_AFTER)),
        Column(request.t(_SUBJECTS), "c-subject"),
        Column(request.t(_WHY), "c-why"),
    ]
    rows = [_change(request, one, model_id, several=several) for one in changes[(page - 1) * SIZE : page * SIZE]]
    return [
        table(columns, rows, caption=request.t(_BATCHES), row_heading=0, class_="changes"),
        pager(request, page=page, total=len(changes), size=SIZE, link=lambda number: request.link(page=number)),
    ]


def subjects_table(request: Request, found: Replay, model_id: str, variables: Sequence[str]) -> html.Node:
    """Which subjects a rule would give another colour, in how many batches; most first."""
    language, known = request.language, rules.load()
    columns = [
        Column(request.t(_SUBJECT), "c-subject"),
        Column(request.t(_RULE), "nowrap"),
        Column(request.t(_BEFORE)),
        Column(request.t(_AFTER)),
        Column(request.t(_COLOUR), "number"),
    ]
    rows = [
        [
            _subject(request, one.subject, model_id, variables),
            known[one.rule].name[language] if one.rule in known else one.rule,
            stoplight(one.before, language),
            stoplight(one.after, language),
            form.count(count, language),
        ]
        for one, count in _most_first(found.subjects)
    ]
    return table(columns, rows, caption=request.t(_OF_SUBJECTS), row_heading=0, class_="subjects")


def changes_data(found: Replay) -> Data:
    """The batches with another colour as a table."""
    columns = ("batch_date", "batch_id", "model_version", "in_force", "tried", "subjects", "headline_en", "headline_fr")
    rows = []
    for one in found.changes:
        of = "; ".join(f"{change.subject} {change.rule} {change.before} {change.after}" for change in one.subjects)
        own = (one.batch_date.isoformat(), one.batch_id, one.model_version, one.before, one.after)
        rows.append((*own, of, one.headline.en, one.headline.fr))
    return Data(columns, rows)


def subjects_data(found: Replay) -> Data:
    """The subjects with another colour as a table."""
    rows = [(one.subject, one.rule, one.before, one.after, count) for one, count in _most_first(found.subjects)]
    return Data(("subject", "rule", "in_force", "tried", "batches"), rows)


def _most_first(subjects: Mapping[SubjectChange, int]) -> list[tuple[SubjectChange, int]]:
    return sorted(subjects.items(), key=lambda item: (-item[1], item[0].subject, item[0].rule, item[0].after))


def _change(request: Request, one: BatchChange, model_id: str, *, several: bool) -> list[html.Node]:
    language = request.language
    href = request.to("model", model_id=model_id, batch=one.batch_id, version=one.model_version)
    day: date = one.batch_date
    named = one.batch_id != day.isoformat()
    return [
        [
            html.a(form.short_day(day, language, near=request.today), href=href),
            html.small(form.name(one.batch_id, longest=24), title=one.batch_id) if named else None,
        ],
        *([html.span(form.name(one.model_version, longest=16), title=one.model_version)] if several else []),
        stoplight(one.before, language),
        stoplight(one.after, language),
        ", ".join(sorted({form.name(change.subject, longest=30) for change in one.subjects})),
        one.headline[language],
    ]


def _subject(request: Request, subject: str, model_id: str, variables: Sequence[str]) -> html.Node:
    words = form.name(subject, longest=40)
    if subject not in variables or "variable" not in request.site.pages:
        return words
    return html.a(words, href=request.to("variable", model_id=model_id, variable=subject))
