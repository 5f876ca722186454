"""One variable: its distribution over time, and the batch on screen held against training."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from typing import Any, Final

from dashboard import format as form
from dashboard.judged_by import CHANGED, has_changed
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.also import also
from dashboard.web.components.batch_notice import batch_notice
from dashboard.web.components.derived_note import derived_note
from dashboard.web.components.empty import empty
from dashboard.web.components.landing import landing
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.variable_cards import PARAMS, sentence_of, variable_cards
from dashboard.web.page import NotFoundError, Page, Request
from dashboard.web.views.score import scores_of
from dashboard.web.views.timeline import timeline_of
from dashboard.web.views.variable_on_screen import OnScreen, on_screen, version_of

PAGE: Final = Page(
    "variable",
    "/models/<model_id>/inputs/<variable>",
    lambda request: f"{form.name(request.args['variable'])} \u00b7 {form.name(model_entry(request)['name'])}",
    params=PARAMS,
)

_VARIABLE, _INPUTS = Text("variable", "variable"), Text("Inputs", "Variables")
_PREDICTIONS: Final = Text("Predictions", "Prédictions")
_IMPORTANCE: Final = Text("Importance {share}.", "Importance\u00a0: {share}.")
_NO_BATCH: Final = Text("No batch of this version yet.", "Pas encore de lot de cette version.")
_NO_BATCH_MEANING: Final = Text(
    "Training froze the bins of this variable; with the first batch its distribution can be held against them.",
    "L\u2019apprentissage a figé les classes de cette variable\u202f; dès le premier lot, sa distribution "
    "leur est comparée.",
)


def layout(request: Request) -> list[html.Node]:
    """The sentence; the history beside the batch on screen with what moved, the facts and the unseen levels."""
    entry = model_entry(request)
    known = timeline_of(request, entry["model_id"])
    version = version_of(request, known, _having(request))
    on = on_screen(request, entry, known, version=version, variable=request.args["variable"])
    if on.place is None:
        command = f"vigie batch {shlex.quote(entry['model_id'])} {shlex.quote(version)} DATE batch.parquet"
        return [*_head(request, on, None), empty(request, _NO_BATCH, _NO_BATCH_MEANING, command=command)]
    sentence = sentence_of(request, on)
    changed = any(has_changed(finding, on.judged) for finding in on.findings)
    return [
        *_head(request, on, _lead(request, on, sentence)),
        landing(request, entry),
        derived_note(request, on.history.reference, on.variable),
        batch_notice(request, on),
        html.p(f"{form.capital(request.t(CHANGED))}.", class_="notice") if changed else None,
        also(request, on.findings[1:]),
        variable_cards(request, on, sentence=sentence),
    ]


def _having(request: Request) -> Collection[str]:
    """The versions that have the variable; NotFoundError when there is none."""
    rows = request.rows("variables", model_id=request.args["model_id"])
    variable = request.args["variable"]
    having = {row["model_version"] for row in rows if row["variable"] == variable}
    if not having:
        raise NotFoundError(_VARIABLE, variable, tuple(sorted({row["variable"] for row in rows})))
    return having


def _head(request: Request, on: OnScreen, lead: html.Node) -> list[html.Node]:
    """The heading; what the model itself says is no input, and stands among its predictions."""
    model_id: Any = on.entry["model_id"]
    is_score = on.variable in scores_of(request, model_id).get(on.version, ())
    above, words = ("predictions", _PREDICTIONS) if is_score else ("inputs", _INPUTS)
    trail = [(request.t(words), request.to(above, model_id=model_id)), (on.variable, None)]
    return model_head(request, dict(on.entry), title=on.variable, colour=on.colour, trail=trail, lead=lead, tab=above)


def _lead(request: Request, on: OnScreen, sentence: str) -> html.Node:
    importance = on.history.reference["importance"]
    if importance is None:
        return sentence
    words = request.t(_IMPORTANCE).format(share=form.share(importance, request.language))
    return [sentence, " ", html.span(words, class_="calm")]
