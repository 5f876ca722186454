"""What a training job delivers: the version, and every variable's bins frozen on the training rows."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from numbers import Real
from os import PathLike
from typing import Final

import pyarrow as pa

from qod.beside import Asked, Beside
from qod.bins import Kind
from qod.contract import table_from_columns
from qod.errors import InputError
from qod.freeze import Frozen
from qod.frozen import registered_task
from qod.names import check_name
from qod.probabilities import check_classes
from qod.receipt import Built, Progress, Receipt, as_warehouse, deliver
from qod.source import Data
from qod.training import open_training
from qod.warehouse import Warehouse

TASKS: Final = ("binary", "multiclass", "regression")
USUAL_THRESHOLD: Final = 0.5
"""Where a binary model begins to predict the positive class when nobody says, and its scores lie within 0..1."""


def build_reference(
    model_id: str,
    model_version: str,
    data: Data,
    *,
    task: str,
    score: str | None = None,
    outcome: str | None = None,
    exclude: Collection[str] = (),
    date: str | None = None,
    categorical: Collection[str] = (),
    numeric: Collection[str] = (),
    importance: Mapping[str, float] | None = None,
    trained_at: datetime | None = None,
    deployed_at: datetime | date | None = None,
    framework: str | None = None,
    threshold: float | None = None,
    probabilities: Mapping[str, str] | None = None,
    segment: str | None = None,
    cadence: str = "P1D",
    progress: Progress | None = None,
) -> Built:
    """The tables ``versions`` and ``reference_variables`` of one version, from its training rows.

    ``data`` may also be the address of a table, bigquery://PROJECT/DATASET/TABLE: its rows stay where they are.

    Every column is a variable except ``outcome``, ``date``, those in ``exclude``, and those that cannot be one
    (identifiers, free text, times, nested: each with a note), unless ``categorical`` or ``numeric`` names them.
    ``score`` and ``outcome`` together give the baseline performance of the version and the calibration of its score,
    by ``segment`` too when that column is named (it stays a variable). ``date`` names the column with each row's day:
    it gives the noise between slices of the model's ``cadence`` (an ISO 8601 duration), and counts by weekday.
    ``threshold`` is the score from which a binary model predicts the positive class, 0.5 by default when all scores
    lie within 0..1. ``probabilities`` is the column of each class of a multiclass model, in the order later batches
    are kept in. ``importance`` is each variable's share in the model's decisions, 0..1.
    Raises InputError or UnknownNameError, never half a result.
    """
    check_name("model", model_id)
    check_name("model version", model_version)
    if task not in TASKS:
        raise InputError(f"the task {task!r} is not known.", hint=f"it is one of {', '.join(TASKS)}.")
    of_class = dict(probabilities or {})
    with open_training(data) as training:
        training.require(
            *(score, outcome, date, segment, *of_class.values()), *exclude, *categorical, *numeric, *(importance or {})
        )
        classes = check_classes(task, of_class, training.label)
        given = _checked_threshold(threshold, task, training.label)
        shares = _checked_shares(importance or {}, training.label)
        both = sorted(set(categorical) & set(numeric))
        if both:
            raise InputError("it cannot be both numeric and categorical.", file=training.label, column=both[0])
        asked: dict[str, Kind] = dict.fromkeys(numeric, "numeric")
        asked |= dict.fromkeys(categorical, "categorical")
        left_out = {outcome, date, *exclude, *(set(of_class.values()) - asked.keys())}
        names = [check_name("variable", name, file=training.label) for name in training.names if name not in left_out]
        if score is not None:
            asked[score] = "categorical" if task == "multiclass" else "numeric"
        rows, found = training.freeze({name: asked.get(name) for name in names}, progress)
        frozen = [item for item in found if isinstance(item, Frozen)]
        notes = [*training.notes, *(item for item in found if isinstance(item, str))]
        notes += [f"Column {item.name!r} {_sameness(item)}." for item in frozen if item.distinct < 2]
        if not frozen:
            raise InputError(
                "no column can be watched as a variable.",
                file=training.label,
                hint="name columns with --numeric or --categorical to insist. " + " ".join(notes[:3]),
            )
        if given is None and task == "binary":
            given = next((_usual_threshold(item) for item in frozen if item.name == score), None)
        else:
            notes += _far_threshold(given, score, frozen)
        beside = training.beside(frozen, Asked(task, score, outcome, date, segment, of_class, given, cadence))
        notes += beside.notes
        if not beside.baselines:
            notes.append(_without_baseline(score, outcome))
        if segment is not None and (score is None or outcome is None):
            notes.append(f"Nothing is kept by segment ({segment!r}): that takes --score and --outcome.")
    known = {item.name for item in frozen}
    version = {
        "model_id": [model_id],
        "model_version": [model_version],
        "trained_at": [_moment(trained_at)],
        "deployed_at": [_moment(deployed_at)],
        "rows": [rows],
        "framework": [framework],
        "score_variable": [score if score in known else None],
        "threshold": [given],
        "classes": [classes],
        **{
            name: [_json(getattr(beside, name))]
            for name in ("baselines", "calibration", "losses", "segments", "derived")
        },
    }
    tables = {
        "versions": table_from_columns("versions", version),
        "reference_variables": _variables(model_id, model_version, frozen, shares, names, beside),
    }
    return Built(tables, rows, tuple(notes))


def deliver_reference(
    model_id: str,
    model_version: str,
    data: Data,
    *,
    warehouse: Warehouse | str | PathLike[str],
    task: str | None = None,
    score: str | None = None,
    outcome: str | None = None,
    exclude: Collection[str] = (),
    date: str | None = None,
    categorical: Collection[str] = (),
    numeric: Collection[str] = (),
    importance: Mapping[str, float] | None = None,
    trained_at: datetime | None = None,
    deployed_at: datetime | date | None = None,
    framework: str | None = None,
    threshold: float | None = None,
    probabilities: Mapping[str, str] | None = None,
    segment: str | None = None,
    progress: Progress | None = None,
) -> Receipt:
    """Freeze the bins on the training rows and deliver them; see ``build_reference``.

    The model must be registered; ``task`` and cadence are read from its entry. Delivering a version again replaces it.
    """
    home = as_warehouse(warehouse)
    found = registered_task(home, model_id)
    if task is not None and task != found:
        raise InputError(f"the model {model_id!r} is registered as {found}, not {task}.", hint="register it again.")
    built = build_reference(
        model_id,
        model_version,
        data,
        task=found,
        score=score,
        outcome=outcome,
        exclude=exclude,
        date=date,
        categorical=categorical,
        numeric=numeric,
        importance=importance,
        trained_at=trained_at,
        deployed_at=deployed_at,
        framework=framework,
        threshold=threshold,
        probabilities=probabilities,
        segment=segment,
        cadence="P1D" if date is None else _cadence(home, model_id),
        progress=progress,
    )
    return deliver(home, built, kind="reference")


def _sameness(item: Frozen) -> str:
    return "has one value only in the training rows" if item.distinct else "is missing in every training row"


def _without_baseline(score: str | None, outcome: str | None) -> str:
    if score is None or outcome is None:
        reason = "without the score and the outcome of the training rows (--score, --outcome)"
    else:
        reason = "since too few rows have both a score and an outcome, of each class"
    return f"No baseline performance is kept, {reason}: later performance can be shown, but not coloured."


def _variables(
    model_id: str,
    model_version: str,
    features: list[Frozen],
    shares: Mapping[str, float],
    names: list[str],
    beside: Beside,
) -> pa.Table:
    frozen = [*features, *beside.derived_variables]
    position = {name: place for place, name in enumerate([*names, *(item.name for item in beside.derived_variables)])}
    return table_from_columns(
        "reference_variables",
        {
            "model_id": [model_id] * len(frozen),
            "model_version": [model_version] * len(frozen),
            "variable": [item.name for item in frozen],
            "position": [position[item.name] for item in frozen],
            "kind": [item.bins.kind for item in frozen],
            "importance": [shares.get(item.name) for item in frozen],
            "edges": [list(item.bins.edges) for item in frozen],
            "levels": [list(item.bins.levels) for item in frozen],
            "tail": [list(item.bins.tail) for item in frozen],
            "low": [item.bins.low for item in frozen],
            "high": [item.bins.high for item in frozen],
            "counts": [list(item.counts) for item in frozen],
            "mean": [item.mean for item in frozen],
            "sd": [item.sd for item in frozen],
            "distinct_values": [item.distinct for item in frozen],
            "type": [item.type for item in frozen],
            "noise": [_json(beside.noise.get(item.name)) for item in frozen],
            "weekdays": [beside.weekdays.get(item.name, []) for item in frozen],
        },
    )


def _json(value: object) -> str | None:
    return json.dumps(value, allow_nan=False, ensure_ascii=False) if value else None


def _checked_threshold(threshold: object, task: str, label: str) -> float | None:
    if threshold is None:
        return None
    if task != "binary":
        raise InputError(f"a threshold is of binary models; this one is {task}.", file=label, hint="leave it out.")
    if not isinstance(threshold, Real) or not math.isfinite(threshold):
        raise InputError(f"the threshold {threshold!r} is no finite number.", file=label, hint="give a score, as 0.5.")
    return float(threshold)


def _usual_threshold(score: Frozen) -> float | None:
    low, high = score.bins.low, score.bins.high
    return USUAL_THRESHOLD if low is not None and high is not None and low >= 0 and high <= 1 else None


def _far_threshold(given: float | None, score: str | None, frozen: list[Frozen]) -> Iterator[str]:
    """A note where a threshold that was asked for cuts nothing: rows are then all predicted alike."""
    if given is None:
        return
    if score is None:
        yield f"The threshold {given:g} is of no use without the score (--score)."
    for item in frozen:
        low, high = item.bins.low, item.bins.high
        if item.name == score and low is not None and high is not None and not low < given <= high:
            alike = "negative" if given > high else "positive"
            scores = f"scores go from {low:g} to {high:g}"
            yield f"At the threshold {given:g} every training row is predicted {alike}: {scores}."


def _cadence(warehouse: Warehouse, model_id: str) -> str:
    return str(warehouse.query("model", model_id=model_id).column("cadence")[0].as_py())


def _checked_shares(importance: Mapping[str, object], label: str) -> dict[str, float]:
    shares: dict[str, float] = {}
    for name, share in importance.items():
        if not isinstance(share, Real) or not 0 <= float(share) <= 1:
            raise InputError(
                f"the importance {share!r} is no share.", file=label, column=name, hint="shares are from 0 to 1."
            )
        shares[name] = float(share)
    return shares


def _moment(moment: datetime | date | None) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
