"""The commands on retraining: what was decided and why, what the guards say now, and a person's yes or no."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dashboard.commands.arguments import Model, day, known_model, open_tables, read_settings
from dashboard.commands.ending import printable, say
from dashboard.commands.terminal import plain_table, print_table

if TYPE_CHECKING:
    from dashboard.events import Statement
    from dashboard.retrain.case import Case
    from dashboard.retrain.listed import Listed
    from dashboard.text import Language
    from qod.warehouse import Warehouse

DAYS: Final = 90
"""Days that are looked back on when no day is named."""

app: Final = typer.Typer(
    name="retrain",
    help="See why a retraining was asked for or not, and approve or decline one.",
    rich_markup_mode="markdown",
)

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers: a name of up to 100 characters.")]


@app.command("list")
def decisions(
    since: Annotated[
        date | None,
        typer.Option("--since", metavar="DATE", parser=day, help="Decided on this day or later; else in 90 days."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="A list of objects, for programs, in both languages.")
    ] = False,
) -> None:
    """List what was decided of each red run of a model, newest first, and what still waits for somebody.

    A request that waits needs an approval; one that failed is asked again by the next run of 'vigie notify', unless
    nobody knows whether it arrived.

    Example: vigie retrain list --since 2026-11-01
    """
    from dashboard.events import from_row
    from dashboard.retrain.listed import listed

    settings, warehouse = read_settings(), open_tables()
    first = since or datetime.now(UTC).date() - timedelta(days=DAYS)
    rows = warehouse.query("events", since=datetime.combine(first, time.min, UTC)).to_pylist()
    found = listed(map(from_row, rows))
    if as_json:
        print(json.dumps([_plain(one) for one in found], ensure_ascii=False, indent=2))
    elif found:
        print_table(plain_table(_HEADS[settings.language], [_row(one, settings.language) for one in found]))
    else:
        say(f"Nothing was decided since {first.isoformat()}: see 'vigie notify --help'.")


@app.command()
def explain(
    model: Model,
    as_json: Annotated[bool, typer.Option("--json", help="One object, for programs, in both languages.")] = False,
) -> None:
    """Say what each guard answers about a model now, on which numbers, and what would be decided.

    Nothing is asked and nothing is written.

    Example: vigie retrain explain churn
    """
    from dashboard.retrain.guards import load
    from dashboard.retrain.outlook import outlook

    settings, case = read_settings(), _case(known_model(model), model)
    said = outlook(case)
    guards = [(guard, guard.refuse(case), guard.now(case)) for guard in load().values()]
    if as_json:
        rows = [
            {
                "guard": guard.key,
                "holds": reason is None,
                **{f"reason_{lang}": reason[lang] if reason else None for lang in _LANGUAGES},
                **{f"numbers_{lang}": now[lang] for lang in _LANGUAGES},
            }
            for guard, reason, now in guards
        ]
        whole = {"model_id": model, "state": case.model.state, "request_id": case.request_id, "outlook_en": said.en}
        print(json.dumps({**whole, "outlook_fr": said.fr, "guards": rows}, ensure_ascii=False, indent=2))
        return
    lang = settings.language
    cells = [
        (guard.name[lang], _HOLDS[lang][reason is None], now[lang], reason[lang] if reason else None)
        for guard, reason, now in guards
    ]
    print_table(plain_table(_GUARD_HEADS[lang], cells))
    print(f"\n{printable(said[lang])}", flush=True)


@app.command()
def approve(
    model: Model,
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for those who come after.")] = "",
) -> None:
    """Approve that a red model is trained anew; the next run of 'vigie notify' asks, if all other guards hold.

    It counts for the red run that goes on now, and ends with it. A request that may have been lost is asked again.

    Example: vigie retrain approve churn --by Ada --reason "new tariff since November"
    """
    since = _answer("retraining_approved", model, by, reason)
    print(f"Approved: {printable(model)}, red since {since.isoformat()}.")


@app.command()
def decline(
    model: Model,
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for those who come after.")],
) -> None:
    """Decline that a red model is trained anew: nothing is asked for as long as it stays red.

    Example: vigie retrain decline churn --by Ada --reason "the campaign ends on Friday"
    """
    since = _answer("retraining_declined", model, by, reason)
    print(f"Declined: {printable(model)}, red since {since.isoformat()}.")


@app.command()
def accept(
    model: Model,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The version on trial.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for those who come after.")],
) -> None:
    """Accept a version on trial: from the next evaluation on, its own baseline counts, not that of the one before.

    A version that was trained on request is on trial until it is shown to be no worse on cohorts that both scored.

    Example: vigie retrain accept churn v4 --by Ada --reason "v3 was switched off; checked by hand"
    """
    from dashboard.retrain import champion

    warehouse, now = known_model(model), datetime.now(UTC)
    said = _said("note", by, reason, now.date())
    made = champion.accept(warehouse, model, version, by=said.author, reason=said.text, now=now)
    print(f"{'Accepted' if made else 'Accepted already'}: {printable(model)} {printable(version)}.")


def _answer(kind: str, model: str, by: str, reason: str) -> date:
    """Write down a person's answer; the first day of the red run that it is about."""
    from dashboard.events import answered, to_table
    from qod.errors import InputError

    warehouse, now = known_model(model), datetime.now(UTC)
    said = _said(kind, by, reason, now.date())
    case = _case(warehouse, model)
    if case.model.state != "red":
        raise InputError(f"{model!r} is not red, it is {case.model.state}: there is nothing to answer.")
    if not case.model.retrain:
        raise InputError(
            f"{model!r} has no entry [retrain], so nobody is asked to train it.",
            hint="name a target in its file, and register it: see docs/alerts.md.",
        )
    if case.course.asked is not None:
        when = case.course.asked.day.isoformat()
        raise InputError(
            f"retraining of {model!r} was asked for on {when}: it is too late for an answer.",
            hint=f"see what became of it with 'vigie retrain list --since {when}'.",
        )
    warehouse.deliver({"events": to_table(answered(said, model, case.since, now))}, kind="events")
    return case.since


def _said(kind: str, by: str, reason: str, today: date) -> Statement:
    """What somebody says, in words that can be kept."""
    from dashboard.written import WrongInputError, name, statement
    from qod.errors import InputError

    try:
        return statement({"kind": kind, "key": str(uuid.uuid4()), "text": reason}, name(by, today), today)
    except WrongInputError as error:
        raise InputError(str(error)) from error


def _case(warehouse: Warehouse, model: str) -> Case:
    """The case of a model as it stands now."""
    from dashboard.alerts.read import read_world
    from dashboard.retrain.decide import cases
    from dashboard.retrain.numbers import read_numbers

    world = read_world(warehouse, datetime.now(UTC), read_settings())
    models = [world.models[model]]
    return cases(world, models, read_numbers(warehouse, models, world.today))[0]


def _plain(one: Listed) -> dict[str, Any]:
    return {
        "model_id": one.model_id,
        "since": one.since,
        "outcome": one.outcome,
        "open": one.open,
        "at": one.at.isoformat(),
        "target": one.target,
        "request_id": one.request_id,
        "link": one.link,
        "reasons_en": [reason.en for reason in one.reasons],
        "reasons_fr": [reason.fr for reason in one.reasons],
    }


def _row(one: Listed, language: Language) -> tuple[object, ...]:
    why = " ".join(reason[language] for reason in one.reasons)
    moment = one.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    word = _OUTCOMES[language][one.outcome] + (_OPEN[language] if one.open else "")
    return one.model_id, one.since, word, moment, one.target, one.request_id, why


_LANGUAGES: Final = ("en", "fr")
_HEADS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("model", "red since", "decision", "when (UTC)", "target", "request", "why"),
    "fr": ("modèle", "rouge depuis", "décision", "quand (UTC)", "cible", "demande", "pourquoi"),
}
_GUARD_HEADS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("guard", "holds", "numbers", "why not"),
    "fr": ("condition", "remplie", "nombres", "pourquoi non"),
}
_HOLDS: Final[dict[Language, dict[bool, str]]] = {"en": {True: "yes", False: "no"}, "fr": {True: "oui", False: "non"}}
_OPEN: Final[dict[Language, str]] = {"en": " (open)", "fr": " (en suspens)"}
_OUTCOMES: Final[dict[Language, dict[str, str]]] = {
    "en": {"asked": "asked", "refused": "not asked", "awaiting": "awaits approval", "failed": "failed"},
    "fr": {"asked": "demandé", "refused": "non demandé", "awaiting": "attend une approbation", "failed": "échec"},
}
