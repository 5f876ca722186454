"""Evaluation: measures, findings and health for what is new or changed; idempotent, and safe to kill."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Final

from dashboard.evaluation.ahead import ahead
from dashboard.evaluation.deliverable import Change, deliverable
from dashboard.evaluation.due import Due, look
from dashboard.evaluation.group import Group
from dashboard.evaluation.increment import load_increments
from dashboard.evaluation.load import Loaded, load_whole
from qod.contract import table_from_columns
from qod.warehouse import Warehouse
from qod.warehouse.ledger import LEDGER
from qod.warehouse.purpose import purpose

TOGETHER: Final = 100
"""Models of which what is new is read at once."""

WHOLE_TOGETHER: Final = 8
"""Models that are read at once from their beginning."""

_COMMAND: Final = "evaluate"


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What an evaluation did: models looked at, models evaluated, batches written, colours changed."""

    models: int
    evaluated: int
    batches: int
    changes: tuple[Change, ...]


def evaluate(
    warehouse: Warehouse,
    models: Sequence[str] = (),
    *,
    as_of: date | None = None,
    tidy: bool = True,
    progress: Callable[[int, int, str], None] | None = None,
) -> EvaluationReport:
    """Evaluate the named models, or all: only those with new or changed data, or whose colour can change by time.

    Of those only what may come out differently is read: the batches from the first change on, what they look back at,
    and the cohorts whose truth changed. Several models are one atomic delivery, and the same tables give the same rows,
    whatever was evaluated before: it may be killed at any moment and run again, and two at once do the same work twice
    and no harm. ``as_of`` is the day taken for today (UTC); batches after it are left out. ``tidy`` folds small files
    together at the end. ``progress`` is called with (done, total, model_id).
    Raises UnknownNameError for a model that is not registered.
    """
    with purpose("command", _COMMAND):
        return _evaluate(warehouse, models, as_of or datetime.now(UTC).date(), tidy, progress)


def _evaluate(
    warehouse: Warehouse,
    models: Sequence[str],
    as_of: date,
    tidy: bool,
    progress: Callable[[int, int, str], None] | None,
) -> EvaluationReport:
    began, cost = datetime.now(UTC), _cost()
    run = f"{began:%Y%m%dT%H%M%S.%f}Z-{secrets.token_hex(4)}"
    found = look(warehouse, models, as_of)
    written, changes = 0, []
    with Group(warehouse) as group, ahead(_load(warehouse, found.due)) as parts:
        for done, loaded in enumerate(chain.from_iterable(parts)):
            if progress is not None:
                progress(done, len(found.due), loaded.due.model.model_id)
            results = deliverable(loaded, run=run)
            if results is None:
                continue
            group.add(results)
            written += results.batches
            if results.change is not None:
                changes.append(results.change)
    if progress is not None and found.due:
        progress(len(found.due), len(found.due), "")
    report = EvaluationReport(found.models, len(found.due), written, tuple(sorted(changes, key=_name)))
    if not models and group.deliveries:
        _keep(warehouse, report, run=run, began=began, as_of=as_of, mark=found.mark, cost=cost)
    if tidy:
        warehouse.tidy()
    return report


def _name(change: Change) -> str:
    return change.model_id


def _load(warehouse: Warehouse, due: Sequence[Due]) -> Iterator[Collection[Loaded]]:
    """The models that are due, some at a time, from what is new of them where that can be told, else from nothing."""
    whole = [one for one in due if one.changes is None]
    for some in _chunks([one for one in due if one.changes is not None], TOGETHER):
        parts = load_increments(warehouse, some)
        whole += [one for one in some if parts[one.model.model_id] is None]
        yield [part for part in parts.values() if part is not None]
    for some in _chunks(whole, WHOLE_TOGETHER):
        yield load_whole(warehouse, some).values()


def _chunks(models: Sequence[Due], size: int) -> Iterator[list[Due]]:
    rest = iter(models)
    while some := list(islice(rest, size)):
        yield some


def _cost() -> tuple[int, int]:
    """Bytes that evaluations of this process have read, and were billed for."""
    totals = [total for total in LEDGER.totals() if (total.kind, total.name) == ("command", _COMMAND)]
    return sum(total.bytes_processed for total in totals), sum(total.bytes_billed for total in totals)


def _keep(
    warehouse: Warehouse,
    report: EvaluationReport,
    *,
    run: str,
    began: datetime,
    as_of: date,
    mark: str,
    cost: tuple[int, int],
) -> None:
    """Keep that every model was looked at: the next run reads what was delivered since."""
    processed, billed = _cost()
    row: dict[str, object] = {
        "run_id": run,
        "started_at": began,
        "finished_at": datetime.now(UTC),
        "as_of": as_of,
        "mark": mark,
        "models": report.models,
        "evaluated": report.evaluated,
        "batches": report.batches,
        "bytes_processed": processed - cost[0],
        "bytes_billed": billed - cost[1],
    }
    table = table_from_columns("runs", {name: [value] for name, value in row.items()})
    warehouse.deliver({"runs": table}, kind="run", days=())
