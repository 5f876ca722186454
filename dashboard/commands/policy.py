"""The commands on policies: what holds for a model and why, and what another one would have made of its history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dashboard.commands.arguments import Model, day, open_tables, read_settings
from dashboard.commands.output import TableFormat, write_csv, write_json
from dashboard.commands.progress import progress_bar
from dashboard.commands.terminal import STYLES, colour_word, empty_table, plain_table, print_table
from dashboard.commands.words import COLOURS, heads

if TYPE_CHECKING:
    from dashboard.history import ModelHistory
    from dashboard.policy_key import Value
    from dashboard.replay import Replay
    from dashboard.stated import Place
    from dashboard.text import Language

COLUMNS: Final = ("key", "value", "from")

app: Final = typer.Typer(
    name="policy",
    help="Show the policy of a model, and try another one on its history.",
    rich_markup_mode="markdown",
)


@app.command()
def show(
    model: Model,
    format: Annotated[
        TableFormat, typer.Option("--format", help="A table for people; json (a list of objects) or csv for programs.")
    ] = TableFormat.table,
) -> None:
    """List every threshold and rule in force for a model, and where each value comes from.

    That is the default, the fleet's policy or the model's own; the later wins, and a variable's value over all.

    Example: vigie policy show churn
    """
    from dashboard.evaluation.whole import layers_of
    from dashboard.stated import origins, policy_from

    layers = layers_of(open_tables(), model)
    policy_from(*layers.values())
    rows = [(_named((one.variable, one.key)), one.value, one.layer) for one in origins(layers)]
    if format == TableFormat.table:
        print_table(plain_table(COLUMNS, [(place, _written(value), layer) for place, value, layer in rows]))
    elif format == TableFormat.json:
        write_json(COLUMNS, rows)
    else:
        write_csv(COLUMNS, [(place, _written(value), layer) for place, value, layer in rows])


@app.command("test")
def trial(
    model: Model,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A value to try, as drift.amber=0.15, rules.unseen=false or variables.tenure.drift.amber=0.3; may be "
            "repeated.",
        ),
    ],
    since: Annotated[
        date | None,
        typer.Option("--since", metavar="DATE", parser=day, help="Only batches from this day on, as 2026-11-19."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object, for programs.")] = False,
) -> None:
    """Replay the history of a model under another policy: which batches would have another colour.

    The policy in force and the one to try both judge all of the history, as of the model's last evaluation. Nothing is
    written; to keep a value, put it into the model's file and register it.

    Example: vigie policy test churn --set drift.amber=0.15 --set drift.red=0.3 --since 2026-11-01
    """
    from dashboard.evaluation.whole import history_of, layers_of
    from dashboard.replay import replay
    from dashboard.stated import policy_from, setting

    tried = dict(setting(text) for text in settings)
    warehouse = open_tables()
    policy = policy_from(*layers_of(warehouse, model).values(), tried)
    with progress_bar("Replaying"):
        history = history_of(warehouse, model)
        _check_variables(tried, history)
        found = replay(history, policy, since=since or date.min)
    if as_json:
        print(json.dumps(_plain(found, tried), ensure_ascii=False, indent=2))
    else:
        _print(found, read_settings().language)


def _check_variables(tried: Mapping[Place, Value], history: ModelHistory) -> None:
    from qod.errors import UnknownNameError

    known = {variable.name for version in history.versions for variable in version.variables}
    for name, _ in tried:
        if name and name not in known:
            raise UnknownNameError("variable", name, known)


def _print(found: Replay, language: Language) -> None:
    from rich.text import Text

    from dashboard.commands.ending import printable
    from dashboard.replay import sentence

    if found.changes:
        table = empty_table(heads(("date", "version", "batch", "before", "after", "headline"), language))
        for change in found.changes:
            names = [printable(name) for name in (change.model_version, change.batch_id)]
            words = [colour_word(name, COLOURS[name][language]) for name in (change.before, change.after)]
            table.add_row(
                change.batch_date.isoformat(),
                *(Text(name) for name in names),
                *words,
                Text(printable(change.headline[language])),
            )
        print_table(table)
        print()
    colours = [name for name in STYLES if found.before.get(name) or found.after.get(name)]
    counts = [(COLOURS[name][language], found.before[name], found.after[name]) for name in colours]
    print_table(plain_table(heads(("batches", "before", "after"), language), counts))
    if found.subjects:
        print()
        rows = [
            (one.subject, one.rule, COLOURS[one.before][language], COLOURS[one.after][language], count)
            for one, count in sorted(found.subjects.items(), key=lambda item: (-item[1], str(item[0])))
        ]
        print_table(plain_table(heads(("subject", "rule", "before", "after", "batches"), language), rows))
    print(f"\n{sentence(found)[language]}", flush=True)


def _plain(found: Replay, tried: Mapping[Place, Value]) -> dict[str, Any]:
    return {
        "set": {_named(place): value for place, value in tried.items()},
        "batches": found.batches,
        "before": dict(found.before),
        "after": dict(found.after),
        "changes": [{**asdict(change), "batch_date": change.batch_date.isoformat()} for change in found.changes],
        "subjects": [{**asdict(one), "batches": count} for one, count in found.subjects.items()],
    }


def _named(place: Place) -> str:
    variable, key = place
    return f"variables.{variable}.{key}" if variable else key


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
