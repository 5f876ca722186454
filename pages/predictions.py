"""What a model says: its scores or classes over time, and those of the batch on screen against training."""

from __future__ import annotations

import shlex
from typing import Final

from dashboard import format as form
from dashboard.judged_by import CHANGED, has_changed
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.also import also
from dashboard.web.components.awaiting import awaiting
from dashboard.web.components.batch_notice import batch_notice
from dashboard.web.components.card import card
from dashboard.web.components.derived_note import derived_note
from dashboard.web.components.empty import empty
from dashboard.web.components.landing import landing
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.predicted_over_time import Line, predicted_over_time
from dashboard.web.components.variable_cards import PARAMS, sentence_of, variable_cards
from dashboard.web.page import Page, Request
from dashboard.web.param import choice
from dashboard.web.views.predicted import level_share, means, trained_share
from dashboard.web.views.score import is_predicted_class, scores_of
from dashboard.web.views.timeline import timeline_of
from dashboard.web.views.variable_on_screen import OnScreen, on_screen, version_of
from dashboard.web.views.versions import versions_of
from qod.derived import CLASSES

TITLE: Final = Text("Predictions", "Prédictions")

PAGE: Final = Page(
    "predictions",
    "/models/<model_id>/predictions",
    lambda request: f"{request.t(TITLE)} \u00b7 {form.name(model_entry(request)['name'])}",
    params=(choice("of", ("class",)), *PARAMS),
)

_OF: Final = Text("Show", "Montrer")
_SCORE, _CLASS = Text("Score", "Score"), Text("Predicted class", "Classe prédite")
_SAID: Final = Text("What the model said", "Ce qu\u2019a dit le modèle")
_MEAN_OF: Final = Text("Mean of {name}", "Moyenne de {name}")
_ABOVE: Final = Text("Share of rows at {threshold} or above", "Part des lignes à {threshold} ou plus")
_POSITIVE_OF: Final = Text("Share of rows predicted positive", "Part des lignes prédites positives")
_CLASS_OF: Final = Text("Share of rows of class {level}", "Part des lignes de classe {level}")
_NUMBER: Final = Text("{what}: {now}, {training} at training.", "{what} : {now}, {training} à l\u2019apprentissage.")
_ALONE: Final = Text("{what}: {now}.", "{what} : {now}.")
_NO_SCORE: Final = Text("No scores were delivered.", "Aucun score n\u2019a été livré.")
_NO_SCORE_MEANING: Final = Text(
    "The training rows of this model came without its score, so there is nothing to hold the scores of a batch "
    "against. Deliver both with the column that holds it, and this page shows how they are distributed over time.",
    "Les données d\u2019apprentissage de ce modèle sont venues sans son score\u00a0: rien à quoi comparer les scores "
    "d\u2019un lot. Livrez les deux avec la colonne qui le contient, et cette page montrera leur distribution au fil "
    "du temps.",
)
_NO_BATCH: Final = Text("No batch of this version yet.", "Pas encore de lot de cette version.")
_NO_BATCH_MEANING: Final = Text(
    "Training froze the bins of the score; with the first batch its distribution can be held against them.",
    "L\u2019apprentissage a figé les classes du score\u202f; dès le premier lot, sa distribution leur est comparée.",
)


def layout(request: Request) -> list[html.Node]:
    """The sentence, mean and rows over time, and the cards about the score as about any variable."""
    entry = model_entry(request)
    model_id = entry["model_id"]
    known, said_by = timeline_of(request, model_id), scores_of(request, model_id)
    if not said_by:
        return [*model_head(request, entry), _nothing(request, model_id)]
    version = version_of(request, known, said_by)
    variables = said_by[version]
    variable = variables[-1] if request.params["of"] == "class" else variables[0]
    on = on_screen(request, entry, known, version=version, variable=variable)
    if on.place is None:
        command = f"vigie batch {shlex.quote(model_id)} {shlex.quote(version)} DATE batch.parquet --score {variable}"
        return [*model_head(request, entry), empty(request, _NO_BATCH, _NO_BATCH_MEANING, command=command)]
    sentence = sentence_of(request, on)
    lines = _lines(request, on, variables)
    summary = _summary(request, on, lines)
    changed = any(has_changed(finding, on.judged) for finding in on.findings)
    return [
        *model_head(request, entry, lead=[sentence, " ", html.span(summary, class_="calm")]),
        landing(request, entry),
        derived_note(request, on.history.reference, variable),
        batch_notice(request, on),
        html.p(f"{form.capital(request.t(CHANGED))}.", class_="notice") if changed else None,
        also(request, on.findings[1:]),
        card(
            request,
            request.t(_SAID),
            lambda: predicted_over_time(request, on, lines, sentence=summary or sentence),
            tools=_which(request, variables),
            id="said",
        ),
        variable_cards(request, on, sentence=sentence),
    ]


def _nothing(request: Request, model_id: str) -> html.Node:
    """What is missing: training rows, or the score among them."""
    versions = versions_of(request, model_id)
    if not versions:
        return awaiting(request, model_id, versions)
    model, version = shlex.quote(model_id), shlex.quote(versions[0]["model_version"])
    command = (
        f"vigie reference {model} {version} training.parquet --score SCORE\n"
        f"vigie batch {model} {version} DATE batch.parquet --score SCORE"
    )
    return empty(request, _NO_SCORE, _NO_SCORE_MEANING, command=command)


def _which(request: Request, variables: list[str]) -> html.Node:
    """Links to the score and to the class that is made of it, where there are both."""
    if len(variables) < 2:
        return None
    of_class = request.params["of"] == "class"
    choices = [
        chips.Choice(request.t(_SCORE), request.link(of=None), not of_class),
        chips.Choice(request.t(_CLASS), request.link(of="class"), of_class),
    ]
    return html.div(chips.switch(request.t(_OF), choices), class_="tools")


def _lines(request: Request, on: OnScreen, variables: list[str]) -> list[Line]:
    """What there is to draw: the mean of a numeric score, and the share of rows predicted positive or of a class."""
    reference = on.history.reference
    numeric = reference["kind"] == "numeric"
    name = form.name(on.variable, longest=40)
    mean = Line(request.t(_MEAN_OF).format(name=name), means(on.history), reference["mean"], "quantity")
    classes = on
    if variables[-1] != on.variable:
        classes = on_screen(request, on.entry, on.known, version=on.version, variable=variables[-1])
    return [*([mean] if numeric else []), *_share_line(request, classes)]


def _share_line(request: Request, on: OnScreen) -> list[Line]:
    """The share of rows predicted positive, or of the class that was the most frequent at training."""
    reference = on.history.reference
    if reference["kind"] == "numeric" or not reference["levels"]:
        return []
    if is_predicted_class(reference):
        versions = request.rows("versions", model_id=on.entry["model_id"])
        threshold = next(row["threshold"] for row in versions if row["model_version"] == on.version)
        level, text = CLASSES[-1], _POSITIVE_OF if threshold is None else _ABOVE
        title = request.t(text).format(threshold=form.threshold(threshold, request.language))
    else:
        level = reference["levels"][0]
        title = request.t(_CLASS_OF).format(level=form.quoted(level, request.language))
    values = level_share(reference, on.history.counts, level)
    return [Line(title, values, trained_share(reference, level), "share")]


def _summary(request: Request, on: OnScreen, lines: list[Line]) -> str:
    """Each line's number in the batch on screen beside training."""
    language, place = request.language, on.place
    assert place is not None
    parts = []
    for line in lines:
        write = form.share if line.unit == "share" else form.quantity
        value = line.values[place]
        if value is not None:
            words = _NUMBER if line.training is not None else _ALONE
            now, training = write(value, language), write(line.training, language)
            parts.append(request.t(words).format(what=line.title, now=now, training=training))
    return " ".join(parts)
