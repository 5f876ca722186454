"""A word about the batch on screen where it is not the newest, or not the one that the address names."""

from __future__ import annotations

from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request
from dashboard.web.views.variable_on_screen import OnScreen

_OLD: Final = Text("You look at the batch of {day}.", "Vous regardez le lot du {day}.")
_TO_NEWEST: Final = Text("Go to the newest, of {day}", "Aller au dernier, du {day}")
_GONE: Final = Text(
    "The batch this address names is no longer there; this is the newest one.",
    "Le lot que nomme cette adresse n\u2019existe plus\u202f; voici le dernier.",
)
_NEAREST: Final = Text(
    "No batch on that day; the nearest one is of {day}.", "Pas de lot ce jour-là\u202f; le plus proche est du {day}."
)
_OTHER_GONE: Final = Text(
    "The batch to put beside it is no longer there.", "Le lot à mettre à côté n\u2019existe plus."
)
_LACKING: Final = Text(
    "Version {current}, in use now, does not have it; this is version {version}.",
    "La version {current}, en service, ne l\u2019a pas\u202f; voici la version {version}.",
)


def batch_notice(request: Request, on: OnScreen) -> list[html.Node]:
    """The words, each a paragraph; there must be a batch."""
    asked, beside = request.params["batch"], request.params["against"]
    if request.params["finding"] or request.params["event"]:
        asked = ""  # the link of a finding: the box about it tells what has become of its batch
    return [
        _lacking(request, on),
        _of_batch(request, on, asked) if asked else None,
        html.p(request.t(_OTHER_GONE), class_="notice") if beside and on.history.place_of(beside) is None else None,
    ]


def _lacking(request: Request, on: OnScreen) -> html.Node:
    """That the version in use no longer has the variable."""
    current = on.known.current
    if current in (None, on.version) or request.params["version"]:
        return None
    having = {row["model_version"] for row in request.rows("variables", model_id=on.entry["model_id"])
              if row["variable"] == on.variable}  # fmt: skip
    if current in having:
        return None
    words = request.t(_LACKING).format(current=form.name(str(current)), version=form.name(on.version))
    return html.p(words, class_="notice")


def _of_batch(request: Request, on: OnScreen, asked: str) -> html.Node:
    language, history = request.language, on.history
    day = form.day(on.batch.day, language)
    if history.place_of(asked) != on.place:
        return html.p(request.t(_GONE), class_="notice")
    named = asked in (on.batch.batch_id, on.batch.day.isoformat())
    newest = history.batches[-1]
    if named and on.batch is newest:
        return None
    return html.p(
        request.t(_OLD if named else _NEAREST).format(day=day),
        " ",
        html.a(
            request.t(_TO_NEWEST).format(day=form.day(newest.day, language)),
            href=request.link(batch=None),
            data_stay="true",
        )
        if on.batch is not newest
        else None,
        class_="notice",
    )
