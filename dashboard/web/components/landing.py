"""The box that meets whoever followed the link of a finding: what was found, and what has become of it since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard import format as form
from dashboard import rules
from dashboard.events import from_row as event_of
from dashboard.finding import Finding, from_row
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.stoplight import WORDS, glyph, known
from dashboard.web.failure import guarded
from dashboard.web.page import Request
from dashboard.web.param import Param, words
from dashboard.web.views import landing as view
from dashboard.web.views.landing import Landing, Named

FRAGMENT: Final = "finding"
"""Where on its page the finding stands that the address names."""

_LABEL: Final = Text("What has become of this finding", "Ce que ce constat est devenu")
_FINDING: Final = Text("Finding", "Constat")
_SAID: Final = Text("The message of {day} said:", "Le message du {day} disait :")
_QUOTED: Final = Text("\u201c{words}\u201d", "«\u00a0{words}\u00a0»")
_THIS_IS_NEWEST: Final = Text("This is the newest batch.", "C\u2019est le dernier lot.")
_STILL: Final = Text(
    "The newest batch, of {day}, still has it.", "Le dernier lot, du {day}, présente toujours ce constat."
)
_OTHER: Final = Text(
    "In the newest batch, of {day}, it is {colour}.", "Dans le dernier lot, du {day}, ce constat est {colour}."
)
_WORSE: Final = Text(
    "It is worse in the newest batch, of {day}: {colour}.",
    "C\u2019est plus grave dans le dernier lot, du {day} : {colour}.",
)
_OVER: Final = Text(
    "It is over since the batch of {over}: the newest, of {day}, no longer has it.",
    "C\u2019est terminé depuis le lot du {over} : le dernier, du {day}, ne le présente plus.",
)
_JUST_OVER: Final = Text(
    "It is over: the newest batch, of {day}, no longer has it.",
    "C\u2019est terminé : le dernier lot, du {day}, ne le présente plus.",
)
_AGAIN: Final = {
    "same": Text(
        "The batch was delivered again on {day}, and this is still found:",
        "Le lot a été livré de nouveau le {day}, et ce constat demeure :",
    ),
    "other": Text(
        "The batch was delivered again on {day}, and this is now {colour}:",
        "Le lot a été livré de nouveau le {day}, et ce constat est désormais {colour} :",
    ),
    "gone": Text(
        "The batch was delivered again on {day}, and this is no longer found.",
        "Le lot a été livré de nouveau le {day}, et ce constat n\u2019apparaît plus.",
    ),
}
_JUDGED: Final = {
    "other": Text(
        "The batch has been judged again since, and this is now {colour}:",
        "Le lot a été jugé de nouveau depuis, et ce constat est désormais {colour} :",
    ),
    "gone": Text(
        "The batch has been judged again since, and this is no longer found.",
        "Le lot a été jugé de nouveau depuis, et ce constat n\u2019apparaît plus.",
    ),
}
_NOT_FOUND: Final = Text(
    "The rule “{rule}” finds nothing of the kind in the batch of {day}.",
    "La règle « {rule} » ne trouve rien de tel dans le lot du {day}.",
)
_NO_BATCH: Final = Text(
    "The batch that this link names is no longer there; this page shows the latest one.",
    "Le lot que nomme ce lien n\u2019existe plus ; cette page montre le dernier.",
)
_NO_MESSAGE: Final = Text(
    "The message that this link came with is not on record.", "Le message qui portait ce lien n\u2019est pas conservé."
)
_NO_RULE: Final = Text(
    "This link names no finding that Vigie knows; this page shows how things stand.",
    "Ce lien ne nomme aucun constat que Vigie connaisse ; cette page montre la situation.",
)
_TO_NEWEST: Final = Text("See the newest batch", "Voir le dernier lot")
_RANK: Final = {"red": 3, "amber": 2, "grey": 1, "note": 0}


def landing_params(*more: str) -> tuple[Param, ...]:
    """The parameters of a finding's link; ``more`` names those among batch and subject the page does not declare.

    The page's own links drop them where they lead to another batch or version.
    """
    with_ = ("batch", "version")
    own = (words(key, with_=with_ if key != "batch" else ()) for key in more)
    return (*own, words("finding", longest=60, with_=with_), words("event", longest=200, with_=with_))


def landing(request: Request, entry: Mapping[str, Any]) -> html.Node:
    """The box; None where the address names no finding, or one of the newest batch that the page itself tells.

    ``entry`` is the model's row of query ``fleet``.
    """
    params = request.params
    if not params["finding"] and not params["event"]:
        return None
    return guarded(request, "landing", lambda: _box(request, entry))


def marked(request: Request, finding: Finding) -> dict[str, str]:
    """The properties of the element that shows ``finding``: it is marked where the address names it."""
    if not _named(request).names(finding):
        return {}
    return {"class_": "marked", "aria_current": "true", "id": FRAGMENT}


def _box(request: Request, entry: Mapping[str, Any]) -> html.Node:
    found = _landing(request, entry)
    if not request.params["event"] and found.finding is not None and found.batch is not None and found.batch.newest:
        return None
    colour = known(found.finding.colour) if found.finding else "grey"
    return html.div(
        [html.p(part) for part in _parts(request, found) if part],
        class_=f"landing {colour}",
        role="status",
        aria_label=request.t(_LABEL),
    )


def _named(request: Request) -> Named:
    params = request.params
    subject = request.args.get("variable") or params.get("subject", "")
    return Named(params.get("batch", ""), params.get("version", ""), params.get("finding", ""), subject)


def _landing(request: Request, entry: Mapping[str, Any]) -> Landing:
    event_id, model_id = request.params["event"], entry["model_id"]
    events = [event_of(row) for row in request.rows("model_events", model_id=model_id)] if event_id else []
    message = view.message_of(event_id, events)
    named = view.completed(_named(request), message)
    batches = request.rows("batches", model_id=model_id)
    batch, row = view.batch_of(named, batches, entry)
    if batch is None or row is None or named.rule not in rules.load() or entry["batch_date"] is None:
        return Landing(named, message, batch, None)
    of_batch = request.rows(
        "model_findings",
        model_id=model_id,
        model_version=batch.model_version,
        batch_id=batch.batch_id,
        batch_date=batch.day,
    )
    finding = next(filter(named.names, map(from_row, of_batch)), None)
    again = view.delivered_again(row, message)
    if finding is None or batch.newest:
        return Landing(named, message, batch, finding, again, newest=entry["batch_date"])
    course = request.rows(
        "finding_course", model_id=model_id, rule=finding.rule, subject=finding.subject, since=batch.day
    )
    return Landing(
        named,
        message,
        batch,
        finding,
        again,
        now=view.colour_now(course, entry),
        over=view.over_since(course, batches, batch, entry["batch_date"]),
        newest=entry["batch_date"],
    )


def _parts(request: Request, found: Landing) -> list[html.Node]:
    """What the box says, a paragraph each."""
    t = request.t
    message, finding, batch = found.message, found.finding, found.batch
    quote = _quote(request, found) if message else None
    no_message = t(_NO_MESSAGE) if request.params["event"] and message is None else None
    if found.named.rule not in rules.load():
        return [quote, t(_NO_RULE), no_message]
    if batch is None:
        return [quote, t(_NO_BATCH), no_message]
    if finding is None:
        return [quote, _gone(request, found), no_message, _way(request) if not batch.newest else None]
    sentence = html.span(
        glyph(finding.colour, t(_FINDING), request.language), html.strong(_sentence(request, finding)), class_="told"
    )
    first = _changed(request, found)
    return [quote if first else None, first, sentence, _by_now(request, found), no_message]


def _quote(request: Request, found: Landing) -> html.Node:
    message, language = found.message, request.language
    sentence = view.said(message, language) if message else None
    if message is None or sentence is None:
        return None
    day = form.day(message.day, language, near=request.today)
    return [
        request.t(_SAID).format(day=day),
        " ",
        html.span(request.t(_QUOTED).format(words=sentence), class_="quote"),
    ]


def _changed(request: Request, found: Landing) -> str | None:
    """That the batch no longer says what the message said, and why; None where it says the same."""
    message, finding = found.message, found.finding
    if message is None or finding is None:
        return None
    sent = message.facts.get("colour")
    other = isinstance(sent, str) and sent in _RANK and sent != finding.colour
    if found.again is None and not other:
        return None
    text = _AGAIN["other" if other else "same"] if found.again else _JUDGED["other"]
    return request.t(text).format(
        day=_day(request, found.again) if found.again else "", colour=_colour(request, finding.colour)
    )


def _gone(request: Request, found: Landing) -> str:
    """That the batch does not have the finding, or no longer."""
    if found.message is not None:
        if found.again is not None:
            return request.t(_AGAIN["gone"]).format(day=_day(request, found.again))
        return request.t(_JUDGED["gone"])
    name = rules.load()[found.named.rule].name[request.language]
    return request.t(_NOT_FOUND).format(rule=name, day=_day(request, found.batch.day if found.batch else None))


def _by_now(request: Request, found: Landing) -> html.Node:
    """How the newest batch stands on it, with the way there."""
    t = request.t
    if found.batch is None or found.finding is None or found.batch.newest:
        return t(_THIS_IS_NEWEST)
    day = _day(request, found.newest)
    if found.now is None:
        text = _OVER if found.over is not None and found.over != found.newest else _JUST_OVER
    elif found.now == found.finding.colour:
        text = _STILL
    else:
        text = _WORSE if _RANK.get(found.now, 0) > _RANK.get(found.finding.colour, 0) else _OTHER
    said = t(text).format(
        day=day, over=_day(request, found.over), colour=_colour(request, found.now) if found.now else ""
    )
    return [said, " ", _way(request)]


def _way(request: Request) -> html.Node:
    return html.a(request.t(_TO_NEWEST), href=request.link(batch=None, version=None))


def _sentence(request: Request, finding: Finding) -> html.Node:
    """The sentence, as everywhere; a way to where it stands on a page that lists several."""
    words = rules.sentence(finding)[request.language]
    return html.a(words, href=request.link(fragment=FRAGMENT)) if request.page.key == "model" else words


def _day(request: Request, day: Any) -> str:
    return form.day(day, request.language, near=request.today) if day is not None else ""


def _colour(request: Request, colour: str) -> str:
    return WORDS[known(colour)][request.language].lower()
