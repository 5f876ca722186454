"""The command that says which rows to hold back: guard."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.commands.arguments import Model, known_model, read_settings
from dashboard.commands.ending import printable, say
from dashboard.commands.terminal import plain_table, print_table
from dashboard.commands.words import HEADS
from dashboard.text import Text

if TYPE_CHECKING:
    from dashboard.alerts.advising.advice import Advice
    from dashboard.text import Language
    from qod import Warehouse
    from qod.guard import Guard, Rule

_NOTHING: Final = Text(
    "Nothing to hold back: the batch {batch} of {version} has no row that stands out.",
    "Rien à écarter : le lot {batch} de {version} n\u2019a pas de ligne à part.",
)
_WHOLE: Final = Text(
    "Everything that {version} of {model} was not trained on is held back.",
    "Tout ce que {version} de {model} n\u2019a pas vu à l\u2019apprentissage est écarté.",
)
_HEADS: Final = (HEADS["subject"], Text("rows held back", "lignes écartées"))
_WHAT: Final = {
    "levels": Text("with {levels}", "avec {levels}"),
    "known": Text("with another level than the {n} of training", "avec une autre modalité que les {n} connues"),
    "range": Text("outside {low} to {high}", "hors de la plage de {low} à {high}"),
    "below": Text("below {low}", "au-dessous de {low}"),
    "above": Text("above {high}", "au-dessus de {high}"),
    "missing": Text("without a value", "sans valeur"),
}
_OR: Final = Text(", or ", ", ou ")
_FORMS: Final = Text(
    "--json prints it for 'vigie batch --guard' and qod.guard, --sql as a condition.",
    "--json le donne pour « vigie batch --guard » et qod.guard, --sql comme condition.",
)


def guard(
    model: Model,
    version: Annotated[
        str | None,
        typer.Option("--version", metavar="VERSION", help="The version; that of the newest batch if absent."),
    ] = None,
    variable: Annotated[
        list[str] | None, typer.Option("--variable", metavar="NAME", help="Of this variable only; may be repeated.")
    ] = None,
    as_sql: Annotated[
        bool, typer.Option("--sql", help="As a WHERE clause and its opposite, in BigQuery's dialect.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON: for vigie batch --guard, and for qod.guard in a scoring job.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Not only what is wrong now: everything that training did not have.")
    ] = False,
) -> None:
    """Say which rows to hold back: those of what is wrong with the newest batch, or, with --all, of all that is new.

    Rows with levels that training did not have, values outside its range, or none where values went missing. Once the
    model is retrained with them, the new version knows them: its guard lets them pass.

    Example: vigie guard churn --json > guard.json
    """
    if as_sql and as_json:
        raise typer.BadParameter("--sql and --json are two forms of one guard: ask for one at a time.")
    from qod.guard import as_json as to_json
    from qod.guard import where

    warehouse, language = known_model(model), read_settings().language
    found, sentences = (
        _of_training(warehouse, model, version, variable, language)
        if everything
        else _of_now(warehouse, model, version, variable, language)
    )
    if as_json:
        print(json.dumps(to_json(found), ensure_ascii=False, indent=2))
        said = sentences if not found.rules else []
    elif as_sql:
        print(where(found), end="")
        said = sentences if not found.rules else []
    else:
        said = []
        for sentence in sentences:
            print(printable(sentence))
        if found.rules:
            print()
            rows = [(rule.variable, _words(rule, language)) for rule in found.rules]
            print_table(plain_table([head[language] for head in _HEADS], rows))
            print(_FORMS[language])
    for note in (*said, *(f"Note: {note}" for note in found.notes)):
        say(note)


def _of_training(
    warehouse: Warehouse, model: str, version: str | None, variables: Collection[str] | None, language: Language
) -> tuple[Guard, list[str]]:
    """The guard of everything that a version was trained on, and what to say of it."""
    from qod.guard import from_reference

    of = version or _newest(warehouse, model, None)[0]
    found = from_reference(model, of, warehouse=warehouse, variables=variables or None)
    return found, [_WHOLE[language].format(version=of, model=model)]


def _of_now(
    warehouse: Warehouse, model: str, version: str | None, variables: Collection[str] | None, language: Language
) -> tuple[Guard, list[str]]:
    """The guard of what broke in the newest batch, and the advice in words."""
    from dashboard.alerts.advising.advice import advise, broken
    from dashboard.finding import from_row
    from qod.guard import Guard, from_reference, read_guard

    of, batch, day = _newest(warehouse, model, version)
    if variables:
        from_reference(model, of, warehouse=warehouse, variables=variables)  # refuses one that there is not
    now = datetime.now(UTC)
    rows = warehouse.query("model_findings", model_id=model, model_version=of, batch_id=batch, batch_date=day)
    found = [one for one in broken(map(from_row, rows.to_pylist())) if not variables or one.subject in variables]
    advice: Advice | None = None
    if found:
        names = sorted({one.subject for one in found})
        references = warehouse.query("guard_references", models=[model], versions=[of], variables=names).to_pylist()
        advice = advise(model, found, references, now=now)
    empty = Guard(model, of, now)
    if advice is None:
        return empty, [_NOTHING[language].format(version=of, batch=batch)]
    made = read_guard(advice.guard) if advice.guard else empty
    return replace(made, made_at=now), [advice.band_aid[language], advice.cure[language]]


def _newest(warehouse: Warehouse, model: str, version: str | None) -> tuple[str, str, date]:
    """The version, the name and the day of the newest evaluated batch, of this version if one is given."""
    from qod.errors import InputError, MissingVersionError

    rows = warehouse.query("model_health", model_id=model, since=date.min).to_pylist()
    for row in rows:
        if version in (None, row["model_version"]):
            return row["model_version"], row["batch_id"], row["batch_date"]
    versions = warehouse.query("model_versions", model_id=model).column("model_version").to_pylist()
    if version is not None and version not in versions:
        known = ", ".join(map(repr, versions[:5]))
        raise MissingVersionError(model, version, hint=f"delivered so far: {known}." if known else "deliver one first.")
    raise InputError(
        f"no batch of {model!r}{f' {version!r}' if version else ''} was evaluated yet.",
        hint="run 'vigie evaluate'; --all with --version needs no batch.",
    )


def _words(rule: Rule, language: Language) -> str:
    """What a rule holds back, for the table."""
    from dashboard.format import edge, quoted
    from dashboard.judging.enumeration import enumerated

    parts = []
    if rule.levels:
        names = [Text(quoted(level, "en"), quoted(level, "fr")) for level in rule.levels]
        parts.append(_WHAT["levels"][language].format(levels=enumerated(names)[language]))
    if rule.unseen:
        parts.append(_WHAT["known"][language].format(n=f"{len(rule.known):,}"))
    if rule.low is not None or rule.high is not None:
        key = "range" if None not in (rule.low, rule.high) else "below" if rule.high is None else "above"
        low, high = (edge(_whole(bound, rule), language) for bound in (rule.low, rule.high))
        parts.append(_WHAT[key][language].format(low=low, high=high))
    if rule.missing:
        parts.append(_WHAT["missing"][language])
    return _OR[language].join(parts)


def _whole(bound: float | None, rule: Rule) -> float | None:
    """A bound without the millionth of the range that lies beyond training's own."""
    if bound is None or rule.low is None or rule.high is None or not math.isfinite(rule.high - rule.low):
        return bound
    step = (rule.high - rule.low) * 1e-5
    return round(bound / step) * step if step else bound
