"""A model: what is wrong with it, since when, why, what to do, and where to look next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.finding import Finding, from_row
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.actions import Target, actions
from dashboard.web.components.awaiting import awaiting
from dashboard.web.components.batch_table import SIZE, batch_data, batch_table
from dashboard.web.components.card import card
from dashboard.web.components.decisions import decision_data, decisions
from dashboard.web.components.download import download
from dashboard.web.components.event_list import event_list
from dashboard.web.components.family_cards import family_cards
from dashboard.web.components.finding_list import finding_data
from dashboard.web.components.health_strip import health_strip
from dashboard.web.components.held_rows import held_rows_card
from dashboard.web.components.landing import landing, landing_params
from dashboard.web.components.model_about import model_about
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.policy_in_force import policy_in_force
from dashboard.web.components.strip import PLACES
from dashboard.web.components.version_table import version_table
from dashboard.web.components.what_to_do import what_to_do
from dashboard.web.failure import guarded
from dashboard.web.findings import worst_first
from dashboard.web.page import Page, Request
from dashboard.web.param import whole, words
from dashboard.web.views.health import EVERY, HealthHistory, health_history
from dashboard.web.views.retraining import retraining
from dashboard.web.views.timeline import timeline_of
from dashboard.web.views.versions import versions_of

PAGE: Final = Page(
    "model",
    "/models/<model_id>",
    lambda request: form.name(model_entry(request)["name"]),
    params=(words("batch"), words("version"), whole("page", default=1, least=1), *landing_params("subject")),
)

_SINCE: Final = Text("In this state for {duration}, since {day}.", "Dans cet état depuis le {day}, soit {duration}.")
_OLD: Final = Text("You look at the batch of {day}.", "Vous regardez le lot du {day}.")
_TO_LATEST: Final = Text("Back to the latest, of {day}", "Revenir au dernier, du {day}")
_GONE: Final = Text(
    "The batch this address names is no longer there; this is the latest one.",
    "Le lot que nomme cette adresse n\u2019existe plus ; voici le dernier.",
)
_STRIP, _WHY = Text("Last {n} batches", "{n} derniers lots"), Text("Why this state", "Pourquoi cet état")
_CLICK: Final = Text("click one to see the model as of then", "cliquez-en un pour voir le modèle à cette date")
_VERSIONS, _BATCHES, _ABOUT = Text("Versions", "Versions"), Text("Batches", "Lots"), Text("About", "À propos")
_HAPPENED, _POLICY = Text("Events and notes", "Événements et notes"), Text("Policy", "Politique")
_RETRAINING: Final = Text("Retraining", "Réentraînement")


def layout(request: Request) -> list[html.Node]:
    """Head and ways out, strip, findings by family; events, batches, versions, the policy and the registry's facts."""
    entry = model_entry(request)
    params = request.params
    places = max(PLACES, params["page"] * SIZE)
    history = health_history(request, entry, places=places, batch=params["batch"], version=params["version"])
    health = history.rows
    chosen = _chosen(request, health)
    versions = versions_of(request, entry["model_id"])
    body = [
        *model_head(request, {**entry, "colour": chosen["colour"] if chosen else None}, lead=_lead(request, chosen)),
        what_to_do(request, entry, chosen),
        landing(request, entry) or _notice(request, health, chosen),
    ]
    if chosen is None:
        body.append(awaiting(request, entry["model_id"], versions))
    else:
        body += [
            card(
                request,
                request.t(_STRIP).format(n=min(len(health), PLACES)),
                lambda: health_strip(request, health, chosen, places=PLACES),
                note=html.span(request.t(_CLICK), class_="on-screen"),
                class_="strip-card",
            ),
            card(
                request,
                request.t(_WHY),
                lambda: family_cards(request, chosen, _findings(request, chosen)),
                tools=download(request, "findings", lambda: finding_data(_findings(request, chosen))),
                class_="plain",
                id="why",
            ),
            card(request, request.t(_HAPPENED), lambda: _happened(request, entry, chosen), id="events"),
            guarded(request, "retraining", lambda: _retraining(request, entry)),
            card(
                request,
                request.t(_BATCHES),
                lambda: batch_table(request, history, chosen=chosen, today=request.today),
                tools=download(request, "batches", lambda: batch_data(_whole(request, entry))),
                id="batches",
            ),
            held_rows_card(request, entry["model_id"], [row["batch_date"] for row in health]),
        ]
    return [
        *body,
        card(request, request.t(_VERSIONS), lambda: _versions(request, entry, versions)) if versions else None,
        card(request, request.t(_POLICY), lambda: policy_in_force(request, entry, chosen), id="policy"),
        card(request, request.t(_ABOUT), lambda: model_about(request, entry)),
    ]


def _chosen(request: Request, health: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The health row of the batch that the address names, else the latest; None when there is none at all."""
    batch, version = request.params["batch"], request.params["version"]
    if batch:
        for row in health:
            if row["batch_id"] == batch and version in ("", row["model_version"]):
                return row
    return health[0] if health else None


def _lead(request: Request, chosen: Mapping[str, Any] | None) -> html.Node:
    if chosen is None:
        return None
    language = request.language
    until = request.today if request.today and not request.params["batch"] else chosen["batch_date"]
    since = request.t(_SINCE).format(
        duration=form.lasting(chosen["since"], until, language),
        day=form.day(chosen["since"], language, near=until),
    )
    return [chosen[f"headline_{language}"], " ", html.span(since, class_="calm")]


def _notice(request: Request, health: Sequence[Mapping[str, Any]], chosen: Mapping[str, Any] | None) -> html.Node:
    if chosen is None or not request.params["batch"]:
        return None
    language = request.language
    if chosen["batch_id"] != request.params["batch"]:
        return html.p(request.t(_GONE), class_="notice")
    if chosen is health[0]:
        return None
    latest = form.day(health[0]["batch_date"], language, near=chosen["batch_date"])
    return html.p(
        request.t(_OLD).format(day=form.day(chosen["batch_date"], language)),
        " ",
        html.a(request.t(_TO_LATEST).format(day=latest), href=request.link(batch=None, version=None)),
        class_="notice",
    )


def _findings(request: Request, chosen: Mapping[str, Any]) -> list[Finding]:
    rows = request.rows(
        "model_findings",
        model_id=request.args["model_id"],
        model_version=chosen["model_version"],
        batch_id=chosen["batch_id"],
        batch_date=chosen["batch_date"],
    )
    return worst_first(from_row(row) for row in rows)


def _happened(request: Request, entry: Mapping[str, Any], chosen: Mapping[str, Any]) -> html.Node:
    """What people wrote about the model, and the buttons to write; there is nothing to take care of on a green one."""
    calm = chosen["colour"] == "green"
    target = Target(
        form.name(entry["name"]),
        kinds=("note",) if calm else ("acknowledged", "snoozed", "note"),
        model_id=entry["model_id"],
    )
    return [event_list(request, timeline_of(request, entry["model_id"]).events), actions(request, target)]


def _retraining(request: Request, entry: Mapping[str, Any]) -> html.Node:
    """What was decided about training the model anew; nothing where nothing ever was."""
    found = retraining(timeline_of(request, entry["model_id"]).events)
    if not found.events:
        return None
    return card(
        request,
        request.t(_RETRAINING),
        lambda: decisions(request, entry, found),
        tools=download(request, "decisions", lambda: decision_data(found.events)),
        id="retraining",
    )


def _whole(request: Request, entry: Mapping[str, Any]) -> HealthHistory:
    """Every evaluated batch there is."""
    return health_history(request, entry, places=EVERY)


def _versions(request: Request, entry: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]) -> html.Node:
    variables = Counter(row["model_version"] for row in request.rows("variables", model_id=entry["model_id"]))
    return version_table(request, versions, variables, today=request.today)
