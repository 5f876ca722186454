"""The policy that a model is judged by, and the commands that show the same in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, Final

from dashboard import format as form
from dashboard.policy_key import as_written
from dashboard.stated import Origin, origins
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.term import term
from dashboard.web.page import Request
from dashboard.web.views.policy import layers_of

_DEFAULTS: Final = Text(
    "Every threshold is the default, and every rule is on.",
    "Chaque seuil est celui par défaut, chaque règle est active.",
)
_DIFFERENT: Final = Text(
    "These values differ from the defaults; all others are as the {glossary} has them.",
    "Ces valeurs diffèrent de celles par défaut ; toutes les autres sont celles du {glossary}.",
)
_GLOSSARY: Final = Text("glossary", "glossaire")
_LAYERS: Final = {"fleet": Text("fleet", "flotte"), "model": Text("model", "modèle")}
_TRY: Final = Text("Try another policy on the past batches", "Essayer une autre politique sur les lots passés")
_TERMINAL: Final = Text("The same in a terminal, step by step:", "Le même raisonnement dans un terminal, pas à pas :")


def policy_in_force(request: Request, entry: Mapping[str, Any], health: Mapping[str, Any] | None) -> html.Node:
    """What differs from the defaults, and the way to try another; the commands are about the batch of ``health``."""
    stated = [one for one in origins(layers_of(request, entry)) if one.layer != "default"]
    model = shlex.quote(entry["model_id"])
    commands = [f"vigie policy show {model}"]
    if health is not None:
        batch, version = shlex.quote(health["batch_id"]), shlex.quote(health["model_version"])
        commands.insert(0, f"vigie explain {model} --batch {batch} --version {version}")
    before, _, after = request.t(_DIFFERENT).partition("{glossary}")
    return [
        html.p(before, term(request, request.t(_GLOSSARY), "policy"), after)
        if stated
        else html.p(request.t(_DEFAULTS)),
        html.ul([html.li(_value(request, one)) for one in stated], class_="stated") if stated else None,
        html.p(html.a(request.t(_TRY), href=request.to("simulator", model_id=entry["model_id"])))
        if "simulator" in request.site.pages
        else None,
        html.p(request.t(_TERMINAL), class_="calm"),
        html.pre(html.code("\n".join(commands)), class_="commands", tabindex="0"),
    ]


def _value(request: Request, one: Origin) -> html.Node:
    place = f"{form.name(one.variable)}: {one.key}" if one.variable else one.key
    return [html.code(f"{place} = {as_written(one.value)}"), f" ({request.t(_LAYERS[one.layer])})"]
