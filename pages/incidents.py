"""The incidents: what broke where, grouped over models, what one model has alone, and who takes care of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import format as form
from dashboard import rules
from dashboard.text import Text
from dashboard.troubles import Trouble
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.actions import REFUSED
from dashboard.web.components.card import card
from dashboard.web.components.download import download
from dashboard.web.components.empty import empty
from dashboard.web.components.filter_menu import ALL, ALL_FEMININE, filter_menu
from dashboard.web.components.incidents_headline import headline
from dashboard.web.components.pager import page_of, pager
from dashboard.web.components.stoplight import GLYPHS, WORDS
from dashboard.web.components.trouble_card import STATES, said, trouble_card
from dashboard.web.data import Data, Value
from dashboard.web.page import Page, Request
from dashboard.web.param import choice, whole, words
from dashboard.web.views.fleet import fleet_rows
from dashboard.web.views.troubles import current, over

SIZE: Final = 50
"""Troubles on one page."""
_COLOURS: Final = ("red", "amber", "grey")
_DAYS: Final = ("7", "30", "90")

_COLUMNS: Final = (
    *("kind", "id", "state", "colour", "since", "last", "model", "subject", "rule", "family", "finding_colour"),
    *("finding_since", "standing", "author", "when", "until", "text", "sentence_en", "sentence_fr"),
)

PAGE: Final = Page(
    "incidents",
    "/incidents",
    Text("Incidents", "Incidents"),
    params=(
        choice("state", ("open", "acknowledged", "snoozed")),
        choice("colour", _COLOURS),
        words("team"),
        words("owner"),
        choice("days", _DAYS),
        whole("page", default=1, least=1),
        words("at", with_=("state", "colour", "team", "owner", "days", "page")),
    ),
    nav=Text("Incidents", "Incidents"),
    nav_place=4,
)

_NAMES: Final = {
    "state": Text("State", "État"),
    "colour": Text("Colour", "Couleur"),
    "team": Text("Team", "Équipe"),
    "owner": Text("Owner", "Responsable"),
}
_FILTERS: Final = Text("Filters", "Filtres")
_PERIOD: Final = Text("Incidents that are over, too", "Aussi les incidents terminés")
_NOW: Final = Text("now", "en ce moment")
_LAST: Final = Text("{n} days", "{n} jours")
_CALM: Final = Text("Nothing is wrong now.", "Rien ne va mal en ce moment.")
_CALM_MEANING: Final = Text(
    "An incident appears here when one variable breaks or drifts in several models on the same day, or when several "
    "variables of one model break together. What goes wrong in one model alone stands beneath.",
    "Un incident apparaît ici quand une même variable casse ou dérive le même jour dans plusieurs modèles, ou quand "
    "plusieurs variables d'un modèle cassent ensemble. Ce qui ne touche qu'un modèle vient au-dessous.",
)
_NOTHING_YET: Final = Text("Nothing has been evaluated yet.", "Rien n'a encore été évalué.")
_NOTHING_MEANING: Final = Text(
    "Incidents are found among the verdicts of an evaluation, which needs a registered model, its training rows and a "
    "batch.",
    "Les incidents se trouvent parmi les verdicts d'une évaluation, qui demande un modèle enregistré, ses données "
    "d'apprentissage et un lot.",
)
_NO_MATCH: Final = Text("Nothing matches these filters.", "Rien ne correspond à ces filtres.")
_GONE: Final = Text(
    "What the link leads to is not here: it is over, or has another cause now.",
    "Ce vers quoi mène le lien n'est pas ici : c'est terminé, ou la cause a changé.",
)
_CLEAR: Final = Text("Show everything", "Tout montrer")
_STATE_OF: Final = Text("State of {day}.", "État du {day}.")
_SHARED: Final = Text("Incidents", "Incidents")
_SHARED_NOTE: Final = Text("one cause, several models or variables", "une cause, plusieurs modèles ou variables")
_ALONE: Final = Text("Single troubles", "Problèmes isolés")
_ALONE_NOTE: Final = Text("what one model has alone", "ce qu'un modèle est seul à avoir")
_ENDED: Final = Text("Over", "Terminés")
_NONE_ENDED: Final = Text(
    "No incident ended in the last {n} days.", "Aucun incident ne s'est terminé ces {n} derniers jours."
)
_ENDED_NOTE: Final = Text(
    "incidents of the last {n} days that no batch shows any more",
    "incidents des {n} derniers jours qu'aucun lot ne montre plus",
)


@dataclass(frozen=True, slots=True)
class _Fleet:
    """The models by identifier: what they are called, whose they are."""

    names: Mapping[str, str]
    teams: Mapping[str, str]
    owners: Mapping[str, str]


def layout(request: Request) -> list[html.Node]:
    """Sentence, filters, incidents, what single models have, and what is over."""
    rows = fleet_rows(request.reading)
    if request.today is None:
        command = "vigie evaluate" if rows else "vigie register MODEL.toml\n# or look around first:\nvigie demo"
        return [html.h1(request.t(_SHARED)), empty(request, _NOTHING_YET, _NOTHING_MEANING, command=command)]
    fleet = _fleet(rows)
    days = int(request.params["days"] or 0)
    found = [*current(request.reading).troubles, *over(request.reading, days)]
    # The sentence is about whose models and which colours are asked for, in every state.
    scoped = [one for one in found if _matches(request, one, fleet, ("colour", "team", "owner"))]
    shown = [one for one in scoped if _matches(request, one, fleet, ("state",))]
    now = [one for one in scoped if one.state != "over"]
    day = form.day(request.today, request.language)
    return [
        html.h1(headline(now, request.language) if now else request.t(_CALM)),
        html.p(
            request.t(_STATE_OF).format(day=day),
            [" ", request.t(REFUSED)] if request.site.writing == "refused" else None,
            class_="lead",
        ),
        _filters(request, found, fleet) if found or days else None,
        html.p(request.t(_GONE), class_="calm") if _place(request, shown) is None else None,
        *(_sections(request, shown, fleet) if shown else [_nothing(request, found)]),
        None if found or days else html.p(html.a(request.t(_PERIOD), href=request.link(days="90")), class_="lead"),
    ]


def _fleet(rows: Sequence[Mapping[str, Any]]) -> _Fleet:
    return _Fleet(
        {row["model_id"]: row["name"] for row in rows},
        {row["model_id"]: row["team"] for row in rows if row["team"]},
        {row["model_id"]: row["owner_email"] for row in rows if row["owner_email"]},
    )


def _values(trouble: Trouble, key: str, fleet: _Fleet) -> set[str]:
    """Where a trouble stands in a filter's menu."""
    if key == "state":
        return {trouble.state}
    if key == "colour":
        return {trouble.colour}
    of_model = fleet.teams if key == "team" else fleet.owners
    return {of_model[model] for model in trouble.models if model in of_model}


def _matches(request: Request, trouble: Trouble, fleet: _Fleet, keys: Sequence[str]) -> bool:
    return all(not request.params[key] or request.params[key] in _values(trouble, key, fleet) for key in keys)


def _filters(request: Request, found: Sequence[Trouble], fleet: _Fleet) -> html.Node:
    language = request.language
    known = {
        "state": {key: text[language] for key, text in STATES.items() if key != "over"},
        "colour": {colour: f"{GLYPHS[colour]} {WORDS[colour][language]}" for colour in _COLOURS},
    }
    menus = [
        filter_menu(
            request,
            key,
            label,
            Counter(value for one in found for value in _values(one, key, fleet)),
            known.get(key),
            everything=ALL_FEMININE if key in ("colour", "team") else ALL,
        )
        for key, label in _NAMES.items()
    ]
    chosen = request.params["days"]
    periods = [chips.Choice(request.t(_NOW), request.link(days=None, page=None), not chosen)]
    periods += [
        chips.Choice(request.t(_LAST).format(n=days), request.link(days=days, page=None), days == chosen)
        for days in _DAYS
    ]
    tools = html.span(
        chips.switch(request.t(_PERIOD), periods),
        download(request, "troubles", lambda: _data(request, fleet)),
        class_="filters-end",
    )
    return html.div(menus, tools, class_="filters", role="group", aria_label=request.t(_FILTERS))


def _nothing(request: Request, found: Sequence[Trouble]) -> html.Node:
    if not found:
        return empty(request, _CALM, _CALM_MEANING)
    cleared = request.link(**dict.fromkeys((*_NAMES, "page")))
    return html.div(
        html.p(request.t(_NO_MATCH), class_="empty-title"),
        html.p(html.a(request.t(_CLEAR), href=cleared)),
        class_="empty",
    )


def _place(request: Request, shown: Sequence[Trouble]) -> int | None:
    """Where the trouble stands that the address leads to, -1 where it leads to none; None where it is not there."""
    at = request.params["at"]
    return next((place for place, one in enumerate(shown) if one.id == at), None) if at else -1


def _sections(request: Request, shown: Sequence[Trouble], fleet: _Fleet) -> list[html.Node]:
    place = _place(request, shown)
    asked = request.params["page"] if place is None or place < 0 else place // SIZE + 1
    page = page_of(asked, len(shown), SIZE)
    here = shown[(page - 1) * SIZE : page * SIZE]
    parts = (
        (_SHARED, request.t(_SHARED_NOTE), [one for one in here if one.incident and one.state != "over"]),
        (_ALONE, request.t(_ALONE_NOTE), [one for one in here if one.incident is None]),
        (_ENDED, request.t(_ENDED_NOTE).format(n=request.params["days"]), [one for one in here if one.state == "over"]),
    )
    return [
        *[_section(request, title, note, troubles, fleet) for title, note, troubles in parts if troubles],
        _none_ended(request, shown),
        pager(request, page=page, total=len(shown), size=SIZE, link=lambda number: request.link(page=number)),
    ]


def _none_ended(request: Request, shown: Sequence[Trouble]) -> html.Node:
    """A word where the address asks for what is over, and nothing is."""
    if not request.params["days"] or request.params["state"] or any(one.state == "over" for one in shown):
        return None
    return html.p(request.t(_NONE_ENDED).format(n=request.params["days"]), class_="calm none-ended")


def _section(request: Request, title: Text, note: str, troubles: Sequence[Trouble], fleet: _Fleet) -> html.Node:
    return card(
        request,
        request.t(title),
        lambda: [trouble_card(request, trouble, fleet.names) for trouble in troubles],
        note=note,
        class_="plain troubles",
    )


def _data(request: Request, fleet: _Fleet) -> Data:
    """One row a finding of every trouble that the address asks for."""
    rows: list[tuple[Value, ...]] = []
    found = [*current(request.reading).troubles, *over(request.reading, int(request.params["days"] or 0))]
    for trouble in found:
        if not _matches(request, trouble, fleet, tuple(_NAMES)):
            continue
        own = ("incident" if trouble.incident else "single", trouble.id, trouble.state, trouble.colour)
        span = (trouble.since.isoformat(), trouble.last.isoformat())
        for place, finding in enumerate(trouble.findings):
            stands = trouble.standings[place] if trouble.standings else None
            sentence = said(trouble, fleet.names) if trouble.state == "over" else rules.sentence(finding)
            rows.append(
                (
                    *own,
                    *span,
                    *(finding.model_id, finding.subject, finding.rule, finding.family, finding.colour),
                    finding.since.isoformat(),
                    *(stands.kind if stands else trouble.state, stands.author if stands else None),
                    stands.when.isoformat(timespec="seconds") if stands and stands.when else None,
                    stands.until.isoformat() if stands and stands.until else None,
                    stands.text if stands else None,
                    *(sentence.en, sentence.fr),
                )
            )
    return Data(_COLUMNS, rows)
