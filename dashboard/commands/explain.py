"""The command that derives a verdict: explain."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dashboard.commands.arguments import Model, open_tables, read_settings
from dashboard.commands.ending import printable
from dashboard.commands.words import COLOURS
from dashboard.format import NARROW, chance, count, decimal
from dashboard.judged_by import CHANGED
from dashboard.say import say
from dashboard.text import Text

if TYPE_CHECKING:
    from dashboard.explain import Explanation, Measured, Reason
    from dashboard.stated import Origin
    from dashboard.text import Language


def explain(
    model: Model,
    batch: Annotated[
        str | None, typer.Option("--batch", metavar="ID", help="The batch; the newest when absent.")
    ] = None,
    version: Annotated[
        str | None, typer.Option("--version", metavar="VERSION", help="The version, where several have that batch.")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option("--subject", metavar="NAME", help="Of this variable only, or of 'batch' or 'model'."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object, for programs, in both languages.")] = False,
) -> None:
    """Say why a batch has its colour: each finding, the steps that lead to it, and the policy it was judged by.

    It tells what the last evaluation found. Of a subject that no rule found anything on, it prints the numbers.

    Example: vigie explain churn --batch 2026-11-19 --subject tenure_months
    """
    from dashboard import explain as derive

    found = derive.explain(open_tables(), model, batch=batch, version=version, subject=subject)
    if as_json:
        print(json.dumps(_plain(asdict(found)), ensure_ascii=False, indent=2))
        return
    for line in _lines(found, read_settings().language):
        print(printable(line))


def _lines(found: Explanation, language: Language) -> Iterator[str]:
    def told(template: Text, **values: Any) -> str:
        return say(template, values, near=found.batch_date)[language]

    colours = {name: words[language] for name, words in COLOURS.items()}
    yield told(
        _BATCH,
        model=found.model_id,
        version=found.model_version,
        batch=found.batch_id,
        colour=colours[found.colour],
        since=found.since,
    )
    families = [told(_FAMILIES[family], colour=colours[colour]) for family, colour in found.families.items()]
    yield f"{', '.join(families)}."
    yield found.headline[language]
    for reason in found.reasons:
        yield ""
        yield from _reason(reason, language, colours)
    if found.subject is not None:
        yield ""
        if not found.reasons:
            yield told(_CALM if found.measures else _CALM_UNMEASURED, subject=found.subject)
        yield from (f"  {_measure(one, language)}" for one in found.measures)
        if found.measures and not found.reasons:
            yield from _policy(found.policy, language)
    elif not found.reasons:
        yield ""
        yield told(_NO_FINDING)
    if found.off:
        yield ""
        yield f"{_OFF[language]}{_origins(found.off, language)}."


def _reason(reason: Reason, language: Language, colours: dict[str, str]) -> Iterator[str]:
    finding = reason.finding
    heading = {"subject": finding.subject, "rule": finding.rule, "colour": colours[finding.colour]}
    yield say(_FINDING, heading, near=finding.batch_date)[language]
    yield f"  {reason.sentence[language]}"
    yield from (f"  {number}. {step[language]}" for number, step in enumerate(reason.steps, 1))
    yield from _policy(reason.policy, language, changed=reason.changed)


def _policy(policy: Sequence[Origin], language: Language, *, changed: bool = False) -> Iterator[str]:
    parts = [*([_origins(policy, language)] if policy else []), *([CHANGED[language]] if changed else [])]
    if parts:
        yield f"  {_POLICY[language]}{_SEMICOLON[language].join(parts)}."


def _origins(policy: Sequence[Origin], language: Language) -> str:
    return ", ".join(f"{one.key} {str(one.value).lower()} ({_layer(one, language)})" for one in policy)


def _layer(origin: Origin, language: Language) -> str:
    layer = _LAYERS[origin.layer][language]
    return f"{layer}, {origin.variable}" if origin.variable else layer


def _measure(one: Measured, language: Language) -> str:
    from dashboard import metrics
    from dashboard.colour import NAMES

    def number(value: float | None) -> str:
        if value is None or not 0 < abs(value) < _SMALL:
            return decimal(value, language, digits=4)
        # Four decimals would show it as zero, or nearly.
        return decimal(value, language, digits=8) if abs(value) >= _SMALLEST else chance(value, language)

    metric = metrics.load().get(one.metric)
    name = one.metric if metric is None else metric.name[language]
    if metric is not None and metric.unit == "colour":
        colour = COLOURS["grey" if one.value is None else NAMES[int(one.value)]][language]
        return f"{name}{_COLON[language]} {colour}"
    bounds = "" if one.low is None and one.high is None else f" [{number(one.low)} ; {number(one.high)}]"
    rows = "" if one.n is None else f" (n = {count(one.n, language)})"
    return f"{name}{_COLON[language]} {number(one.value)}{bounds}{rows}"


def _plain(value: Any) -> Any:
    """What JSON holds, days as text."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


_FAMILIES: Final = {
    "drift": Text("Drift {colour}", "Dérive : {colour}"),
    "quality": Text("quality {colour}", "qualité : {colour}"),
    "performance": Text("performance {colour}", "performance : {colour}"),
    "freshness": Text("freshness {colour}", "fraîcheur : {colour}"),
}
_BATCH: Final = Text(
    "{model:name} {version:name}, batch {batch:name}: {colour}, since {since:date}.",
    "{model:name} {version:name}, lot {batch:name} : {colour}, depuis le {since:date}.",
)
_CALM: Final = Text(
    "No rule found anything on {subject:name} in this batch. Its measures:",
    "Aucune règle n'a rien trouvé sur {subject:name} dans ce lot. Ses mesures :",
)
_CALM_UNMEASURED: Final = Text(
    "No rule found anything on {subject:name} in this batch.",
    "Aucune règle n'a rien trouvé sur {subject:name} dans ce lot.",
)
_NO_FINDING: Final = Text("No rule found anything in this batch.", "Aucune règle n'a rien trouvé dans ce lot.")
_FINDING: Final = Text("{subject:name}, {rule}: {colour}", "{subject:name}, {rule} : {colour}")
_COLON: Final = Text(":", "\u00a0:")
_SEMICOLON: Final = Text("; ", f"{NARROW}; ")
_LAYERS: Final = {
    "default": Text("default", "par défaut"),
    "fleet": Text("fleet", "flotte"),
    "model": Text("model", "modèle"),
}
_SMALL: Final = 0.001
_SMALLEST: Final = 1e-6
_POLICY: Final = Text("Policy: ", "Politique\u00a0: ")
_OFF: Final = Text("Rules that are off: ", "Règles désactivées\u00a0: ")
