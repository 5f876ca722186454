"""The policy simulator: move a threshold, and see which of the past batches would have another colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard import format as form
from dashboard import rules, simulate
from dashboard.history import Assessment, ModelHistory
from dashboard.policy import KEYS, Policy
from dashboard.replay import Replay
from dashboard.simulate import Answers, Past
from dashboard.stated import RULES, RULES_OF_VARIABLES, Stated, origins
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips, replay_result
from dashboard.web.components.awaiting import awaiting
from dashboard.web.components.card import card
from dashboard.web.components.download import download
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.policy_controls import policy_controls
from dashboard.web.components.timeline_tools import window_param, window_switch
from dashboard.web.failure import guarded
from dashboard.web.page import Page, Request
from dashboard.web.param import choice, whole, words
from dashboard.web.views.policy import layers_of
from dashboard.web.views.simulator import sections
from dashboard.web.views.versions import versions_of

TITLE: Final = Text("Policy", "Politique")

PLACES: Final = (*(key.place for key in KEYS), *(f"{RULES}.{rule}" for rule in rules.load()))
"""The keys that may be tried; each is a parameter of the address, as it is written in a model's file."""

BY_VARIABLE: Final = frozenset(key.place for key in KEYS if key.by_variable)

PAGE: Final = Page(
    "simulator",
    "/models/<model_id>/policy",
    lambda request: f"{request.t(TITLE)} \u00b7 {form.name(model_entry(request)['name'])}",
    params=(
        window_param(),
        words("variable"),
        whole("page", default=1, least=1),
        *(words(key.place, longest=40) for key in KEYS),
        *(choice(f"{RULES}.{rule}", ("true", "false")) for rule in rules.load()),
    ),
)

_LEAD: Final = Text(
    "Move a threshold and see which past batches would have another colour. Nothing is changed from here.",
    "Déplacez un seuil et voyez quels lots passés auraient une autre couleur. Rien n\u2019est modifié d\u2019ici.",
)
_NOTHING: Final = Text(
    "Nothing is tried yet: move a threshold or switch a rule off.",
    "Rien n\u2019est essayé : déplacez un seuil ou désactivez une règle.",
)
_UNUSABLE: Final = Text("This cannot be tried: {why}", "Cela ne peut être essayé : {why}")
_RESULT, _TRY = Text("What would change", "Ce qui changerait"), Text("What to try", "Ce que l\u2019on essaie")
_BATCHES, _SUBJECTS = Text("Batches", "Lots"), Text("Variables and other subjects", "Variables et autres sujets")
_KEEP: Final = Text("To keep it", "Pour la garder")
_KEEP_MEANING: Final = Text(
    "Put this into the model\u2019s file and register it; the next evaluation judges every batch by it.",
    "Mettez ceci dans le fichier du modèle et enregistrez-le ; la prochaine évaluation jugera ainsi chaque lot.",
)
_BACK: Final = Text("Back to the policy in force", "Revenir à la politique en vigueur")
_ALL: Final = Text("all variables", "toutes")
_FOR: Final = Text("For", "Pour")
_MOST: Final = Text("the newest {n} batches at most", "les {n} derniers lots au plus")


def layout(request: Request) -> list[html.Node]:
    """What the tried values would change beside the controls; without a batch what is missing."""
    entry = model_entry(request)
    head = model_head(request, entry, lead=request.t(_LEAD))
    if entry["batch_id"] is None:
        return [*head, awaiting(request, entry["model_id"], versions_of(request, entry["model_id"]))]
    layers, variable = layers_of(request, entry), _variable(request)
    texts = {(_own(variable, key), key): request.params[key] for key in PLACES if request.params[key]}
    tried, wrong = simulate.read_trial(layers, texts)
    policy = wrong or simulate.tried_policy(layers, tried)
    shown = sections(
        entry["task"], origins(layers), {key: text for key in PLACES if (text := request.params[key])}, variable
    )
    return [
        *head,
        html.div(
            html.div(
                guarded(request, "simulation", lambda: _results(request, entry, tried, policy)), class_="simulated"
            ),
            card(
                request,
                request.t(_TRY),
                lambda: policy_controls(request, shown),
                tools=html.div(_variables(request, variable), class_="tools"),
                id="policy",
            ),
            class_="simulator",
        ),
    ]


def _variable(request: Request) -> str:
    """The variable that the address tries values for; '' for all, also where there is no such one."""
    asked = request.params["variable"]
    rows = request.rows("variables", model_id=request.args["model_id"]) if asked else []
    return asked if asked in {row["variable"] for row in rows} else ""


def _own(variable: str, key: str) -> str:
    """The variable that a key is tried for; '' for what holds for the whole model only."""
    section, _, name = key.partition(".")
    own = name in RULES_OF_VARIABLES if section == RULES else key in BY_VARIABLE
    return variable if own else ""


def _results(request: Request, entry: Mapping[str, Any], tried: Stated, policy: Policy | Text) -> html.Node:
    """The cards on what changes: sentence and strips, batches, subjects, and the lines to keep it."""
    if isinstance(policy, Text):
        why = request.t(_UNUSABLE).format(why=policy[request.language])
        return card(request, request.t(_RESULT), lambda: _said(request, why, wrong=True), id="result")
    model_id = entry["model_id"]
    past = _past(request, entry)
    after = _judged(request, past, entry, tried, policy) if tried else past.in_force
    found = simulate.compared(past, after, last=int(request.params["last"]))
    known = simulate.variables_of(past)
    return [
        card(
            request,
            request.t(_RESULT),
            lambda: _overview(request, past, found, tried),
            note=request.t(_MOST).format(n=form.count(simulate.MOST_BATCHES, request.language)),
            tools=window_switch(request),
            id="result",
        ),
        card(
            request,
            request.t(_BATCHES),
            lambda: replay_result.changes_table(request, found, model_id),
            tools=download(request, "batches", lambda: replay_result.changes_data(found)),
            id="batches",
        )
        if found.changes
        else None,
        card(
            request,
            request.t(_SUBJECTS),
            lambda: replay_result.subjects_table(request, found, model_id, known),
            tools=download(request, "subjects", lambda: replay_result.subjects_data(found)),
            id="subjects",
        )
        if found.subjects
        else None,
        card(request, request.t(_KEEP), lambda: _keep(request, tried), id="keep") if tried else None,
    ]


def _past(request: Request, entry: Mapping[str, Any]) -> Past:
    """The model's batches with their counts, and what the policy in force makes of them: read and judged once."""
    return request.reading.keep(("past", entry["model_id"]), lambda: simulate.past_of(_answers(request), entry))


def _judged(request: Request, past: Past, entry: Mapping[str, Any], tried: Stated, policy: Policy) -> Assessment:
    model_id = entry["model_id"]

    def history() -> ModelHistory:
        if not simulate.of_truth(past, policy):
            return past.history
        return request.reading.keep(("truth", model_id), lambda: simulate.whole_of(_answers(request), entry))

    key = ("tried", model_id, *sorted((*place, value) for place, value in tried.items()))
    return request.reading.keep(key, lambda: simulate.judged(history(), policy))


def _answers(request: Request) -> Answers:
    return Answers(request.reading.read, request.reading.once)


def _overview(request: Request, past: Past, found: Replay, tried: Stated) -> html.Node:
    health = simulate.newest(past, int(request.params["last"]))
    words = replay_result.sentence(request, found) if tried else request.t(_NOTHING)
    return [
        _said(request, words),
        replay_result.strips(request, health, found),
        replay_result.counts_table(request, found),
    ]


def _said(request: Request, words: str, *, wrong: bool = False) -> html.Node:
    back = request.link(page=None, **dict.fromkeys(PLACES))
    changed = any(request.params[key] for key in PLACES)
    return html.div(
        html.p(words, class_="told wrong" if wrong else "told", role="status"),
        html.a(request.t(_BACK), href=back, class_="back", data_stay="true") if changed else None,
        class_="verdict",
    )


def _keep(request: Request, tried: Stated) -> html.Node:
    return [
        html.p(request.t(_KEEP_MEANING)),
        html.pre(html.code(simulate.toml_lines(tried)), class_="commands", tabindex="0"),
    ]


def _variables(request: Request, chosen: str) -> html.Node:
    """The menu of whose thresholds are moved; nothing where the version in use has no variable."""
    rows = request.rows("variables", model_id=request.args["model_id"])
    names = sorted({row["variable"] for row in rows})
    choices = [chips.Choice(request.t(_ALL), request.link(variable=None, page=None), not chosen)]
    choices += [
        chips.Choice(form.name(name, longest=30), request.link(variable=name, page=None), name == chosen)
        for name in names
    ]
    return chips.menu(request.t(_FOR), choices) if names else None
