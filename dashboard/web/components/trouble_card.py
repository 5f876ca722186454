"""One trouble: what, since when, where, who takes care of it, what was written about it, and the buttons to do so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

from dashboard import format as form
from dashboard import rules
from dashboard.finding import Finding
from dashboard.incidents import sentence
from dashboard.plural import plural
from dashboard.text import Text
from dashboard.troubles import Trouble
from dashboard.web import html
from dashboard.web.components.actions import Target, actions
from dashboard.web.components.event_list import event_list
from dashboard.web.components.finding_list import finding_address, finding_list
from dashboard.web.components.stoplight import stoplight
from dashboard.web.page import Request

MOST_MODELS: Final = 8
"""Models of an incident that are shown at once; the others stand behind a fold."""
_MOST_VARIABLES: Final = 4

STATES: Final = {
    "open": Text("open", "ouvert"),
    "acknowledged": Text("acknowledged", "pris en charge"),
    "snoozed": Text("snoozed", "en pause"),
    "over": Text("over", "terminé"),
}
"""What a state is called."""

_SINCE = Text("Since {day} ({duration})", "Depuis le {day} ({duration})")
_WAS_ON = Text("{first}", "Le {first}")
_WAS = Text("{first} to {last}", "Du {first} au {last}")
_OPEN = Text("Open", "Ouvert")
_PARTLY = Text("Open: {n} of {all} findings", "Ouvert : {n} constats sur {all}")
_ACKNOWLEDGED = Text("Acknowledged by {author}", "Pris en charge par {author}")
_SNOOZED = Text("Snoozed until {day} by {author}", "En pause jusqu'au {day} par {author}")
_OVER = Text("Over", "Terminé")
_MODELS = (Text("{n} model", "{n} modèle"), Text("{n} models", "{n} modèles"))
_VARIABLES = (Text("{n} variable", "{n} variable"), Text("{n} variables", "{n} variables"))
_MORE = Text("{n} more", "{n} de plus")
_SOMEBODY = Text("somebody", "quelqu'un")


def trouble_card(request: Request, trouble: Trouble, names: Mapping[str, str]) -> html.Node:
    """The card; models are called as ``names`` says, else by their identifier. It carries the trouble's identifier."""
    return html.article(
        html.div(
            stoplight(trouble.colour, request.language),
            html.h3(_title(request, trouble, names)),
            class_="trouble-head",
        ),
        html.p(
            html.span(_state(request, trouble), class_=f"trouble-state {trouble.state}"),
            html.span(_since(request, trouble)),
            html.span(_extent(request, trouble)) if trouble.incident else None,
            class_="trouble-facts",
        ),
        _models(request, trouble, names) if trouble.incident else finding_list(request, trouble.findings),
        event_list(request, trouble.events),
        None if trouble.state == "over" else actions(request, _target(request, trouble, names)),
        class_=f"trouble {trouble.colour} is-{trouble.state}",
        id=trouble.id,
    )


def said(trouble: Trouble, names: Mapping[str, str]) -> Text:
    """What the trouble is, in a sentence: the incident's, or that of the worst finding."""
    return sentence(trouble.incident, names) if trouble.incident else rules.sentence(trouble.findings[0])


def _title(request: Request, trouble: Trouble, names: Mapping[str, str]) -> html.Node:
    if trouble.incident:
        return said(trouble, names)[request.language]
    model = trouble.findings[0].model_id
    return html.a(form.name(names.get(model, model), longest=90), href=request.to("model", model_id=model))


def _target(request: Request, trouble: Trouble, names: Mapping[str, str]) -> Target:
    kinds = ("acknowledged", "snoozed", "note") if trouble.state == "open" else ("reopened", "snoozed", "note")
    if trouble.incident:
        variables = ", ".join(trouble.incident.variables[:_MOST_VARIABLES])
        return Target(
            f"{variables} ({_counted(request, len(trouble.incident.models), _MODELS)})", kinds, incident=trouble.id
        )
    model = trouble.findings[0].model_id
    return Target(names.get(model, model), kinds, model_id=model)


def _state(request: Request, trouble: Trouble) -> str:
    t, stands = request.t, trouble.standing
    author = form.name(stands.author or t(_SOMEBODY))
    if trouble.state == "over":
        return t(_OVER)
    if trouble.state == "acknowledged":
        return t(_ACKNOWLEDGED).format(author=author)
    if trouble.state == "snoozed" and stands.until:
        day = form.day(stands.until, request.language, near=request.today)
        return t(_SNOOZED).format(author=author, day=day)
    number = Counter(one.kind for one in trouble.standings)["open"]
    if number == len(trouble.standings):
        return t(_OPEN)
    language = request.language
    return t(_PARTLY).format(n=form.count(number, language), all=form.count(len(trouble.standings), language))


def _since(request: Request, trouble: Trouble) -> str:
    language, today = request.language, request.today or trouble.last
    first = form.day(trouble.since, language, near=today)
    if trouble.state == "over":
        words = _WAS_ON if trouble.since == trouble.last else _WAS
        return request.t(words).format(first=first, last=form.day(trouble.last, language, near=today))
    return request.t(_SINCE).format(day=first, duration=form.lasting(trouble.since, today, language))


def _extent(request: Request, trouble: Trouble) -> str:
    return ", ".join(
        _counted(request, len({getattr(finding, name) for finding in trouble.findings}), words)
        for name, words in (("model_id", _MODELS), ("subject", _VARIABLES))
    )


def _counted(request: Request, number: int, words: tuple[Text, Text]) -> str:
    return request.t(plural(number, *words)).format(n=form.count(number, request.language))


def _models(request: Request, trouble: Trouble, names: Mapping[str, str]) -> html.Node:
    """The models, each with the variables in question, as links to what explains them."""
    by_model: dict[str, dict[str, Finding]] = defaultdict(dict)
    for finding in trouble.findings:
        by_model[finding.model_id].setdefault(finding.subject, finding)
    items = [_model(request, model, list(found.values()), names) for model, found in sorted(by_model.items())]
    if len(items) <= MOST_MODELS + 1:
        return html.ul(items, class_="trouble-models")
    rest = request.t(_MORE).format(n=form.count(len(items) - MOST_MODELS, request.language))
    return [
        html.ul(items[:MOST_MODELS], class_="trouble-models"),
        html.details(html.summary(rest), html.ul(items[MOST_MODELS:], class_="trouble-models"), class_="more"),
    ]


def _model(request: Request, model: str, findings: list[Finding], names: Mapping[str, str]) -> html.Node:
    variables: list[html.Node] = []
    for finding in findings[:_MOST_VARIABLES]:
        words, href = form.name(finding.subject), finding_address(request, finding)
        variables += [", "] * bool(variables) + [html.a(words, href=href) if href else words]
    if len(findings) > _MOST_VARIABLES:
        more = form.count(len(findings) - _MOST_VARIABLES, request.language)
        variables.append(", " + request.t(_MORE).format(n=more))
    return html.li(
        html.a(form.name(names.get(model, model)), href=request.to("model", model_id=model), class_="trouble-model"),
        html.span(variables, class_="trouble-variables"),
    )
