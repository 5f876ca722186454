"""A model: what is wrong with it, since when, why, and where to look next."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.cadence_words import cadence_words
from dashboard.finding import Finding, from_row
from dashboard.rule import FAMILIES
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.batch_table import SIZE, batch_table
from dashboard.web.components.card import card
from dashboard.web.components.empty import empty
from dashboard.web.components.facts import facts
from dashboard.web.components.families import FAMILIES as FAMILY_NAMES
from dashboard.web.components.finding_list import finding_list
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.outside_link import outside_link
from dashboard.web.components.stoplight import known, stoplight
from dashboard.web.components.strip import PLACES, strip
from dashboard.web.components.version_table import version_table
from dashboard.web.findings import worst_first
from dashboard.web.page import Page, Request
from dashboard.web.param import whole, words
from dashboard.web.views.health import health_history
from dashboard.web.views.versions import versions_of
from qod.cadence import parse_cadence
from qod.errors import InputError

PAGE: Final = Page(
    "model",
    "/models/<model_id>",
    lambda request: form.name(model_entry(request)["name"]),
    params=(words("batch"), words("version"), whole("page", default=1, least=1)),
)

_BAR_PIXELS: Final = 18
"""The widest that a batch of the strip may be drawn."""

_SINCE: Final = Text("In this state for {duration}, since {day}.", "Dans cet état depuis le {day}, soit {duration}.")
_OLD: Final = Text("You look at the batch of {day}.", "Vous regardez le lot du {day}.")
_TO_LATEST: Final = Text("Back to the latest, of {day}", "Revenir au dernier, du {day}")
_GONE: Final = Text(
    "The batch this address names is no longer there; this is the latest one.",
    "Le lot que nomme cette adresse n\u2019existe plus ; voici le dernier.",
)
_STRIP, _WHY = Text("Last {n} batches", "{n} derniers lots"), Text("Why this state", "Pourquoi cet état")
_VERSIONS, _BATCHES, _ABOUT = Text("Versions", "Versions"), Text("Batches", "Lots"), Text("About", "À propos")
_FINE: Final = {
    "drift": Text(
        "No input has moved away from the training data.",
        "Aucune variable ne s\u2019est éloignée de l\u2019apprentissage.",
    ),
    "quality": Text("The data arrive complete and as expected.", "Les données arrivent complètes et conformes."),
    "performance": Text(
        "As good as at training, where the truth is known.",
        "Aussi bon qu\u2019à l\u2019apprentissage, là où la vérité est connue.",
    ),
    "freshness": Text("The batches arrive on time.", "Les lots arrivent à temps."),
}
_UNKNOWN: Final = {
    "drift": Text("Nothing can be said about drift yet.", "On ne peut encore rien dire de la dérive."),
    "quality": Text("Nothing can be said about quality yet.", "On ne peut encore rien dire de la qualité."),
    "performance": Text(
        "The truth is not known yet; until then this stays open.",
        "La vérité n\u2019est pas encore connue ; d\u2019ici là, la question reste ouverte.",
    ),
    "freshness": Text("A batch is due.", "Un lot est attendu."),
}
_TASKS: Final = {
    "binary": Text("Binary classification", "Classification binaire"),
    "multiclass": Text("Multiclass classification", "Classification multiclasse"),
    "regression": Text("Regression", "Régression"),
}
_COHORTS: Final = {
    "batch": Text("each batch", "chaque lot"),
    "week": Text("each week", "chaque semaine"),
    "month": Text("each month", "chaque mois"),
}
_NO_REFERENCE: Final = Text("No reference yet.", "Pas encore de référence.")
_NO_REFERENCE_MEANING: Final = Text(
    "The training rows have not been delivered. They say what is normal: every batch is held against them.",
    "Les données d\u2019apprentissage n\u2019ont pas été livrées. Elles disent ce qui est normal : chaque lot leur est "
    "comparé.",
)
_NO_BATCH: Final = Text("No batch yet.", "Pas encore de lot.")
_NO_BATCH_MEANING: Final = Text(
    "The reference is here. The model gets a colour with its first batch.",
    "La référence est là. Le modèle prend une couleur avec son premier lot.",
)
_NO_HEALTH: Final = Text("Not evaluated yet.", "Pas encore évalué.")
_NO_HEALTH_MEANING: Final = Text(
    "Batches have arrived; the next evaluation turns them into measures and a colour.",
    "Des lots sont arrivés ; la prochaine évaluation en fera des mesures et une couleur.",
)


def layout(request: Request) -> list[html.Node]:
    """Head, strip, findings by family; then batches, versions and the registry's facts."""
    entry = model_entry(request)
    params = request.params
    places = max(PLACES, params["page"] * SIZE)
    history = health_history(request, entry, places=places, batch=params["batch"], version=params["version"])
    health = history.rows
    chosen = _chosen(request, health)
    body = [
        *model_head(request, {**entry, "colour": chosen["colour"] if chosen else None}, lead=_lead(request, chosen)),
        _notice(request, health, chosen),
    ]
    if chosen is None:
        body.append(_nothing_yet(request, entry))
    else:
        body += [
            card(
                request,
                request.t(_STRIP).format(n=min(len(health), PLACES)),
                lambda: _strip(request, health),
                class_="strip-card",
            ),
            card(request, request.t(_WHY), lambda: _families(request, chosen), class_="plain"),
            card(
                request,
                request.t(_BATCHES),
                lambda: batch_table(request, history, chosen=chosen, today=request.today),
                id="batches",
            ),
        ]
    return [
        *body,
        card(request, request.t(_VERSIONS), lambda: _versions(request, entry)),
        card(request, request.t(_ABOUT), lambda: _about(request, entry)),
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
        duration=form.duration((until - chosen["since"]).days + 1, language),
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


def _nothing_yet(request: Request, entry: Mapping[str, Any]) -> html.Node:
    model = _shell_word(entry["model_id"])
    versions = versions_of(request, entry["model_id"])
    if not versions:
        command = f"vigie reference {model} VERSION training.parquet"
        return empty(request, _NO_REFERENCE, _NO_REFERENCE_MEANING, command=command)
    if not any(row["batches"] for row in versions):
        command = f"vigie batch {model} {_shell_word(versions[0]['model_version'])} DATE batch.parquet"
        return empty(request, _NO_BATCH, _NO_BATCH_MEANING, command=command)
    return empty(request, _NO_HEALTH, _NO_HEALTH_MEANING, command=f"vigie evaluate {model}")


def _shell_word(name: str) -> str:
    import shlex

    return shlex.quote(name)


def _strip(request: Request, health: Sequence[Mapping[str, Any]]) -> html.Node:
    shown = list(reversed(health[:PLACES]))
    near = shown[-1]["batch_date"]
    return html.div(
        strip([row["colour"] for row in shown], request.language, places=len(shown)),
        html.div(
            html.span(form.short_day(shown[0]["batch_date"], request.language, near=near)),
            html.span(form.short_day(near, request.language, near=request.today)),
            class_="trend-days",
        ),
        class_="strip-frame",
        style={"maxWidth": f"{max(len(shown) * _BAR_PIXELS, 160)}px"},
    )


def _families(request: Request, chosen: Mapping[str, Any]) -> html.Node:
    rows = request.rows(
        "model_findings",
        model_id=request.args["model_id"],
        model_version=chosen["model_version"],
        batch_id=chosen["batch_id"],
        batch_date=chosen["batch_date"],
    )
    findings = worst_first(from_row(row) for row in rows)
    return html.div(
        [
            _family(request, key, known(chosen[key]), [finding for finding in findings if finding.family == key])
            for key in FAMILIES
        ],
        class_="families",
    )


def _family(request: Request, key: str, colour: str, findings: list[Finding]) -> html.Node:
    calm = {"green": _FINE, "grey": _UNKNOWN}.get(colour)
    return html.section(
        html.div(html.h3(request.t(FAMILY_NAMES[key])), stoplight(colour, request.language), class_="family-head"),
        html.p(request.t(calm[key]), class_="calm") if calm and not _explained(colour, findings) else None,
        finding_list(request, findings) if findings else None,
        class_=f"family {colour}",
    )


def _explained(colour: str, findings: Sequence[Finding]) -> bool:
    """Whether the findings themselves say why the family has its colour."""
    return any(finding.colour == colour for finding in findings)


def _versions(request: Request, entry: Mapping[str, Any]) -> html.Node:
    versions = versions_of(request, entry["model_id"])
    if not versions:
        return html.p(request.t(_NO_REFERENCE), class_="calm")
    variables = Counter(row["model_version"] for row in request.rows("variables", model_id=entry["model_id"]))
    return version_table(request, versions, variables, today=request.today)


def _about(request: Request, entry: Mapping[str, Any]) -> html.Node:
    language = request.language
    t = request.t
    links = json.loads(entry["links"]) if entry["links"] else {}
    window = entry["outcome_window_days"]
    return facts(
        [
            (t(Text("Identifier", "Identifiant")), html.code(entry["model_id"])),
            (t(Text("Description", "Description")), entry["description"]),
            (t(Text("Task", "Tâche")), t(_TASKS[entry["task"]]) if entry["task"] in _TASKS else entry["task"]),
            (t(Text("Team", "Équipe")), entry["team"]),
            (t(Text("Owner", "Responsable")), _mail(entry["owner_email"])),
            (t(Text("A batch is due", "Un lot est attendu")), _cadence(request, entry["cadence"])),
            (
                t(Text("Performance is measured on", "La performance se mesure sur")),
                t(_COHORTS[entry["cohort"]]) if entry["cohort"] in _COHORTS else entry["cohort"],
            ),
            (t(Text("The truth is complete after", "La vérité est complète après")), form.duration(window, language)),
            (t(Text("Links", "Liens")), [html.span(outside_link(key, str(links[key])), " ") for key in sorted(links)]),
            (
                t(Text("Registered", "Enregistré")),
                form.day(entry["registered_at"].date(), language) if entry["registered_at"] else None,
            ),
        ]
    )


def _mail(address: str | None) -> html.Node:
    plain = address and address.isascii() and address.isprintable() and address.count("@") == 1 and " " not in address
    return html.a(address, href=f"mailto:{address}") if plain and not set("?&%") & set(address or "") else address


def _cadence(request: Request, text: str) -> str:
    try:
        return request.t(cadence_words(parse_cadence(text)))
    except InputError:
        return text
